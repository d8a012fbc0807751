"""Halts of a phase: each note with its date, its step and its place in their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.trajectories.cast import Cast, Participant
from loomworks_record.record.trajectories.requests import Target
from loomworks_record.source.dates import first_date
from loomworks_record.source.version import version_key

_STEP_IN_NAME = lazy.regex(r"(?:^|-)step-(\d{1,3}[a-z]?)(?=-|$)")
_STEP = lazy.regex(r"\bStep (\d{1,3}[a-z]?)\b")
_HALTED_AT_STEP = lazy.regex(r"\bhalt(?:ed|s)?\b[^.;]{0,80}?\b(?:at|in|before) Step (\d{1,3}[a-z]?)\b", re.IGNORECASE)


class Halt(Struct, frozen=True):
    """One halt-surface event. ``parts`` are the versions of its note, oldest first; ``step`` is "2b" or "".

    ``under`` is the newest version of the change request that the note itself names: what was being built.
    """

    subject: str
    parts: tuple[Participant, ...]
    step: str
    under: Target | None

    @property
    def date(self) -> date | None:
        """That of its first version."""
        return self.parts[0].date

    @property
    def held(self) -> bool:
        return self.parts[0].held

    @property
    def note(self) -> str:
        """The path of its newest held note, or the file name of one that is not held."""
        return self.parts[-1].document.path


def halts(cast: Cast) -> list[Halt]:
    """All halts of a phase in the order in which they happened."""
    found = [_halt(cast, subject, parts) for subject, parts in cast.halts.items()]
    first = {halt.subject: cast.requests.first_naming([halt.subject]) for halt in found}
    return _in_order(cast, found, first)


def date_in_name(halt: Halt) -> date | None:
    """The date that the note's name gives, or None."""
    return first_date(halt.subject)


def _halt(cast: Cast, subject: str, parts: tuple[Participant, ...]) -> Halt:
    return Halt(subject, parts, _step(cast, subject, parts), _under(cast, parts))


def _step(cast: Cast, subject: str, parts: tuple[Participant, ...]) -> str:
    """Where the build stopped: as the note's name says, else its title or header, else those who cite it."""
    in_name = _STEP_IN_NAME.search(subject)
    if in_name:
        return in_name[1]
    for part in parts if parts[0].held else ():
        found = _STEP.search(part.document.title) or _STEP.search(part.document.header.first("phase") or "")
        if found:
            return found[1]
    said = Counter(_steps_said(_citations(cast, subject, parts)))
    return min(said, key=lambda step: (-said[step], step), default="")


def _citations(cast: Cast, subject: str, parts: tuple[Participant, ...]) -> Iterator[Citation]:
    for document in cast.phase.documents:
        for named in cast.names(document):
            if named.subject == subject:
                yield named.citation
    own = {document.path for document in cast.phase.documents}
    for each in cast.not_held:
        if each.name.subject == subject:
            yield from (citation for document, citation in each.named_by if document.path not in own)


def _steps_said(citations: Iterable[Citation]) -> Iterator[str]:
    for citation in citations:
        found = _HALTED_AT_STEP.findall(citation.before)
        if found:
            yield found[-1]


def _under(cast: Cast, parts: tuple[Participant, ...]) -> Target | None:
    """Headers say what was being built; a body may also look ahead to the next version."""
    named = [n for part in parts if part.held for n in cast.names(part.document)]
    in_header = [n for n in named if n.citation.field]
    for group in (in_header, named):
        targets = [target for n in group if (target := cast.requests.meant(n))]
        if targets:
            return max(targets, key=lambda target: (target.chain is cast.requests.chains[0], target.version))
    return None


def _in_order(cast: Cast, found: list[Halt], first: Mapping[str, Target | None]) -> list[Halt]:
    """After the halts that a note itself names; by date; of one day, as the change request takes them up."""
    waiting = {halt.subject: halt for halt in found}
    before = {halt.subject: _earlier(cast, halt, waiting) for halt in found}
    ordered: list[Halt] = []
    while waiting:
        free = [halt for halt in waiting.values() if not before[halt.subject] & waiting.keys()]
        ordered.append(min(free or waiting.values(), key=lambda halt: _weight(halt, first[halt.subject])))
        del waiting[ordered[-1].subject]
    return ordered


def _earlier(cast: Cast, halt: Halt, known: Mapping[str, Halt]) -> set[str]:
    """The halts that the note names: they were there before it, whatever the dates say."""
    named = {n.subject for part in halt.parts if part.held for n in cast.names(part.document)}
    return {subject for subject in named if subject != halt.subject and subject in known}


def _weight(halt: Halt, first: Target | None) -> tuple[object, ...]:
    pieces = re.split(r"(\d+)", halt.subject)
    natural = [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in pieces]
    return (halt.date or date.max, first is None, version_key(first.version if first else None), natural)
