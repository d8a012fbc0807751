"""How a table of a document is set on a narrow page, decided from its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from xml.etree.ElementTree import Element

from loomworks_record.text.tree import RAW

# Characters. A line of a phone, 390 px wide, has about so many, less what stands between two columns.
_LINE, _BETWEEN = 46, 2
_PROSE = 20  # a column whose cells have so many on average is prose: it can be narrow and long
_NARROWEST = 14  # a column of prose
_BREAKS = re.compile(r"[\s/-]+")  # browsers break a line there, and anywhere in code


def table_look(table: Element) -> str:
    """The classes of a table: of one with a column of prose "r-wraps" where its columns still fit on a phone, else
    "r-apart": its rows become blocks. Figures keep to their columns, and scroll where these do not fit."""
    rows = [[cell for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
    columns = [[cell for cell in column if cell is not None] for column in zip_longest(*rows)]
    prose = [_is_prose([words for cell in column[1:] if (words := cell_words(cell))]) for column in columns]
    if not any(prose):
        return "r-table"
    needed = sum(_BETWEEN + _width(column, is_prose) for column, is_prose in zip(columns, prose, strict=True))
    return "r-table r-wraps" if needed <= _LINE else "r-table r-apart"


def cell_words(cell: Element) -> str:
    """The words of a cell; "" where its author wrote HTML in it."""
    if not len(cell):
        return " ".join((cell.text or "").split())
    return "" if next(cell.iter(RAW), None) is not None else " ".join("".join(cell.itertext()).split())


def _is_prose(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(map(len, cells)) >= _PROSE * len(cells)


def _width(column: Iterable[Element], is_prose: bool) -> int:
    texts = (text for cell in column for text in _breakable(cell))
    return max(_NARROWEST if is_prose else 0, *(len(part) for text in texts for part in _BREAKS.split(text)), 0)


def _breakable(element: Element) -> Iterator[str]:
    """The text of an element but for code."""
    if element.tag != "code":
        yield element.text or ""
        for child in element:
            yield from _breakable(child)
            yield child.tail or ""
