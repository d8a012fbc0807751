"""Compare two rendered bodies. No files, no host: two strings in, one value out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice

from loomworks_record.comparison.alignment import Effort
from loomworks_record.comparison.fates import fates_of
from loomworks_record.comparison.identifiers import identifier_changes
from loomworks_record.comparison.items import Assembler, Span, spans
from loomworks_record.comparison.merge import Merger
from loomworks_record.comparison.operations import Operation, operations
from loomworks_record.comparison.page_html import RESERVED
from loomworks_record.comparison.reading import Body, flat_sections, read
from loomworks_record.comparison.sections import ComparedSection
from loomworks_record.comparison.tables import read_table
from loomworks_record.comparison.tally import STATES, Counts, tallies
from loomworks_record.comparison.values import (
    Anchors,
    Change,
    ChangedSection,
    Comparison,
    Item,
    Limits,
    RowCount,
    SectionChange,
    Shortfall,
    Tally,
    item_html,
)
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS, IdentifierKind


def compare(
    old_html: str,
    new_html: str,
    *,
    limits: Limits | None = None,
    anchors: tuple[Anchors, Anchors] = ({}, {}),
    identifiers: Sequence[IdentifierKind] = DEFAULT_IDENTIFIERS,
    follow: bool = False,
) -> Comparison:
    """Two sanitised rendered bodies (fragments) laid over each other.

    ``anchors`` say, for each side, what stands at its ids: what sections are called, and what is defined where.
    ``follow``: tell what became of each of these, too; not where elements nest too deep for a page.

    The result is deterministic and bounded by ``limits``; what they touched stands in ``shortfalls``. Notes and
    links that the record adds to mentions are left out on both sides.
    """
    limits = limits or Limits()
    effort = Effort(limits.cells, limits.cells_at_once)
    bodies = [read(html, limits.depth) for html in (old_html, new_html)]
    deepest = max(body.depth for body in bodies)
    if deepest > limits.depth:
        before, after = map(flat_sections, (old_html, new_html))
    else:
        before, after = map(Body.sections, bodies, anchors)
    old, new = ([block for section in side for block in section.all_blocks] for side in (before, after))
    steps = list(operations(before, after, Merger(effort, limits.pairs)))
    assembler = Assembler()
    found = list(assembler.items(spans(steps)))
    shown = _shown([item for _, item in found], limits.shown)
    return Comparison(
        items=shown,
        sections=tuple(_sections(found)),
        tallies=tallies(assembler.counts),
        identifiers=tuple(identifier_changes(steps, (old, new), anchors, identifiers, assembler.anchors)),
        rows=tuple(_rows(steps, after, assembler.anchors)),
        shortfalls=tuple(_shortfalls([item for _, item in found], shown, effort, deepest, limits)),
        fates=fates_of(
            steps, (before, after), anchors, assembler.anchors, {kind.kind for kind in identifiers if kind.local}
        )
        if follow and deepest <= limits.depth
        else None,
    )


def _shown(items: Sequence[Item], most: int) -> tuple[Item, ...]:
    """The items that fit into ``most`` characters; at least the first."""
    sizes = accumulate(sum(map(len, item_html(item))) for item in items)
    return (*items[:1], *(item for item, size in zip(items[1:], islice(sizes, 1, None), strict=True) if size <= most))


def _sections(found: Iterable[tuple[Span, Item]]) -> Iterator[SectionChange]:
    """One line per section that differs, in reading order."""
    by_root: dict[int, tuple[Span, list[Change | ChangedSection]]] = {}
    for span, item in found:
        if isinstance(item, Change) or (isinstance(item, ChangedSection) and not item.moved_away):
            by_root.setdefault(id(span.root), (span.root, []))[1].append(item)
    for root, items in by_root.values():
        first = items[0]
        if isinstance(first, ChangedSection):
            yield SectionChange(first.sort, first.name, first.anchor, first.tallies, first.inner)
        else:
            yield SectionChange("changed", root.name, _target(root) or first.anchor, _sum(items))


def _target(root: Span) -> str:
    """The id of the heading, where it has one that the page keeps."""
    name = root.block.element.get("id") if root.block else ""
    return "" if name.startswith(RESERVED) else name


def _sum(items: Iterable[Change | ChangedSection]) -> tuple[Tally, ...]:
    counts: Counts = Counter()
    for item in items:
        for tally in item.tallies:
            for state in STATES:
                counts[tally.kind, state] += getattr(tally, state)
    return tallies(counts)


def _rows(steps: Iterable[Operation], new: Iterable[ComparedSection], anchors: dict[int, str]) -> Iterator[RowCount]:
    """Tables on both sides whose number of rows differs."""
    names = {id(block): section.name for section in new for block in section.blocks}
    for step in steps:
        if step.sort == "changed" and step.old and step.new and step.new.kind == step.old.kind == "table":
            tables = read_table(step.old.element), read_table(step.new.element)
            counts = [len(table.parts["tbody"][1]) if table and "tbody" in table.parts else 0 for table in tables]
            if counts[0] != counts[1]:
                yield RowCount(names[id(step.new)], counts[0], counts[1], anchors.get(id(step.new), ""))


def _shortfalls(
    items: Sequence[Item], shown: Sequence[Item], effort: Effort, deepest: int, limits: Limits
) -> Iterator[Shortfall]:
    if deepest > limits.depth:
        yield Shortfall("levels of nesting", limits.depth, deepest)
    if effort.given_up:
        yield Shortfall("passages", effort.asked - effort.given_up, effort.asked)
    if len(shown) < len(items):
        differing = [sum(isinstance(item, Change | ChangedSection) for item in part) for part in (shown, items)]
        yield Shortfall("changes", differing[0], differing[1])
