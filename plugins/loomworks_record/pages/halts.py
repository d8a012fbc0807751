"""``/registers/halts/`` and ``/registers/problems/``: what stopped a build, and what is wrong in the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Link
from loomworks_record.pages.trajectory_words import answer_address, cycle_title, cycle_words, event_name
from loomworks_record.record.phases import Phase
from loomworks_record.record.trajectories.stories import Stories
from loomworks_record.record.trajectories.trajectory import Cycle, CycleState
from loomworks_record.source.problem import CODES, Problem

HALTS = addresses.register("halts")
PROBLEMS = addresses.register("problems")


@dataclass(frozen=True, slots=True)
class HaltRow:
    """One halt. ``note`` leads to its note where that is held; ``place`` says where it is otherwise."""

    title: str
    cycle: Link
    phase: Link
    date: date | None
    state: CycleState
    words: str
    answer: str
    name: str
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem. ``address`` leads to the document's page, or is "" where it has none."""

    severity: str
    path: str
    line: int | None
    address: str
    message: str
    code: str
    remedy: str
    known: bool


@dataclass(frozen=True, slots=True)
class ProblemsPage:
    """``said`` counts them by severity."""

    said: str
    rows: tuple[ProblemRow, ...]


def halts(stories: Stories) -> tuple[HaltRow, ...]:
    """Every halt of every phase: open ones first, then newest first."""
    rows = [_halt(stories, phase, cycle) for phase, cycle in halted_cycles(stories)]
    return tuple(sorted(rows, key=lambda row: (row.state != "open", -(row.date or date.min).toordinal())))


def problems_page(stories: Stories, problems: Sequence[Problem], known: frozenset[Problem]) -> ProblemsPage:
    """Errors first, then warnings, then notices, each by place. ``known`` are those that the baseline lists."""
    ranks = {"error": 0, "warning": 1, "notice": 2}
    counted = Counter[str](problem.severity for problem in problems)
    said = ", ".join(f"{counted[each]} {each}{'' if counted[each] == 1 else 's'}" for each in ranks if counted[each])
    held = stories.record.by_path
    rows = [
        ProblemRow(
            severity=problem.severity,
            path=problem.path,
            line=problem.line,
            address=addresses.view(held[problem.path]) if problem.path in held else "",
            message=problem.message,
            code=problem.code,
            remedy=CODES[problem.code].remedy,
            known=problem in known,
        )
        for problem in sorted(problems, key=lambda problem: ranks[problem.severity])
    ]
    return ProblemsPage(said, tuple(rows))


def halted_cycles(stories: Stories) -> Iterator[tuple[Phase, Cycle]]:
    """Every halt with its phase, the newest of a phase first."""
    for phase in stories.record.phases:
        for cycle in reversed(stories.of(phase).cycles):
            if cycle.halt:
                yield phase, cycle


def _halt(stories: Stories, phase: Phase, cycle: Cycle) -> HaltRow:
    record, halted = stories.record, cycle.halted
    note = record.by_path.get(halted.path or "") if halted else None
    page = addresses.phase(phase.folder)
    return HaltRow(
        title=cycle_title(cycle),
        cycle=Link(cycle_title(cycle), f"{page}#cycle-{cycle.number}"),
        phase=Link(phase.heading, page),
        date=halted.date if halted else None,
        state=cycle.state,
        words=cycle_words(record, cycle),
        answer=answer_address(record, cycle),
        name=event_name(record, halted) if halted else "",
        note=addresses.view(note) if note else "",
        place=halted.place if halted else "",
    )
