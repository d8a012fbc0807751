"""Tables of Markdown: their elements, and where they are read otherwise than GFM 0.29 §4.10 reads them."""

from __future__ import annotations

import re
from typing import Any

from loomworks_record.text.masks import PARTING, pipes_to_mask
from loomworks_record.text.tree import TreeBuilder

_DELIMITERS = re.compile(rb"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
# The rule of a table, and the line before it.
_RULE = re.compile(
    rb"^(?P<head>[ \t>]*[^\n|]+\|[^\n]*)\n(?P<rule>[ \t>]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?)[ \t]*$",
    re.MULTILINE,
)
_PIPE = re.compile(rb"(?<!\\)\|")
_ALIGNED = {"Right": {"class": "r-right"}, "Center": {"class": "r-center"}}


class Tables(TreeBuilder):
    """``masks`` are signs for the parser to take for letters the next time, by their places; none are looked for when
    it is the ``last`` time."""

    def __init__(self, source: bytes, line: int, is_last: bool, is_flat: bool = False) -> None:
        super().__init__(source, line, is_flat)
        self.is_last = is_last
        self.masks: dict[int, bytes] = {}
        self.alignment: tuple[str, ...] = ()
        self.last_row = 0  # where the last row began that is not a head
        self.is_piped = False  # whether the table's head begins with a pipe
        self.is_parted = False  # whether the table ends before the parser ends it

    def check_paragraph(self, start: int, end: int) -> None:
        """GFM lets a table begin within a paragraph; the parser does so only where its head begins with a pipe."""
        if self.source.find(b"|", start, end) < 0:  # so it is in nearly every paragraph
            return
        for found in _RULE.finditer(self.source, start, end):
            head, rule = found["head"].strip(b" \t>"), found["rule"].strip(b" \t>").rstrip(b"|")
            begins = self.source.rfind(b"\n", 0, found.start("head") + 1) + 1
            if begins > start and len(_PIPE.findall(head.rstrip(b"|"))) == rule.count(b"|"):
                self.masks[begins] = PARTING

    def table(self, alignment: tuple[str, ...], start: int, end: int) -> None:
        self.block_starts()
        self.alignment, self.last_row, self.is_parted = alignment, 0, False
        self.is_piped = self.source.startswith(b"|", start)
        self.push("table")

    def table_head(self, given: Any, start: int, end: int) -> None:
        self.push("thead")
        self._row_starts(head=True)

    def table_row(self, given: Any, start: int, end: int) -> None:
        if self.top.tag == "table":
            self.push("tbody")
        self._row_starts(head=False)
        if not self.is_last:
            self._check_row(start, end)

    def _row_starts(self, head: bool) -> None:
        self.row, self.column, self.head = self.row + 1, 0, head
        self.push("tr")

    def _check_row(self, start: int, end: int) -> None:
        row = self.source[start:end]
        if self.is_piped and b"|" not in row:
            self._part(start)  # a table whose rows begin with a pipe ends at the first line without one
        elif b"-" in row and self.last_row and _DELIMITERS.fullmatch(row.strip()):
            self._part(self.last_row)  # the row before is the head of another table, and has its own columns
        self.last_row = start
        columns, parted = len(self.alignment), row.count(b"|")
        if self.is_parted or parted <= columns - 1 or (parted == columns + 1 and b"`" not in row):
            return
        line = self.source.find(b"\n", start, end)
        row = row if line < 0 else self.source[start:line]
        # Decoded byte by byte: a place in it is a place in the source.
        self.masks.update((start + at, b"|") for at in pipes_to_mask(row.decode("latin-1"), columns))

    def _part(self, place: int) -> None:
        """The table ends before the row at ``place``, without a blank line."""
        if not self.is_parted:
            self.masks = {at: sign for at, sign in self.masks.items() if at < place}
            self.masks[self.source.rfind(b"\n", 0, place) + 1] = PARTING
            self.is_parted = True

    def cell(self, given: Any, start: int, end: int) -> None:
        attributes = _ALIGNED.get(self.alignment[self.column]) if self.column < len(self.alignment) else None
        cell = self.push("th" if self.head else "td", attributes)
        self.begin(cell, "cell", start)

    def cell_ends(self, where: Any) -> None:
        cell = self.pop()
        if self.head and cell.tag == "th":
            if len(cell) or (cell.text or "").strip():
                cell.set("scope", "col")
            else:
                cell.tag = "td"  # a head without words heads nothing
        self.column += 1
        self.inside = False

    def table_ends(self, where: Any) -> None:
        if self.pop().tag == "tbody":
            self.pop()

    def head_ends(self, where: Any) -> None:
        self.pop()
        self.pop()
