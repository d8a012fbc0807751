"""The pages of a site: of each chain its versions, its history, the address of the latest and its comparisons; home,
lists, phases and what is to be printed of them, registers, integrity, search, not found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from loomworks_record.pages import addresses, moves, overviews
from loomworks_record.pages.compare import compare_head, compare_page, compared_pairs, former_pairs
from loomworks_record.pages.document import document_head, document_page
from loomworks_record.pages.documents import FiledPage, ListPage, filed_pages, list_pages
from loomworks_record.pages.history import HistoryPage, empty_timemap, history_page, timemap, withdrawn_history
from loomworks_record.pages.integrity import integrity_page
from loomworks_record.pages.phase import phase_head, phase_page
from loomworks_record.pages.plan_parts import ComparisonOf, PlannedPage, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.print_page import printed_documents, printed_head, printed_page
from loomworks_record.pages.registers import NotHeldRegister, Register
from loomworks_record.pages.shell import TRAJECTORY_CSS, Link, document_data, head_values
from loomworks_record.pages.since import neighbours
from loomworks_record.pages.since_page import since_page
from loomworks_record.pages.wording import MOVED_GROUND
from loomworks_record.record.chains import Chain
from loomworks_record.record.phases import Phase
from loomworks_record.source.document import Document
from loomworks_record.source.names import is_document_name

_PLACE = "registers"


def _page(
    planning: Planning, address: str, template: str, values: Callable[..., Values], *of: object, **more: Any
) -> PlannedPage:
    """``values`` are asked of the plan and ``of`` these; ``more`` as ``PlannedPage`` has it."""
    return PlannedPage(address, f"record/{template}", partial(values, planning, *of), **more)


def home(planning: Planning) -> Iterator[PlannedPage]:
    yield _page(planning, addresses.HOME, "home.html", _home)


def lists(planning: Planning) -> Iterator[PlannedPage]:
    """All documents, and all filings by day."""
    for page in list_pages(planning.whole.record, planning.withdrawn_documents):
        yield _page(planning, addresses.documents(page.number), "documents.html", _list, page)
    for filed in filed_pages(planning.dashboard):
        yield _page(planning, addresses.filed(filed.number), "filed.html", _filed, filed)


def integrity(planning: Planning) -> Iterator[PlannedPage]:
    """How to check the site; and what stands for each attachment that was withdrawn."""
    yield _page(planning, addresses.INTEGRITY, "integrity.html", _integrity)
    for withdrawn in planning.log.withdrawn:
        if not is_document_name(withdrawn.path.rpartition("/")[2]):
            values = partial(moves.withdrawn_values, planning.site, moves.attachment_page(withdrawn))
            yield PlannedPage(addresses.view_at(withdrawn.path), "record/withdrawn.html", values)


def not_found_and_search(planning: Planning) -> Iterator[PlannedPage]:
    """The page for what is not there, and the search."""
    yield _page(planning, addresses.NOT_FOUND, "not-found.html", _not_found)
    if planning.site.search:
        yield _page(planning, addresses.SEARCH, "search.html", _search)


def _home(planning: Planning) -> Values:
    page = overviews.home_page(planning.dashboard, planning.site, listed_registers(planning))
    return {"page": page, "head": overviews.home_head(planning.site)}


def _list(planning: Planning, page: ListPage) -> Values:
    number = f", page {page.number}" if page.number > 1 else ""
    said = f"Every document of the record{number}. {page.showing}."
    head = planning.site.head(f"Documents{number}", said, "documents", scripts=_filtered("documents"))
    return {"page": page, "head": head}


def _filed(planning: Planning, page: FiledPage) -> Values:
    title = f"Filed, page {page.number}" if page.number > 1 else "Filed"
    return {"page": page, "head": planning.site.head(title, page.said, "filed", scripts=("assets/record/filed.js",))}


def _integrity(planning: Planning) -> Values:
    documents, log = planning.whole.record.documents, planning.log
    logged = (document for document in documents if document.path in log.entries)
    said = "How to check that this site matches its sources and that no archived document has changed."
    page = integrity_page(planning.site, log.size, next(logged, None))
    return {"page": page, "head": planning.site.head("Integrity", said, "integrity")}


def _not_found(planning: Planning) -> Values:
    title = "There is no page at this address"
    return {"head": planning.site.head(title, f"{title}.", scripts=("assets/record/not-found.js",), robots="noindex")}


def _search(planning: Planning) -> Values:
    said = "Full text search over every version of every document."
    return {"head": planning.site.head("Search", said, scripts=_filtered("search"))}


def _filtered(script: str) -> tuple[str, ...]:
    return ("assets/record/filters.js", f"assets/record/{script}.js")


def register_pages(planning: Planning) -> Iterator[PlannedPage]:
    for register in planning.registers:
        yield _page(planning, register.address, "register.html", _register, register)
    yield _page(planning, addresses.REGISTERS, "registers.html", _registers)
    not_held = planning.not_held
    yield _page(planning, not_held.address, "not-held.html", _register, not_held)
    yield _page(planning, addresses.HALTS, "halts.html", _halts)
    yield _page(planning, addresses.PROBLEMS, "problems.html", _problems)
    yield _page(planning, addresses.MOVED, "moved.html", _moved)


def listed_registers(planning: Planning) -> tuple[tuple[Link, int], ...]:
    """Every register that has rows, with their number."""
    every: tuple[Register | NotHeldRegister, ...] = (*planning.registers, planning.not_held)
    own = [(Link(each.title, each.address), each.count) for each in every]
    own.append((Link("Halts", addresses.HALTS), len(overviews.halts(planning.whole.stories))))
    own.append((Link(MOVED_GROUND, addresses.MOVED), len(planning.moved.rows)))
    own.append((Link("Problems", addresses.PROBLEMS), len(planning.whole.problems)))
    return tuple((link, count) for link, count in own if count)


def _register(planning: Planning, register: Register | NotHeldRegister) -> Values:
    said = f"{register.title}: {register.count:,} in the record."
    scripts = ("assets/record/register.js",) if isinstance(register, Register) else ()
    return {"page": register, "head": planning.site.head(register.title, said, _PLACE, scripts=scripts)}


def _registers(planning: Planning) -> Values:
    said = "Change requests, decisions, gates, candidates, halts, problems: gathered over the record."
    return {"registers": listed_registers(planning), "head": planning.site.head("Registers", said, _PLACE)}


def _halts(planning: Planning) -> Values:
    said = "Every halt of the record, and what answered it."
    return {"rows": overviews.halts(planning.whole.stories), "head": planning.site.head("Halts", said, _PLACE)}


def _moved(planning: Planning) -> Values:
    moved = planning.moved
    head = planning.site.head(MOVED_GROUND, f"{moved.said}.", _PLACE)
    return {"rows": moved.rows, "said": moved.said, "title": MOVED_GROUND, "head": head}


def _problems(planning: Planning) -> Values:
    counts, rows = overviews.problem_rows(planning.whole.stories, planning.whole.problems, planning.known)
    head = planning.site.head("Problems", "What is wrong or doubtful in the record.", _PLACE)
    return {"said": counts, "rows": rows, "head": head}


def phase_pages(planning: Planning) -> Iterator[PlannedPage]:
    for phase in planning.whole.record.phases:
        sizes = partial(_sizes, planning, phase)
        yield _page(planning, addresses.phase(phase.folder), "phase.html", _phase, phase, besides=sizes)


def phases_index(planning: Planning) -> Iterator[PlannedPage]:
    yield _page(planning, addresses.PHASES, "phases.html", _phases)


def printed_pages(planning: Planning) -> Iterator[PlannedPage]:
    for phase in planning.whole.record.phases:
        part = printed_documents(planning.whole, phase)
        yield _page(planning, addresses.printable(phase.folder), "print.html", _printed, phase, part=part)


def _phase(planning: Planning, phase: Phase) -> Values:
    identifiers = planning.identifiers.get(phase.folder, ())
    size = planning.contexts[phase.folder].size
    page = phase_page(planning.whole.stories, phase, identifiers, size, planning.sidebars)
    return {"page": page, "head": phase_head(planning.site, phase, page)}


def _sizes(planning: Planning, phase: Phase) -> tuple[object, ...]:
    return planning.contexts[phase.folder].size, [document.size for document in phase.documents]


def _phases(planning: Planning) -> Values:
    rows = overviews.phases_page(planning.whole)
    said = f"The {len(rows)} phases of the record."
    head = planning.site.head("Phases", said, "phases", stylesheets=(TRAJECTORY_CSS,))
    return {"rows": rows, "kinds": overviews.kinds_drawn(rows), "head": head}


def _printed(planning: Planning, phase: Phase) -> Values:
    page = printed_page(planning.whole, planning.site, phase)
    return {"page": page, "head": printed_head(planning.site, page)}


def chain_pages(planning: Planning) -> Iterator[PlannedPage]:
    """The pages of every chain, those of one together; then of chains that have another name now, and of those of which
    every version was withdrawn."""
    record = planning.whole.record
    for chain in record.chains:
        yield from _of_chain(planning, chain)
    for chain_id, chain in moves.renamed_chains(record).items():
        yield _page(planning, addresses.timemap(chain_id), "timemap.link", _timemap, chain)
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

    page = partial(_page, planning, chain=chain.id)
    for document in chain.versions:
        yield page_of(planning, document)
        moved = moves.below_archive(document)
        if moved:
            yield page(addresses.view_at(document.path), "move.html", _move, moved)
    yield page(addresses.history(chain.id), "history.html", _history, chain)
    yield page(addresses.latest(chain.id), "move.html", _latest, chain)
    yield page(addresses.timemap(chain.id), "timemap.link", _timemap, chain)
    if neighbours(chain):
        yield page(addresses.since(chain.id), "since.html", _since, chain, part=chain.newest)
    for old, new in former_pairs(chain, compare_all):
        yield page(addresses.compare(chain.id, old, new), "move.html", _move, moves.former_comparison(chain, old, new))
    yield from _missing(planning, chain.id, chain)
    for old, new in compared_pairs(chain, compare_all):
        address, compared = addresses.compare(chain.id, old, new), ComparisonOf(chain, old, new)
        yield page(address, "compare.html", _compare, chain, old, new, part=compared)


def page_of(planning: Planning, document: Document) -> PlannedPage:
    """The page that shows a document."""
    values, address = partial(_document, planning, document), addresses.view(document)
    return PlannedPage(address, "record/document.html", values, document.path, document, document.chain)


def _missing(planning: Planning, chain_id: str, chain: Chain | None) -> Iterator[PlannedPage]:
    gone = planning.missing.get(chain_id, ())
    for one in gone:
        page = moves.withdrawn_page(planning.whole.record, one)
        values = partial(moves.withdrawn_values, planning.site, page)
        yield PlannedPage(addresses.view(one.document), "record/withdrawn.html", values, chain=chain_id)
    for address, move in moves.moves_of_missing(chain_id, gone, chain) if gone else ():
        yield _page(planning, address, "move.html", _move, move, chain=chain_id)


def _move(planning: Planning, page: moves.Move) -> Values:
    return moves.move_values(planning.site, page)


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
    head = planning.site.head(page.title, said, _place(chain), stylesheets=("assets/record/since.css",))
    return {"page": page, "head": head}


def _place(chain: Chain) -> str:
    return "phases" if chain.newest.phase_folder else "documents"


def _history_values(planning: Planning, page: HistoryPage, place: str) -> Values:
    title = f"{page.name}: all versions"
    relations = [("latest-version", page.current.address)] if page.current else []
    if page.chain in planning.whole.record.chain_by_id:
        relations.append(("timemap", addresses.timemap(page.chain)))
    said = f"{title}. {page.title}. {page.state}"
    return {"page": page, "head": planning.site.head(title, said, place, relations=tuple(relations))}


def _timemap(planning: Planning, chain: Chain) -> Values:
    return {"page": timemap(planning.whole.record, planning.site, chain)}


def _latest(planning: Planning, chain: Chain) -> Values:
    page = moves.latest_page(chain)
    latest = (("latest-version", page.target.address),) if chain.current else ()
    return moves.move_values(planning.site, page, (*latest, ("timemap", addresses.timemap(chain.id))))
