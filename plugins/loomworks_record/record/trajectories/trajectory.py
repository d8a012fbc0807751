"""Trajectories: what happened in a phase, cycle by cycle. Nothing is told that no document says.

How cycles are found stands in docs/trajectories.md; ``cycles`` ties them, this module tells them.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.cast import Cast, Participant
from loomworks_record.record.trajectories.cycles import Knot, cycle_of, cycle_problems, knots, versions_by_cycle
from loomworks_record.record.trajectories.events import Event, event, told
from loomworks_record.record.trajectories.halts import halts
from loomworks_record.record.trajectories.named_documents import CitationsOf, Outside
from loomworks_record.source.problem import Problem, sort_key
from loomworks_record.source.version import Version

CycleState = Literal["open", "answered"]


class Cycle(Struct, frozen=True):
    """One halt with the amendment that answers it.

    ``halt`` is the path of its note, the file name of one that is not held, or None where no document names one.
    ``target`` is the version of the change request that it leads to, held or not; ``answered_by`` the path of the
    held version that answers it. ``events`` begin with the halt, if there is one.
    """

    number: int
    halt: str | None
    state: CycleState
    answered_by: str | None
    target: Version | None
    events: tuple[Event, ...]

    @property
    def halted(self) -> Event | None:
        """The event of the halt: the first version of its note."""
        return next((event for event in self.events if event.role == "halt"), None)

    @property
    def answer(self) -> Event | None:
        """The version of the change request that answers it, where it is told in this cycle."""
        return next((event for event in self.events if event.path and event.path == self.answered_by), None)


class Trajectory(Struct, frozen=True):
    """The cycles of a phase by number; ``prologue`` is what came before the first halt."""

    folder: str
    prologue: tuple[Event, ...]
    cycles: tuple[Cycle, ...]
    problems: tuple[Problem, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """All events, in order."""
        return (*self.prologue, *(event for cycle in self.cycles for event in cycle.events))

    @property
    def open_halts(self) -> tuple[Cycle, ...]:
        """The cycles whose halt no held change request answers."""
        return tuple(cycle for cycle in self.cycles if cycle.state == "open" and cycle.halt)


class StoryPosition(Struct, frozen=True):
    """Where a document stands: its cycle (None in the prologue), its event, and the events around it."""

    cycle: Cycle | None
    event: Event
    previous: Event | None
    next: Event | None


def trajectory(record: Record, phase: Phase, citations_of: CitationsOf, known: Outside) -> Trajectory:
    """What happened in one phase. ``citations_of`` gives the citations of the document at a path; ``known`` is
    what ``outside`` found."""
    key = -1 if phase.key is None else phase.key
    return _told(Cast(record, phase, citations_of, known.halts.get(key, ()), known.not_held.get(key, ())))


def trajectory_json(trajectory: Trajectory) -> dict[str, Any]:
    """``prologue`` and ``trajectory`` of a phase as ``loomworks-record/1`` gives them."""
    return {
        "prologue": [_event_json(event) for event in trajectory.prologue],
        "trajectory": [
            {
                "cycle": cycle.number,
                "halt": cycle.halt,
                "state": cycle.state,
                "events": [_event_json(event) for event in cycle.events],
            }
            for cycle in trajectory.cycles
        ],
    }


def place_in_trajectory(trajectory: Trajectory, path: str) -> StoryPosition | None:
    """Where the document at ``path`` stands in its phase's trajectory, or None when it is not told there."""
    events = trajectory.events
    at = next((at for at, event in enumerate(events) if event.path == path), None)
    if at is None:
        return None
    cycle = next((cycle for cycle in trajectory.cycles if any(event.path == path for event in cycle.events)), None)
    before = events[at - 1] if at else None
    after = events[at + 1] if at + 1 < len(events) else None
    return StoryPosition(cycle, events[at], before, after)


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "path": event.path,
        "name": event.name,
        "date": event.date.isoformat() if event.date else None,
        "held": event.held,
    }


def _told(cast: Cast) -> Trajectory:
    tied = knots(cast, halts(cast))
    versions = versions_by_cycle(cast, tied)
    others = [(part, *cycle_of(cast, part, tied)) for part in cast.others]
    prologue = told(cast, versions.get(0, []), (part for part, number, _ in others if number == 0))
    return Trajectory(
        folder=cast.phase.folder,
        prologue=tuple(event(cast, part) for part in prologue),
        cycles=tuple(_cycle(cast, knot, versions.get(knot.number, []), others) for knot in tied),
        problems=tuple(sorted(cycle_problems(tied), key=sort_key)),
    )


def _cycle(cast: Cast, knot: Knot, versions: list[Participant], others: list[tuple[Participant, int, bool]]) -> Cycle:
    halt_parts = knot.halt.parts if knot.halt else ()
    core = [*halt_parts, *told(cast, [], knot.amendments), *versions]
    beside = [part for part, number, after in others if number == knot.number and not after]
    behind = [part for part, number, after in others if number == knot.number and after]
    story = told(cast, core, beside, behind)
    return Cycle(
        number=knot.number,
        halt=knot.halt.note if knot.halt else None,
        state="answered" if knot.answer else "open",
        answered_by=knot.answer.path if knot.answer else None,
        target=knot.target.version if knot.target else None,
        events=tuple(event(cast, part, knot.halt if part in halt_parts else None) for part in story),
    )
