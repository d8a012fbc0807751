"""The readings of all documents of a record: made, or taken from a memo and decoded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache, partial

import msgspec

from loomworks_record.kept.memo import Memo, Shelf, key_of
from loomworks_record.kept.own_code import code_digest
from loomworks_record.kept.spool import Keeper, KeptBytes
from loomworks_record.record.citations.context import Context
from loomworks_record.record.citations.index import subjects
from loomworks_record.record.citations.read_batch import (
    KeptReading,
    ReadBatch,
    ReadPacked,
    ReadSettings,
    Share,
    read_batch,
    read_document_texts,
)
from loomworks_record.record.citations.seen import sections_seen
from loomworks_record.record.neighbour import Neighbour
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.front_matter import front_matter_reader
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.problem import Problem
from loomworks_record.source.unreadable import unreadable
from loomworks_record.text.flatten import markdown_parser
from loomworks_record.text.mentions.grammar import Grammar
from loomworks_record.text.reading import (
    OwnWords,
    Passage,
    Reading,
    Sentences,
    flats,
    line_that_fails,
    sentences_of,
    unread,
)
from loomworks_record.text.sections import Section, SectionIndex

# What a reading depends on of our own code.
PACKAGES = tuple(f"loomworks_record.{room}" for room in ("kept", "source", "text", "record"))
_AT_ONCE = 256  # documents that are looked up together
_BATCH = 600_000  # bytes of documents that are read together: a tenth of a second's work
_AT_HAND = 1024  # documents whose sentences, and whose sections, are at hand: pages ask for those of neighbours
_ROOM = 8 << 20  # bytes of readings in memory; what comes after them is put aside
_NAMES = msgspec.msgpack.Decoder(tuple[str, ...])
# Of a Reading, one part each: the others are not decoded with it.
_PASSAGES = msgspec.msgpack.Decoder(tuple[tuple[Passage, ...], msgspec.Raw, msgspec.Raw, int])
_SECTIONS = msgspec.msgpack.Decoder(tuple[msgspec.Raw, tuple[Section, ...], msgspec.Raw, int])
_OWN_WORDS = msgspec.msgpack.Decoder(tuple[msgspec.Raw, msgspec.Raw, OwnWords, int])


_KEPT = msgspec.msgpack.Decoder(KeptReading)


class DocumentReading:
    """The reading of one document, and what follows from it. ``halts`` are the halt notes that it names, in order of
    place, ``said`` is the digest of ``reading_said`` (b"" of one that is not kept).

    Of one that was kept, the reading is put aside. What is decoded of it is decoded anew each time: who asks for it is
    done with it soon.
    """

    __slots__ = ("_reading", "_seen", "document", "fenced", "halts", "key", "said")

    def __init__(
        self, document: Document, key: bytes, reading: Reading | KeptBytes, halts: tuple[str, ...], fenced: int,
        seen: bytes = b"", said: bytes = b"",
    ) -> None:  # fmt: skip
        self.document = document
        self.key = key
        self.halts = halts
        self.fenced = fenced
        self.said = said
        self._seen = seen
        self._reading = reading

    @property
    def passages(self) -> tuple[Passage, ...]:
        reading = self._reading
        return reading.passages if isinstance(reading, Reading) else _PASSAGES.decode(reading.read())[0]

    @property
    def sections(self) -> tuple[Section, ...]:
        reading = self._reading
        return reading.sections if isinstance(reading, Reading) else _SECTIONS.decode(reading.read())[1]

    def context(self, kinds: KindTable) -> Context:
        reading = self._reading
        own = reading.own if isinstance(reading, Reading) else _OWN_WORDS.decode(reading.read())[2]
        return Context(self.document, own, kinds)

    @property
    def seen(self) -> bytes:
        """See ``sections_seen``."""
        return self._seen or sections_seen(self.sections)


class Readings:
    """Of one record. Made by ``read_all``."""

    def __init__(self, record: Record, memo: Memo) -> None:
        self.record = record
        self.of: dict[str, DocumentReading] = {}
        self.problems: list[Problem] = []  # of documents that could not be read
        self._subjects = subjects(record)
        self._kept = Shelf(memo, "reading", KeptReading)
        self._kept_sentences = Shelf(memo, "sentences", Sentences)
        self._keeper = Keeper(_ROOM)
        # Not methods of ours: a cache that leads back here would wait for the collector of cycles to be freed.
        self._sentences = lru_cache(maxsize=_AT_HAND)(partial(_sentences, self.of, self._kept_sentences))
        self._sections = lru_cache(maxsize=_AT_HAND)(partial(_sections, self.of))

    @cached_property
    def grammar(self) -> Grammar:
        """What authors call things in this record."""
        config = self.record.config
        return Grammar.of(config.kinds, config.identifiers, config.places, self._subjects, config.versions)

    def index(self, document: Neighbour) -> SectionIndex:
        """The sections of a document (none of an HTML document)."""
        return self._sections(document.path)

    def sentences(self, path: str) -> Sentences:
        """The sentences around the mentions of a document."""
        return self._sentences(path)

    def read(self, progress: Callable[[int], None], share: Share) -> None:
        """Read every document, or take what is kept of it."""
        if not self._kept.keeps:
            for count, document in enumerate(self.record.documents, 1):
                self.of[document.path] = self._read_here(_plain_key(document), document)
                progress(count)
            return
        found: dict[int, DocumentReading] = {}
        keys = self._keys()
        for made in share(read_batch, self._batches(keys, found)):
            self._take(made, keys, found)
            progress(len(found))
        progress(len(found))
        self.of.update((document.path, found[number]) for number, document in enumerate(self.record.documents))

    def _batches(self, keys: list[bytes], found: dict[int, DocumentReading]) -> Iterator[ReadBatch]:
        """Batches of the documents of which nothing is kept that holds; the others are put into ``found``."""
        documents = self.record.documents
        reader = ReadSettings(self.record.config, self._subjects.names, key_of(*sorted(self._subjects.names)))
        batch: list[tuple[int, Document]] = []
        weight = 0
        for start in range(0, len(keys), _AT_ONCE):
            kept = self._kept.get_many(keys[start : start + _AT_ONCE])
            for number in range(start, min(start + _AT_ONCE, len(keys))):
                known = kept.get(keys[number])
                if known is not None and (known.subjects == reader.digest or self._answered(known)):
                    found[number] = self._aside(number, keys[number], known)
                    continue
                batch.append((number, documents[number]))
                weight += documents[number].size
                if weight >= _BATCH:
                    yield ReadBatch(reader, tuple(batch))
                    batch, weight = [], 0
        if batch:
            yield ReadBatch(reader, tuple(batch))

    def _take(self, made: list[ReadPacked], keys: list[bytes], found: dict[int, DocumentReading]) -> None:
        """Keep what was read, and have it."""
        readings: dict[bytes, object] = {}
        sentences: dict[bytes, object] = {}
        for number, known, reading, its_sentences in made:
            key = keys[number]
            if reading is None:  # of what cannot be kept, the reading stays as it is
                found[number] = self._read_here(key, self.record.documents[number])
            else:
                readings[key] = msgspec.Raw(reading)
                found[number] = self._aside(number, key, _KEPT.decode(reading))
            if its_sentences is not None:
                sentences[_with(key, known)] = msgspec.Raw(its_sentences)
        self._kept.put_many(readings)
        self._kept_sentences.put_many(sentences)

    def _aside(self, number: int, key: bytes, kept: KeptReading) -> DocumentReading:
        reading = self._keeper.keep(bytes(kept.reading))
        return DocumentReading(
            self.record.documents[number],
            _with(key, kept.known),
            reading,
            kept.halts,
            kept.fenced,
            kept.seen,
            kept.said,
        )

    def _read_here(self, key: bytes, document: Document) -> DocumentReading:
        try:
            texts = flats(document)
            reading, asked = read_document_texts(document, texts, self.record.config, self.grammar, self._subjects)
        except Exception as wrong:
            line = line_that_fails(document, self.grammar)
            self.problems.append(unreadable(document.path, "its text", wrong, line))
            reading = unread(document)
        else:
            key = _with(key, asked.known)
        return DocumentReading(document, key, reading, reading.own.halt_notes, reading.fenced)

    def _answered(self, kept: KeptReading) -> bool:
        """Whether all that its reading asked for would be answered as it was."""
        return self._subjects.names.intersection(_NAMES.decode(kept.asked)) == set(kept.known)

    def _keys(self) -> list[bytes]:
        """Of all that a reading depends on, but for subjects: our code, the grammar, each document's path and bytes."""
        config = self.record.config
        common = key_of(
            code_digest(*PACKAGES, versions=(front_matter_reader(), markdown_parser())),
            msgspec.msgpack.encode([config.kinds.rows, config.identifiers, config.places]),
            msgspec.msgpack.encode([config.versions, config.archive_folders, config.labels]),
        )
        return [key_of(common, document.path, document.key) for document in self.record.documents]


def read_all(record: Record, memo: Memo, progress: Callable[[int], None], share: Share = map) -> Readings:
    """Read the texts of every document. ``progress`` is told how many are read; ``share`` has them read where there
    is a memo to take them."""
    readings = Readings(record, memo)
    readings.read(progress, share)
    return readings


def _sentences(readings: dict[str, DocumentReading], shelf: Shelf[Sentences], path: str) -> Sentences:
    reading = readings[path]
    kept = shelf.get(reading.key)
    return sentences_of(flats(reading.document), reading.passages) if kept is None else kept


def _sections(readings: dict[str, DocumentReading], path: str) -> SectionIndex:
    return SectionIndex(readings[path].sections)


def _with(key: bytes, known: tuple[str, ...]) -> bytes:
    """The key of what follows from a reading: it depends on the subjects too that were asked for and known."""
    return key_of(key, *known) if known else key


def _plain_key(document: Document) -> bytes:
    return document.path.encode("utf-8", "surrogatepass")
