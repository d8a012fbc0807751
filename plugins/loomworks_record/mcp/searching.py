"""Search by words, over the filed texts as they are: no index to keep, so nothing that may be out of date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from loomworks_record.pages.names import full_name
from loomworks_record.pages.reading import whole_text
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

_ASKED = re.compile(r'"([^"]+)"|(\S+)')
_AROUND = 120  # characters before and after the place that is shown
_LOOKED_AT = 50  # places in a document of which the best is shown


@dataclass(frozen=True, slots=True)
class BestLine:
    """``line`` (from 1) and the words around the best place; ``count`` of all."""

    document: Document
    line: int
    count: int
    around: str


def hits(record: Record, documents: Iterable[Document], text: str) -> list[BestLine]:
    """The documents that have every word, as the beginning of a word, or phrase: current ones first, then those whose
    title has them, then those that have them more often."""
    asked = [" ".join((phrase or word).split()) for phrase, word in _ASKED.findall(text)]
    patterns = [_pattern(each) for each in asked if each]
    found: list[tuple[tuple[bool, bool, int, str], BestLine]] = []
    for document in documents:
        body = whole_text(document)
        plain = body.lower() if len(body.lower()) == len(body) else body  # "İ" is two characters in lower case
        title = f"{document.title} {full_name(record, document)} {document.path}".lower()
        if not patterns or not all(each.search(plain) or each.search(title) for each in patterns):
            continue
        places = [[place.start() for place in each.finditer(plain)] for each in patterns]
        first = _best(plain, patterns, min(filter(None, places), key=len, default=[0]))
        around = body[max(0, first - _AROUND) : first + _AROUND]
        count = sum(map(len, places))
        hit = BestLine(document, body.count("\n", 0, first) + 1, count, around)
        titled = all(each.search(title) for each in patterns)
        order = (record.standing(document) != "current", not titled, -count, document.path)
        found.append((order, hit))
    return [hit for _, hit in sorted(found, key=lambda each: each[0])]


def _best(body: str, patterns: list[re.Pattern[str]], places: list[int]) -> int:
    """The first of some places that has most of the words around it."""

    def near(place: int) -> int:
        around = body[max(0, place - _AROUND) : place + _AROUND]
        return sum(each.search(around) is not None for each in patterns)

    return max(places[:_LOOKED_AT], key=near)


def _pattern(words: str) -> re.Pattern[str]:
    start = r"(?<!\w)" if words[0].isalnum() else ""
    return re.compile(start + r"\s+".join(map(re.escape, words.lower().split())))
