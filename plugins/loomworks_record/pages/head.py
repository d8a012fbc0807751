"""What the heads of pages say to machines: Open Graph (ogp.me) and JSON-LD (schema.org)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Head, Site
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

CONTEXT = "https://schema.org"
TRAJECTORY_CSS = "assets/record/trajectory.css"  # of the pages of phases, and home
_LONGEST = 200  # characters of a description


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


def shortened(text: str) -> str:
    """A description, cut at a word where it is too long for one."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
