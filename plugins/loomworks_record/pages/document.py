"""The page of a document: what the record says about it around the filed text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.pages import addresses
from loomworks_record.pages.cites import Cites, cites_of, notes_of
from loomworks_record.pages.moves import LogEntry
from loomworks_record.pages.shell import (
    Head,
    Link,
    ListEntry,
    Sidebar,
    Sidebars,
    Site,
    VersionFacts,
    crumbs,
    document_link,
    shortened,
    version_facts,
)
from loomworks_record.pages.since import neighbours
from loomworks_record.pages.since_page import marks_of
from loomworks_record.pages.trajectory_words import PlaceLine, place_line
from loomworks_record.pages.wording import (
    bare_title,
    day,
    filed_words,
    form_words,
    in_force_words,
    named,
    short_name,
    standing_word,
    version_or_name,
    version_word,
)
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import Note, SideNote, with_marks, with_notes
from loomworks_record.render.text import RenderedText
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS

LONG_VALUE = 280  # characters of a fact; a longer one is folded, its length stated


class Fact(Struct, frozen=True):
    """A labelled fact of the header. ``folded`` says why it is folded, or is ""."""

    label: str
    folded: str = ""


LONG_CHAIN = 24  # versions of a chain, past which a page names some of them and leads to the history for the rest
AROUND = 3  # versions before and after this one that it names then


class Banner(Struct, frozen=True):
    """What an archived document says above its title."""

    words: str
    date: date | None
    current: Link | None
    compare: Link | None
    history: Link


class ProvenanceFacts(Struct, frozen=True):
    filed: str
    entry: str
    cite_text: str
    cite_markdown: str


class DocumentPage(Struct, frozen=True):
    """All that the record says around the text, top to bottom: the frame of the page. ``latest`` moves to the current
    version, or is ""."""

    crumbs: tuple[Link, ...]
    document: VersionFacts
    banner_line: str
    supersedes: Link | None
    superseded_by: Link | None
    twins: tuple[Link, ...]
    banner: Banner | None
    actions: tuple[Link, ...]
    held: str
    strip: tuple[ListEntry, ...]
    strip_title: str
    facts: tuple[Fact, ...]
    unreadable: str
    framed: str
    place: PlaceLine | None
    latest: str
    told: Cites
    sidebar: Sidebar | None
    provenance: ProvenanceFacts
    notes: Mapping[str, Note]
    marks: tuple[SideNote, ...]
    here: Mapping[str, str]


def document_values(page: DocumentPage, text: RenderedText) -> dict[str, Any]:
    """What the template shows: the frame, the text of the document, and each fact with its rendered value."""
    shown = replace(text, body=with_marks(with_notes(text.body, page.notes), page.marks))
    facts = (replace(fact, html=with_notes(fact.html, page.notes)) for fact in text.facts)
    return {"page": page, "text": shown, "facts": tuple(zip(page.facts, facts, strict=True))}


def document_page(
    whole: Whole, site: Site, document: Document, entry: LogEntry | None = None, sidebars: Sidebars | None = None
) -> DocumentPage:
    """The frame of one document's page; ``entry`` is its entry in the log, where it has one."""
    record = whole.record
    chain, phase = record.chain(document), record.phase(document)
    before, after = chain.predecessor(document), chain.successor(document)
    return DocumentPage(
        crumbs=crumbs(phase, document_link(document)),
        document=version_facts(document, chain, of_text=True),
        banner_line=document.header.banner or "",
        supersedes=_link(before) or _other(chain.replaced(document)),
        superseded_by=_link(after) or _other(chain.replacement(document)),
        twins=tuple(Link(form_words(twin), addresses.view(twin)) for twin in chain.twins(document)),
        banner=_banner(chain, document),
        actions=tuple(_actions(chain, document, before, after)),
        held=in_force_words(record.in_force(document)),
        strip=tuple(_strip(chain, document)),
        strip_title=_strip_title(chain, document),
        facts=tuple(_facts(document)),
        unreadable=_unreadable(document),
        framed=addresses.raw(document) if document.form == "html" else "",
        place=place_line(record, phase, whole.stories.of(phase), document.path) if phase else None,
        latest=addresses.latest(chain.id) if chain.current and document.version else "",
        told=cites_of(whole, document),
        sidebar=(sidebars or Sidebars(record)).beside(document),
        provenance=_provenance(record, site, document, entry),
        notes=notes_of(whole, document),
        marks=(marks := marks_of(whole, document)),
        here={mark.anchor: mark.words.split(" ")[0] for mark in marks if mark.here and mark.kind == "heading"},
    )


def document_head(record: Record, site: Site, document: Document, page: DocumentPage) -> Head:
    """The head of a document's page, with its relations of RFC 5829."""
    chain = record.chain(document)
    relations = [("version-history", addresses.history(chain.id)), ("timemap", addresses.timemap(chain.id))]
    if chain.current:
        relations.insert(0, ("latest-version", addresses.view(chain.current)))
    for relation, other in (("predecessor-version", page.supersedes), ("successor-version", page.superseded_by)):
        if other:
            relations.append((relation, other.address))
    stands = f"{standing_word(page.document.standing, against=page.document.against)} {page.document.version}".strip()
    described = f"{stands}{', ' + day(page.document.date) if page.document.date else ''}. {document.title}."
    return site.head(
        _titled(document, page),
        shortened(described, 160),
        "phases" if document.phase_folder else "documents",
        relations=tuple(relations),
        kind="document",
    )


