"""The stories of all phases of one record, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from loomworks_record.record.phase_files import PhaseFile
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.named import CitationsOf, Outside, outside
from loomworks_record.record.trajectories.phase_state import looks_closed, phase_files, phase_state, written_up
from loomworks_record.record.trajectories.trajectory import StoryPosition, Trajectory, place_in_trajectory, trajectory
from loomworks_record.source.document import Document
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.problem import Problem, unreadable

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
        active = (phase for phase in self.record.phases if self.state(phase) == "active" and not self._said(phase))
        looking = (looks_closed(self.record, phase) for phase in active)
        return (*self._files[1], *told, *(problem for problem in looking if problem))

    def of(self, phase: Phase) -> Trajectory:
        return self.trajectories[phase.folder]

    def state(self, phase: Phase) -> str:
        """See ``phase_state``."""
        return phase_state(self.record, phase, self.of(phase), self.file(phase), phase.key in self._written_up)

    def file(self, phase: Phase) -> PhaseFile | None:
        """What its phase.yml says, or None when it has none."""
        return self._files[0].get(phase.folder)

    def place(self, document: Document) -> StoryPosition | None:
        """Where a document stands in the trajectory of its phase; None outside phases."""
        phase = self.record.phase(document)
        return place_in_trajectory(self.of(phase), document.path) if phase else None

    def _said(self, phase: Phase) -> bool:
        """Whether its phase.yml says a state."""
        file = self.file(phase)
        return file is not None and bool(file.state)

    @cached_property
    def _files(self) -> tuple[Mapping[str, PhaseFile], tuple[Problem, ...]]:
        return phase_files(self.record)

    @cached_property
    def _outside(self) -> Outside:
        return outside(self.record, self.citations_of)

    @cached_property
    def _written_up(self) -> frozenset[PhaseKey]:
        return self.kept(
            "written up",
            frozenset[PhaseKey],
            lambda: written_up(self.record, self._outside.not_held),
            lambda found: (),
        )


def _problems(told: Iterable[Trajectory]) -> Iterator[Problem]:
    return (problem for each in told for problem in each.problems)
