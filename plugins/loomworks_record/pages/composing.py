"""A page's values: its frame, and the part that was made apart from the record, put together for its template; and
what stands in place of a page that could not be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loomworks_record.pages import addresses
from loomworks_record.pages.changes import Changes
from loomworks_record.pages.compare import compare_values
from loomworks_record.pages.document import DocumentPage, document_values
from loomworks_record.pages.printed import PrintedPage, printed_values
from loomworks_record.pages.shell import Head, Site
from loomworks_record.pages.since_page import SincePage, runs_of
from loomworks_record.pages.wording import PAGE_NOT_MADE
from loomworks_record.render.text import RenderedText
from loomworks_record.source.document import Document

Values = Mapping[str, Any]
Part = RenderedText | Changes
UNMADE = "record/unmade.html"


def composed(frame: Values, parts: Sequence[Part] = ()) -> Values:
    """The values of a template: ``frame`` as the plan gives it, with the ``parts`` that the page has."""
    page = frame.get("page")
    texts = [part for part in parts if isinstance(part, RenderedText)]
    if isinstance(page, PrintedPage):
        return {**frame, **printed_values(page, texts)}
    if isinstance(page, SincePage) and texts:
        return {**frame, "runs": runs_of(page, texts[0])}
    if isinstance(page, DocumentPage) and texts:
        return {**frame, **document_values(page, texts[0])}
    for part in parts:
        if isinstance(part, Changes):
            return compare_values(frame["page"], frame["head"], part)
    return frame


@dataclass(frozen=True, slots=True)
class UnmadePage:
    """``raw`` is the address of the filed bytes."""

    path: str
    title: str
    said: str
    raw: str


def unmade_page(site: Site, document: Document) -> Mapping[str, Any]:
    """The values of ``UNMADE`` for a page about ``document``, made of nothing but its path and its title."""
    page = UnmadePage(document.path, document.title, PAGE_NOT_MADE, addresses.raw(document))
    head = Head(f"{document.title} · {site.name}", PAGE_NOT_MADE, "documents", robots="noindex")
    return {"page": page, "head": head}
