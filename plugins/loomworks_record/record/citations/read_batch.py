"""Reading several documents: a pure function of their bytes and of the grammar, so that other processes can do it.

What comes of it is packed, as it is kept: it goes into a memo as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from loomworks_record.record.citations.seen import reading_said, sections_seen
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.grammar import Grammar
from loomworks_record.text.mentions.phrases import Subjects
from loomworks_record.text.reading import Reading, Sentences, flats, read_texts, sentences_of

Work = TypeVar("Work")
Result = TypeVar("Result")


class Share(Protocol):
    """Who does a piece of work for each of several batches: this process (``map``), or others beside it. Results
    come in any order."""

    def __call__(self, work: Callable[[Work], Result], batches: Iterable[Work], /) -> Iterator[Result]: ...


class ReadSettings(NamedTuple):
    """What documents are read with. ``subjects`` are the words that the record's chains are named by, ``digest`` is
    theirs."""

    config: RecordConfig
    subjects: frozenset[str]
    digest: bytes


class ReadBatch(NamedTuple):
    """Documents to be read, each with its number in the record."""

    reader: ReadSettings
    documents: tuple[tuple[int, Document], ...]


class AskedSubjects(NamedTuple):
    """The subjects that a reading asked for, sorted; ``known`` are those of them that there were."""

    names: tuple[str, ...]
    known: tuple[str, ...]


class KeptReading(NamedTuple):
    """What is kept of a document: its ``reading``, and beside it what is asked of every document.

    It was read with the ``subjects`` of this digest. ``asked`` are the subjects that its reading asked for, ``known``
    those that there were. ``seen`` is the digest of what others see of its sections, ``said`` that of
    ``reading_said``, ``halts`` are the halt notes that it names.
    """

    subjects: bytes
    known: tuple[str, ...]
    asked: msgspec.Raw
    seen: bytes
    said: bytes
    halts: tuple[str, ...]
    fenced: int
    reading: msgspec.Raw


class ReadPacked(NamedTuple):
    """The document of that number, read. ``reading`` and ``sentences`` are MessagePack, or None for what that cannot
    hold (a text with half a surrogate pair) and for a document that could not be read."""

    number: int
    known: tuple[str, ...]
    reading: bytes | None
    sentences: bytes | None


def read_batch(batch: ReadBatch) -> list[ReadPacked]:
    """Read all documents of a batch."""
    reader = batch.reader
    subjects = Subjects(reader.subjects)
    config = reader.config
    grammar = Grammar.of(config.kinds, config.identifiers, config.places, subjects, config.versions)
    return [_packed(reader, number, document, grammar, subjects) for number, document in batch.documents]


def read_document_texts(
    document: Document, texts: Sequence[Flat], config: RecordConfig, grammar: Grammar, subjects: Subjects
) -> tuple[Reading, AskedSubjects]:
    """The reading of a document whose flat texts are ``texts``, and what it asked of ``subjects``, the grammar's."""
    subjects.asked.clear()
    reading = read_texts(document, texts, grammar, config.kinds)
    return reading, AskedSubjects(tuple(sorted(subjects.asked)), tuple(sorted(subjects.asked & subjects.names)))


def _packed(reader: ReadSettings, number: int, document: Document, grammar: Grammar, subjects: Subjects) -> ReadPacked:
    try:
        texts = flats(document)
        reading, asked = read_document_texts(document, texts, reader.config, grammar, subjects)
        sentences = sentences_of(texts, reading.passages)
    except Exception:
        return ReadPacked(number, (), None, None)
    kept = _kept(reader.digest, asked, reading, sentences)
    return ReadPacked(number, asked.known, kept, _encoded(sentences))


def _kept(subjects: bytes, asked: AskedSubjects, reading: Reading, sentences: Sentences) -> bytes | None:
    names, packed = _encoded(asked.names), _encoded(reading)
    if names is None or packed is None:
        return None
    return _encoded(
        KeptReading(
            subjects=subjects,
            known=asked.known,
            asked=msgspec.Raw(names),
            seen=sections_seen(reading.sections),
            said=reading_said(reading, sentences),
            halts=reading.own.halt_notes,
            fenced=reading.fenced,
            reading=msgspec.Raw(packed),
        )
    )


def _encoded(value: object) -> bytes | None:
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return None
