"""Events: what each document of a phase stands for in its trajectory, and in which order they are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from loomworks_record.record.trajectories.cast import Cast, Participant
from loomworks_record.record.trajectories.halts import Halt
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import Role
from loomworks_record.source.names import Name
from loomworks_record.source.version import Version, version_key

# Ranks of what its kind does not say: a request about a request, others that follow a version, the end of a phase.
_AMENDING, _AFTER, _CLOSING = 7, 10, 12


def hands_over_the_end(role: Role, name: Name) -> bool:
    """Whether a document is the handoff at the close of a phase: "phase-56-close-session-handoff"."""
    return role in ("session", "handoff") and "close" in name.subject.lower().split("-")


class Event(Struct, frozen=True):
    """One step of a trajectory. ``verb`` begins the sentence about it ("Halted at Step 2b"); ``path`` is None for
    a document that is not held, ``name`` its file name, ``place`` where the text says that it is held.
    ``said`` is what the name of a halt note says after that which makes it one: "2026-05-12-step-2b-live"."""

    kind: str
    role: Role
    verb: str
    path: str | None
    name: str
    date: date | None
    held: bool
    place: str = ""
    step: str = ""
    version: Version | None = None
    said: str = ""


def event(cast: Cast, part: Participant, halt: Halt | None = None) -> Event:
    """The event that a part stands for; ``halt`` for the parts of a halt note."""
    document = part.document
    step = halt.step if halt else ""
    return Event(
        kind=document.kind,
        role=document.role,
        verb=_verb(cast, document, step),
        path=document.path if part.held else None,
        name=str(document.name),
        date=document.date,
        held=part.held,
        place=part.place,
        step=step,
        version=document.version,
        said=cast.record.config.kinds.after_mark(document.name, document.kind) if document.role == "halt" else "",
    )


def told(
    cast: Cast, core: Sequence[Participant], others: Iterable[Participant], after: Iterable[Participant] = ()
) -> list[Participant]:
    """``core`` in its own order, with the others put between: by date, and where dates are equal or missing, as
    such documents usually follow each other. ``after`` are others that follow a change request of the core."""
    story = [(part, rank(cast, part)) for part in core]
    rest = [(part, rank(cast, part)) for part in others] + [(part, _AFTER) for part in after]
    for part, weight in sorted(rest, key=_order):
        story.insert(_place(story, part, weight), (part, weight))
    return [part for part, _ in story]


def rank(cast: Cast, part: Participant) -> int:
    """Where a part usually stands in a story."""
    document = part.document
    if hands_over_the_end(document.role, document.name):
        return _CLOSING
    return _AMENDING if document.role == "amending" else cast.record.config.kinds.row(document.kind).rank


def _order(placed: tuple[Participant, int]) -> tuple[bool, date, int, str, tuple[int, ...], str]:
    part, weight = placed
    version = version_key(part.document.version)
    return (part.date is None, part.date or date.min, weight, part.subject, version, part.document.path)


def _place(story: list[tuple[Participant, int]], part: Participant, weight: int) -> int:
    for at, (other, its_weight) in enumerate(story):
        if other.document.role == "halt":
            continue  # a cycle begins with its halt, whatever the dates say
        if part.date is None or other.date is None:
            if its_weight > weight:
                return at
        elif (other.date, its_weight) > (part.date, weight):
            return at
    return len(story)


def _verb(cast: Cast, document: Document, step: str) -> str:
    verb = cast.record.config.kinds.verb(document.kind)
    if document.role == "halt":
        return f"{verb} at Step {step}" if step else verb
    if document.role == "amending":
        return "Amendment drafted"
    if document.role == "request" and document.path in cast.record.by_path:
        before = cast.record.chain(document).predecessor(document)
        return f"Superseded v{before.version}" if before and before.version else verb
    return verb
