"""The two bodies as one sequence of operations: kept, changed, added, removed or moved blocks, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from loomworks_record.comparison.alignment import Pair
from loomworks_record.comparison.blocks import Block, BlockContent
from loomworks_record.comparison.marks import one_sided, without_ids
from loomworks_record.comparison.merge import Merger
from loomworks_record.comparison.nodes import Element, element, text_of
from loomworks_record.comparison.sections import ComparedSection, in_place, matched_sections
from loomworks_record.comparison.tally import MOVED
from loomworks_record.comparison.values import SectionName

_AWAY, _HERE = "moved-away", "moved-here"  # tags of the stand-ins for moved sections while blocks are matched


class Operation(NamedTuple):
    """One step. ``content`` is what is shown, with marks; ``old`` and ``new`` are the blocks it comes from.

    ``is_section`` says that ``old`` and ``new`` are the headings of one section. A moved section is one step on either
    side ("away", "here"), with the sections in it; where it is now, with those that they were and the steps inside.
    """

    sort: Literal["same", "changed", "added", "removed", "away", "here"]
    content: BlockContent
    old: Block | None = None
    new: Block | None = None
    sections: tuple[ComparedSection, ...] = ()
    place: SectionName | None = None
    is_section: bool = False
    origins: tuple[ComparedSection, ...] = ()
    inner: tuple[Operation, ...] = ()

    @property
    def element(self) -> Element:
        return self.content.element

    @property
    def block(self) -> Block | None:
        return self.new or self.old


def operations(
    before: Sequence[ComparedSection], after: Sequence[ComparedSection], merger: Merger
) -> Iterator[Operation]:
    """Everything that both bodies hold, once."""
    kept, moved = in_place(before, after, matched_sections(before, after, merger.most))
    groups = _groups(before, after, moved)
    away = {group[0][0]: at for at, group in enumerate(groups)}
    here = {group[0][1]: at for at, group in enumerate(groups)}
    skipped = {one for one, _ in moved}, {other for _, other in moved}
    for (one, other), (old_end, new_end) in pairwise([*kept, (len(before), len(after))]):
        yield from _heading(before[one], after[other], merger)
        left = _stream(before, range(one, old_end), skipped[0], away, _AWAY)
        right = _stream(after, range(other, new_end), skipped[1], here, _HERE)
        for pair in merger.matched(left, right):
            yield from _steps(pair, merger, lambda at, tag: _moved(groups[at], before, after, merger, tag))


def _groups(old: Sequence[ComparedSection], new: Sequence[ComparedSection], moved: Sequence[Pair]) -> list[list[Pair]]:
    """Moved sections that stand together on both sides: one with the sections under it."""
    groups: list[list[Pair]] = []
    for one, other in moved:
        last = groups[-1] if groups else []
        follows = bool(last) and last[-1] == (one - 1, other - 1)
        if follows and new[other].level > new[last[0][1]].level and old[one].level > old[last[0][0]].level:
            last.append((one, other))
        else:
            groups.append([(one, other)])
    return groups


def _stream(
    found: Sequence[ComparedSection], span: range, skipped: set[int], stand_ins: dict[int, int], tag: str
) -> list[Block]:
    """The blocks of a span of sections without the heading of the first; a moved section is one stand-in."""
    stream = list(found[span.start].blocks)
    for at in span[1:]:
        if at in stand_ins:
            stream.append(Block(BlockContent(Element(tag, (), (str(stand_ins[at]),)))))
        elif at not in skipped:
            stream += found[at].all_blocks
    return stream


def _heading(old: ComparedSection, new: ComparedSection, merger: Merger) -> Iterator[Operation]:
    if old.heading is None or new.heading is None:
        return
    both = merger.merged(old.heading, new.heading)
    if old.heading.key == new.heading.key:
        yield Operation("same", new.heading.content, old.heading, new.heading, is_section=True)
    elif both is not None:
        yield Operation("changed", both, old.heading, new.heading, is_section=True)
    else:  # of another level
        sides = one_sided(old.heading.element, "old"), one_sided(new.heading.element, "new")
        yield Operation("changed", BlockContent(Element("", (), sides)), old.heading, new.heading, is_section=True)


def _steps(
    pair: tuple[Block | None, Block | None], merger: Merger, moved: Callable[[int, str], Operation] | None = None
) -> Iterator[Operation]:
    old, new = pair
    for block in pair:
        if moved and block is not None and block.element.tag in (_AWAY, _HERE):
            yield moved(int(text_of(block.element)), block.element.tag)
            return
    both = merger.merged(old, new) if old and new else None
    if both is not None and old and new:
        yield Operation("same" if old.key == new.key else "changed", both, old, new)
        return
    if old:
        yield Operation("removed", BlockContent(one_sided(old.element, "old")), old=old)
    if new:
        yield Operation("added", BlockContent(one_sided(new.element, "new")), new=new)


def _moved(
    group: Sequence[Pair], old: Sequence[ComparedSection], new: Sequence[ComparedSection], merger: Merger, tag: str
) -> Operation:
    place = new[group[0][1] - 1].name
    if tag == _AWAY:
        found = tuple(old[one] for one, _ in group)
        gone = [without_ids(block.element) for section in found for block in section.all_blocks]
        return Operation("away", BlockContent(element("del", *gone, css=MOVED)), sections=found, place=place)
    found = tuple(new[other] for _, other in group)
    origins = tuple(old[one] for one, _ in group)
    inner = tuple(
        step
        for one, other in group
        for pair in merger.matched(old[one].all_blocks, new[other].all_blocks)
        for step in _steps(pair, merger)
    )
    both = BlockContent(element("ins", *(step.element for step in inner), css=MOVED))
    return Operation("here", both, sections=found, place=place, origins=origins, inner=inner)
