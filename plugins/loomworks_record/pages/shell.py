"""What every page shares: the site's name, its places, the sidebar, the way to a page, and what its head says to
readers and to machines: relations, Open Graph (ogp.me) and JSON-LD (schema.org)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from loomworks_record.pages import addresses
from loomworks_record.pages.wording import (
    AnyStanding,
    bare_title,
    counted,
    full_name,
    in_reading_order,
    named,
    short_name,
    version_word,
)
from loomworks_record.record.chains import Chain, Standing
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.neighbour import Neighbour

CONTEXT = "https://schema.org"
TRAJECTORY_CSS = "assets/record/trajectory.css"  # of the pages of phases, and home
SIDEBAR_LIMIT = 60  # documents listed beside a page


class Link(Struct, frozen=True):
    """A link: its words, and an address relative to the site's root (with an optional ``#anchor``)."""

    text: str
    address: str
    here: bool = False


class Site(Struct, frozen=True):
    """The same on every page. ``origin_url`` ends with "/" or is "" where none is configured,
    ``origin`` where nothing names the record: such a site is not sealed and has no feed."""

    name: str
    line: str
    lede: str
    origin: str
    origin_url: str
    search: bool
    signed: bool = False
    verifier_key: str | None = None
    stylesheets: tuple[str, ...] = ("assets/record/record.css",)
    scripts: tuple[str, ...] = ("assets/record/record.js",)
    scheme: str | None = None

    def absolute(self, address: str) -> str:
        """The address with scheme and host; without ``site_url``, from the root."""
        path = addresses.url(address)
        return self.origin_url.rstrip("/") + path if self.origin_url else path

    def head(self, title: str, description: str, place: str = "", **more: Any) -> Head:
        """The head of a page, whose title the name of the site follows; ``more`` as ``Head`` has it."""
        return Head(f"{title} · {self.name}", description, place, **more)


def document_link(document: Neighbour) -> Link:
    return Link(named(document), addresses.view(document))


def full_link(record: Record, document: Neighbour) -> Link:
    """As lists over the whole record name it."""
    return Link(full_name(record, document), addresses.view(document))


def phase_link(phase: Phase) -> Link:
    return Link(phase.label, addresses.phase(phase.folder))


def crumbs(phase: Phase | None, *below: Link) -> tuple[Link, ...]:
    """The way to a page: Record / Phases / Phase 57 / CR-2026-090 v0.4, or Record / Documents / …."""
    documents = Link("Documents", addresses.documents())
    return way(*(Link("Phases", addresses.PHASES), phase_link(phase)) if phase else (documents,), *below)


def way(*below: Link) -> tuple[Link, ...]:
    """Record / …, the last of which is the page itself."""
    return Link("Record", addresses.HOME), *below[:-1], replace(below[-1], here=True)


PLACES = (
    ("phases", "Phases", addresses.PHASES),
    ("documents", "Documents", addresses.documents()),
    ("filed", "Filed", addresses.filed()),
    ("registers", "Registers", addresses.REGISTERS),
    ("integrity", "Integrity", addresses.INTEGRITY),
)


class Head(Struct, frozen=True):
    """What the head of a page says. ``relations`` are (relation of RFC 5829, address)."""

    title: str
    description: str
    place: str = ""
    relations: tuple[tuple[str, str], ...] = ()
    kind: str = "page"
    canonical: str | None = None
    robots: str | None = None
    stylesheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    graph: dict[str, Any] = field(default_factory=dict)
    linked_data: dict[str, Any] | None = None


def head_values(site: Site, address: str, head: Head, linked_data: dict[str, Any] | None = None) -> Head:
    """``head`` with its Open Graph properties, and with ``linked_data`` where that is given."""
    dated = (linked_data or {}).get("datePublished")
    graph = {
        "og:title": head.title,
        "og:description": head.description,
        "og:type": "article" if head.kind == "document" else "website",
        "og:url": head.canonical or site.absolute(address),
        "og:site_name": site.name,
        "og:locale": "en_GB",
    }
    if head.kind == "document" and dated:
        graph["article:published_time"] = dated
    return replace(head, graph=graph, linked_data=linked_data)


def document_data(record: Record, site: Site, document: Document) -> dict[str, Any]:
    """JSON-LD of a document's page."""
    chain = record.chain(document)
    address = addresses.view(document)
    before, phase = chain.predecessor(document), record.phase(document)
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "DigitalDocument",
        "@id": site.absolute(address),
        "url": site.absolute(address),
        "name": document.title,
        "genre": record.config.kinds.label(document.kind),
        "encodingFormat": "text/html" if document.form == "html" else "text/markdown",
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": site.absolute(addresses.raw(document)),
            "contentSize": f"{document.size} B",
            "sha256": document.sha256,
        },
        "creativeWorkStatus": chain.standing(document),
        "isPartOf": phase_data(site, phase) if phase else record_data(site),
    }
    if document.version:
        data["version"] = str(document.version)
    if document.date:
        data["datePublished"] = document.date.isoformat()
    if document.cr_number:
        data["identifier"] = document.cr_number
    if before:
        data["isBasedOn"] = site.absolute(addresses.view(before))
    return data


