"""Reading several documents: a pure function of their bytes and of the grammar, so that other processes can do it.

What comes of it is packed, as it is kept: it goes into a memo as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from loomworks_record.record.citations.digests import reading_digest, sections_digest
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.text.mentions.grammar import Grammar
from loomworks_record.text.mentions.phrases import Subjects
from loomworks_record.text.reading import flats, read_texts, sentences_of

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


class DocumentReading(NamedTuple):
    """The reading of one document as it is kept, and beside it what is asked of every document.

    It was read with the ``subjects`` of this digest. ``asked`` are the subjects that its reading asked for, sorted,
    ``known`` those of them that there were. ``seen`` is the digest of what others see of its sections, ``said`` that of
    ``reading_digest`` (b"" of one that is not kept), ``halts`` are the halt notes that it names, in order of place.
    """

    subjects: bytes
    known: tuple[str, ...]
    asked: msgspec.Raw
    seen: bytes
    said: bytes
    halts: tuple[str, ...]
    reading: msgspec.Raw


# The number of a document with its DocumentReading and its sentences, both packed; None in their place where it could
# not be read or packed (a text with half a surrogate pair).
PackedReading = tuple[int, tuple[bytes, bytes] | None]


def read_batch(batch: ReadBatch) -> list[PackedReading]:
    """Read all documents of a batch."""
    reader = batch.reader
    subjects = Subjects(reader.subjects)
    config = reader.config
    grammar = Grammar.of(config.kinds, config.identifiers, config.places, subjects, config.versions)
    return [(number, _packed(reader, document, grammar, subjects)) for number, document in batch.documents]


def _packed(
    reader: ReadSettings, document: Document, grammar: Grammar, subjects: Subjects
) -> tuple[bytes, bytes] | None:
    subjects.asked.clear()
    encode = msgspec.msgpack.encode
    try:
        texts = flats(document)
        reading = read_texts(document, texts, grammar, reader.config.kinds)
        sentences = sentences_of(texts, reading.passages)
        kept = DocumentReading(
            subjects=reader.digest,
            known=subjects.known,
            asked=msgspec.Raw(encode(sorted(subjects.asked))),
            seen=sections_digest(reading.sections),
            said=reading_digest(reading, sentences),
            halts=reading.own.halt_notes,
            reading=msgspec.Raw(encode(reading)),
        )
        return encode(kept), encode(sentences)
    except Exception:  # it is read again by who tells why
        return None
