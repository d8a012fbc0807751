"""What a plan is made of: pages and files, each with its address and what it is made from; the values of a page, its
frame and the part that was made apart from the record put together for its template; and what stands in place of a
page that could not be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.changes import Changes
from loomworks_record.pages.compare import compare_values
from loomworks_record.pages.document import DocumentPage, document_values
from loomworks_record.pages.print_page import PrintedPage, printed_values
from loomworks_record.pages.shell import Site
from loomworks_record.pages.since_page import SincePage, runs_of
from loomworks_record.pages.wording import PAGE_NOT_MADE
from loomworks_record.record.chains import Chain
from loomworks_record.render.text import RenderedText
from loomworks_record.source.document import Document

Values = Mapping[str, Any]
Part = RenderedText | Changes
UNMADE = "record/unmade.html"


class ComparisonOf(Struct, frozen=True):
    """The part of a page that is the comparison of two documents of one chain."""

    chain: Chain
    old: Document
    new: Document


# A document's rendered text, those of several in order, or a comparison.
PartOf = Document | tuple[Document, ...] | ComparisonOf | None


class PlannedPage(Struct, frozen=True):
    """One HTML page: its address, its template, and the values of the template but for the costly ``part``, which
    ``composed`` adds. ``source`` is the path of the document that it shows, or None. ``chain`` is the id of the chain
    whose page it is, or ""; they stand together, for they show the same texts. ``besides`` gives the plain values that
    its own depend on beside ``Planning.said``, or is None: they depend on more."""

    address: str
    template: str
    values: Callable[[], Values]
    source: str | None = None
    part: PartOf = None
    chain: str = ""
    besides: Callable[[], tuple[object, ...]] | None = None

    @property
    def weight(self) -> int:
        """Bytes of the documents that the page shows."""
        if isinstance(self.part, ComparisonOf):
            return self.part.old.size + self.part.new.size
        return sum(document.size for document in self.texts)

    @property
    def texts(self) -> tuple[Document, ...]:
        """The documents whose texts it shows."""
        if isinstance(self.part, Document):
            return (self.part,)
        return self.part if isinstance(self.part, tuple) else ()


class PlannedFile(Struct, frozen=True):
    """One other file: bytes that are made when asked for, or a file to be copied byte for byte. ``digest``: the
    sha256 (hex) of its bytes where that is known."""

    address: str
    data: Callable[[], bytes] | None = None
    copy: Path | None = None
    digest: str | None = None


class PlannedTogether(Struct, frozen=True):
    """Files that are made together, bytes by address. Where ``made_of`` (plain values) is equal, they are."""

    made_of: object
    make: Callable[[], dict[str, bytes]]


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


class UnmadePage(Struct, frozen=True):
    """``raw`` is the address of the filed bytes."""

    path: str
    title: str
    said: str
    raw: str


def unmade_page(site: Site, document: Document) -> Mapping[str, Any]:
    """The values of ``UNMADE`` for a page about ``document``, made of nothing but its path and its title."""
    page = UnmadePage(document.path, document.title, PAGE_NOT_MADE, addresses.raw(document))
    head = site.head(document.title, PAGE_NOT_MADE, "documents", robots="noindex")
    return {"page": page, "head": head}
