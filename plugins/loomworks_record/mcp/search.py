"""Search by words, over the filed texts as they are: no index to keep, so nothing that may be out of date.

Bytes are searched: folding a text of 25 kB takes longer than all else. Only what of it is shown becomes text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from loomworks_record.kept.spool import Keeper, KeptBytes
from loomworks_record.pages.reading import whole_text
from loomworks_record.pages.wording import full_name
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

_ASKED = re.compile(r'"([^"]+)"|(\S+)')
_AROUND = 120  # characters before and after the place that is shown
_IN_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")
_LOOKED_AT = 50  # places in a document of which the best is shown


class Hit(Struct, frozen=True):
    """A document that has every word; ``count`` of all places."""

    document: Document
    count: int


class Words:
    """What is asked for: words and phrases, each as the beginning of a word."""

    def __init__(self, text: str) -> None:
        asked = (" ".join((phrase or word).lower().split()) for phrase, word in _ASKED.findall(text))
        self._asked = list(dict.fromkeys(filter(None, asked)))
        self._patterns = list(map(_pattern, self._asked))
        self._bytes = [
            (each.partition(" ")[0].encode("utf-8", "replace"), _bytes_pattern(each), each[0].isalnum())
            for each in self._asked
        ]
        self.is_ascii = all(map(str.isascii, self._asked))

    def counts(self, folded: bytes, title: str) -> list[int]:
        """How often each stands in a text (in small letters); [] where one stands neither there nor in the title."""
        titled = self.in_title(title)
        if not all(first in folded or known for (first, _, _), known in zip(self._bytes, titled, strict=True)):
            return []  # which costs less than to count the others
        counts = [sum(1 for _ in _places(folded, *each)) for each in self._bytes]
        return counts if all(map(any, zip(counts, titled, strict=True))) else []

    def in_title(self, title: str) -> list[bool]:
        return [each.search(title) is not None for each in self._patterns]

    def best_line(self, body: str) -> tuple[int, str]:
        """(line from 1, the words around it) of the place that has most of the words around it."""
        plain = body.lower() if len(body.lower()) == len(body) else body  # "İ" is two characters in lower case
        places = [[place.start() for place in each.finditer(plain)] for each in self._patterns]
        rarest = min(filter(None, places), key=len, default=[0])

        def near(place: int) -> int:
            around = plain[max(0, place - _AROUND) : place + _AROUND]
            return sum(each.search(around) is not None for each in self._patterns)

        first = max(rarest[:_LOOKED_AT], key=near)
        return body.count("\n", 0, first) + 1, body[max(0, first - _AROUND) : first + _AROUND]


class FoldedTexts(Struct, frozen=True):
    """The texts of documents in small letters. What has to be made of a document's bytes is put aside."""

    _aside: dict[str, KeptBytes] = field(default_factory=dict)
    _keeper: Keeper = field(default_factory=lambda: Keeper(0))

    def folded(self, document: Document, words: Words) -> bytes:
        if not words.is_ascii:
            return whole_text(document).lower().encode("utf-8", "replace")
        if document.form != "html" and document.encoding == "utf-8":
            return document.data.lower()
        if document.path not in self._aside:
            text = whole_text(document).encode("utf-8", "replace").lower()
            self._aside[document.path] = self._keeper.keep(text)
        return self._aside[document.path].read()


def hits(record: Record, documents: list[Document], words: Words, texts: FoldedTexts) -> list[Hit]:
    """The documents that have every word: current ones first, then those whose title has them, then those that have
    them more often."""
    found: list[tuple[tuple[bool, bool, int, str], Hit]] = []
    for document in documents:
        title = f"{document.title} {full_name(record, document)} {document.path}".lower()
        counts = words.counts(texts.folded(document, words), title)
        if counts:
            order = (
                record.standing(document) != "current", not all(words.in_title(title)), -sum(counts), document.path
            )  # fmt: skip
            found.append((order, Hit(document, sum(counts))))
    return [hit for _, hit in sorted(found, key=lambda each: each[0])]


def _places(folded: bytes, first: bytes, whole: re.Pattern[bytes] | None, is_word: bool) -> Iterator[int]:
    """Where a word, or a phrase that begins with it, begins a word."""
    at = folded.find(first)
    while at >= 0:
        before = folded[at - 1] if at and is_word else 0
        is_within = before in _IN_WORD
        if before > 127:  # the last byte of another letter, or of a sign
            is_within = folded[max(0, at - 4) : at].decode("utf-8", "ignore")[-1:].isalnum()
        if not is_within and (whole is None or whole.match(folded, at)):
            yield at
        at = folded.find(first, at + len(first))


def _pattern(words: str) -> re.Pattern[str]:
    start = r"(?<!\w)" if words[0].isalnum() else ""
    return re.compile(start + r"\s+".join(map(re.escape, words.split())))


def _bytes_pattern(words: str) -> re.Pattern[bytes] | None:
    parts = [re.escape(word.encode("utf-8", "replace")) for word in words.split()]
    return re.compile(rb"\s+".join(parts)) if len(parts) > 1 else None
