"""What resolving sees of a record: all that ``RecordIndex`` gives, in one digest.

Where it is the same, every mention in an unchanged document resolves as before, whatever else was edited. Of documents
and chains it holds what ``neighbour.py`` names; of sections nothing that changes with every edit (lines, sentences).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from loomworks_record.kept.memo import key_of
from loomworks_record.record.citations.choose import Halts
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.record.neighbour import chains_digest, neighbours_digest
from loomworks_record.text.reading import Reading, Sentences
from loomworks_record.text.sections import Section

_encode = msgspec.msgpack.encode


def sections_digest(sections: Iterable[Section]) -> bytes:
    """The digest of what others see of a document's sections: their names, not where they stand.

    A row is found by its identifier only, so its title (the text of its second cell) is not seen.
    """
    return key_of(
        _encode(
            [
                (
                    s.anchor,
                    s.number,
                    s.title if s.kind != "row" else "",
                    s.kind,
                    s.identifier,
                    s.identifier_kind,
                    s.aliases,
                )
                for s in sections
            ]
        )
    )


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
