"""The plan of a site: every page and file, with the address it has. A host only has to write them.

Pages and files are made when they are asked for, so a preview renders what is looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from loomworks_record.pages import addresses
from loomworks_record.pages.api import cites_json, grouped_documents, problem_json, site_json
from loomworks_record.pages.changes import Comparing
from loomworks_record.pages.columns import COLUMNS, columns_json, rows_address, rows_json
from loomworks_record.pages.compare import Pair, compare_head, compare_page, compared_pairs, comparing
from loomworks_record.pages.context import context_address, context_markdown, llms_txt, reading_paths
from loomworks_record.pages.dashboard import Dashboard, dashboard_files
from loomworks_record.pages.document import document_head, document_page
from loomworks_record.pages.documents import ListPage, list_pages
from loomworks_record.pages.feed import FEED, feed
from loomworks_record.pages.filed import PlannedFile, filed_files
from loomworks_record.pages.halts import HALTS, PROBLEMS, halts, problems_page
from loomworks_record.pages.head import document_data, head_values
from loomworks_record.pages.history import history_page, latest_page
from loomworks_record.pages.home import home_head, home_page
from loomworks_record.pages.integrity import integrity_page
from loomworks_record.pages.log import LogValues, Withdrawn
from loomworks_record.pages.phase import Identifiers, phase_head, phase_page
from loomworks_record.pages.phases import phases_page
from loomworks_record.pages.reading import reading_order
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
from loomworks_record.record.chains import Chain
from loomworks_record.record.phases import Phase
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextOf:
    """The part of a page that is a document's rendered text."""

    document: Document


