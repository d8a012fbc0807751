"""Sets and ranges of versions ("v0.1 / v0.2", "v0.1 → v0.2", "v0.3–v0.7") and of sections ("§§3, 4 and 7"); and what
follows a §: a number ("7.2", "3.A"), an identifier ("P57-A1"), or words of a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from loomworks_record import lazy
from loomworks_record.source.version import IN_TEXT, ONE_IN_TEXT, Version, version_in_text
from loomworks_record.text.identifiers import IdentifierGrammar

JOIN = r"\s*(?:/|\+|&|,\s*(?:and\s|or\s|plus\s)?|(?:and|or|plus)\s)\s*"
RANGE = r"\s*(?:–|-|‑|\.\.\.?|…|(?:to|through)\s)\s*"
_ARROW = r"\s*(?:→|->)\s*"
_NEXT_VERSION = re.compile(rf"(?:(?P<range>{RANGE})|{JOIN}|{_ARROW})(?P<version>{IN_TEXT}(?!\w)|{ONE_IN_TEXT})")
_WIDEST = 60  # versions that a range may spell out


def joined_versions(text: str, end: int, high: int, first: Version) -> Iterator[tuple[int, int, Version]]:
    """(start, end, version) of those joined to ``first``, which ends at ``end``; those inside a range have no
    words: their start is their end."""
    last = first
    while found := _NEXT_VERSION.match(text, end, high):
        version = version_in_text(found["version"])
        if version is None:
            return
        start, end = found.span("version")
        if found["range"]:
            for inner in _between(last, version):
                yield start, start, inner
        yield start, end, version
        last = version


def _between(first: Version, last: Version) -> Iterator[Version]:
    """The versions inside a range, of one number or of one major number; else none."""
    if first.is_one_number and last.is_one_number and last.major - first.major <= _WIDEST:
        for major in range(first.major + 1, last.major):
            yield Version(major, shown=str(major))
    plain = first.major == last.major and first.patch is None and last.patch is None
    if plain and last.minor - first.minor <= _WIDEST:
        for minor in range(first.minor + 1, last.minor):
            yield Version(first.major, minor)


NUMBER = r"\d{1,3}(?:\.\d{1,3})*(?:\.[A-Z](?![A-Za-z])(?:\.\d{1,3})*)?(?:[a-z](?![a-z]))?"
_FIRST = lazy.regex(rf"\s?(?P<number>{NUMBER})")
_NEXT_NUMBER = lazy.regex(rf"(?:{RANGE}|{JOIN})(?P<number>{NUMBER})(?![\w%])")
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
    while found := _NEXT_NUMBER.match(text, end, high):
        end = found.end()
        yield NamedSection(found.start("number"), end, found["number"])
