"""The pages of one chain: its versions, its history, the address of the latest, and its comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from loomworks_record.pages.planned import ComparisonOf, PlannedPage, TextOf, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.shell import Head, Site, document_data, head_values
from loomworks_record.pages.sidebar import Sidebars
from loomworks_record.pages.since import neighbours
from loomworks_record.pages.since_page import since_page
from loomworks_record.pages.withdrawn import (
    LogValues,
    Missing,
    Missings,
    moves_of_missing,
    withdrawn_head,
    withdrawn_page,
)
from loomworks_record.record.chains import Chain
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document


def chain_pages(planning: Planning) -> Iterator[PlannedPage]:
    """The pages of every chain, those of one together."""
    pages = _ChainPages(planning.whole, planning.site, planning.log, planning.sidebars, planning.missing)
    for chain in planning.whole.record.chains:
        yield from pages.of(chain)
    yield from pages.without_chain()


@dataclass(frozen=True, slots=True)
class _ChainPages:
    """The chains of one record."""

    whole: Whole
    site: Site
    log: LogValues
    sidebars: Sidebars
    missing: Missings

    def of(self, chain: Chain) -> Iterator[PlannedPage]:
        """All pages of one chain."""
        for document in chain.versions:
            yield PlannedPage(
                addresses.view(document),
                "record/document.html",
                partial(self._document, document),
                document.path,
                TextOf(document),
                chain.id,
                document.size,
            )
            moved = below_archive(document)
            if moved:
                yield self._moving(addresses.view_at(document.path), moved, chain.id)
        history, latest = partial(self._history, chain), partial(self._latest, chain)
        yield PlannedPage(addresses.history(chain.id), "record/history.html", history, chain=chain.id)
        yield PlannedPage(addresses.latest(chain.id), "record/move.html", latest, chain=chain.id)
        values = partial(self._timemap, chain)
        yield PlannedPage(addresses.timemap(chain.id), "record/timemap.link", values, chain=chain.id)
        if len(neighbours(chain)) > 0:
            yield PlannedPage(
                addresses.since(chain.id),
                "record/since.html",
                partial(self._since, chain),
                None,
                TextOf(chain.newest),
                chain.id,
                chain.newest.size,
            )
        for old, new in former_pairs(chain, self.whole.record.config.compare_all):
            yield self._moving(addresses.compare(chain.id, old, new), former_comparison(chain, old, new), chain.id)
        yield from self._missing(chain.id, chain)
        for old, new in compared_pairs(chain, self.whole.record.config.compare_all):
            yield PlannedPage(
                addresses.compare(chain.id, old, new),
                "record/compare.html",
                partial(self._compare, chain, old, new),
                None,
                ComparisonOf(chain, old, new),
                chain.id,
                old.size + new.size,
            )

    def without_chain(self) -> Iterator[PlannedPage]:
        """The pages of chains that have another name now, and of those of which every version was withdrawn."""
        for chain_id, chain in renamed_chains(self.whole.record).items():
            yield PlannedPage(addresses.timemap(chain_id), "record/timemap.link", partial(self._timemap, chain))
        for chain_id, gone in self.missing.items():
            if chain_id not in self.whole.record.chain_by_id:
                page = withdrawn_history(self.whole.record, gone)
                values = partial(self._history_values, page, "documents")
                yield PlannedPage(addresses.history(chain_id), "record/history.html", values, chain=chain_id)
                values = partial(dict, page=empty_timemap(self.site, chain_id))
                yield PlannedPage(addresses.timemap(chain_id), "record/timemap.link", values, chain=chain_id)
                yield from self._missing(chain_id, None)

    def _missing(self, chain_id: str, chain: Chain | None) -> Iterator[PlannedPage]:
        gone = self.missing.get(chain_id, ())
        for one in gone:
            values = partial(self._withdrawn, one)
            yield PlannedPage(addresses.view(one.document), "record/withdrawn.html", values, chain=chain_id)
        for address, move in moves_of_missing(chain_id, gone, chain) if gone else ():
            yield self._moving(address, move, chain_id)

    def _withdrawn(self, one: Missing) -> Values:
        page = withdrawn_page(self.whole.record, one)
        return {"page": page, "head": withdrawn_head(self.site, page)}

    def _moving(self, address: str, page: Move, chain_id: str) -> PlannedPage:
        return PlannedPage(address, "record/move.html", partial(move_values, self.site, page), chain=chain_id)

    def _document(self, document: Document) -> Values:
        record = self.whole.record
        page = document_page(self.whole, self.site, document, self.log.entries.get(document.path), self.sidebars)
        head = document_head(record, self.site, document, page)
        data = document_data(record, self.site, document)
        return {"page": page, "head": head_values(self.site, addresses.view(document), head, data)}

    def _compare(self, chain: Chain, old: Document, new: Document) -> Values:
        page = compare_page(self.whole.record, chain, old, new, self.sidebars)
        return {"page": page, "head": compare_head(self.site, page)}

    def _history(self, chain: Chain) -> Values:
        page = history_page(self.whole, chain, self.missing.get(chain.id, ()))
        return self._history_values(page, "phases" if chain.newest.phase_folder else "documents")

    def _since(self, chain: Chain) -> Values:
        page = since_page(self.whole, chain)
        head = Head(
            title=f"{page.title} · {self.site.name}",
            description=f"{page.title}: the version in which each section appeared, changed or went.",
            place="phases" if chain.newest.phase_folder else "documents",
            stylesheets=("assets/record/since.css",),
        )
        return {"page": page, "head": head}

    def _history_values(self, page: HistoryPage, place: str) -> Values:
        title = f"{page.name}: all versions"
        head = Head(
            title=f"{title} · {self.site.name}",
            description=f"{title}. {page.title}. {page.state}",
            place=place,
            relations=(
                *((("latest-version", page.current.address),) if page.current else ()),
                *((("timemap", addresses.timemap(page.chain)),) if page.chain in self.whole.record.chain_by_id else ()),
            ),
        )
        return {"page": page, "head": head}

    def _timemap(self, chain: Chain) -> Values:
        return {"page": timemap(self.whole.record, self.site, chain)}

    def _latest(self, chain: Chain) -> Values:
        page = latest_page(chain)
        latest = (("latest-version", page.target.address),) if chain.current else ()
        return move_values(self.site, page, (*latest, ("timemap", addresses.timemap(chain.id))))