@dataclass(frozen=True, slots=True)
class ComparisonOf:
    """The part of a page that is the comparison of two documents of one chain."""

    chain: Chain
    old: Document
    new: Document


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """One HTML page: its address, its template, and the values of the template but for the costly ``part``, which
    ``composed`` adds. ``source`` is the path of the document that it shows, or None. ``chain`` is the id of the chain
    whose page it is, or ""; they stand together, for they show the same texts. ``weight``: bytes of the documents that
    the page shows."""

    address: str
    template: str
    values: Callable[[], Values]
    source: str | None = None
    part: TextOf | ComparisonOf | None = None
    chain: str = ""
    weight: int = 0


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
        record = self.whole.record
        for chain in record.chains:
            yield from self._chain_pages(chain)
        yield PlannedPage(addresses.HOME, "record/home.html", self._home)
        for phase in record.phases:
            yield PlannedPage(addresses.phase(phase.folder), "record/phase.html", partial(self._phase, phase))
        for page in list_pages(record):
            yield PlannedPage(addresses.documents(page.number), "record/documents.html", partial(self._list, page))
        yield from self._register_pages()
        yield PlannedPage(addresses.PHASES, "record/phases.html", self._phases)
        yield PlannedPage(addresses.INTEGRITY, "record/integrity.html", self._integrity)
        for withdrawn in self.log.withdrawn:
            yield PlannedPage(
                addresses.view(withdrawn.path), "record/withdrawn.html", partial(self._withdrawn, withdrawn)
            )
        yield PlannedPage(addresses.NOT_FOUND, "record/not-found.html", self._not_found)
        if self.site.search:
            yield PlannedPage(addresses.SEARCH, "record/search.html", self._search)

    def _chain_pages(self, chain: Chain) -> Iterator[PlannedPage]:
        for document in chain.versions:
            yield PlannedPage(
                addresses.view(document.path),
                "record/document.html",
                partial(self._document, document),
                document.path,
                TextOf(document),
                chain.id,
                document.size,
            )
        history, latest = partial(self._history, chain), partial(self._latest, chain)
        yield PlannedPage(addresses.history(chain.id), "record/history.html", history, chain=chain.id)
        yield PlannedPage(addresses.latest(chain.id), "record/move.html", latest, chain=chain.id)
        pairs = compared_pairs(chain)
        for old, new in pairs:
            yield PlannedPage(
                addresses.compare(chain.id, old, new),
                "record/compare.html",
                partial(self._compare, chain, old, new, pairs),
                None,
                ComparisonOf(chain, old, new),
                chain.id,
                old.size + new.size,
            )

    def files(self) -> Iterator[PlannedFile]:
        """Every file that is no page: the filed bytes, attachments, and what machines read."""
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
        for name, documents in grouped_documents(self.whole.record):
            yield PlannedFile(f"api/cites/{name}.json", data=partial(self._cites_json, documents))
        yield PlannedFile("api/problems.json", data=self._problems_json)
        yield PlannedFile("api/paths.json", data=self._paths_json)
        if self.site.origin_url:
            yield PlannedFile("sitemap.xml", data=self._sitemap)
        yield PlannedFile(COLUMNS, data=lambda: json_bytes(columns_json(self.whole.record)))
        for number, rows in enumerate(rows_json(self.whole.record)):
            yield PlannedFile(rows_address(number), data=partial(json_bytes, rows))
        yield PlannedFile("api/record.schema.json", copy=Path(__file__).with_name("record.schema.json"))

    def _document(self, document: Document) -> Values:
        record = self.whole.record
        page = document_page(
            self.whole, self.site, document, self.log.entries.get(document.path), self._sidebars
        )
        head = document_head(record, self.site, document, page)
        data = document_data(record, self.site, document)
        return {"page": page, "head": head_values(self.site, addresses.view(document.path), head, data)}

    def _compare(self, chain: Chain, old: Document, new: Document, pairs: Sequence[Pair]) -> Values:
        page = compare_page(self.whole.record, chain, old, new, self._sidebars, pairs)
        return {"page": page, "head": compare_head(self.site, page)}

    def comparing(self, part: ComparisonOf) -> Comparing:
        """What a comparison depends on beside the texts of its two documents."""
        return comparing(self.whole.record, part.chain, part.old, part.new)

    def _home(self) -> Values:
        page = home_page(self._dashboard, self.site, self._listed_registers)
        return {"page": page, "head": home_head(self.site)}

    def _phase(self, phase: Phase) -> Values:
        order = self._reading_orders[phase.folder]
        identifiers = self._identifiers.get(phase.folder, ())
        size = self._contexts[phase.folder].size
        page = phase_page(self.whole.stories, phase, order, identifiers, size, self._sidebars)
        return {"page": page, "head": phase_head(self.site, phase, page)}

    @cached_property
    def _reading_orders(self) -> dict[str, tuple[str, ...]]:
        """The paths of each phase's current documents in reading order, by its folder."""
        record, citations, stories = self.whole.record, self.whole.citations, self.whole.stories
        return {
            phase.folder: reading_paths(record, citations, phase, reading_order(record, phase, stories.of(phase)))
            for phase in record.phases
        }

    def _context(self, phase: Phase) -> bytes:
        order = self._reading_orders[phase.folder]
        text = context_markdown(self.whole.record, self.whole.citations, phase, order, self.site.absolute)
        return text.encode()

    def _llms_txt(self) -> bytes:
        sizes = {folder: context.size for folder, context in self._contexts.items()}
        return llms_txt(self.whole.record, self.site.name, self.site.lede, self.site.absolute, sizes).encode()

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
        return registers(self.whole.citations)

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
        own.append((Link("Problems", PROBLEMS), len(self.whole.problems)))
        return tuple((link, count) for link, count in own if count)

    def _register_pages(self) -> Iterator[PlannedPage]:
        for register in self._registers:
            yield PlannedPage(register.address, "record/register.html", partial(self._register, register))
        yield PlannedPage(addresses.REGISTERS, "record/registers.html", self._registers_index)
        yield PlannedPage(self._not_held.address, "record/not-held.html", partial(self._register, self._not_held))
        yield PlannedPage(HALTS, "record/halts.html", self._halts)
        yield PlannedPage(PROBLEMS, "record/problems.html", self._problems)

    def _register(self, register: Register | NotHeldRegister) -> Values:
        said = f"{register.title}: {register.count:,} in the record."
        return {"page": register, "head": self._head(register.title, said, "registers")}

    def _registers_index(self) -> Values:
        said = "Change requests, decisions, gates, candidates, halts, problems: gathered over the record."
        return {"registers": self._listed_registers, "head": self._head("Registers", said, "registers")}

    def _halts(self) -> Values:
        said = "Every halt of the record, and what answered it."
        return {"rows": halts(self.whole.stories), "head": self._head("Halts", said, "registers")}

    def _problems(self) -> Values:
        page = problems_page(self.whole.stories, self.whole.problems, self.known)
        said = "What is wrong or doubtful in the record."
        return {"page": page, "head": self._head("Problems", said, "registers")}

    @cached_property
    def _dashboard(self) -> Dashboard:
        return Dashboard(self.whole.stories, self.whole.problems)

    def _history(self, chain: Chain) -> Values:
        page = history_page(self.whole.record, chain)
        title = f"{page.name}: all versions"
        head = Head(
            title=f"{title} · {self.site.name}",
            description=f"{title}. {page.title}. {page.state}",
            place="phases" if chain.newest.phase_folder else "documents",
            relations=(("latest-version", page.current.address),) if page.current else (),
        )
        return {"page": page, "head": head}

    def _latest(self, chain: Chain) -> Values:
        page = latest_page(chain)
        head = Head(
            title=f"{page.title} · {self.site.name}",
            description=f"{page.words} {page.target.text}.",
            relations=(("latest-version", page.target.address),) if chain.current else (),
            robots="noindex",
        )
        return {"page": page, "head": head}

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

    def _phases(self) -> Values:
        rows = phases_page(self.whole)
        return {"rows": rows, "head": self._head("Phases", f"The {len(rows)} phases of the record.", "phases")}

    def _integrity(self) -> Values:
        archived = [document.path for document in self.whole.record.documents if document.archived_by_folder]
        page = integrity_page(self.site, self.log.size, next(iter(archived), None), self.site.signed)
        said = "How to check that this site matches its sources and that no archived document has changed."
        return {"page": page, "head": self._head("Integrity", said, "integrity")}

    def _withdrawn(self, withdrawn: Withdrawn) -> Values:
        said = "This document was withdrawn. Its path, digest and reason are kept; its text is not."
        return {"page": withdrawn, "head": self._head("Withdrawn", said, "documents")}

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

    def _problems_json(self) -> bytes:
        return json_bytes([problem_json(problem) for problem in self.whole.problems])

    def _paths_json(self) -> bytes:
        """What the not-found page suggests from: title and address of every chain, once."""
        named = [chain.current or chain.newest for chain in self.whole.record.chains]
        return json_bytes([[document.title, addresses.url(addresses.view(document.path))[1:]] for document in named])


_EXAMPLES, _EXAMPLE_WORDS = 2, 3  # shown in the search field
_NOT_IN_SITEMAP = ("record/move.html", "record/not-found.html", "record/search.html", "record/withdrawn.html")


def json_bytes(value: Any) -> bytes:
    """JSON as this site writes it: UTF-8, no spaces, one line end."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
