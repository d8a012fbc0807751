"""The pages of a site that are of no chain, phase or register: home, lists, integrity, search, not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from loomworks_record.pages import addresses
from loomworks_record.pages.documents import ListPage, list_pages
from loomworks_record.pages.filings import FiledPage, filed_pages
from loomworks_record.pages.home import home_head, home_page
from loomworks_record.pages.integrity import integrity_page
from loomworks_record.pages.log import Withdrawn
from loomworks_record.pages.planned import PlannedPage, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.register_pages import listed_registers
from loomworks_record.pages.withdrawn import attachment_page, withdrawn_head
from loomworks_record.source.names import is_document_name


def home(planning: Planning) -> Iterator[PlannedPage]:
    yield PlannedPage(addresses.HOME, "record/home.html", partial(_home, planning))


def lists(planning: Planning) -> Iterator[PlannedPage]:
    """All documents, and all filings by day."""
    for page in list_pages(planning.whole.record, planning.withdrawn_documents):
        yield PlannedPage(addresses.documents(page.number), "record/documents.html", partial(_list, planning, page))
    for filed in filed_pages(planning.dashboard):
        yield PlannedPage(addresses.filed(filed.number), "record/filed.html", partial(_filed, planning, filed))


def integrity(planning: Planning) -> Iterator[PlannedPage]:
    """How to check the site; and what stands for each attachment that was withdrawn."""
    yield PlannedPage(addresses.INTEGRITY, "record/integrity.html", partial(_integrity, planning))
    for withdrawn in planning.log.withdrawn:
        if not is_document_name(withdrawn.path.rpartition("/")[2]):
            values = partial(_withdrawn, planning, withdrawn)
            yield PlannedPage(addresses.view_at(withdrawn.path), "record/withdrawn.html", values)


def not_found_and_search(planning: Planning) -> Iterator[PlannedPage]:
    """The page for what is not there, and the search."""
    yield PlannedPage(addresses.NOT_FOUND, "record/not-found.html", partial(_not_found, planning))
    if planning.site.search:
        yield PlannedPage(addresses.SEARCH, "record/search.html", partial(_search, planning))


def _home(planning: Planning) -> Values:
    page = home_page(planning.dashboard, planning.site, listed_registers(planning))
    return {"page": page, "head": home_head(planning.site)}


def _list(planning: Planning, page: ListPage) -> Values:
    number = f", page {page.number}" if page.number > 1 else ""
    said = f"Every document of the record{number}. {page.showing}."
    head = planning.head(f"Documents{number}", said, "documents", _filtered("documents"))
    return {"page": page, "head": head}


def _filed(planning: Planning, page: FiledPage) -> Values:
    title = f"Filed, page {page.number}" if page.number > 1 else "Filed"
    return {"page": page, "head": planning.head(title, page.said, "filed", ("assets/record/filed.js",))}


def _integrity(planning: Planning) -> Values:
    documents, log = planning.whole.record.documents, planning.log
    logged = (document for document in documents if document.path in log.entries)
    said = "How to check that this site matches its sources and that no archived document has changed."
    page = integrity_page(planning.site, log.size, next(logged, None))
    return {"page": page, "head": planning.head("Integrity", said, "integrity")}


def _withdrawn(planning: Planning, withdrawn: Withdrawn) -> Values:
    page = attachment_page(withdrawn)
    return {"page": page, "head": withdrawn_head(planning.site, page)}


def _not_found(planning: Planning) -> Values:
    title = "There is no page at this address"
    head = planning.head(title, f"{title}.", scripts=("assets/record/not-found.js",))
    return {"head": replace(head, robots="noindex")}


def _search(planning: Planning) -> Values:
    said = "Full text search over every version of every document."
    return {"head": planning.head("Search", said, scripts=_filtered("search"))}


def _filtered(script: str) -> tuple[str, ...]:
    return ("assets/record/filters.js", f"assets/record/{script}.js")
