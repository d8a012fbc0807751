"""The state of a phase: from its documents, unless its ``phase.yml`` says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from loomworks_record.record.phase_files import PhaseFile, read_phase_files
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.named import NotHeld
from loomworks_record.record.trajectories.trajectory import Trajectory
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem

# A phase in one of these states is listed as active on the home page.
GOING_ON = frozenset({"active", "halted", "open"})


def phase_files(record: Record) -> tuple[Mapping[str, PhaseFile], tuple[Problem, ...]]:
    """Folder → what its phase.yml says, and what was wrong with these files."""
    return read_phase_files(record.content.phase_files)


def phase_state(phase: Phase, told: Trajectory, file: PhaseFile | None = None, written_up: bool = False) -> str:
    """ "halted" while a halt is open; "closed" once the phase holds implementation notes or a close handoff that
    no later halt follows, or a later document names such notes (``written_up``); else "active"."""
    if file and file.state:
        return file.state
    if told.open_halts:
        return "halted"
    return "closed" if written_up or any(map(closes, phase.documents)) else "active"


def closes(document: Document) -> bool:
    """Whether a document is written at the end of a phase."""
    if document.kind == "implementation-notes":
        return True
    words = document.name.subject.lower().split("-")
    return document.kind in ("session-handoff", "handoff") and "close" in words


def written_up(record: Record, not_held: Mapping[int, tuple[NotHeld, ...]]) -> frozenset[int]:
    """The numbers of phases whose implementation notes or close handoff are not held, and are named by a document
    of a later phase or of none. (The phase's own documents name what is yet to be written.)"""
    return frozenset(
        number for number, names in not_held.items() if any(_closing(record, number, each) for each in names)
    )


def last_date(phase: Phase) -> date | None:
    """The date of its newest document."""
    return max((document.date for document in phase.documents if document.date), default=None)


def _closing(record: Record, number: int, each: NotHeld) -> bool:
    kind = record.config.kinds.of(each.name, f"phases/phase-{number}/{each.name}")
    words = each.name.subject.lower().split("-")
    if kind != "implementation-notes" and not (kind == "session-handoff" and "close" in words):
        return False
    return any(document.phase is None or document.phase > number for document, _ in each.named_by)
