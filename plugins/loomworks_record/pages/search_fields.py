"""What a search finds a document by, beside its text: its names, its standing, and where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loomworks_record.pages.wording import standing_word, version_word
from loomworks_record.record.record import Record
from loomworks_record.source.dates import written
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS


@dataclass(frozen=True, slots=True)
class FoundBy:
    """``names`` find the document before everything else: its CR number, its file's name. ``filters`` are names with
    values, ``labels`` those of its header. ``lines`` says whether the words of an HTML document are searched: not
    those of one that is held as Markdown too. ``group`` is its phase, else its section; ``chain`` the id of its
    chain."""

    title: str
    names: str
    archived: bool
    version: str
    date: str
    filters: tuple[tuple[str, str], ...]
    over: str
    labels: tuple[str, ...]
    lines: bool
    group: str
    chain: str


def found_by(record: Record, document: Document) -> FoundBy:
    """How the search finds one document."""
    chain = record.chain(document)
    number = document.cr_number if document.role in REQUESTS else None
    return FoundBy(
        title=document.title,
        names=" ".join(filter(None, (number, str(document.name), document.name.stem))),
        archived=chain.standing(document) == "archived",
        version=version_word(document.version),
        date=written(document.date) if document.date else "",
        filters=tuple(_filters(record, document)),
        over=document.header.banner or "",
        labels=tuple(field.label for field in document.header.fields),
        lines=not (document.form == "html" and any(twin.form == "md" for twin in chain.twins(document))),
        group=document.phase_folder or document.section,
        chain=chain.id,
    )


def _filters(record: Record, document: Document) -> Iterator[tuple[str, str]]:
    yield "standing", standing_word(record.standing(document), short=True)
    yield "kind", record.config.kinds.label(document.kind)
    if document.phase is not None:
        yield "phase", str(document.phase)
    if document.section:
        yield "section", document.section
