"""What became of identifiers: added, changed, renumbered, removed. It is told from the operations that the page shows:
what only got another number is not said to be gone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from loomworks_record.comparison.blocks import Block, ids_in
from loomworks_record.comparison.marks import standing_together
from loomworks_record.comparison.operations import Operation
from loomworks_record.comparison.page_html import table_rows
from loomworks_record.comparison.tally import has_marks
from loomworks_record.comparison.values import Anchors, IdentifierChange, IdentifierSort
from loomworks_record.source.identifiers import IdentifierKind

Sides = tuple[Sequence[Block], Sequence[Block]]


class _Name(NamedTuple):
    kind: str
    identifier: str


class _Pair(NamedTuple):
    """Two definitions that correspond; ``changed`` says whether their words differ."""

    old: _Name
    new: _Name
    changed: bool


def identifier_changes(
    steps: Iterable[Operation],
    sides: Sides,
    anchors: tuple[Anchors, Anchors],
    kinds: Sequence[IdentifierKind],
    changes: Mapping[int, str],
) -> Iterator[IdentifierChange]:
    """By what became of them, then by kind; ``changes`` has the anchor of the change that a block is in."""
    before, after = (_defined(*side) for side in zip(sides, anchors, strict=True))
    pairs = list(dict.fromkeys(pair for step in steps for pair in _pairs(step, anchors)))
    olds, news = {pair.old: pair.new for pair in pairs}, {pair.new: pair.old for pair in pairs}
    sorts: dict[IdentifierSort, list[tuple[_Name, _Name]]] = {
        "added": [(name, name) for name in _alone(after, news, before, olds)],
        "changed": [(pair.old, pair.new) for pair in pairs if pair.changed and pair.old == pair.new],
        "renumbered": [(pair.old, pair.new) for pair in pairs if pair.old != pair.new],
        "removed": [(name, name) for name in _alone(before, olds, after, news)],
    }
    for sort, found in sorts.items():
        blocks = before if sort == "removed" else after
        for kind in kinds:
            of_kind = [(old, new) for old, new in found if new.kind == kind.kind]
            if of_kind:
                anchor = next((changes[id(blocks[new])] for _, new in of_kind if id(blocks.get(new)) in changes), "")
                names = tuple(old.identifier for old, _ in of_kind)
                now = tuple(new.identifier for _, new in of_kind) if sort == "renumbered" else ()
                yield IdentifierChange(sort, kind.label, kind.plural, names, anchor, now)


def _alone(
    own: Iterable[_Name], paired: Container[_Name], others: Container[_Name], others_paired: Container[_Name]
) -> Iterator[_Name]:
    """What one side defines, to which nothing on the other side corresponds, nor is left over under its name."""
    return (name for name in own if name not in paired and (name not in others or name in others_paired))


def _defined(found: Sequence[Block], anchors: Anchors) -> dict[_Name, Block]:
    """Where each identifier is defined."""
    defined: dict[_Name, Block] = {}
    for block in found if anchors else ():
        for name in _names(block.content.ids, anchors):
            defined.setdefault(name, block)
    return defined


def _names(ids: Iterable[str], anchors: Anchors) -> Iterator[_Name]:
    for known in map(anchors.get, ids):
        if known and known.identifier:
            yield _Name(known.kind, known.identifier)


def _pairs(step: Operation, anchors: tuple[Anchors, Anchors]) -> Iterator[_Pair]:
    if step.old is None or step.new is None:
        return
    if step.new.kind == step.old.kind == "table":
        rows = standing_together(*map(table_rows, (step.old.element, step.new.element, step.element)))
        found = [
            (tuple(ids_in(old)), tuple(ids_in(new)), has_marks(row.children)) for old, new, row in rows if old and new
        ]
    else:
        changed = step.sort == "changed" and step.new.kind != "heading"
        found = [(step.old.content.ids, step.new.content.ids, changed)]
    for old, new, changed in found:
        others = list(_names(new, anchors[1]))
        for name in _names(old, anchors[0]):
            other = next((other for other in others if other.kind == name.kind), None)
            if other is not None:
                others.remove(other)
                yield _Pair(name, other, changed)
