"""One page per phase to be printed: the documents of its reading order, whole, one after the other.

It says what ``context.md`` says (``reading.py``), for people: links to what stands on the page lead there, and the
anchors of one document cannot be taken for those of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.reading import NOT_INCLUDED, how_it_stands, only_history, reading_order, written_before
from loomworks_record.pages.shell import Head, Link, ListEntry, Site, VersionFacts, crumbs, version_facts
from loomworks_record.pages.trajectory_words import phase_sentence, sentence_text
from loomworks_record.pages.wording import counted, kilobytes, named
from loomworks_record.record.phases import Phase
from loomworks_record.record.whole import Whole
from loomworks_record.render.text import RenderedText
from loomworks_record.render.within import Within
from loomworks_record.source.document import Document

MOST_PRINTED = 400_000  # bytes of filed text on one page: about 150 sheets


class PrintedDocument(Struct, frozen=True):
    """One document on the page. ``anchor`` leads to it, and begins all anchors in it. ``labels`` are those of its
    header's fields."""

    anchor: str
    document: VersionFacts
    before: str
    declared: str
    labels: tuple[str, ...]
    cited_as: str


class PrintedPage(Struct, frozen=True):
    """All that the template shows but the texts of ``documents``; ``left`` did not fit, ``history`` is only history."""

    address: str
    path: str
    crumbs: tuple[Link, ...]
    title: str
    sentence: tuple[Link, ...]
    facts: tuple[tuple[str, str], ...]
    said: str
    documents: tuple[PrintedDocument, ...]
    left: tuple[ListEntry, ...]
    left_said: str
    history: tuple[ListEntry, ...]
    history_said: str


def printed_documents(whole: Whole, phase: Phase) -> tuple[Document, ...]:
    """Those of the reading order that fit on one page, from its beginning."""
    return _fitting(_ordered(whole, phase))


def _fitting(ordered: Sequence[Document]) -> tuple[Document, ...]:
    sizes = accumulate(document.size for document in ordered)
    return tuple(document for document, size in zip(ordered, sizes, strict=True) if size <= MOST_PRINTED)


def printed_page(whole: Whole, site: Site, phase: Phase) -> PrintedPage:
    """The frame of the page."""
    record, told, ordered = whole.record, whole.stories.of(phase), _ordered(whole, phase)
    given = _fitting(ordered)
    left = ordered[len(given) :]
    size = kilobytes(sum(document.size for document in given))
    return PrintedPage(
        address=addresses.printable(phase.folder),
        path=f"phases/{phase.folder}/print",
        crumbs=crumbs(phase, Link("Reading order", addresses.printable(phase.folder))),
        title=f"{phase.heading}: what to read",
        sentence=phase_sentence(record, phase, told, whole.stories.state(phase)),
        facts=tuple(how_it_stands(record, phase, told, ordered)),
        said=f"{counted(len(given), 'document')}, whole, {size}",
        documents=tuple(_printed(whole, site, phase, *each) for each in enumerate(given, 1)),
        left=tuple(_named(whole, left)),
        left_said=f"Left out, for a page holds no more than {kilobytes(MOST_PRINTED)}: each prints by itself",
        history=tuple(_named(whole, only_history(phase, ordered))),
        history_said=NOT_INCLUDED,
    )


def printed_head(site: Site, page: PrintedPage) -> Head:
    """Its texts have pages of their own, so that no search should lead here."""
    return site.head(page.title, f"{page.title}. {sentence_text(page.sentence)}", "phases", robots="noindex")


def printed_values(page: PrintedPage, texts: Sequence[RenderedText]) -> dict[str, Any]:
    """What the template shows: the page, and of each document (what is said of it, its text, its facts), fitted."""
    anchors = {one.document.address: one.anchor for one in page.documents}
    shown = []
    for one, text in zip(page.documents, texts, strict=True):
        fitted = Within(one.anchor, one.document.address, page.address, anchors)
        facts = [(label, fitted.html(fact.html)) for label, fact in zip(one.labels, text.facts, strict=True)]
        shown.append((one, fitted.html(text.body), facts, text.lines))
    return {"page": page, "shown": shown}


def _ordered(whole: Whole, phase: Phase) -> list[Document]:
    paths = reading_order(whole.record, phase, whole.stories.of(phase))
    return [whole.record.by_path[path] for path in paths]


def _printed(whole: Whole, site: Site, phase: Phase, number: int, document: Document) -> PrintedDocument:
    record = whole.record
    return PrintedDocument(
        anchor=f"d{number}",
        document=version_facts(document, record.chain(document), of_text=True),
        before=written_before(record, whole.stories.of(phase), document.path),
        declared=document.declared_status or "",
        labels=tuple(field.label for field in document.header.fields),
        cited_as=site.absolute(addresses.view(document)),
    )


def _named(whole: Whole, documents: Sequence[Document]) -> Iterator[ListEntry]:
    record = whole.record
    for document in documents:
        standing, against, size = record.standing(document), record.against(document), kilobytes(document.size)
        yield ListEntry(named(document), addresses.view(document), standing, size=size, against=against)
