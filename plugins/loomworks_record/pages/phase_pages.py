"""The pages of phases: each phase's own, the list of all, and the reading order of each, to be printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from loomworks_record.pages import addresses
from loomworks_record.pages.head import TRAJECTORY_CSS
from loomworks_record.pages.phase import phase_head, phase_page
from loomworks_record.pages.phases import kinds_drawn, phases_page
from loomworks_record.pages.planned import PlannedPage, TextsOf, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.printed import printed_documents, printed_head, printed_page
from loomworks_record.record.phases import Phase


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
        texts = printed_documents(planning.whole, phase)
        weight = sum(document.size for document in texts)
        yield PlannedPage(
            addresses.printable(phase.folder), "record/print.html", partial(_printed, planning, phase),
            part=TextsOf(texts), weight=weight,
        )  # fmt: skip


def _phase(planning: Planning, phase: Phase) -> Values:
    identifiers = planning.identifiers.get(phase.folder, ())
    size = planning.contexts[phase.folder].size
    page = phase_page(planning.whole.stories, phase, identifiers, size, planning.sidebars)
    return {"page": page, "head": phase_head(planning.site, phase, page)}


def _sizes(planning: Planning, phase: Phase) -> tuple[object, ...]:
    return planning.contexts[phase.folder].size, [document.size for document in phase.documents]


def _phases(planning: Planning) -> Values:
    rows = phases_page(planning.whole)
    head = planning.head("Phases", f"The {len(rows)} phases of the record.", "phases")
    return {"rows": rows, "kinds": kinds_drawn(rows), "head": replace(head, stylesheets=(TRAJECTORY_CSS,))}


def _printed(planning: Planning, phase: Phase) -> Values:
    page = printed_page(planning.whole, planning.site, phase)
    return {"page": page, "head": printed_head(planning.site, page)}
