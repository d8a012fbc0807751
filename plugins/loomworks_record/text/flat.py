"""Flat text: a document's blocks without their markup, one after another, with where each begins.

The grammar of mentions reads this and nothing else. It is made of a text together with the tree that its page is
written from (``text/parse.py``), so that the mentions of the text are the mentions of the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

SEPARATOR = "\x1a"  # begins every block; no part of the grammar crosses it (and it is not white space)
OBJECT = "\ufffc"  # stands for an image, raw HTML or an entity

_SEPARATOR = re.compile(SEPARATOR)

BlockKind = Literal["heading", "paragraph", "item", "cell"]


class FlatBlock(Struct, frozen=True):
    """One heading, paragraph, list item or table cell.

    ``level`` is a heading's. ``bold`` are the bold words that it begins with (a run-in label). Of a cell,
    ``row`` counts the rows of the whole document, ``column`` the cells before it, ``head`` says that it
    stands in a header row.
    """

    kind: BlockKind
    level: int = 0
    bold: str = ""
    row: int = 0
    column: int = 0
    head: bool = False


class FlatLink(Struct, frozen=True):
    """An author's own link: the words ``start:end`` of the flat text, and the URL as filed."""

    start: int
    end: int
    url: str
    image: bool = False


class SetAnchor(Struct, frozen=True):
    """An anchor that an author set in HTML, at ``place`` of the flat text, in the 1-based ``line`` of the file.

    ``heading`` are the words of a heading in HTML that has it; without a ``name`` it has the one that GitHub makes.
    ``is_block`` says that it stands between blocks (at the place where the next begins), ``leads`` that nothing is
    shown between it and that.
    """

    place: int
    name: str
    line: int
    heading: str = ""
    is_block: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Flat:
    """``text`` has one SEPARATOR before every block; ``blocks[n]`` describes the n-th.

    ``line`` is the 1-based line of the file at which the text begins. ``marks`` are ascending places of ``text``, each
    with its place in the source, and ``newlines`` the places of the line ends in that; between marks each line end of
    ``text`` counts. ``ids`` are the anchors that its author set, in order. Fenced and indented code is not part of
    ``text``: nothing in it is linked.
    """

    text: str
    blocks: tuple[FlatBlock, ...]
    links: tuple[FlatLink, ...] = ()
    line: int = 1
    marks: tuple[Sequence[int], Sequence[int]] = ((), ())
    newlines: Sequence[int] = ()
    ids: tuple[SetAnchor, ...] = ()
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", tuple(found.start() for found in _SEPARATOR.finditer(self.text)))

    def block_at(self, place: int) -> int:
        """The number of the block that holds ``place``, or -1 before the first."""
        return bisect_right(self.starts, place) - 1

    def bounds(self, number: int) -> tuple[int, int]:
        """(start, end) of a block's own text."""
        if number < 0:
            return 0, self.starts[0] if self.starts else len(self.text)
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.starts[number] + 1, end

    def block_text(self, number: int) -> str:
        start, end = self.bounds(number)
        return self.text[start:end]

    def block_texts(self) -> list[str]:
        """The texts of all blocks."""
        return self.text.split(SEPARATOR)[1:]

    def lines_at(self, places: Iterable[int]) -> list[int]:
        """The line of each place. Those in order are counted on from one to the next: a paragraph may be long."""
        marks, sources = self.marks
        found: list[int] = []
        at, line = -1, self.line
        for place in places:
            known = bisect_right(marks, place) - 1
            mark = marks[known] if known >= 0 else 0
            if not mark <= at <= place:
                at, line = mark, self.line + (bisect_left(self.newlines, sources[known]) if known >= 0 else 0)
            line += self.text.count("\n", at, place)
            at = place
            found.append(line)
        return found


def one_block(text: str, line: int = 1) -> Flat:
    """A single paragraph, already flat: a header field's value, a title."""
    return Flat(SEPARATOR + text.replace(SEPARATOR, " "), (FlatBlock("paragraph"),), line=line)
