"""The pages of one chain: its versions, its history, the address of the latest, and its comparisons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from loomworks_record.pages import addresses
from loomworks_record.pages.compare import compare_head, compare_page, compared_pairs, former_pairs
from loomworks_record.pages.document import document_head, document_page
from loomworks_record.pages.history import HistoryPage, empty_timemap, history_page, timemap, withdrawn_history
from loomworks_record.pages.moves import (
    Move,
    below_archive,
    former_comparison,
    latest_page,
    move_values,
    renamed_chains,
)
from loomworks_record.pages.planned import ComparisonOf, Part, PlannedPage, TextOf, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.shell import document_data, head_values
from loomworks_record.pages.since import neighbours
from loomworks_record.pages.since_page import since_page
from loomworks_record.pages.withdrawn import (
    moves_of_missing,
    withdrawn_page,
    withdrawn_values,
)
from loomworks_record.record.chains import Chain
from loomworks_record.source.document import Document


def chain_pages(planning: Planning) -> Iterator[PlannedPage]:
    """The pages of every chain, those of one together; then of chains that have another name now, and of those of which
    every version was withdrawn."""
    record = planning.whole.record
    for chain in record.chains:
        yield from _of_chain(planning, chain)
    for chain_id, chain in renamed_chains(record).items():
        yield PlannedPage(addresses.timemap(chain_id), "record/timemap.link", partial(_timemap, planning, chain))
    for chain_id, gone in planning.missing.items():
        if chain_id not in record.chain_by_id:
            values = partial(_history_values, planning, withdrawn_history(record, gone), "documents")
            yield PlannedPage(addresses.history(chain_id), "record/history.html", values, chain=chain_id)
            values = partial(dict, page=empty_timemap(planning.site, chain_id))
            yield PlannedPage(addresses.timemap(chain_id), "record/timemap.link", values, chain=chain_id)
            yield from _missing(planning, chain_id, None)


def _of_chain(planning: Planning, chain: Chain) -> Iterator[PlannedPage]:
    """All pages of one chain."""
    compare_all = planning.whole.record.config.compare_all

    def page(
        address: str, template: str, values: Callable[..., Values], *of: object, source: str = "", part: Part = None
    ) -> PlannedPage:
        made = partial(values, planning, *of)
        return PlannedPage(address, f"record/{template}", made, source or None, part, chain.id)

    for document in chain.versions:
        address, part = addresses.view(document), TextOf(document)
        yield page(address, "document.html", _document, document, source=document.path, part=part)
        moved = below_archive(document)
        if moved:
            yield page(addresses.view_at(document.path), "move.html", _move, moved)
    yield page(addresses.history(chain.id), "history.html", _history, chain)
    yield page(addresses.latest(chain.id), "move.html", _latest, chain)
    yield page(addresses.timemap(chain.id), "timemap.link", _timemap, chain)
    if neighbours(chain):
        yield page(addresses.since(chain.id), "since.html", _since, chain, part=TextOf(chain.newest))
    for old, new in former_pairs(chain, compare_all):
        yield page(addresses.compare(chain.id, old, new), "move.html", _move, former_comparison(chain, old, new))
    yield from _missing(planning, chain.id, chain)
    for old, new in compared_pairs(chain, compare_all):
        address, compared = addresses.compare(chain.id, old, new), ComparisonOf(chain, old, new)
        yield page(address, "compare.html", _compare, chain, old, new, part=compared)


def _missing(planning: Planning, chain_id: str, chain: Chain | None) -> Iterator[PlannedPage]:
    gone = planning.missing.get(chain_id, ())
    for one in gone:
        page = withdrawn_page(planning.whole.record, one)
        values = partial(withdrawn_values, planning.site, page)
        yield PlannedPage(addresses.view(one.document), "record/withdrawn.html", values, chain=chain_id)
    for address, move in moves_of_missing(chain_id, gone, chain) if gone else ():
        yield PlannedPage(address, "record/move.html", partial(_move, planning, move), chain=chain_id)


def _move(planning: Planning, page: Move) -> Values:
    return move_values(planning.site, page)


def _document(planning: Planning, document: Document) -> Values:
    whole, site = planning.whole, planning.site
    page = document_page(whole, site, document, planning.log.entries.get(document.path), planning.sidebars)
    head, data = document_head(whole.record, site, document, page), document_data(whole.record, site, document)
    return {"page": page, "head": head_values(site, addresses.view(document), head, data)}


def _compare(planning: Planning, chain: Chain, old: Document, new: Document) -> Values:
    page = compare_page(planning.whole.record, chain, old, new, planning.sidebars)
    return {"page": page, "head": compare_head(planning.site, page)}


def _history(planning: Planning, chain: Chain) -> Values:
    page = history_page(planning.whole, chain, planning.missing.get(chain.id, ()))
    return _history_values(planning, page, _place(chain))


def _since(planning: Planning, chain: Chain) -> Values:
    page = since_page(planning.whole, chain)
    said = f"{page.title}: the version in which each section appeared, changed or went."
    head = planning.head(page.title, said, _place(chain), stylesheets=("assets/record/since.css",))
    return {"page": page, "head": head}


def _place(chain: Chain) -> str:
    return "phases" if chain.newest.phase_folder else "documents"


def _history_values(planning: Planning, page: HistoryPage, place: str) -> Values:
    title = f"{page.name}: all versions"
    relations = [("latest-version", page.current.address)] if page.current else []
    if page.chain in planning.whole.record.chain_by_id:
        relations.append(("timemap", addresses.timemap(page.chain)))
    said = f"{title}. {page.title}. {page.state}"
    return {"page": page, "head": planning.head(title, said, place, relations=tuple(relations))}


def _timemap(planning: Planning, chain: Chain) -> Values:
    return {"page": timemap(planning.whole.record, planning.site, chain)}


def _latest(planning: Planning, chain: Chain) -> Values:
    page = latest_page(chain)
    latest = (("latest-version", page.target.address),) if chain.current else ()
    return move_values(planning.site, page, (*latest, ("timemap", addresses.timemap(chain.id))))
