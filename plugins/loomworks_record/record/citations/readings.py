"""The readings of all documents of a record: made, or taken from a memo and decoded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import msgspec

from loomworks_record.record.citations.context import Context
from loomworks_record.record.citations.index import subjects
from loomworks_record.record.citations.reading import (
    OwnWords,
    Passage,
    Reading,
    Sentences,
    flats,
    read_texts,
    sentences_of,
)
from loomworks_record.record.citations.seen import sections_seen
from loomworks_record.record.mentions.grammar import Grammar
from loomworks_record.record.record import Record
from loomworks_record.record.text.sections import Section, SectionIndex
from loomworks_record.source.document import Document
from loomworks_record.source.kept_documents import LIBRARIES
from loomworks_record.source.memo import Memo, Shelf, key_of
from loomworks_record.source.own_code import code_digest

_SENTENCES_AT_HAND = 512  # documents
_PASSAGES = msgspec.msgpack.Decoder(tuple[Passage, ...])
_SECTIONS = msgspec.msgpack.Decoder(tuple[Section, ...])
_OWN_WORDS = msgspec.msgpack.Decoder(OwnWords)


class _Kept(NamedTuple):
    """What is kept of a document. ``seen`` is the digest of what others see of its sections, ``halts`` are the halt
    notes that it names: both are asked of every document, the rest only of some."""

    seen: bytes
    halts: tuple[str, ...]
    fenced: int
    passages: msgspec.Raw
    sections: msgspec.Raw
    own: msgspec.Raw


class DocumentReading:
    """The reading of one document, and what follows from it."""

    def __init__(self, document: Document, key: bytes, source: Reading | _Kept) -> None:
        self.document = document
        self.key = key
        self.fenced = source.fenced
        self._source = source

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Decoded anew each time: who asks for them is done with them soon."""
        source = self._source
        return source.passages if isinstance(source, Reading) else _PASSAGES.decode(source.passages)

    @cached_property
    def index(self) -> SectionIndex:
        source = self._source
        return SectionIndex(source.sections if isinstance(source, Reading) else _SECTIONS.decode(source.sections))

    @cached_property
    def context(self) -> Context:
        source = self._source
        return Context(self.document, source.own if isinstance(source, Reading) else _OWN_WORDS.decode(source.own))

    @cached_property
    def seen(self) -> bytes:
        """See ``sections_seen``."""
        source = self._source
        return sections_seen(source.sections) if isinstance(source, Reading) else source.seen

    @property
    def halts(self) -> tuple[str, ...]:
        """The halt notes that it names, in order of place."""
        source = self._source
        return source.own.named.get("halt-surface", ()) if isinstance(source, Reading) else source.halts


class Readings:
    """Of one record. Made by ``read_all``."""

    def __init__(self, record: Record, memo: Memo) -> None:
        self.record = record
        self.of: dict[str, DocumentReading] = {}
        self._kept = Shelf(memo, "reading", _Kept)
        self._sentences = Shelf(memo, "sentences", Sentences)
        self.sentences = lru_cache(maxsize=_SENTENCES_AT_HAND)(self._sentences_of)

    @cached_property
    def grammar(self) -> Grammar:
        """What authors call things in this record."""
        config = self.record.config
        return Grammar.of(config.kinds, config.identifiers, config.places, subjects(self.record))

    def index(self, document: Document) -> SectionIndex:
        """The sections of a document (none of an HTML document)."""
        return self.of[document.path].index

    def read(self, progress: Callable[[int], None]) -> None:
        documents = self.record.documents
        keys = self._keys(documents)
        kept = self._kept.get_many(keys)
        fresh: dict[bytes, Reading] = {}
        sentences: dict[bytes, Sentences] = {}
        for count, (document, key) in enumerate(zip(documents, keys, strict=True), 1):
            known = kept.get(key)
            if known is None:
                texts = flats(document)
                reading = fresh[key] = read_texts(document, texts, self.grammar, self.record.config.kinds)
                if self._sentences.keeps:
                    sentences[key] = sentences_of(texts, reading.passages)
            self.of[document.path] = DocumentReading(document, key, known or reading)
            progress(count)
        self._kept.put_many({key: _to_keep(reading) for key, reading in fresh.items()})
        self._sentences.put_many(sentences)

    def _keys(self, documents: Sequence[Document]) -> list[bytes]:
        """Of all that a reading depends on: our code, the grammar, and each document's path and bytes."""
        if not self._kept.keeps:
            return [document.path.encode("utf-8", "surrogatepass") for document in documents]
        config, encode = self.record.config, msgspec.msgpack.encode
        common = key_of(
            code_digest("loomworks_record.source", "loomworks_record.record", libraries=LIBRARIES),
            encode([config.kinds.rows, config.identifiers, config.places, sorted(subjects(self.record))]),
        )
        return [key_of(common, document.path, document.sha256) for document in documents]

    def _sentences_of(self, path: str) -> Sentences:
        reading = self.of[path]
        kept = self._sentences.get(reading.key)
        if kept is not None:
            return kept
        return sentences_of(flats(reading.document), reading.passages)


def read_all(record: Record, memo: Memo, progress: Callable[[int], None]) -> Readings:
    """Read the texts of every document. ``progress`` is told how many are read."""
    readings = Readings(record, memo)
    readings.read(progress)
    return readings


def _to_keep(reading: Reading) -> tuple[Any, ...]:
    """As ``_Kept`` is written: its last three parts are left for later when it is read."""
    own = reading.own
    return (
        sections_seen(reading.sections), own.named.get("halt-surface", ()), reading.fenced,
        reading.passages, reading.sections, own,
    )  # fmt: skip
