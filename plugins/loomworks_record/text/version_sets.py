"""Sets and ranges of versions: "v0.1 / v0.2", "v0.1 → v0.2", "v0.3–v0.7", "v0.1, v0.2 and v0.3"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from loomworks_record.source.version import Version, parse_version

JOIN = r"\s*(?:/|\+|&|,\s*(?:and\s|or\s|plus\s)?|(?:and|or|plus)\s)\s*"
RANGE = r"\s*(?:–|-|‑|\.\.\.?|…|(?:to|through)\s)\s*"
_ARROW = r"\s*(?:→|->)\s*"
VERSION = r"v\d{1,4}[._]\d{1,4}(?:[._]\d{1,4})?(?!\w)"
_NEXT = re.compile(rf"(?:(?P<range>{RANGE})|{JOIN}|{_ARROW})(?P<version>{VERSION})")
_WIDEST = 60  # versions that a range may spell out


class JoinedVersion(NamedTuple):
    """A version of a set; ``implied`` ones stand inside a range and have no words (``start == end``)."""

    start: int
    end: int
    version: Version
    implied: bool = False


def joined_versions(text: str, end: int, high: int, first: Version) -> Iterator[JoinedVersion]:
    """The versions joined to ``first``, which ends at ``end``."""
    last = first
    while found := _NEXT.match(text, end, high):
        version = parse_version(found["version"])
        if version is None:
            return
        start, end = found.span("version")
        if found["range"]:
            for inner in _between(last, version):
                yield JoinedVersion(start, start, inner, True)
        yield JoinedVersion(start, end, version)
        last = version


def _between(first: Version, last: Version) -> Iterator[Version]:
    """The versions inside a range; none where it is not of one major number."""
    plain = first.major == last.major and first.patch is None and last.patch is None
    if plain and last.minor - first.minor <= _WIDEST:
        for minor in range(first.minor + 1, last.minor):
            yield Version(first.major, minor)
