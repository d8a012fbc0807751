"""Folders of what no longer holds, by another name than the usual ones; conventions that fit a folder; and kinds by the
words that its names and its folders repeat."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from loomworks_record.adoption.names import Finding, ProposedRow, read_again
from loomworks_record.record.chains import chains, rank
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import NOTE
from loomworks_record.source.known_conventions import known_conventions, read_convention
from loomworks_record.source.names import OF_FOLDER
from loomworks_record.source.statuses import own_word

_FEWEST = 2  # documents that show it
_MOST = 0.8  # of the documents in such a folder
_FEWEST_SIGNS = 3  # documents that show a convention
_OFTEN = 5  # documents that make a kind of a word
_TITLED = 0.6  # of such documents have the word in their title
# What sorts of documents are called, last in a name; any other word that is repeated may be a topic.
_SORTS = frozenset({
    "adr", "agenda", "analysis", "architecture", "assessment", "audit", "brief", "changelog", "charter", "checklist",
    "concept", "contract", "design", "faq", "glossary", "guide", "guideline", "handbook", "handover", "manual", "memo",
    "minutes", "plan", "policy", "postmortem", "proposal", "protocol", "reference", "report", "requirements",
    "retrospective", "review", "rfc", "roadmap", "runbook", "summary", "template", "tutorial", "whitepaper",
    "anleitung", "bericht", "handbuch", "konzept", "leitfaden", "protokoll", "richtlinie", "vorlage",
})  # fmt: skip
_TOP = 20_000  # characters in which a heading is looked for


def seen_archives(record: Record) -> Iterator[Finding]:
    """The folders that are taken for an archive, with how many documents lie in them."""
    held: dict[str, list[str]] = defaultdict(list)
    for document in record.documents:
        for folder in document.path.split("/")[:-1]:
            if record.config.notation.is_archive(folder):
                held[folder].append(document.path)
    for folder, paths in sorted(held.items(), key=lambda each: -len(each[1])):
        yield Finding("Archive folders", f"{folder}/", len(paths), "", (paths[0],))


def archive_rows(record: Record) -> Iterator[ProposedRow]:
    """Folders of which nearly every document has a later version beside the folder, or says that it does not hold."""
    notation = record.config.notation
    held: dict[str, list[Document]] = defaultdict(list)
    for document in record.documents:
        for folder in {folder.lower() for folder in document.path.split("/")[:-1]}:
            if not notation.is_archive(folder) and document.name.subject.casefold() not in OF_FOLDER:
                held[folder].append(document)
    for folder, documents in sorted(held.items()):
        if len(documents) < _FEWEST or len(documents) == len(record.documents):
            continue
        wider = replace(notation, archives=(*notation.archives, folder))
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


def convention_rows(record: Record, options: Mapping[str, Any]) -> Iterator[ProposedRow]:
    """Conventions of which at least three documents bear all signs, or all of another set where there are several."""
    for name in known_conventions():
        signs = read_convention(name)["signs"]
        sets = signs if isinstance(signs, list) else [signs]
        fits = sum(any(_bears(document, each) for each in sets) for document in record.documents)
        if fits >= _FEWEST_SIGNS and name not in (options.get("conventions") or ()):
            about = read_convention(name)["about"]
            yield ProposedRow("conventions", name, fits, f"documents bear its signs: {about}")


def _bears(document: Document, signs: Mapping[str, Any]) -> bool:
    if "paths" in signs and not re.search(signs["paths"], document.path):
        return False
    labels = {field.label.casefold() for field in document.header.fields}
    if not {label.casefold() for label in signs.get("labels", ())} <= labels:
        return False
    headings = signs.get("headings", ())
    if not headings:
        return True
    top = document.text[:_TOP]
    return all(re.search(rf"^#{{1,3}} +(?:\d[\d.]* +)?{re.escape(each)}\b", top, re.MULTILINE) for each in headings)


def kind_rows(record: Record) -> Iterator[ProposedRow]:
    """Kinds by a word for a sort of documents that ends many names, and stands in their titles, where no row has one
    for them."""
    held: dict[str, list[Document]] = defaultdict(list)
    config = record.config
    for document in record.documents:
        if config.kinds.of(document.name, document.path) == NOTE.kind:
            last = re.split(r"[-_. ]", document.name.subject.casefold())[-1]
            if last in _SORTS and not any(row.kind == last for row in config.kinds.rows):
                held[last].append(document)
    for word, those in sorted(held.items(), key=lambda each: (-len(each[1]), each[0])):
        titled = sum(re.search(rf"\b{word}", each.header.title or "", re.IGNORECASE) is not None for each in those)
        if len(those) >= _OFTEN and titled >= _TITLED * len(those):
            row = {"kind": word, "pattern": rf"(^|[-_. ]){word}$"}
            yield ProposedRow(
                "kinds", row, len(those), f"names end so: {those[0].path.rpartition('/')[2]}"
            )
