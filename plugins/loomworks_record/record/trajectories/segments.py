"""Segments: the prologue (0) or the cycle in which each other document of a phase is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from loomworks_record.record.trajectories.cast import Cast, Participant
from loomworks_record.record.trajectories.cycles import Knot
from loomworks_record.source.document import Document
from loomworks_record.source.version import Version

_STEP_0 = re.compile(r"(?:^|-)step-0(?:-|$)")  # what is inspected and found before the build


def versions_by_cycle(cast: Cast, tied: Sequence[Knot]) -> dict[int, list[Participant]]:
    """Number of a cycle, or 0 → the versions of the phase's change requests that are told there, oldest first.

    A version that answers a cycle stands in it (of several, in the last). Any other one stands where it was filed:
    not before an older version, not after a newer one.
    """
    answers = {knot.answer.path: knot.number for knot in tied if knot.answer}
    found: dict[int, list[Participant]] = defaultdict(list)
    for chain in cast.requests.chains:
        held = chain.named()
        lower = 0
        for at, document in enumerate(held):
            if document.path in answers:
                number = lower = max(lower, answers[document.path])
            else:
                upper = next((answers[d.path] for d in held[at:] if d.path in answers), None)
                number = max(lower, _filed_in(cast, document, tied))
                number = lower = number if upper is None else max(lower, min(upper, number))
            found[number].append(Participant(document))
    return found


def cycle_of(cast: Cast, part: Participant, tied: Sequence[Knot]) -> tuple[int, bool]:
    """The cycle of a document that is neither halt, amendment nor version, and whether it follows that cycle's
    version: findings that name the version were made under it."""
    if _STEP_0.search(part.subject):
        return 0, False
    if not part.held:
        return _cycle_of_named(cast, part, tied)
    named = cast.names(part.document)
    subjects, paths = {n.subject for n in named}, {n.path for n in named}
    for knot in reversed(tied):
        begun = _begun(knot)
        if part.date and begun and part.date < begun:
            continue
        under = knot.answer is not None and knot.answer.path in paths
        if under or subjects & _subjects(knot):
            return knot.number, under and part.document.role == "findings"
    return _by_date(part.date, tied), False


def _cycle_of_named(cast: Cast, part: Participant, tied: Sequence[Knot]) -> tuple[int, bool]:
    """Of a document that is only named. The version that first takes it up came after it, so it belongs to the
    cycle before; else it is told with the amendment that names it."""
    numbers = [0, *(knot.number for knot in tied)]
    naming = {document.path for document in part.named_by}
    for number, versions in sorted(versions_by_cycle(cast, tied).items()):
        if any(version.document.path in naming for version in versions):
            return numbers[max(0, numbers.index(number) - 1)], True
    for knot in tied:
        if any(amendment.document.path in naming for amendment in knot.amendments):
            return knot.number, False
    return min((cycle_of(cast, Participant(d), tied)[0] for d in part.named_by), default=0), False


def _filed_in(cast: Cast, document: Document, tied: Sequence[Knot]) -> int:
    """The last cycle that a version names, or that had begun on an earlier day than the version's."""
    if document.version == Version(0, 1):
        return 0  # what is halted comes first
    subjects = {named.subject for named in cast.names(document)}
    for knot in reversed(tied):
        if subjects & _subjects(knot):
            return knot.number
        begun, under = _begun(knot), knot.halt.under if knot.halt else None
        built = under is not None and document.version is not None and document.version <= under.version
        if document.date and begun and document.date > begun and not built:
            return knot.number
    return 0


def _by_date(day: date | None, tied: Sequence[Knot]) -> int:
    began: Mapping[int, date | None] = {knot.number: _begun(knot) for knot in tied}
    return max((number for number, begun in began.items() if day and begun and day > begun), default=0)


def _begun(knot: Knot) -> date | None:
    if knot.halt:
        return knot.halt.date
    return min((part.date for part in knot.amendments if part.date), default=None)


def _subjects(knot: Knot) -> set[str]:
    return {part.subject for part in knot.amendments} | ({knot.halt.subject} if knot.halt else set())
