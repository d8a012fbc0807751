"""Tables compared row by row and cell by cell, so that what is shown is still a table.

Columns correspond by their headings. Rows correspond when they are equal; else when all but their first cell
is equal (a renumbered row), when their first cells are the same identifier, or when their words are alike.
Every row of the result has as many cells as the table has columns on both sides together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from loomworks_record.comparison.alignment import Effort, Pair, align, chain_of, gaps, matched
from loomworks_record.comparison.elements import comparable
from loomworks_record.comparison.marks import Side, filler, one_sided
from loomworks_record.comparison.nodes import SPACE, Element, Node, collapse, elements, serialise, words_of
from loomworks_record.comparison.similarity import Profile, candidates, likeness, profile

MergeCell = Callable[[Element, Element], "Element | None"]
Columns = list[tuple[int | None, int | None]]  # old index, new index of each column of the result

_LEAST = 0.4  # likeness from which rows without a common first cell are one row
_LEAST_NUMBER = 0.25  # the same for rows whose first cells are the same plain number
_RENUMBERED, _SAME_NAME = 3.0, 2.0
_PARTS = ("thead", "tbody", "tfoot")
_LABEL = 24  # characters of a first cell that may identify a row


class TableRow(Struct, frozen=True):
    """One row: its cells, and the texts by which it is recognised."""

    element: Element
    cells: tuple[Element, ...]
    texts: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.texts[0]

    @property
    def rest(self) -> tuple[str, ...]:
        return self.texts[1:]


class Table(Struct, frozen=True):
    """A table in which every row has the same number of cells. ``parts`` are its head, body and foot."""

    element: Element
    captions: tuple[Element, ...]
    columns: tuple[Element, ...]
    parts: dict[str, tuple[Element, tuple[TableRow, ...]]]
    width: int

    @property
    def rows(self) -> tuple[TableRow, ...]:
        return tuple(row for _, rows in self.parts.values() for row in rows)


def read_table(item: Element) -> Table | None:
    """The rows of a table, or None when cells span or the rows differ in length."""
    captions: list[Element] = []
    columns: list[Element] = []
    parts: dict[str, tuple[Element, tuple[TableRow, ...]]] = {}
    for child in elements(item.children):
        if child.tag in ("caption", "colgroup"):
            (captions if child.tag == "caption" else columns).append(child)
        elif child.tag in _PARTS and child.tag not in parts:
            parts[child.tag] = (child, tuple(_row(row) for row in elements(child.children)))
        else:
            return None
    rows = [row for _, part in parts.values() for row in part]
    widths = {len(row.cells) for row in rows}
    if len(widths) != 1 or len(captions) > 1 or any(_spans(cell) for row in rows for cell in row.cells):
        return None
    return Table(item, tuple(captions), tuple(columns), parts, widths.pop())


def merged_table(old: Element, new: Element, merge: MergeCell, effort: Effort, most: int) -> Element | None:
    """Both tables as one with marks, or None when they cannot be laid over each other.

    ``merge`` makes one cell of two, or None when they are of different kinds; ``most`` bounds the pairs of rows
    that are looked at in one gap.
    """
    before, after = read_table(old), read_table(new)
    if before is None or after is None or _frame(before) != _frame(after):
        return None
    columns = _columns(before, after, effort)
    shared = [(one, other) for one, other in columns if one is not None and other is not None]
    if not shared:
        return None
    olds, news = [one for one, _ in shared], [other for _, other in shared]
    children: list[Node] = [*_captions(before, after, merge), *after.columns]

    for name, (part, rows) in after.parts.items():
        left, right = _known_by(before.parts[name][1], olds), _known_by(rows, news)
        pairs = matched(left, right, lambda row: "\0".join(row.texts), partial(_corresponding, most=most), effort)
        children.append(part.holding(tuple(row for pair in pairs for row in _rows_of(pair, columns, merge))))
    return new.holding(tuple(children))


def _row(item: Element) -> TableRow:
    cells = tuple(elements(item.children))
    return TableRow(item, cells, tuple(collapse(words_of(cell)).strip(SPACE) for cell in cells))


def _known_by(rows: Iterable[TableRow], columns: list[int]) -> list[TableRow]:
    """The rows with the texts of some columns only: those that both sides have."""
    return [TableRow(row.element, row.cells, tuple(row.texts[at] for at in columns)) for row in rows]


def _spans(cell: Element) -> bool:
    return cell.tag not in ("td", "th") or any(cell.get(name) not in ("", "1") for name in ("colspan", "rowspan"))


def _frame(table: Table) -> object:
    parts = [(name, comparable(part)) for name, (part, _) in table.parts.items()]
    return comparable(table.element), list(map(serialise, table.columns)), parts


def _captions(old: Table, new: Table, merge: MergeCell) -> Iterator[Element]:
    if old.captions and new.captions:
        yield merge(old.captions[0], new.captions[0]) or new.captions[0]
    yield from (one_sided(caption, "old") for caption in old.captions if not new.captions)
    yield from (one_sided(caption, "new") for caption in new.captions if not old.captions)


def _columns(old: Table, new: Table, effort: Effort) -> Columns:
    if old.width == new.width and "thead" not in old.parts:
        return [(index, index) for index in range(old.width)]
    found = align(old.rows[0].texts, new.rows[0].texts, effort)
    columns: Columns = []
    between = gaps(found, old.width, new.width)
    for at, (old_from, old_to, new_from, new_to) in enumerate(between):
        alike = min(old_to - old_from, new_to - new_from) if old_to - old_from == new_to - new_from else 0
        columns += [(old_from + step, new_from + step) for step in range(alike)]
        columns += [(index, None) for index in range(old_from + alike, old_to)]
        columns += [(None, index) for index in range(new_from + alike, new_to)]
        if at < len(found):
            columns += [(found[at][0] + step, found[at][1] + step) for step in range(found[at][2])]
    return columns


def _corresponding(old: Sequence[TableRow], new: Sequence[TableRow], most: int) -> list[Pair]:
    before, after = ([profile(" ".join(row.texts)) for row in side] for side in (old, new))
    pairs = (*candidates(before, after, most), *_same(old, new, most))
    return chain_of(pairs, lambda one, other: _weight(old[one], new[other], before[one], after[other]))


def _same(old: Sequence[TableRow], new: Sequence[TableRow], most: int) -> Iterator[Pair]:
    """Rows with a first cell, or everything but the first cell, that no other row of their side has."""
    if len(old) * len(new) <= most:
        return
    parts: tuple[Callable[[TableRow], object], ...] = (lambda row: row.first, lambda row: row.rest)
    for part in parts:
        places: dict[object, list[int]] = {}
        for at, row in enumerate(new):
            places.setdefault(part(row), []).append(at)
        for at, row in enumerate(old):
            found = places.get(part(row), [])
            if len(found) == 1:
                yield at, found[0]


def _weight(old: TableRow, new: TableRow, before: Profile, after: Profile) -> float:
    alike = likeness(before, after)
    if old.rest == new.rest and any(old.rest):
        return _RENUMBERED + alike
    if old.first == new.first and 0 < len(old.first) <= _LABEL:
        if not old.first.isdecimal():
            return _SAME_NAME + alike
        return 1 + alike if alike >= _LEAST_NUMBER else 0.0
    return alike if alike >= _LEAST else 0.0


def _rows_of(pair: tuple[TableRow | None, TableRow | None], columns: Columns, merge: MergeCell) -> Iterator[Element]:
    old, new = pair
    merged = _merged_row(old, new, columns, merge) if old and new else None
    if merged:
        yield merged
        return
    if old:
        yield one_sided(_widened(old, [one for one, _ in columns], "new"), "old")
    if new:
        yield one_sided(_widened(new, [other for _, other in columns], "old"), "new")


def _merged_row(old: TableRow, new: TableRow, columns: Columns, merge: MergeCell) -> Element | None:
    """Both rows as one, or None when their cells are of different kinds."""
    cells: list[Node] = []
    changed = False
    for one, other in columns:
        if one is None or other is None:
            lone = one_sided(old.cells[one], "old") if one is not None else one_sided(new.cells[other or 0], "new")
            cells.append(lone)
            continue
        cell = merge(old.cells[one], new.cells[other])
        if cell is None:
            return None
        changed = changed or cell != new.cells[other]
        cells.append(cell)
    if comparable(old.element) != comparable(new.element):
        return None
    row = new.element.holding(tuple(cells))
    return row.with_class("is-mod") if changed else row


def _widened(row: TableRow, order: list[int | None], missing_on: Side) -> Element:
    """A row of one side with an empty cell for each column that only the other side has."""
    return row.element.holding(tuple(row.cells[at] if at is not None else filler(missing_on) for at in order))
