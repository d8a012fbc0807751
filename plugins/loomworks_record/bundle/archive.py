"""Documents as the log takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.log import (
    CHANGED_LINE_ENDS,
    LINE_ENDS_LOST,
    ArchivedDocument,
    Log,
    archived_have,
    changed_line_ends,
    check_archive,
)
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


def document_faults(log: Log, documents: Sequence[Document], filed: Iterable[str] = ()) -> Iterator[Fault]:
    """As ``check_archive``; the documents of which line ends alone are others, in one fault for each kind of these."""
    by_path = {document.path: document for document in documents}
    changed: dict[str, list[Fault]] = {"CRLF": [], "LF": [], "": []}
    for fault in check_archive(log, archived(documents), filed):
        document = by_path.get(fault.path) if fault.reason == "archive-differs" else None
        ends = changed_line_ends(document.data, log.in_force[fault.path].sha256) if document else ""
        changed[ends].append(fault)
    yield from changed.pop("")
    for ends, why in (("CRLF", CHANGED_LINE_ENDS), ("LF", LINE_ENDS_LOST)):
        if count := len(changed[ends]):
            message = f"{archived_have(count)} other line ends than in the log, {ends}, {why}"
            yield replace(changed[ends][0], message=message)


def archived(documents: Iterable[Document]) -> list[ArchivedDocument]:
    """Every document filed below a folder ``archive``."""
    return [as_archived(document) for document in documents if document.archived_by_folder]
