"""What follows a §: a number ("7.2", "3.A"), an identifier ("P57-A1"), or words of a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from loomworks_record import lazy
from loomworks_record.text.identifiers import IdentifierGrammar
from loomworks_record.text.version_sets import JOIN, RANGE

NUMBER = r"\d{1,3}(?:\.\d{1,3})*(?:\.[A-Z](?![A-Za-z])(?:\.\d{1,3})*)?(?:[a-z](?![a-z]))?"
_FIRST = lazy.regex(rf"\s?(?P<number>{NUMBER})")
_NEXT = lazy.regex(rf"(?:{RANGE}|{JOIN})(?P<number>{NUMBER})(?![\w%])")
_TITLE = lazy.regex(r"\s?(?P<title>[A-Z][\w'’/+-]*(?:[ \n][\w'’/+-]+){0,7})")
_TITLE_END = lazy.regex(r"\s+(?:plus|and|or|as|per|is|are|was|says|names|settles|for example)\s", re.IGNORECASE)
# A § within the §: "§Open decisions §New at v0.2" is one place, named from the outside in.
_INNER = lazy.regex(r"\s§([A-Z][\w'’-]*(?:\s[\w.'’-]*\w){0,4})")


class NamedSection(NamedTuple):
    start: int
    end: int
    section: str


def section_number(text: str, at: int, high: int) -> NamedSection | None:
    """The number that begins at ``at``, after at most one blank."""
    found = _FIRST.match(text, at, high)
    return NamedSection(found.start("number"), found.end(), found["number"]) if found else None


def section_name(text: str, at: int, high: int, grammar: IdentifierGrammar) -> NamedSection | None:
    """The identifier or the words of a title that begin at ``at``."""
    named = grammar.at_start(text[at : min(high, at + 24)])
    if named:
        return NamedSection(at, at + named.end, named.name)
    title = _TITLE.match(text, at, high)
    if title is None:
        return None
    words = title["title"]
    stop = _TITLE_END.search(words)
    words = words[: stop.start()] if stop else words
    end = title.start("title") + len(words)
    inner = _INNER.match(text, end, high)
    return NamedSection(at, inner.end() if inner else end, words)


def further_numbers(text: str, end: int, high: int) -> Iterator[NamedSection]:
    """The 4 of "§§3–4", the 4 and 7 of "§§3, 4 and 7"."""
    while found := _NEXT.match(text, end, high):
        end = found.end()
        yield NamedSection(found.start("number"), end, found["number"])
