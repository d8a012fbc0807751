"""The readings of all documents of a record: made, or taken from a memo and decoded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache, partial
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
from loomworks_record.record.text.flat import Flat
from loomworks_record.record.text.sections import Section, SectionIndex
from loomworks_record.source.document import Document
from loomworks_record.source.kept_documents import LIBRARIES
from loomworks_record.source.memo import Memo, Shelf, key_of
from loomworks_record.source.own_code import code_digest

_AT_ONCE = 256  # documents that are kept together
_SENTENCES_AT_HAND = 2048  # documents
_NAMES = msgspec.msgpack.Decoder(tuple[str, ...])
_PASSAGES = msgspec.msgpack.Decoder(tuple[Passage, ...])
_SECTIONS = msgspec.msgpack.Decoder(tuple[Section, ...])
_OWN_WORDS = msgspec.msgpack.Decoder(OwnWords)


class _Kept(NamedTuple):
    """What is kept of a document. Most is asked of every document; ``msgspec.Raw`` only of some, and decoded then.

    It was read with the ``subjects`` of this digest. ``asked`` are the subjects that its reading asked for, ``known``
    those that there were. ``seen`` is the digest of what others see of its sections, ``halts`` are the halt notes that
    it names.
    """

    subjects: bytes
    known: tuple[str, ...]
    asked: msgspec.Raw
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
        self._subjects = subjects(record)
        self._kept = Shelf(memo, "reading", _Kept)
        self._kept_sentences = Shelf(memo, "sentences", Sentences)
        # Not a method of ours: a cache that leads back here would wait for the collector of cycles to be freed.
        self._sentences = lru_cache(maxsize=_SENTENCES_AT_HAND)(partial(_sentences, self.of, self._kept_sentences))

    @cached_property
    def grammar(self) -> Grammar:
        """What authors call things in this record."""
        config = self.record.config
        return Grammar.of(config.kinds, config.identifiers, config.places, self._subjects)

    def index(self, document: Document) -> SectionIndex:
        """The sections of a document (none of an HTML document)."""
        return self.of[document.path].index

    def sentences(self, path: str) -> Sentences:
        """The sentences around the mentions of a document."""
        return self._sentences(path)

    def read(self, progress: Callable[[int], None]) -> None:
        """Read every document, or take what is kept of it."""
        digest = key_of(*sorted(self._subjects.names))
        keys = self._keys()
        kept = self._kept.get_many(keys)
        fresh: dict[bytes, object] = {}
        sentences: dict[bytes, Sentences] = {}
        for count, (document, key) in enumerate(zip(self.record.documents, keys, strict=True), 1):
            found = kept.get(key)
            if found is not None and (found.subjects == digest or self._answered(found)):
                self.of[document.path] = DocumentReading(document, _with(key, found.known), found)
            else:
                texts = flats(document)
                reading, asked, known = self._read(document, texts)
                own = self.of[document.path] = DocumentReading(document, _with(key, known), reading)
                if self._kept.keeps:
                    fresh[key] = _to_keep(own, reading, digest, asked, known)
                    sentences[own.key] = sentences_of(texts, reading.passages)
                    with suppress(UnicodeEncodeError):  # of what cannot be kept, the reading stays as it is
                        self.of[document.path] = DocumentReading(document, own.key, self._kept.as_read(fresh[key]))
            if len(fresh) >= _AT_ONCE:
                self._put(fresh, sentences)
            progress(count)
        self._put(fresh, sentences)

    def _put(self, fresh: dict[bytes, object], sentences: dict[bytes, Sentences]) -> None:
        self._kept.put_many(fresh)
        self._kept_sentences.put_many(sentences)
        fresh.clear()
        sentences.clear()

    def _read(self, document: Document, texts: Sequence[Flat]) -> tuple[Reading, tuple[str, ...], tuple[str, ...]]:
        """The reading of a document, the subjects that it asked for, and those of them that there are."""
        asked = self._subjects.asked
        asked.clear()
        reading = read_texts(document, texts, self.grammar, self.record.config.kinds)
        return reading, tuple(sorted(asked)), tuple(sorted(asked & self._subjects.names))

    def _answered(self, kept: _Kept) -> bool:
        """Whether all that its reading asked for would be answered as it was."""
        return self._subjects.names.intersection(_NAMES.decode(kept.asked)) == set(kept.known)

    def _keys(self) -> list[bytes]:
        """Of all that a reading depends on, but for subjects: our code, the grammar, each document's path and bytes."""
        documents = self.record.documents
        if not self._kept.keeps:
            return [document.path.encode("utf-8", "surrogatepass") for document in documents]
        config = self.record.config
        common = key_of(
            code_digest("loomworks_record.source", "loomworks_record.record", libraries=LIBRARIES),
            msgspec.msgpack.encode([config.kinds.rows, config.identifiers, config.places]),
        )
        return [key_of(common, document.path, document.sha256) for document in documents]


def read_all(record: Record, memo: Memo, progress: Callable[[int], None]) -> Readings:
    """Read the texts of every document. ``progress`` is told how many are read."""
    readings = Readings(record, memo)
    readings.read(progress)
    return readings


def _sentences(readings: dict[str, DocumentReading], shelf: Shelf[Sentences], path: str) -> Sentences:
    reading = readings[path]
    kept = shelf.get(reading.key)
    return sentences_of(flats(reading.document), reading.passages) if kept is None else kept


def _with(key: bytes, known: tuple[str, ...]) -> bytes:
    """The key of what follows from a reading: it depends on the subjects too that were asked for and known."""
    return key_of(key, *known) if known else key


def _to_keep(
    own: DocumentReading, reading: Reading, subjects: bytes, asked: tuple[str, ...], known: tuple[str, ...]
) -> tuple[Any, ...]:
    """As ``_Kept`` is written: what is asked only of some documents is left for later when it is read."""
    return (
        subjects, known, asked, own.seen, own.halts, own.fenced, reading.passages, reading.sections, reading.own,
    )  # fmt: skip
