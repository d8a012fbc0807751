"""The plan of a site: every page and file, with the address it has. A host only has to write them.

Pages and files are made when they are asked for, so a preview renders what is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property, partial
from xml.sax.saxutils import escape

from loomworks_record.asking.files import table_files
from loomworks_record.asking.table import NamesTable
from loomworks_record.pages import addresses, site_pages
from loomworks_record.pages.answers import whole_entries
from loomworks_record.pages.changes import ComparisonInputs
from loomworks_record.pages.compare import comparison_inputs
from loomworks_record.pages.moves import Move, below_archive, declared_moves, move_values, renamed
from loomworks_record.pages.plan_parts import ComparisonOf, PlannedFile, PlannedPage, PlannedTogether, Values
from loomworks_record.pages.planning import Planning, json_bytes
from loomworks_record.pages.site_files import detail_files, feed_files, filed_files, list_files, overview_files

Pages = Callable[[Planning], Iterator[PlannedPage]]

# Every page but those of ``redirects:``, in the order in which they are made, each with whether its values depend on
# ``Planning.said`` alone. Those to be printed come last: their texts have been made for their own pages then.
PAGES: tuple[tuple[Pages, bool], ...] = (
    (site_pages.chain_pages, False),
    (site_pages.home, True),
    (site_pages.phase_pages, False),
    (site_pages.lists, True),
    (site_pages.register_pages, True),
    (site_pages.phases_index, True),
    (site_pages.integrity, True),
    (site_pages.not_found_and_search, True),
    (site_pages.printed_pages, False),
)
# Every other file but the sitemap, which lists pages; first those that depend on more.
FILES: tuple[Callable[[Planning], Iterator[PlannedFile]], ...] = (
    lambda planning: filed_files(planning.whole.record),
    overview_files,
)
SAID_FILES = (feed_files, detail_files, list_files)
_EXAMPLES = 2  # identifiers that are shown in the search field
_NOT_IN_SITEMAP = (
    "record/move.html", "record/not-found.html", "record/search.html", "record/withdrawn.html", "record/timemap.link",
    "record/print.html",
)  # fmt: skip


def _values(made: Callable[[], Mapping[str, PlannedPage]], address: str) -> Values:
    return made()[address].values()


class Plan(Planning):
    def pages(self) -> Iterator[PlannedPage]:
        """Every page, those of a chain together; no address twice."""
        yield from self._own_pages
        for address, move in self._declared_moves.items():
            yield PlannedPage(address, "record/move.html", partial(move_values, self.site, move))

    @cached_property
    def _own_pages(self) -> tuple[PlannedPage, ...]:
        return tuple(page for pages, said in PAGES for page in (self._said_pages(pages) if said else pages(self)))

    def _said_pages(self, pages: Pages) -> Iterator[PlannedPage]:
        """Their addresses and templates are known where nothing is said that was not: none of them is planned then."""
        if self.said is None:
            yield from pages(self)
            return
        made = cache(lambda: {page.address: page for page in pages(self)})

        def told() -> tuple[tuple[str, str], ...]:
            return tuple((page.address, page.template) for page in made().values())

        kept = self.whole.kept_by_said(
            "pages", tuple[tuple[str, str], ...], told, self.said, PAGES.index((pages, True))
        )
        for address, template in kept:
            yield PlannedPage(address, template, partial(_values, made, address), besides=tuple)

    def files(self) -> Iterator[PlannedFile]:
        """Every file that is not a page and shows what was filed: its bytes, their digests and sizes."""
        for files in FILES:
            yield from files(self)

    def said_files(self) -> Iterator[PlannedFile]:
        """Every other one, but for ``names``. They depend on ``said`` alone."""
        for files in SAID_FILES:
            yield from files(self)
        if self.site.origin_url:
            yield PlannedFile("sitemap.xml", data=self._sitemap)

    def names(self) -> PlannedTogether:
        """The files of what may be asked for by name."""
        entries = whole_entries(self.whole)

        def made() -> dict[str, bytes]:
            return {address: json_bytes(value) for address, value in table_files(NamesTable.of(entries))}

        return PlannedTogether(entries, made)

    def moves(self) -> dict[str, str]:
        """What leads on for good, each with where it leads."""
        archived = (
            (addresses.view_at(d.path), below_archive(d))
            for d in (*self.whole.record.documents, *self.withdrawn_documents)
        )
        every = (*archived, *self._declared_moves.items())
        pages = {address: move.target.address for address, move in every if move and move.for_good}
        former = renamed(self.whole.record)
        return pages | {addresses.raw_at(path): addresses.raw(document) for path, document in former.items()}

    def comparison_inputs(self, part: ComparisonOf) -> ComparisonInputs:
        """What a comparison depends on beside the texts of its two documents."""
        return comparison_inputs(self.whole.record, part.chain, part.old, part.new)

    @cached_property
    def search_example(self) -> str:
        """What a reader may search for: the least identifier of some registers. It stands on every page, so it is
        nothing that a title or a new identifier changes."""
        return self.whole.kept_by_said("search example", str, self._search_example)

    def _search_example(self) -> str:
        firsts = [min(row.identifier.text for row in each.rows) for each in self.registers if each.rows][:_EXAMPLES]
        return f"{', '.join(firsts)} …" if firsts else "Words, a name, a version …"

    @cached_property
    def _declared_moves(self) -> dict[str, Move]:
        """By address: of those that ``redirects:`` tells of, the ones that a page can answer and none does."""
        own = {page.address for page in self._own_pages} if self.whole.record.config.redirects else set()
        declared = declared_moves(self.whole.record)
        return {address: move for address, move in declared if address.endswith(".html") and address not in own}

    def _sitemap(self) -> bytes:
        dates = {document.path: document.date for document in self.whole.record.documents}
        return sitemap(
            (self.site.absolute(page.address), dates.get(page.source or ""))
            for page in self.pages()
            if page.template not in _NOT_IN_SITEMAP
        )


def sitemap(pages: Iterable[tuple[str, date | None]]) -> bytes:
    """``pages`` are (absolute URL, date of the newest text on it or None)."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for url, day in pages:
        dated = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(url)}</loc>{dated}</url>")
    return ("\n".join([*lines, "</urlset>"]) + "\n").encode()