def record_data(site: Site) -> dict[str, Any]:
    """JSON-LD of the record as a whole, to stand inside another or, with its context, on the home page."""
    address = site.absolute(addresses.HOME)
    return {"@type": "WebSite", "@id": address, "url": address, "name": site.name, "description": site.lede}


def phase_data(site: Site, phase: Phase) -> dict[str, Any]:
    """JSON-LD of a phase, likewise."""
    address = site.absolute(addresses.phase(phase.folder))
    return {"@type": "Collection", "@id": address, "url": address, "name": phase.heading}


def shortened(text: str, longest: int = 200) -> str:
    """A description, cut at a word where it has more characters."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


class ListEntry(Struct, frozen=True):
    """A document as a list shows it. ``version``, ``date`` and ``size`` (words) are empty where the list says nothing
    of them; ``here``: its page is open; ``against``: of ``Chain.against_of``."""

    name: str
    address: str
    standing: Standing
    version: str = ""
    date: date | None = None
    size: str = ""
    here: bool = False
    against: str = ""


class VersionFacts(Struct, frozen=True):
    """What pages say of one version. ``version`` is "" where it has none, ``against`` is of
    ``Chain.against_of``. ``size`` (bytes) and ``sha256`` are told where a page shows its text: other pages stay as they
    are when that is edited."""

    name: str
    title: str
    path: str
    address: str
    raw: str
    version: str
    standing: AnyStanding
    against: str
    date: date | None
    size: int = 0
    sha256: str = ""


def version_facts(document: Document, chain: Chain | None, of_text: bool = False) -> VersionFacts:
    """Of a version of ``chain``, or None for one that was withdrawn."""
    return VersionFacts(
        name=named(document),
        title=document.title,
        path=document.path,
        address=addresses.view(document),
        raw=addresses.raw(document),
        version=version_word(document.version),
        standing=chain.standing(document) if chain else "withdrawn",
        against=chain.against_of(document) if chain else "",
        date=document.date,
        size=document.size if of_text else 0,
        sha256=document.sha256 if of_text else "",
    )


class Sidebar(Struct, frozen=True):
    """The documents of the phase (or section) that a page lies in."""

    over: str
    title: str
    address: str
    count: int
    current: tuple[ListEntry, ...]
    archived: tuple[ListEntry, ...]
    more: Link | None

    @property
    def label(self) -> str:
        return f"Documents of {self.over or self.title}"


class Sidebars:
    """The sidebars of one record. What a phase or section lists is put together once for all its pages."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._listed: dict[str, tuple[ListEntry, ...]] = {}

    def beside(self, here: Document) -> Sidebar | None:
        """The documents beside this one: of its phase, else of its section."""
        phase = self.record.phase(here)
        if phase:
            return self.of_phase(phase, addresses.view(here))
        if here.section:
            listed = self._of(f"section {here.section}", self.record.in_section(here.section))
            title = here.section[:1].upper() + here.section[1:].replace("-", " ")
            return _sidebar("Section", title, addresses.documents(), listed, addresses.view(here))
        return None

    def of_phase(self, phase: Phase, here: str = "") -> Sidebar:
        """That of a phase's own page, none of whose documents is open, or of the document at the address ``here``."""
        listed = self._of(f"phase {phase.folder}", phase.documents)
        over = "" if phase.label == phase.title else phase.label
        return _sidebar(over, phase.title, addresses.phase(phase.folder), listed, here)

    def _of(self, place: str, documents: Iterable[Document]) -> tuple[ListEntry, ...]:
        if place not in self._listed:
            ordered = in_reading_order(self.record, documents)
            self._listed[place] = tuple(_entry(self.record, document) for document in ordered)
        return self._listed[place]


def _sidebar(over: str, title: str, address: str, listed: Sequence[ListEntry], here: str) -> Sidebar:
    """``here``: the address of the page that is open, or ""."""
    current = [each for each in listed if each.standing == "current"]
    archived = [each for each in listed if each.standing == "archived"]
    kept = _around(current, here, SIDEBAR_LIMIT), _around(archived, here, SIDEBAR_LIMIT)
    hidden = len(listed) - len(kept[0]) - len(kept[1])
    more = Link(f"{counted(hidden, 'more document')}", address) if hidden else None
    return Sidebar(over, title, address, len(listed), kept[0], kept[1], more)


def _entry(record: Record, document: Document) -> ListEntry:
    return ListEntry(
        name=short_name(document) if document.phase_folder else bare_title(document),
        version=version_word(document.version),
        address=addresses.view(document),
        standing=record.standing(document),
    )


def _around(listed: Sequence[ListEntry], here: str, limit: int) -> tuple[ListEntry, ...]:
    """The first ``limit``, or the ``limit`` around the page that is open, which is marked."""
    at = next((number for number, each in enumerate(listed) if each.address == here), None)
    start = max(0, min((at or 0) - limit // 2, len(listed) - limit))
    kept = list(listed[start : start + limit])
    if at is not None:
        kept[at - start] = replace(kept[at - start], here=True)
    return tuple(kept)