def _titled(document: Document, page: DocumentPage) -> str:
    archived = ", archived" if page.document.standing == "archived" else ""
    if document.role in REQUESTS and document.cr_number:
        return f"{page.document.name}{archived}"
    return f"{bare_title(document)}{' ' + page.document.version if page.document.version else ''}{archived}"


def _other_name(document: Document) -> str:
    """Its title, as what cites it is called; a document with a version, or in a phase, as lists name it."""
    return named(document) if document.version or document.phase_folder else bare_title(document)


def _other(document: Document | None) -> Link | None:
    """A document of another name."""
    return Link(_other_name(document), addresses.view(document)) if document else None


def _link(document: Document | None) -> Link | None:
    return Link(version_or_name(document), addresses.view(document)) if document else None


def _banner(chain: Chain, document: Document) -> Banner | None:
    if chain.standing(document) == "current":
        return None
    after, current = chain.successor(document), chain.current
    own = version_word(document.version) or "This document"
    history = Link(f"All versions ({len(chain.named())})", addresses.history(chain.id))
    replaced_by = chain.replacement(document)
    if replaced_by is not None:
        other = Link(f"Go to {_other_name(replaced_by)}", addresses.view(replaced_by))
        words = f"{own} was superseded by {_other_name(replaced_by)}" + (" on" if replaced_by.date else "")
        return Banner(words, replaced_by.date, other, None, history)
    if after is None:
        return Banner("No later version is held.", None, None, None, history)
    words = f"{own} was superseded by {version_or_name(after)}" + (" on" if after.date else "")
    if current is None:
        return Banner(words, after.date, None, None, history)
    now = version_or_name(current)
    return Banner(
        words,
        after.date,
        Link(f"Go to the current version, {now}", addresses.view(current)),
        Link(f"Compare {own} with {now}", addresses.compare(chain.id, document, current)),
        history,
    )


def _actions(chain: Chain, document: Document, before: Document | None, after: Document | None) -> list[Link]:
    actions = []
    if after:
        actions.append(
            Link(f"Compare with {version_word(after.version)}", addresses.compare(chain.id, document, after))
        )
    if before:
        words = version_word(before.version) or "the version before"
        actions.append(Link(f"Compare with {words}", addresses.compare(chain.id, before, document)))
    actions.append(Link(f"All versions ({len(chain.named())})", addresses.history(chain.id)))
    if neighbours(chain):
        actions.append(Link("Since when", addresses.since(chain.id)))
    actions.append(Link("Raw", addresses.raw(document)))
    actions.append(Link("Cite", addresses.view(document) + "#r-cite"))
    return actions


def _strip(chain: Chain, here: Document) -> list[ListEntry]:
    shown = _near(chain, here)
    if len(shown) < 2:
        return []
    return [
        ListEntry(
            name=named(document),
            address=addresses.view(document),
            standing=chain.standing(document),
            version=version_word(document.version),
            date=document.date,
            here=document.version == here.version,
            against=chain.against_of(document),
        )
        for document in shown
    ]


def _strip_title(chain: Chain, document: Document) -> str:
    count, shown = len(chain.named()), len(_near(chain, document))
    part = f": {shown} of {count:,}" if shown < count else ""
    return f"Versions of {short_name(document)}{part}"


def _near(chain: Chain, here: Document) -> Sequence[Document]:
    """All versions; of a chain with many, the first, the last ones and those around this one. A page that named each
    of n versions n times would make the pages of a chain grow with the square of n."""
    named = chain.named()
    if len(named) <= LONG_CHAIN:
        return named
    at = chain.place(here)
    places = {0, *range(at - AROUND, at + AROUND + 1), *range(len(named) - AROUND, len(named))}
    return [named[place] for place in sorted(places) if 0 <= place < len(named)]


def _facts(document: Document) -> Iterator[Fact]:
    records = [field for field in document.header.fields if "amendment record" in field.label.casefold()]
    for field in document.header.fields:
        length = len(field.value)
        own = field in records and ("this version" in field.label.casefold() or len(records) == 1)
        folded = length > LONG_VALUE and not own  # what this version changed is what a reader came for
        yield Fact(field.label, f"Show the whole field ({length:,} characters)" if folded else "")


def _unreadable(document: Document) -> str:
    if document.encoding is None:
        return "The bytes of this document are not text in an encoding that can be told. They are offered as filed."
    if not document.text.strip():
        return "This document was filed empty."
    return ""


def _provenance(record: Record, site: Site, document: Document, entry: LogEntry | None) -> ProvenanceFacts:
    address = site.absolute(addresses.view(document))
    said = f"{bare_title(document)}{', ' + version_word(document.version) if document.version else ''}"
    quoted = said.replace("[", r"\[").replace("]", r"\]")
    dated = f" ({day(document.date)})" if document.date else ""
    return ProvenanceFacts(
        filed=filed_words(record.filing(document)),
        entry=_entry_words(record, document, entry),
        cite_text=f"{said}{dated}. {address}",
        cite_markdown=f"[{quoted}]({address})",
    )


def _entry_words(record: Record, document: Document, entry: LogEntry | None) -> str:
    if entry:
        return f"No. {entry.number}{', ' + day(entry.date) if entry.date else ''}"
    if document.archived_by_folder:
        return "None yet: it was archived since the log was last written."
    if record.standing(document) == "archived":
        return "None yet: what is superseded enters the log when it lies in archive/."
    return "None yet: a version enters the log when it is archived."
