"""What resolving sees of a record: all that ``RecordIndex`` gives, in one digest.

Where it is the same, every mention in an unchanged document resolves as before, whatever else was edited. Of documents
and chains it holds what ``Neighbour`` and ``NeighbourChain`` have; of sections nothing that changes with every edit
(lines, sentences).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

import msgspec
from msgspec.structs import replace

from loomworks_record.kept.memo import key_of
from loomworks_record.record.chains import NeighbourChain
from loomworks_record.record.citations.choose import Halts
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.text.reading import Reading, Sentences
from loomworks_record.text.sections import Section

_encode = msgspec.msgpack.encode


def sections_digest(sections: Iterable[Section]) -> bytes:
    """The digest of what others see of a document's sections: their names, not where they stand.

    A row is found by its identifier only, so its title (the text of its second cell) is not seen.
    """
    seen = [
        (s.anchor, s.number, "" if s.kind == "row" else s.title, s.kind, s.identifier, s.identifier_kind, s.aliases)
        for s in sections
    ]
    return key_of(_encode(seen))


def reading_digest(reading: Reading, sentences: Sentences) -> bytes:
    """The digest of all that is said of a document's text but where in it each mention stands, to the letter."""
    passages = [
        (field, [replace(mention, start=0, end=0, block=0) for mention in mentions], images)
        for field, mentions, images in reading.passages
    ]
    try:
        return key_of(_encode((passages, reading.sections, reading.own, sentences)))
    except UnicodeEncodeError:  # half a surrogate pair: nothing of it is kept
        return b""


def record_digest(index: RecordIndex, sections: Iterable[bytes], halts: Halts) -> bytes:
    """The digest of what resolvers see of a record. ``sections`` are those of its documents, in order; ``halts`` are
    the halt notes of the phases' cycles.

    It holds the paths of all documents in order, so that a document may be told by its number.
    """
    config = index.config
    return key_of(
        _encode([config.kinds.rows, config.identifiers, config.origin]),
        _encode(sorted(index.attachments)),
        neighbours_digest(index.documents),
        _encode([(index.heading(each), index.said_versions(each)) for each in index.documents]),
        chains_digest(index.chains),
        _encode(sorted(index.current)),
        b"".join(sections),
        _encode(list(halts.items())),
        _encode([(number.name, number.chain.id) for number in index.numbers.by_name.values()]),
    )


SEEN = tuple(each.name for each in fields(Neighbour))


def neighbours_digest(documents: Iterable[Neighbour]) -> bytes:
    """The digest of all that others see of documents, in their order."""
    return key_of(_encode([[getattr(each, member) for member in SEEN] for each in documents]))


def chains_digest(chains: Iterable[NeighbourChain]) -> bytes:
    """The digest of all that others see of chains."""
    return key_of(_encode([list(_chain_seen(chain)) for chain in chains]))


def _chain_seen(chain: NeighbourChain) -> Iterator[object]:
    yield chain.id
    yield chain.against
    yield [each.path for each in chain.versions]
    yield [each.path for each in chain.named()]
    yield [each and each.path for each in (chain.current, chain.replaced_by, chain.newest)]
