"""In place of a page of a document that could not be made: where its bytes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Head, Site
from loomworks_record.pages.wording import PAGE_NOT_MADE
from loomworks_record.source.document import Document

TEMPLATE = "record/unmade.html"


@dataclass(frozen=True, slots=True)
class UnmadePage:
    """``raw`` is the address of the filed bytes."""

    path: str
    title: str
    said: str
    raw: str


def unmade_page(site: Site, document: Document) -> Mapping[str, Any]:
    """The values of ``TEMPLATE`` for a page about ``document``, made of nothing but its path and its title."""
    page = UnmadePage(document.path, document.title, PAGE_NOT_MADE, addresses.raw(document))
    head = Head(f"{document.title} · {site.name}", PAGE_NOT_MADE, "documents", robots="noindex")
    return {"page": page, "head": head}
