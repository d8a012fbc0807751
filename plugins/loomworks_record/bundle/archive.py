"""Documents as the log takes them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from loomworks_record.bundle.log import ArchivedDocument
from loomworks_record.source.document import Document


def as_archived(document: Document) -> ArchivedDocument:
    """One document, wherever it lies."""
    return ArchivedDocument(
        document.path,
        str(document.version) if document.version else None,
        document.date.isoformat() if document.date else None,
        document.sha256,
        document.size,
    )


def as_filed(document: Document) -> ArchivedDocument:
    """One document at the path that it was filed at, before any archiving."""
    return replace(as_archived(document), path=document.public_path)


def archived(documents: Iterable[Document]) -> list[ArchivedDocument]:
    """Every document filed below a folder ``archive``."""
    return [as_archived(document) for document in documents if document.archived_by_folder]
