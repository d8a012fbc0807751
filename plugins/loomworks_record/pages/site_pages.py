"""The pages of a site that are of no chain: home, lists, phases and what is to be printed of them, registers,
integrity, search, not found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from loomworks_record.pages import addresses
from loomworks_record.pages.documents import ListPage, list_pages
from loomworks_record.pages.filings import FiledPage, filed_pages
from loomworks_record.pages.ground import MOVED
from loomworks_record.pages.halts import HALTS, PROBLEMS, halts, problems_page
from loomworks_record.pages.home import home_head, home_page
from loomworks_record.pages.integrity import integrity_page
from loomworks_record.pages.phase import phase_head, phase_page
from loomworks_record.pages.phases import kinds_drawn, phases_page
from loomworks_record.pages.planned import PlannedPage, TextsOf, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.printed import printed_documents, printed_head, printed_page
from loomworks_record.pages.registers import NotHeldRegister, Register
from loomworks_record.pages.shell import TRAJECTORY_CSS, Link
from loomworks_record.pages.withdrawn import attachment_page, withdrawn_values
from loomworks_record.pages.wording import MOVED_GROUND
from loomworks_record.record.phases import Phase
from loomworks_record.source.names import is_document_name

_PLACE = "registers"


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
            values = partial(withdrawn_values, planning.site, attachment_page(withdrawn))
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


def _not_found(planning: Planning) -> Values:
    title = "There is no page at this address"
    return {"head": planning.head(title, f"{title}.", scripts=("assets/record/not-found.js",), robots="noindex")}


def _search(planning: Planning) -> Values:
    said = "Full text search over every version of every document."
    return {"head": planning.head("Search", said, scripts=_filtered("search"))}


def _filtered(script: str) -> tuple[str, ...]:
    return ("assets/record/filters.js", f"assets/record/{script}.js")


def register_pages(planning: Planning) -> Iterator[PlannedPage]:
    """All of them."""
    for register in planning.registers:
        yield PlannedPage(register.address, "record/register.html", partial(_register, planning, register))
    yield PlannedPage(addresses.REGISTERS, "record/registers.html", partial(_registers, planning))
    not_held = planning.not_held
    yield PlannedPage(not_held.address, "record/not-held.html", partial(_register, planning, not_held))
    yield PlannedPage(HALTS, "record/halts.html", partial(_halts, planning))
    yield PlannedPage(PROBLEMS, "record/problems.html", partial(_problems, planning))
    yield PlannedPage(MOVED, "record/moved.html", partial(_moved, planning))


def listed_registers(planning: Planning) -> tuple[tuple[Link, int], ...]:
    """Every register that has rows, with their number."""
    every: tuple[Register | NotHeldRegister, ...] = (*planning.registers, planning.not_held)
    own = [(Link(each.title, each.address), each.count) for each in every]
    own.append((Link("Halts", HALTS), len(halts(planning.whole.stories))))
    own.append((Link(MOVED_GROUND, MOVED), len(planning.moved.rows)))
    own.append((Link("Problems", PROBLEMS), len(planning.whole.problems)))
    return tuple((link, count) for link, count in own if count)


def _register(planning: Planning, register: Register | NotHeldRegister) -> Values:
    said = f"{register.title}: {register.count:,} in the record."
    scripts = ("assets/record/register.js",) if isinstance(register, Register) else ()
    return {"page": register, "head": planning.head(register.title, said, _PLACE, scripts)}


def _registers(planning: Planning) -> Values:
    said = "Change requests, decisions, gates, candidates, halts, problems: gathered over the record."
    return {"registers": listed_registers(planning), "head": planning.head("Registers", said, _PLACE)}


def _halts(planning: Planning) -> Values:
    said = "Every halt of the record, and what answered it."
    return {"rows": halts(planning.whole.stories), "head": planning.head("Halts", said, _PLACE)}


def _moved(planning: Planning) -> Values:
    moved = planning.moved
    head = planning.head(MOVED_GROUND, f"{moved.said}.", _PLACE)
    return {"rows": moved.rows, "said": moved.said, "title": MOVED_GROUND, "head": head}


def _problems(planning: Planning) -> Values:
    page = problems_page(planning.whole.stories, planning.whole.problems, planning.known)
    said = "What is wrong or doubtful in the record."
    return {"page": page, "head": planning.head("Problems", said, _PLACE)}


def phase_pages(planning: Planning) -> Iterator[PlannedPage]:
    """One a phase."""
    for phase in planning.whole.record.phases:
        values, sizes = partial(_phase, planning, phase), partial(_sizes, planning, phase)
        yield PlannedPage(addresses.phase(phase.folder), "record/phase.html", values, besides=sizes)


def phases_index(planning: Planning) -> Iterator[PlannedPage]:
    """The list of all."""
    yield PlannedPage(addresses.PHASES, "record/phases.html", partial(_phases, planning))


def printed_pages(planning: Planning) -> Iterator[PlannedPage]:
    """One a phase, to be printed."""
    for phase in planning.whole.record.phases:
        values, part = partial(_printed, planning, phase), TextsOf(printed_documents(planning.whole, phase))
        yield PlannedPage(addresses.printable(phase.folder), "record/print.html", values, part=part)


def _phase(planning: Planning, phase: Phase) -> Values:
    identifiers = planning.identifiers.get(phase.folder, ())
    size = planning.contexts[phase.folder].size
    page = phase_page(planning.whole.stories, phase, identifiers, size, planning.sidebars)
    return {"page": page, "head": phase_head(planning.site, phase, page)}


def _sizes(planning: Planning, phase: Phase) -> tuple[object, ...]:
    return planning.contexts[phase.folder].size, [document.size for document in phase.documents]


def _phases(planning: Planning) -> Values:
    rows = phases_page(planning.whole)
    said = f"The {len(rows)} phases of the record."
    head = planning.head("Phases", said, "phases", stylesheets=(TRAJECTORY_CSS,))
    return {"rows": rows, "kinds": kinds_drawn(rows), "head": head}


def _printed(planning: Planning, phase: Phase) -> Values:
    page = printed_page(planning.whole, planning.site, phase)
    return {"page": page, "head": printed_head(planning.site, page)}
