"""Adopting what was filed before there was a log: when, by git's history, else by the document's own date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from loomworks_record.bundle.archive import as_filed
from loomworks_record.bundle.git import ShallowError, first_commits
from loomworks_record.bundle.log import ArchivedDocument, Log, time_of
from loomworks_record.source.document import Document

SHALLOW = (
    "this clone is shallow: its history does not say when documents were filed, and nothing is guessed;"
    " run `git fetch --unshallow`, then the command again"
)


Adopted = tuple[ArchivedDocument, str, str]  # at the path that it was filed at; when; "git" or "document"


class AdoptedVersions(Struct, frozen=True):
    """What is adopted, oldest first; what is said beside."""

    filings: tuple[Adopted, ...] = ()
    note: str = ""


def adopt(content: Path, documents: Iterable[Document], log: Log) -> AdoptedVersions:
    """The filings of documents that have none in the log. ``content`` is the folder that they lie in."""
    new = [document for document in documents if document.public_path not in log.filed]
    if not new:
        return AdoptedVersions()
    try:
        commits = first_commits(content, ".") or {}
    except ShallowError:
        return AdoptedVersions(note=SHALLOW)
    found = adopted(new, commits)
    left = len(new) - len(found)
    note = f"{left:,} {'document has' if left == 1 else 'documents have'} neither a commit nor a date: not adopted"
    return AdoptedVersions(found, note if left else "")


def adopted(documents: Iterable[Document], commits: Mapping[str, int] = MappingProxyType({})) -> tuple[Adopted, ...]:
    """The filings of documents, oldest first: by the commits (seconds since 1970 UTC) of their paths, else by their own
    dates."""
    found: list[Adopted] = []
    for document in documents:
        committed = commits.get(document.path)
        if committed is not None:
            found.append((as_filed(document), time_of(committed), "git"))
        elif document.date is not None:
            found.append((as_filed(document), document.date.isoformat(), "document"))
    return tuple(sorted(found, key=lambda filing: (filing[1], filing[0].path)))
