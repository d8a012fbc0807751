"""The plan of a site: every page and file, with the address it has. A host only has to write them.

Pages and files are made when they are asked for, so a preview renders what is looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from loomworks_record.asking.files import table_files
from loomworks_record.asking.table import NamesTable
from loomworks_record.pages import addresses
from loomworks_record.pages.answers import whole_entries
from loomworks_record.pages.api import cites_json, grouped_documents, problem_json, sections_json, site_json
from loomworks_record.pages.chain_pages import ChainPages
from loomworks_record.pages.changes import Comparing
from loomworks_record.pages.columns import COLUMNS, columns_json, rows_address, rows_json
from loomworks_record.pages.compare import comparing
from loomworks_record.pages.dashboard import Dashboard, dashboard_files
from loomworks_record.pages.documents import ListPage, list_pages
from loomworks_record.pages.feed import (
    FEED,
    chain_feed,
    chain_feed_address,
    empty_feed,
    feed,
    phase_feed,
    phase_feed_address,
)
from loomworks_record.pages.filed import PlannedFile, PlannedTogether, filed_files
from loomworks_record.pages.filings import FiledPage, filed_pages
from loomworks_record.pages.halts import HALTS, PROBLEMS, halts, problems_page
from loomworks_record.pages.head import TRAJECTORY_CSS
from loomworks_record.pages.home import home_head, home_page
from loomworks_record.pages.integrity import integrity_page
from loomworks_record.pages.llms import llms_txt
from loomworks_record.pages.log import LogValues, Withdrawn
from loomworks_record.pages.moved import MOVED, Moved
from loomworks_record.pages.moves import Move, below_archive, declared_moves, move_values, renamed, renamed_chains
from loomworks_record.pages.phase import Identifiers, phase_head, phase_page
from loomworks_record.pages.phases import kinds_drawn, phases_page
from loomworks_record.pages.planned import ComparisonOf, PlannedPage, TextsOf, Values
from loomworks_record.pages.printed import printed_documents, printed_head, printed_page
from loomworks_record.pages.reading import context_address, pack
from loomworks_record.pages.registers import (
    NotHeldRegister,
    Register,
    identifiers_by_phase,
    not_held_register,
    registers,
)
from loomworks_record.pages.shell import Head, Link, Site
from loomworks_record.pages.sidebar import Sidebars
from loomworks_record.pages.sitemap import sitemap
from loomworks_record.pages.withdrawn import Missings, attachment_page, missing, withdrawn_head
from loomworks_record.pages.wording import MOVED_GROUND
from loomworks_record.record.phases import Phase
from loomworks_record.record.whole import Whole
from loomworks_record.render.sanitise import without_invisible
from loomworks_record.source.document import Document
from loomworks_record.source.names import is_document_name
from loomworks_record.source.problem import Problem


@dataclass(frozen=True, slots=True)
class _Context:
    """What is remembered of a phase's context.md: its bytes, counted, and their digest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Plan:
    """The site of one record."""

    whole: Whole
    site: Site
    log: LogValues = field(default_factory=LogValues)
    known: frozenset[Problem] = frozenset()

    def pages(self) -> Iterator[PlannedPage]:
        """Every page, those of a chain together; no address twice."""
        yield from self._own_pages
        for address, move in self._declared_moves.items():
            yield PlannedPage(address, "record/move.html", partial(move_values, self.site, move))

    @cached_property
    def _own_pages(self) -> tuple[PlannedPage, ...]:
        return tuple(self._planned())

    def _planned(self) -> Iterator[PlannedPage]:
        record = self.whole.record
        chain_pages = ChainPages(self.whole, self.site, self.log, self._sidebars, self._missing)
        for chain in record.chains:
            yield from chain_pages.of(chain)
        yield from chain_pages.without_chain()
        yield PlannedPage(addresses.HOME, "record/home.html", self._home)
        for phase in record.phases:
            yield PlannedPage(addresses.phase(phase.folder), "record/phase.html", partial(self._phase, phase))
        for page in list_pages(record, self._withdrawn_documents):
            yield PlannedPage(addresses.documents(page.number), "record/documents.html", partial(self._list, page))
        for filed in filed_pages(self._dashboard):
            yield PlannedPage(addresses.filed(filed.number), "record/filed.html", partial(self._filed, filed))
        yield from self._register_pages()
        yield PlannedPage(addresses.PHASES, "record/phases.html", self._phases)
        yield PlannedPage(addresses.INTEGRITY, "record/integrity.html", self._integrity)
        for withdrawn in self.log.withdrawn:
            if not is_document_name(withdrawn.path.rpartition("/")[2]):
                values = partial(self._withdrawn, withdrawn)
                yield PlannedPage(addresses.view_at(withdrawn.path), "record/withdrawn.html", values)
        yield PlannedPage(addresses.NOT_FOUND, "record/not-found.html", self._not_found)
        if self.site.search:
            yield PlannedPage(addresses.SEARCH, "record/search.html", self._search)
        for phase in record.phases:  # last: their texts have been made for their own pages then
            texts = printed_documents(self.whole, phase)
            weight = sum(document.size for document in texts)
            yield PlannedPage(
                addresses.printable(phase.folder), "record/print.html", partial(self._printed, phase),
                part=TextsOf(texts), weight=weight,
            )  # fmt: skip

    def files(self) -> Iterator[PlannedFile]:
        """Every file that is not a page: the filed bytes, attachments, and what machines read."""
        yield from filed_files(self.whole.record)
        yield PlannedFile("api/record.json", data=self._record_json)
        for address, values in dashboard_files(self._dashboard):
            yield PlannedFile(address, data=partial(json_bytes, values))
        for phase in self.whole.record.phases:
            sha256 = self._contexts[phase.folder].sha256
            yield PlannedFile(context_address(phase.folder), data=partial(self._context, phase), digest=sha256)
        yield PlannedFile("llms.txt", data=self._llms_txt)
        if self.site.origin:  # the ids of a feed are made of it, for ever
            yield PlannedFile(FEED, data=lambda: feed(self._dashboard, self.site))
            for phase in self.whole.record.phases:
                yield PlannedFile(
                    phase_feed_address(phase), data=partial(phase_feed, self._dashboard, self.site, phase)
                )
            yield from self._chain_feeds()
        for name, documents in grouped_documents(self.whole.record):
            yield PlannedFile(f"api/cites/{name}.json", data=partial(self._cites_json, documents))
            yield PlannedFile(f"api/sections/{name}.json", data=partial(self._sections_json, documents))
        yield PlannedFile("api/problems.json", data=self._problems_json)
        yield PlannedFile("api/paths.json", data=self._paths_json)
        if self.site.origin_url:
            yield PlannedFile("sitemap.xml", data=self._sitemap)
        yield PlannedFile(COLUMNS, data=lambda: json_bytes(columns_json(self.whole.record, self._withdrawn_documents)))
        for number, rows in enumerate(rows_json(self.whole.record, self._withdrawn_documents)):
            yield PlannedFile(rows_address(number), data=partial(json_bytes, rows))
        yield PlannedFile("api/record.schema.json", copy=Path(__file__).with_name("record.schema.json"))

    def names(self) -> PlannedTogether:
        """The files of what may be asked for by name."""
        entries = whole_entries(self.whole)

        def made() -> dict[str, bytes]:
            return {address: json_bytes(value) for address, value in table_files(NamesTable(entries))}

        return PlannedTogether(entries, made)

    def _chain_feeds(self) -> Iterator[PlannedFile]:
        """One a chain, at its earlier names too."""
        record = self.whole.record
        for chain_id, chain in (record.chain_by_id | renamed_chains(record)).items():
            made = partial(chain_feed, self._dashboard, self.site, chain)
            yield PlannedFile(chain_feed_address(chain_id), data=made)
        for chain_id in self._missing.keys() - record.chain_by_id.keys():
            yield PlannedFile(chain_feed_address(chain_id), data=partial(empty_feed, self.site, chain_id))

    def moves(self) -> dict[str, str]:
        """What leads on for good, each with where it leads."""
        gone = [one.document for each in self._missing.values() for one in each]
        archived = ((addresses.view_at(d.path), below_archive(d)) for d in (*self.whole.record.documents, *gone))
        every = (*archived, *self._declared_moves.items())
        pages = {address: move.target.address for address, move in every if move and move.for_good}
        former = renamed(self.whole.record)
        return pages | {addresses.raw_at(path): addresses.raw(document) for path, document in former.items()}

    @cached_property
    def _declared_moves(self) -> dict[str, Move]:
        """By address: of those that ``redirects:`` tells of, the ones that a page can answer and none does."""
        own = {page.address for page in self._own_pages} if self.whole.record.config.redirects else set()
        declared = declared_moves(self.whole.record)
        return {address: move for address, move in declared if address.endswith(".html") and address not in own}

    def comparing(self, part: ComparisonOf) -> Comparing:
        """What a comparison depends on beside the texts of its two documents."""
        return comparing(self.whole.record, part.chain, part.old, part.new)

    def _home(self) -> Values:
        page = home_page(self._dashboard, self.site, self._listed_registers)
        return {"page": page, "head": home_head(self.site)}

    def _phase(self, phase: Phase) -> Values:
        identifiers = self._identifiers.get(phase.folder, ())
        size = self._contexts[phase.folder].size
        page = phase_page(self.whole.stories, phase, identifiers, size, self._sidebars)
        return {"page": page, "head": phase_head(self.site, phase, page)}

    def _printed(self, phase: Phase) -> Values:
        page = printed_page(self.whole, self.site, phase)
        return {"page": page, "head": printed_head(self.site, page)}

    def _context(self, phase: Phase) -> bytes:
        return pack(self.whole, phase, self.site.absolute).encode()

    def _llms_txt(self) -> bytes:
        sizes = {folder: context.size for folder, context in self._contexts.items()}
        text = llms_txt(self.whole.record, self.site.name, self.site.lede, self.site.absolute, sizes)
        return without_invisible(text).encode()  # some readers take U+000B and U+000C for the end of a line

    @cached_property
    def _contexts(self) -> dict[str, _Context]:
        """By the phase's folder. They hold the texts of all current documents, and are made anew when written."""
        made = ((phase.folder, self._context(phase)) for phase in self.whole.record.phases)
        return {folder: _Context(len(data), hashlib.sha256(data).hexdigest()) for folder, data in made}

    @cached_property
    def _sidebars(self) -> Sidebars:
        return Sidebars(self.whole.record)

    @cached_property
    def search_example(self) -> str:
        """What a reader may search for: an identifier of each of the first registers, else the title of a document."""
        firsts = [register.rows[0].identifier.text for register in self._registers if register.rows]
        titles = (chain.current.title for chain in self.whole.record.chains if chain.current)
        examples = firsts[:_EXAMPLES] or [" ".join(next(titles, "").split()[:_EXAMPLE_WORDS])]
        return f"{', '.join(examples)} …" if any(examples) else ""

    @cached_property
    def _registers(self) -> tuple[Register, ...]:
        return registers(self.whole.citations, self.whole.grounds.through)

    @cached_property
    def _identifiers(self) -> Mapping[str, tuple[Identifiers, ...]]:
        return identifiers_by_phase(self.whole.citations)

    @cached_property
    def _not_held(self) -> NotHeldRegister:
        return not_held_register(self.whole.citations)

    @cached_property
    def _listed_registers(self) -> tuple[tuple[Link, int], ...]:
        """Every register that has rows, with their number."""
        every: tuple[Register | NotHeldRegister, ...] = (*self._registers, self._not_held)
        own = [(Link(each.title, each.address), each.count) for each in every]
        own.append((Link("Halts", HALTS), len(halts(self.whole.stories))))
        own.append((Link(MOVED_GROUND, MOVED), len(self._moved.rows)))
        own.append((Link("Problems", PROBLEMS), len(self.whole.problems)))
        return tuple((link, count) for link, count in own if count)

    def _register_pages(self) -> Iterator[PlannedPage]:
        for register in self._registers:
            yield PlannedPage(register.address, "record/register.html", partial(self._register, register))
        yield PlannedPage(addresses.REGISTERS, "record/registers.html", self._registers_index)
        yield PlannedPage(self._not_held.address, "record/not-held.html", partial(self._register, self._not_held))
        yield PlannedPage(HALTS, "record/halts.html", self._halts)
        yield PlannedPage(PROBLEMS, "record/problems.html", self._problems)
        yield PlannedPage(MOVED, "record/moved.html", self._moved_page)

    def _register(self, register: Register | NotHeldRegister) -> Values:
        said = f"{register.title}: {register.count:,} in the record."
        scripts = ("assets/record/register.js",) if isinstance(register, Register) else ()
        return {"page": register, "head": self._head(register.title, said, "registers", scripts)}

    def _registers_index(self) -> Values:
        said = "Change requests, decisions, gates, candidates, halts, problems: gathered over the record."
        return {"registers": self._listed_registers, "head": self._head("Registers", said, "registers")}

    def _halts(self) -> Values:
        said = "Every halt of the record, and what answered it."
        return {"rows": halts(self.whole.stories), "head": self._head("Halts", said, "registers")}

    def _moved_page(self) -> Values:
        head = self._head(MOVED_GROUND, f"{self._moved.said}.", "registers")
        return {"rows": self._moved.rows, "said": self._moved.said, "title": MOVED_GROUND, "head": head}

    def _problems(self) -> Values:
        page = problems_page(self.whole.stories, self.whole.problems, self.known)
        said = "What is wrong or doubtful in the record."
        return {"page": page, "head": self._head("Problems", said, "registers")}

    @cached_property
    def _dashboard(self) -> Dashboard:
        return Dashboard(self.whole.stories, self.whole.problems, self._moved)

    @cached_property
    def _moved(self) -> Moved:
        return Moved(self.whole, self.known)

    def _list(self, page: ListPage) -> Values:
        number = f", page {page.number}" if page.number > 1 else ""
        return {
            "page": page,
            "head": self._head(
                f"Documents{number}",
                f"Every document of the record{number}. {page.showing}.",
                "documents",
                scripts=("assets/record/documents.js",),
            ),
        }

    def _filed(self, page: FiledPage) -> Values:
        title = f"Filed, page {page.number}" if page.number > 1 else "Filed"
        head = self._head(title, page.said, "filed", scripts=("assets/record/filed.js",))
        return {"page": page, "head": head}

    def _phases(self) -> Values:
        rows = phases_page(self.whole)
        head = self._head("Phases", f"The {len(rows)} phases of the record.", "phases")
        return {"rows": rows, "kinds": kinds_drawn(rows), "head": replace(head, stylesheets=(TRAJECTORY_CSS,))}

    def _integrity(self) -> Values:
        logged = (document for document in self.whole.record.documents if document.path in self.log.entries)
        page = integrity_page(self.site, self.log.size, next(logged, None))
        said = "How to check that this site matches its sources and that no archived document has changed."
        return {"page": page, "head": self._head("Integrity", said, "integrity")}

    def _withdrawn(self, withdrawn: Withdrawn) -> Values:
        page = attachment_page(withdrawn)
        return {"page": page, "head": withdrawn_head(self.site, page)}

    @property
    def _withdrawn_documents(self) -> list[Document]:
        return [one.document for gone in self._missing.values() for one in gone]

    @cached_property
    def _missing(self) -> Missings:
        return missing(self.whole.record, self.log)

    def _not_found(self) -> Values:
        head = Head(
            title=f"There is no page at this address · {self.site.name}",
            description="There is no page at this address.",
            robots="noindex",
            scripts=("assets/record/not-found.js",),
        )
        return {"head": head}

    def _search(self) -> Values:
        said = "Full text search over every version of every document."
        return {"head": self._head("Search", said, "", scripts=("assets/record/search.js",))}

    def _sitemap(self) -> bytes:
        dates = {document.path: document.date for document in self.whole.record.documents}
        return sitemap(
            (self.site.absolute(page.address), dates.get(page.source or ""))
            for page in self.pages()
            if page.template not in _NOT_IN_SITEMAP
        )

    def _head(self, title: str, description: str, place: str, scripts: tuple[str, ...] = ()) -> Head:
        return Head(title=f"{title} · {self.site.name}", description=description, place=place, scripts=scripts)

    def _record_json(self) -> bytes:
        return json_bytes(site_json(self.whole))

    def _cites_json(self, documents: Sequence[Document]) -> bytes:
        return json_bytes(cites_json(self.whole, documents))

    def _sections_json(self, documents: Sequence[Document]) -> bytes:
        return json_bytes(sections_json(self.whole, documents))

    def _problems_json(self) -> bytes:
        return json_bytes([problem_json(problem) for problem in self.whole.problems])

    def _paths_json(self) -> bytes:
        """What the not-found page suggests from: title and address of every chain, once."""
        named = [chain.current or chain.newest for chain in self.whole.record.chains]
        return json_bytes([[document.title, addresses.url(addresses.view(document))[1:]] for document in named])


_EXAMPLES, _EXAMPLE_WORDS = 2, 3  # shown in the search field
_NOT_IN_SITEMAP = (
    "record/move.html", "record/not-found.html", "record/search.html", "record/withdrawn.html", "record/timemap.link",
    "record/print.html",
)  # fmt: skip


def json_bytes(value: Any) -> bytes:
    """JSON as this site writes it: UTF-8, no spaces, one line end."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
