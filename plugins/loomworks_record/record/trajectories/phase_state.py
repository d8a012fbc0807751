"""The state of a phase: from its documents, unless its ``phase.yml`` says otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from loomworks_record import lazy
from loomworks_record.record.phase_files import PhaseFile, read_phase_files
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.events import hands_over_the_end
from loomworks_record.record.trajectories.named import NamedNotHeld
from loomworks_record.record.trajectories.trajectory import Trajectory
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import NOTE, Role
from loomworks_record.source.names import Name, PhaseKey
from loomworks_record.source.problem import Problem

_CLOSED = lazy.regex(r"\W*(?:phase \d+ )?(?:is )?closed\b(?! halt| question)", re.IGNORECASE)
_ENDED = lazy.regex(r"\b(?:closed|completed?|executed|merged|shipped|released)\b", re.IGNORECASE)
_NOT_YET = lazy.regex(
    r"\b(?:not|to be|until|when|once|before|after|if|unless|will|awaiting|awaits|pending|draft|partly|half)\b",
    re.IGNORECASE,
)
_PHASE_CLOSED = lazy.regex(r"\bphase\s+\d+\s+(?:is\s+)?(?:closed?|completed?|closes|closing)\b", re.IGNORECASE)

# A phase in one of these states is listed as active on the home page.
GOING_ON = frozenset({"active", "halted", "open"})


def phase_files(record: Record) -> tuple[Mapping[str, PhaseFile], tuple[Problem, ...]]:
    """Folder → what its phase.yml says, and what was wrong with these files."""
    return read_phase_files(record.content.phase_files)


def phase_state(record: Record, phase: Phase, told: Trajectory, file: PhaseFile | None, written_up: bool) -> str:
    """ "halted" while a halt is open; "closed" once the phase holds a document that closes it, or a later document
    names such notes (``written_up``); else "active"."""
    if file and file.state:
        return file.state
    if told.open_halts:
        return "halted"
    return "closed" if written_up or any(closes(record, document) for document in phase.documents) else "active"


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
            return Problem(
                document.path, None, "phase-looks-closed",
                f"the {where} says '{found.group()}', and {phase.label} counts as active: write 'state: closed' (or "
                f"'state: active') into phases/{phase.folder}/phase.yml, or file a closing note",
            )  # fmt: skip
    return None


def written_up(record: Record, not_held: Mapping[PhaseKey, tuple[NamedNotHeld, ...]]) -> frozenset[PhaseKey]:
    """The numbers of phases whose implementation notes or close handoff are not held, and are named by a document
    of a later phase or of none. (The phase's own documents name what is yet to be written.)"""
    return frozenset(
        number for number, names in not_held.items() if any(_closing(record, number, each) for each in names)
    )


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
