"""Folders of what no longer holds, by another name than the usual ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from loomworks_record.adoption.names import read_again
from loomworks_record.adoption.row import ProposedRow, Seen
from loomworks_record.record.chains import chains, rank
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.names import OF_FOLDER
from loomworks_record.source.statuses import own_word

_FEWEST = 2  # documents that show it
_MOST = 0.8  # of the documents in such a folder


def seen_archives(record: Record) -> Iterator[Seen]:
    """The folders that are taken for an archive, with how many documents lie in them."""
    held: dict[str, list[str]] = defaultdict(list)
    for document in record.documents:
        for folder in document.path.split("/")[:-1]:
            if record.config.notation.naming.is_archive(folder):
                held[folder].append(document.path)
    for folder, paths in sorted(held.items(), key=lambda each: -len(each[1])):
        yield Seen("Archive folders", f"{folder}/", len(paths), "", (paths[0],))


def archive_rows(record: Record) -> Iterator[ProposedRow]:
    """Folders of which nearly every document has a later version beside the folder, or says that it does not hold."""
    naming = record.config.notation.naming
    held: dict[str, list[Document]] = defaultdict(list)
    for document in record.documents:
        for folder in {folder.lower() for folder in document.path.split("/")[:-1]}:
            if not naming.is_archive(folder) and document.name.subject.casefold() not in OF_FOLDER:
                held[folder].append(document)
    for folder, documents in sorted(held.items()):
        if len(documents) < _FEWEST or len(documents) == len(record.documents):
            continue
        wider = replace(naming, archives=(*naming.archives, folder))
        retired = _superseded(read_again(record.documents, wider), {each.path for each in documents})
        if retired is None:
            continue
        for document in documents:
            word = own_word(document.header, record.config.statuses)
            if word and word.means == "in-force":
                retired = set()
                break
            retired |= {document.path} if word else set()
        if len(retired) >= max(_FEWEST, _MOST * len(documents)):
            yield ProposedRow(
                "archive_folders", folder, len(documents),
                f"{len(retired)} of its {len(documents)} documents have a later version beside it, or say that they do "
                "not hold",
            )  # fmt: skip


def _superseded(documents: list[Document], inside: set[str]) -> set[str] | None:
    """Those inside of which a later version is held outside; None where one outside is older than one inside."""
    found: set[str] = set()
    for chain in chains(documents):
        within = [each for each in chain.versions if each.path in inside]
        beside = [each for each in chain.versions if each.path not in inside and not each.archived_by_folder]
        if not within or not beside or all(each.version is None for each in within):
            continue
        if min(map(rank, beside)) <= max(map(rank, within)):
            return None
        found |= {each.path for each in within}
    return found
