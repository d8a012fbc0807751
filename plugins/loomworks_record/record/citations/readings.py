"""The readings of all documents of a record: made, or taken from a memo and decoded when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

import msgspec

from loomworks_record.kept.keys import code_digest
from loomworks_record.kept.memo import Memo, Shelf, key_of, left_in
from loomworks_record.kept.spool import Keeper, KeptBytes
from loomworks_record.record.citations.digests import sections_digest
from loomworks_record.record.citations.index import subjects
from loomworks_record.record.citations.read_batch import (
    DocumentReading,
    PackedReading,
    ReadBatch,
    ReadSettings,
    Share,
    read_batch,
)
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.front_matter import front_matter_reader
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.problem import Problem, unreadable
from loomworks_record.text.flatten import markdown_parser
from loomworks_record.text.mentions.grammar import Grammar
from loomworks_record.text.reading import (
    OwnWords,
    Passage,
    Reading,
    Sentences,
    flats,
    line_that_fails,
    read_texts,
    sentences_of,
    unread,
)
from loomworks_record.text.sections import Section, SectionIndex

# What a reading depends on of our own code.
PACKAGES = tuple(f"loomworks_record.{room}" for room in ("kept", "source", "text", "record"))
_AT_ONCE = 256  # documents that are looked up together
_BATCH = 600_000  # bytes of documents that are read together: a tenth of a second's work
_AT_HAND = 256  # documents whose sentences, and whose sections, are at hand: pages ask for those of neighbours
_NAMES = msgspec.msgpack.Decoder(tuple[str, ...])
# Of a Reading, one part each: the others are not decoded with it.
_PASSAGES = msgspec.msgpack.Decoder(tuple[tuple[Passage, ...], msgspec.Raw, msgspec.Raw])
_SECTIONS = msgspec.msgpack.Decoder(tuple[msgspec.Raw, tuple[Section, ...], msgspec.Raw])
_OWN_WORDS = msgspec.msgpack.Decoder(tuple[msgspec.Raw, msgspec.Raw, OwnWords])


_READING = msgspec.msgpack.Decoder(DocumentReading)
_SENTENCES = msgspec.msgpack.Decoder(Sentences)
_NOTHING = msgspec.Raw(b"")
_UNREAD = DocumentReading(b"", (), _NOTHING, b"", b"", (), _NOTHING)


class KeptSentences(NamedTuple):
    """The sentences of a document, and the subjects that its reading knew."""

    known: tuple[str, ...]
    sentences: msgspec.Raw


class Readings:
    """Of one record, once they are ``read``. ``of`` are the readings of its documents by path, but for what is decoded
    anew each time that it is asked for: who asks for it is done with it soon. Beside each that is kept stand the
    sentences around its mentions, with the subjects that it knew.
    """

    def __init__(self, record: Record, memo: Memo) -> None:
        self.record = record
        self.of: dict[str, DocumentReading] = {}
        self._keys: dict[str, bytes] = {}
        self._readings: dict[str, Reading | KeptBytes] = {}  # those that were kept are put aside
        self.problems: list[Problem] = []  # of documents that could not be read
        self._subjects = subjects(record)
        self._kept = Shelf(memo, "reading", DocumentReading)
        self._left = left_in(memo)
        self._keeper = Keeper()
        # Not methods of ours: a cache that leads back here would wait for the collector of cycles to be freed.
        sentences = partial(_sentences, record, self.of, self._readings, self._keys, self._kept)
        self._sentences = lru_cache(maxsize=_AT_HAND)(sentences)
        self._sections = lru_cache(maxsize=_AT_HAND)(partial(_section_index, self._readings))

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

    def key(self, path: str) -> bytes:
        """The key of what follows from a reading: it depends on the subjects too that were asked for and known."""
        known = self.of[path].known
        return key_of(self._keys[path], *known) if known else self._keys[path]

    def passages(self, path: str) -> tuple[Passage, ...]:
        return _passages(self._readings[path])

    def sections(self, path: str) -> tuple[Section, ...]:
        return _sections(self._readings[path])

    def seen(self, path: str) -> bytes:
        """See ``sections_digest``."""
        return self.of[path].seen or sections_digest(self.sections(path))

    def own_words(self, path: str) -> OwnWords:
        """What a document says of others by itself."""
        reading = self._readings[path]
        return reading.own if isinstance(reading, Reading) else _OWN_WORDS.decode(reading.read())[2]

    def read(self, share: Share = map) -> None:
        """Read every document, or take what is kept of it. ``share`` has the rest read where there is a memo to take
        them."""
        documents = self.record.documents
        self.of.update((document.path, _UNREAD) for document in documents)  # in their order
        if not self._kept.keeps:
            for document in documents:
                self._read_here(document.path.encode("utf-8", "surrogatepass"), document)
            return
        keys = self._all_keys()
        for made in share(read_batch, self._batches(keys)):
            self._take(made, keys)
        if self._left is not None:
            own = ((self._keys[path], self.of[path], self._readings[path]) for path in self.of)
            known = {key: (read, kept) for key, read, kept in own if not isinstance(kept, Reading)}
            self._left["readings"] = self._subjects.names, known

    def _batches(self, keys: list[bytes]) -> Iterator[ReadBatch]:
        """Batches of the documents of which nothing is kept that holds; what is kept of the others is taken."""
        documents = self.record.documents
        reader = ReadSettings(self.record.config, self._subjects.names, key_of(*sorted(self._subjects.names)))
        names, before = (self._left or {}).get("readings", ((), {}))
        before = before if names == self._subjects.names else {}
        batch: list[tuple[int, Document]] = []
        weight = 0
        for start in range(0, len(keys), _AT_ONCE):
            portion = keys[start : start + _AT_ONCE]
            kept = self._kept.get_many([key for key in portion if key not in before])
            for number, key in enumerate(portion, start):
                known, document = kept.get(key), documents[number]
                if key in before:
                    self.of[document.path], self._readings[document.path] = before[key]
                    self._keys[document.path] = key
                    continue
                if known is not None and (known.subjects == reader.digest or self._answered(known)):
                    self._put_aside(document.path, key, known)
                    continue
                batch.append((number, document))
                weight += document.size
                if weight >= _BATCH:
                    yield ReadBatch(reader, tuple(batch))
                    batch, weight = [], 0
        if batch:
            yield ReadBatch(reader, tuple(batch))

    def _take(self, made: list[PackedReading], keys: list[bytes]) -> None:
        """Keep what was read, and have it."""
        readings: dict[bytes, object] = {}
        sentences: dict[bytes, KeptSentences] = {}
        for number, packed in made:
            key, document = keys[number], self.record.documents[number]
            if packed is None:  # what cannot be kept stays as it is
                self._read_here(key, document)
                continue
            reading, its_sentences = packed
            read = _READING.decode(reading)
            self._put_aside(document.path, key, read)
            readings[key] = msgspec.Raw(reading)
            sentences[key] = KeptSentences(read.known, msgspec.Raw(its_sentences))
        self._kept.put_many(readings, sentences)

    def _put_aside(self, path: str, key: bytes, read: DocumentReading) -> None:
        self._readings[path] = self._keeper.keep(bytes(read.reading))
        self.of[path] = read._replace(asked=_NOTHING, reading=_NOTHING)
        self._keys[path] = key

    def _read_here(self, key: bytes, document: Document) -> None:
        known: tuple[str, ...] = ()
        try:
            self._subjects.asked.clear()
            reading = read_texts(document, flats(document), self.grammar, self.record.config.kinds)
            known = self._subjects.known
        except Exception as wrong:
            line = line_that_fails(document, self.grammar)
            self.problems.append(unreadable(document.path, "its text", wrong, line))
            reading = unread(document)
        self._readings[document.path] = reading
        self.of[document.path] = _UNREAD._replace(known=known, halts=reading.own.halt_notes)
        self._keys[document.path] = key

    def _answered(self, kept: DocumentReading) -> bool:
        """Whether all that its reading asked for would be answered as it was."""
        return self._subjects.names.intersection(_NAMES.decode(kept.asked)) == set(kept.known)

    def _all_keys(self) -> list[bytes]:
        """Of all that a reading depends on, but for subjects: our code, the grammar, each document's path and bytes."""
        config = self.record.config
        common = key_of(
            code_digest(*PACKAGES, versions=(front_matter_reader(), markdown_parser())),
            msgspec.msgpack.encode([config.kinds.rows, config.identifiers, config.places]),
            msgspec.msgpack.encode([config.versions, config.archive_folders, config.labels]),
        )
        return [key_of(common, document.path, document.key) for document in self.record.documents]


def _sentences(
    record: Record,
    of: dict[str, DocumentReading],
    readings: dict[str, Reading | KeptBytes],
    keys: dict[str, bytes],
    shelf: Shelf[DocumentReading],
    path: str,
) -> Sentences:
    kept = shelf.get_bulk(keys[path], KeptSentences)
    if kept is not None and kept.known == of[path].known:
        return _SENTENCES.decode(kept.sentences)
    return sentences_of(flats(record.by_path[path]), _passages(readings[path]))


def _passages(reading: Reading | KeptBytes) -> tuple[Passage, ...]:
    return reading.passages if isinstance(reading, Reading) else _PASSAGES.decode(reading.read())[0]


def _sections(reading: Reading | KeptBytes) -> tuple[Section, ...]:
    return reading.sections if isinstance(reading, Reading) else _SECTIONS.decode(reading.read())[1]


def _section_index(readings: dict[str, Reading | KeptBytes], path: str) -> SectionIndex:
    return SectionIndex(_sections(readings[path]))
