"""What resolving sees of a record: all that a resolver may read of documents other than its own, in one digest.

Where it is the same, every mention in an unchanged document resolves as before, whatever else was edited. It must
hold all that ``index.py``, ``choose.py``, ``resolve.py`` and ``links.py`` read of other documents, and nothing that
changes with every edit (lines, sentences). A test gives the resolvers documents that say nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from loomworks_record.kept.memo import key_of
from loomworks_record.record.citations.choose import Halts
from loomworks_record.record.numbers import Numbers
from loomworks_record.record.record import Record
from loomworks_record.source.document import VERSION_LABELS, Document
from loomworks_record.text.sections import Section

_encode = msgspec.msgpack.encode


def sections_seen(sections: Iterable[Section]) -> bytes:
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


def record_seen(record: Record, sections: Iterable[bytes], halts: Halts, numbers: Numbers) -> bytes:
    """The digest of what resolvers see of a record. ``sections`` are those of its documents, in order; ``halts`` are
    the halt notes of the phases' cycles, ``numbers`` those that name documents.

    It holds the paths of all documents in order, so that a document may be told by its number.
    """
    config = record.config
    return key_of(
        _encode([config.kinds.rows, config.identifiers, config.origin]),
        _encode([attachment.path for attachment in record.content.attachments]),
        _encode([_seen(document) for document in record.documents]),
        b"".join(sections),
        _encode(list(halts.items())),
        _encode([(number.name, number.chain.id) for number in numbers.by_name.values()]),
        _encode([(chain.id, chain.replaced_by.path) for chain in record.chains if chain.replaced_by]),
    )


def _seen(document: Document) -> tuple[str | None, ...]:
    day = document.date.isoformat() if document.date else None
    said = " ".join(
        field.value
        for field in document.header.fields
        if field.key == "status" or field.label.casefold().endswith(VERSION_LABELS)
    )
    return document.path, document.form, document.kind, day, document.cr_number, document.header.title, said
