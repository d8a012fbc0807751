"""Carried over: what was found in a filed text, put in its place in the flat text of the page.

Text and page have the same blocks with the same words. They differ in white space, in blocks without words (code and
raw HTML are blocks of the page only), in code (which the page holds escaped), and in headings, where the page has the
number by itself. What differs in any other way is unforeseen: then the page must be read by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loomworks_record.render.marks import Marked
from loomworks_record.render.raw_html import SIGN
from loomworks_record.text.flat import OBJECT, SEPARATOR, Flat

_NO_WORDS = OBJECT + " \t\n\r\x0b\x0c\u00a0"
_PARTING = frozenset(" \n\t.—–:-\u00a0")  # what may part the number of a heading from its words
_SPACE = re.compile(r"\s\s+|[\n\t]")
_SPACE_OR_ESCAPED = re.compile(_SPACE.pattern + "|&(?:amp|lt|gt);")
_UNESCAPED = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


class Unforeseen(Exception):
    """A text turned out otherwise on its page than as it was filed: it must be rendered where the record is."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A filed text with what was found in it: its flat ``text``, the author's own ``links`` as (start, end, URL),
    and what is ``marked``, in order of place."""

    text: str
    links: tuple[tuple[int, int, str], ...] = ()
    marked: tuple[Marked, ...] = ()


def carried(read: ReadText, page: Flat) -> list[Marked]:
    """What is marked of a filed text, at its places in the flat text of its page."""
    blocks = list(_blocks(read.text, page))
    starts = [block.start for block in blocks]

    def place(filed: int) -> int:
        at = bisect_right(starts, filed) - 1
        found = blocks[at].place(filed) if at >= 0 else -1
        if found < 0:
            raise Unforeseen("what is marked has no place in the page")
        return found

    links = [(place(start), place(end), url) for start, end, url in read.links]
    if links != [(link.start, link.end, link.url) for link in page.links]:
        raise Unforeseen("the links of the text and of its page are not the same")
    return [Marked(place(each.start), place(each.end), each.mark, each.own, each.implied) for each in read.marked]


class _Block(NamedTuple):
    """The words of a block: those that begin at ``start`` of the filed text stand at ``places`` of the page's."""

    start: int
    places: Sequence[int]

    def place(self, filed: int) -> int:
        """-1 for what the page does not have."""
        offset = filed - self.start
        return self.places[offset] if offset < len(self.places) else -1


def _blocks(text: str, page: Flat) -> Iterator[_Block]:
    filed, shown = list(_worded(text)), list(_worded(page.text))
    if len(filed) != len(shown):
        raise Unforeseen("the page has other blocks than the text")
    for (start, words), (at, others) in zip(filed, shown, strict=True):
        if words == others:
            yield _Block(start, range(at, at + len(words) + 1))
        else:
            heading = page.blocks[page.block_at(at)].kind == "heading"
            yield _Block(start, _places(words, at, others, heading))


def _worded(text: str) -> Iterator[tuple[int, str]]:
    """(start, words) of each block that has words, without the white space around them."""
    start = 0
    for block in text.replace(SIGN, "<").split(SEPARATOR):
        words = block.strip(_NO_WORDS)
        if words:
            yield start + block.index(words), words
        start += len(block) + 1


def _places(filed: str, at: int, shown: str, heading: bool) -> list[int]:
    """The place in the page of each character of a filed block, and of its end; -1 where there is none."""
    (one, from_filed), (other, from_shown) = _folded(filed, _SPACE), _folded(shown, _SPACE_OR_ESCAPED)
    head, tail = len(one), 0
    if one != other:
        head = _common(one, other)
        tail = _common(one[head:][::-1], other[head:][::-1])
        between = one[head : len(one) - tail] + other[head : len(other) - tail]
        if not heading or not set(between) <= _PARTING:
            raise Unforeseen("a block of the page has other words than the text")
    places = [-1] * (len(filed) + 1)
    for number in range(head + 1):
        places[from_filed[number]] = at + from_shown[number]
    for number in range(tail + 1):
        places[from_filed[len(one) - number]] = at + from_shown[len(other) - number]
    return places


def _folded(text: str, folded: re.Pattern[str]) -> tuple[str, Sequence[int]]:
    """A text with white space and escaped signs as one character each, and the place of every character in the
    original, and of the end."""
    if not folded.search(text):
        return text, range(len(text) + 1)
    out: list[str] = []
    places: list[int] = []
    last = 0
    for found in folded.finditer(text):
        out += (text[last : found.start()], _UNESCAPED.get(found.group(), " "))
        places += range(last, found.start() + 1)
        last = found.end()
    out.append(text[last:])
    places += range(last, len(text) + 1)
    return "".join(out), places


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))
