"""The stories of all phases of one record, each made when it is first asked for, and the state of each phase: from its
documents, unless its ``phase.yml`` says otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from loomworks_record import lazy
from loomworks_record.record.phases import Phase, PhaseFile
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.events import hands_over_the_end
from loomworks_record.record.trajectories.named_documents import CitationsOf, NamedNotHeld, Outside, outside
from loomworks_record.record.trajectories.trajectory import StoryPosition, Trajectory, place_in_trajectory, trajectory
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import NOTE, Role
from loomworks_record.source.names import Name, PhaseKey
from loomworks_record.source.problem import Problem, unreadable

_CLOSED = lazy.regex(r"\W*(?:phase \d+ )?(?:is )?closed\b(?! halt| question)", re.IGNORECASE)
_ENDED = lazy.regex(r"\b(?:closed|completed?|executed|merged|shipped|released)\b", re.IGNORECASE)
_NOT_YET = lazy.regex(
    r"\b(?:not|to be|until|when|once|before|after|if|unless|will|awaiting|awaits|pending|draft|partly|half)\b",
    re.IGNORECASE,
)
_PHASE_CLOSED = lazy.regex(r"\bphase\s+\d+\s+(?:is\s+)?(?:closed?|completed?|closes|closing)\b", re.IGNORECASE)

# A phase in one of these states is listed as active on the home page.
GOING_ON = frozenset({"active", "halted", "open"})


def closes(record: Record, document: Document) -> bool:
    """Whether a document is written at the end of a phase: by its kind, its name, or because it is the phase's
    request or a note whose own status says "closed"."""
    if _ends(document.role, document.name):
        return True
    if document.role != "request" and document.kind != NOTE.kind:
        return False
    said = _CLOSED.match(document.header.first("status") or "")
    return said is not None and record.current(document) is document


def looks_closed(record: Record, phase: Phase) -> Problem | None:
    """Where a phase counts as active although the title or the status of a document says that it has ended: how to
    say so."""
    for document in phase.documents:
        if record.current(document) is not document or document.role not in ("request", "session", "handoff", ""):
            continue
        status = document.header.first("status") or ""
        ended = _ENDED.search(status) if not _NOT_YET.search(status) else None
        titled = _PHASE_CLOSED.search(document.title)
        found = ended or titled
        if found and (ended is None or document.role == "request" or document.kind == NOTE.kind):
            where = "status" if ended else "title"
            return document.problem(
                "phase-looks-closed",
                f"the {where} says '{found.group()}', and {phase.label} counts as active: write 'state: closed' (or "
                f"'state: active') into phases/{phase.folder}/phase.yml, or file a closing note",
            )
    return None


def last_date(phase: Phase) -> date | None:
    """The date of its newest document."""
    return max((document.date for document in phase.documents if document.date), default=None)


def _closing(record: Record, phase: PhaseKey, each: NamedNotHeld) -> bool:
    kinds, number = record.config.kinds, each.name.phase_number or 0
    kind = kinds.of(each.name, f"phases/phase-{phase}/{each.name}")
    if not _ends(kinds.role(each.name, kind), each.name):
        return False
    return any(document.phase is None or document.phase > number for document, _ in each.named_by)


def _ends(role: Role, name: Name) -> bool:
    return role == "closing" or hands_over_the_end(role, name)


T = TypeVar("T")


class KeepStories(Protocol):
    """What ``make`` gives, or gave to an earlier run: see ``Whole``."""

    def __call__(
        self, what: str, of: type[T], make: Callable[[], T], problems_of: Callable[[T], Iterable[Problem]], /
    ) -> T: ...


def _made(what: str, of: type[T], make: Callable[[], T], problems_of: Callable[[T], Iterable[Problem]], /) -> T:
    return make()


@dataclass(frozen=True)
class Stories:
    """Trajectories, states and phase.yml files. ``citations_of`` gives the citations of the document at a path."""

    record: Record
    citations_of: CitationsOf
    kept: KeepStories = _made

    @cached_property
    def trajectories(self) -> dict[str, Trajectory]:
        """Folder → trajectory; all citations are read once."""
        told = self.kept("trajectories", tuple[Trajectory, ...], self._told, _problems)
        return {each.folder: each for each in told}

    def _told(self) -> tuple[Trajectory, ...]:
        return tuple(self._trajectory(phase, self._outside) for phase in self.record.phases)

    def _trajectory(self, phase: Phase, known: Outside) -> Trajectory:
        """Of a phase whose documents cannot be put in order, nothing is told."""
        try:
            return trajectory(self.record, phase, self.citations_of, known)
        except Exception as wrong:
            return Trajectory(phase.folder, (), (), (unreadable(f"phases/{phase.folder}", "what happened", wrong),))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is doubtful in trajectories and in phase.yml files."""
        told = _problems(self.trajectories.values())
        active = (phase for phase in self.record.phases if self.state(phase) == "active")
        unsaid = (phase for phase in active if not (file := self.file(phase)) or not file.state)
        looking = (looks_closed(self.record, phase) for phase in unsaid)
        return (*self.record.phase_files[1], *told, *(problem for problem in looking if problem))

    def of(self, phase: Phase) -> Trajectory:
        return self.trajectories[phase.folder]

    def state(self, phase: Phase) -> str:
        """What its phase.yml says; else "halted" while a halt is open, "closed" once the phase holds a document that
        closes it, or a later document names such notes, and "active" otherwise."""
        file = self.file(phase)
        if file and file.state:
            return file.state
        if self.of(phase).open_halts:
            return "halted"
        is_closed = phase.key in self._written_up or any(closes(self.record, document) for document in phase.documents)
        return "closed" if is_closed else "active"

    def file(self, phase: Phase) -> PhaseFile | None:
        """What its phase.yml says, or None when it has none."""
        return self.record.phase_files[0].get(phase.folder)

    def place(self, document: Document) -> StoryPosition | None:
        """Where a document stands in the trajectory of its phase; None outside phases."""
        phase = self.record.phase(document)
        return place_in_trajectory(self.of(phase), document.path) if phase else None

    @cached_property
    def _outside(self) -> Outside:
        return outside(self.record, self.citations_of)

    @cached_property
    def _written_up(self) -> frozenset[PhaseKey]:
        """The keys of phases whose implementation notes or close handoff are not held, and are named by a document of a
        later phase or of none. (The phase's own documents name what is yet to be written.)"""

        def make() -> frozenset[PhaseKey]:
            not_held = self._outside.not_held.items()
            return frozenset(key for key, names in not_held if any(_closing(self.record, key, each) for each in names))

        return self.kept("written up", frozenset[PhaseKey], make, lambda _: ())


def _problems(told: Iterable[Trajectory]) -> Iterator[Problem]:
    return (problem for each in told for problem in each.problems)
