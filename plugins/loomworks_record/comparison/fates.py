"""What became of each section, row and label from one version to the next. It is told from the operations that the
page shows, so that what is said of a section there and elsewhere is one thing.

A section is its heading with all that stands below it, the sections under it too. It is the same where every word of
it is: another number before its title, or the number of an identifier in it, does not count as a change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from loomworks_record.comparison.blocks import Block, ids_in
from loomworks_record.comparison.marks import standing_together
from loomworks_record.comparison.nodes import SPACE, Element, Node, collapse, text_of, words_of
from loomworks_record.comparison.operations import Operation
from loomworks_record.comparison.page_html import table_rows
from loomworks_record.comparison.sections import ComparedSection
from loomworks_record.comparison.similarity import likeness, profile
from loomworks_record.comparison.tally import MARKS, has_marks
from loomworks_record.comparison.values import Anchors, Fate, Fates

_SAME = 0.6  # likeness from which two places with one number that may be another's are one
_MOST = 0.5  # of the text of what went, from which the section that has it now is where it went

Sides = tuple[Sequence[ComparedSection], Sequence[ComparedSection]]


def fates_of(
    steps: Sequence[Operation],
    sides: Sides,
    anchors: tuple[Anchors, Anchors],
    changes: Mapping[int, str],
    local: Collection[str] = (),
) -> Fates:
    """``changes`` has the anchor of the change that a block is in, by ``id()``. ``local`` are the kinds of identifiers
    that get other numbers from version to version: one such name is not always one thing."""
    flat = [each for step in steps for each in (step.inner or (step,))]
    parts = _Sections(steps, sides)
    differing = {id(step): _differing(step, anchors) for step in flat if step.sort == "changed"}
    for step in flat:
        parts.count(step, differing)
    places = (*parts.fates(anchors, changes), *_within(flat, parts, anchors, changes, local))
    blocks = [[block for section in side for block in section.all_blocks] for side in sides]
    numbers = {id(block): number for number, block in enumerate(blocks[0])}
    same = {
        id(step.new): numbers[id(step.old)] for step in flat if step.old and step.new and not differing.get(id(step), 0)
    }
    return Fates(places, tuple(same.get(id(block), -1) for block in blocks[1]))


class _Correspondence(NamedTuple):
    """Two elements that correspond, or one alone: a row, an item, or else a whole block. ``both`` has the marks."""

    step: Operation
    old: Element | None
    new: Element | None
    both: Element

    def differing(self, anchors: tuple[Anchors, Anchors]) -> int:
        """How many characters are others; of what stands on one side, all."""
        if self.old is None or self.new is None:
            return max(1, _size(self.both))
        if not _has_changed(self) or _is_renumbered(self.old, self.new, anchors):
            return 0
        return max(1, sum(map(_size, _marked(self.both.children))))

    def percent(self, anchors: tuple[Anchors, Anchors]) -> int:
        differing = self.differing(anchors)
        return max(1, min(100, 100 * differing // max(1, _size(self.both)))) if differing else 0


def _has_changed(found: _Correspondence) -> bool:
    return found.step.sort != "same" and (found.both is found.step.element or has_marks(found.both.children))


def _pairs(step: Operation) -> Iterator[tuple[Element | None, Element | None, Element]]:
    """The rows of two tables, the items of two lists, else both blocks."""
    old, new = (block.element if block else None for block in (step.old, step.new))
    if old is None and new is None:
        return
    parts = _parts(step.element) if old is not None and new is not None and old.tag == new.tag else None
    if old is None or new is None or parts is None:
        yield old, new, step.element
        return
    yield from standing_together(_parts(old) or (), _parts(new) or (), parts)


def _parts(item: Element) -> list[Element] | None:
    if item.tag == "table":
        return list(table_rows(item))
    if item.tag in ("ul", "ol"):
        return [child for child in item.children if isinstance(child, Element) and child.tag == "li"]
    return None


def _differing(step: Operation, anchors: tuple[Anchors, Anchors]) -> int:
    """How many characters of a changed block are others."""
    if step.old and step.new and step.old.kind == step.new.kind == "heading":
        return int(_title(step.old) != _title(step.new))
    return sum(_Correspondence(step, *pair).differing(anchors) for pair in _pairs(step))


def _is_renumbered(old: Element, new: Element, anchors: tuple[Anchors, Anchors]) -> bool:
    """Whether both define an identifier of one kind, and all other words are the same."""
    names = [next((k for k in map(known.get, ids_in(item)) if k and k.identifier), None)
             for item, known in zip((old, new), anchors, strict=True)]  # fmt: skip
    if names[0] is None or names[1] is None or names[0].kind != names[1].kind:
        return False
    rests = [_rest(_words(item), name.identifier) for item, name in zip((old, new), names, strict=True) if name]
    return rests[0] is not None and rests[0] == rests[1]


def _rest(text: str, identifier: str) -> str | None:
    """What follows an identifier, or the number that stands for it in a table; None where the text begins otherwise."""
    said = (identifier, identifier.rpartition(" ")[2])
    return next((text[len(each) :] for each in said if text.casefold().startswith(each.casefold())), None)


def _words(item: Element) -> str:
    return collapse(words_of(item)).strip(SPACE)


def _size(node: Node) -> int:
    return len(text_of(node).strip(SPACE))


def _marked(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Element):
            if node.tag in MARKS:
                yield node
            else:
                yield from _marked(node.children)


class _Side:
    """The sections of one body; ``of`` says in which a block stands, by ``id()``. ``below`` has for each where the last
    section under it ends."""

    def __init__(self, parts: Sequence[ComparedSection]) -> None:
        self.sections = parts
        self.of = {id(block): at for at, section in enumerate(parts) for block in section.all_blocks}
        # The first one is what stands before the first heading.
        self.below = [1, *(
            next((to for to in range(at + 1, len(parts)) if parts[to].level <= parts[at].level), len(parts))
            for at in range(1, len(parts))
        )]  # fmt: skip


class _Sections:
    """Which section is which, and how much of each differs."""

    def __init__(self, steps: Sequence[Operation], sides: Sides) -> None:
        self.old, self.new = map(_Side, sides)
        self.pairs = {0: 0}  # old → new
        self.moved: set[int] = set()  # of the new side
        self.flow: Counter[tuple[int, int]] = Counter()  # characters that stand in one, and stood in the other
        self.differing: Counter[tuple[int, int]] = Counter()  # (side, section) → characters
        for step in steps:
            if step.is_section:
                self._pair(step.old, step.new)
            for one, other in zip(step.origins, step.sections if step.origins else (), strict=True):
                self._pair(one.heading, other.heading)
                self.moved.add(self.new.of[id(other.heading)])
        self.back = {new: old for old, new in self.pairs.items()}

    def _pair(self, old: Block | None, new: Block | None) -> None:
        at = self.old.of[id(old)]
        self.pairs[at] = self.new.of[id(new)]
        if _title(old) != _title(new):
            self.differing[0, at] += len(_title(old)) + 1

    def count(self, step: Operation, known: Mapping[int, int]) -> None:
        """Add what one step says of the sections that it stands in."""
        one, other = self.old.of.get(id(step.old)), self.new.of.get(id(step.new))
        if step.block is None or step.block.kind == "heading":
            return
        stays = one is not None and other is not None and self.pairs.get(one) == other
        if stays and step.sort == "same":
            return
        differing = known[id(step)] if stays else max(1, _size(step.element))
        if one is not None and other is not None and not stays:
            self.flow[one, other] += differing
        if one is not None:
            self.differing[0, one] += differing
        if other is not None and not stays:
            self.differing[1, other] += differing

    def fates(self, anchors: tuple[Anchors, Anchors], changes: Mapping[int, str]) -> Iterator[Fate]:
        olds, news = ([_anchor(s.heading, known) for s in side.sections]
                      for side, known in zip((self.old, self.new), anchors, strict=True))  # fmt: skip
        for at, section in enumerate(self.new.sections):
            if not news[at]:
                continue
            was = self.back.get(at)
            if was is None or not olds[was]:
                yield Fate("", news[at], 100, change=changes.get(id(section.heading), ""))
                continue
            differing = self._differing(was, at)
            yield Fate(olds[was], news[at], differing, at in self.moved, self._change(was, at, changes))
        for at, anchor in enumerate(olds):
            if anchor and (at not in self.pairs or not news[self.pairs[at]]):
                change = changes.get(id(self.old.sections[at].heading), "")
                yield Fate(anchor, "", 100, change=change, went=self._went(at, news))

    def _differing(self, old: int, new: int) -> int:
        """Of a section with those under it: what was added, taken away, or is others."""
        ones, others = range(old, self.old.below[old]), range(new, self.new.below[new])
        kept = [(one, self.pairs[one]) for one in ones if self.pairs.get(one, -1) in others]
        stays = {other for _, other in kept}
        gone = [one for one in ones if self.pairs.get(one, -1) not in others]
        came = [other for other in others if other not in stays]
        changed = sum(self.differing[0, one] + self.differing[1, other] for one, other in kept)
        changed += sum(self.old.sections[one].words_size + 1 for one in gone)
        changed += sum(self.new.sections[other].words_size + 1 for other in came)
        if not changed:
            return 0
        total = sum(self.new.sections[at].words_size for at in others) + 1
        return max(1, min(100, 100 * changed // max(total, changed)))

    def _change(self, old: int, new: int, changes: Mapping[int, str]) -> str:
        """The first change in a section or under it."""
        parts = (*self.new.sections[new : self.new.below[new]], *self.old.sections[old : self.old.below[old]])
        blocks = (id(block) for part in parts for block in part.all_blocks)
        return next((changes[block] for block in blocks if block in changes), "")

    def _went(self, old: int, news: Sequence[str]) -> str:
        text = sum(_size(block.element) for block in self.old.sections[old].blocks)
        size, other = max(((size, to) for (one, to), size in self.flow.items() if one == old), default=(0, 0))
        return news[other] if text and size >= _MOST * text else ""


def _title(heading: Block | None) -> str:
    """The words of a heading, without its number, and without an identifier: that is a number as well."""
    if heading is None:
        return ""
    text, name = heading.text, heading.name
    for mark in filter(None, (name.number, name.identifier)):
        text = text.replace(mark, "", 1)
    return text.strip(SPACE + ".:—–-")


def _anchor(heading: Block | None, known: Anchors) -> str:
    name = heading.element.get("id") if heading else ""
    return name if name in known else ""


def _within(
    steps: Sequence[Operation],
    parts: _Sections,
    anchors: tuple[Anchors, Anchors],
    changes: Mapping[int, str],
    local: Collection[str],
) -> Iterator[Fate]:
    """Of rows and labels. What only one side has is sought on the other under its identifier."""
    alone: tuple[dict[str, _Correspondence], dict[str, _Correspondence]] = ({}, {})
    for each in (_Correspondence(step, *pair) for step in steps if _has_places(step) for pair in _pairs(step)):
        olds, news = (_ids(item, known) for item, known in zip((each.old, each.new), anchors, strict=True))
        pairs = _matched(olds, news, anchors)
        was = parts.old.of.get(id(each.step.old), -1)
        for one, other in pairs:
            differing = each.percent(anchors)
            crossed = parts.pairs.get(was) != parts.new.of.get(id(each.step.new))
            yield Fate(one, other, differing, crossed, _change_of(each.step, changes) if differing else "")
        alone[0].update((name, each) for name in olds if name not in {one for one, _ in pairs})
        alone[1].update((name, each) for name in news if name not in {other for _, other in pairs})
    moved = _matched(list(alone[0]), list(alone[1]), anchors, by_name=True)
    for one, other in moved:
        before, after = alone[0][one], alone[1][other]
        texts = [_words(item) if item else "" for item in (before.old, after.new)]
        same = texts[0] == texts[1]
        if not same and anchors[0][one].kind in local and likeness(*map(profile, texts)) < _SAME:
            continue
        del alone[0][one], alone[1][other]
        yield Fate(one, other, 0 if same else 100, True, _change_of(after.step, changes))
    for name, each in alone[1].items():
        yield Fate("", name, 100, change=_change_of(each.step, changes))
    for name, each in alone[0].items():
        yield Fate(name, "", 100, change=_change_of(each.step, changes))


def _has_places(step: Operation) -> bool:
    return any(block and block.kind != "heading" and block.content.ids for block in (step.old, step.new))


def _change_of(step: Operation, changes: Mapping[int, str]) -> str:
    return changes.get(id(step.block), "")


def _ids(item: Element | None, known: Anchors) -> list[str]:
    """The known ids of an element but for headings'."""
    found = ids_in(item) if item is not None else ()
    return [name for name in found if name in known and known[name].name is None]


def _matched(
    olds: Sequence[str], news: Sequence[str], anchors: tuple[Anchors, Anchors], by_name: bool = False
) -> list[tuple[str, str]]:
    """Those of one identifier first, then, in elements that correspond, those of one kind."""
    groups: list[dict[object, list[str]]] = []
    for names, known in zip((olds, news), anchors, strict=True):
        group: dict[object, list[str]] = defaultdict(list)
        for name in names:
            group[known[name].identifier, known[name].kind].append(name)
        groups.append(group)
    pairs = [pair for key, ones in groups[0].items() if key != ("", "") or not by_name
             for pair in zip(ones, groups[1].get(key, ()), strict=False)]  # fmt: skip
    if by_name:
        return pairs
    taken = {name for pair in pairs for name in pair}
    left = [name for name in news if name not in taken]
    for name in olds:
        kind = anchors[0][name].kind
        other = None if name in taken else next((each for each in left if anchors[1][each].kind == kind), None)
        if other is not None:
            left.remove(other)
            pairs.append((name, other))
    return pairs
