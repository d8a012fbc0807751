"""Reading order: the current documents of a phase, in the order in which a new reader needs them."""

from __future__ import annotations

from dataclasses import dataclass

from loomworks_record.pages import addresses
from loomworks_record.pages.names import named
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import kilobytes
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.trajectory import Trajectory
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import AMENDMENTS, Role

_READ_FOR: dict[Role, str] = {
    "session": "where the phase stands",
    "amending": "what the amendment changes",
    "request": "what is authorised",
    "closing": "what was built, and how it went",
    "halt": "what stopped the build",
    "findings": "what was found",
    "scoping": "the phase as it was meant before the build",
    "drafting": "what the change request was drafted from",
    "inspection": "what was inspected before the build",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One document of the reading order."""

    link: Link
    said: str
    size: str


def reading_order(record: Record, phase: Phase, told: Trajectory) -> tuple[str, ...]:
    """The current documents of a phase for a new reader: the newest handoff, the change request, the newest notes
    on the build, then the trajectory from its end to its beginning, and what is not told there."""
    events = [event.path for event in reversed(told.events) if event.path]
    paths = [*events, *(document.path for document in phase.documents)]
    current = [record.by_path[path] for path in dict.fromkeys(paths)]
    current = [d for d in current if record.current(d) is d]
    first: list[Document] = []
    for roles in (("session", "handoff"), ("request",), ("closing",)):
        first += [d for d in current if d.role in roles][:1]
    rest = [document for document in current if document not in first]
    return tuple(document.path for document in [*first, *rest])


def reading(document: Document, told: Trajectory) -> Reading:
    """How the order shows one document."""
    cycle = next((c for c in told.cycles if any(event.path == document.path for event in c.events)), None)
    said = _READ_FOR.get(document.role, "")
    if document.role in AMENDMENTS and cycle:
        verb = "handed over" if document.role == "amendment-handoff" else "settled"
        said = f"what cycle {cycle.number} {verb}"
    return Reading(Link(named(document), addresses.view(document)), said, kilobytes(document.size))
