"""Cycles: which halt, which amendment documents and which version of the change request belong together, what is
doubtful in them, and in which of them each other document of a phase is told (0 is the prologue)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, pairwise

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.record.trajectories.cast import Cast, Participant
from loomworks_record.record.trajectories.halts import Halt, date_in_name
from loomworks_record.record.trajectories.named_documents import NamedDocument
from loomworks_record.record.trajectories.requests import Target
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem
from loomworks_record.source.version import Version


class Knot(Struct, frozen=True):
    """What one cycle ties together. ``target`` is the version that it leads to, ``answer`` the held one that
    answers it: that version, or the next later one."""

    number: int
    amendments: tuple[Participant, ...] = ()
    halt: Halt | None = None
    target: Target | None = None
    answer: Document | None = None


def knots(cast: Cast, halts: list[Halt]) -> list[Knot]:
    """Every cycle of a phase by number. Each halt is in exactly one."""
    tied = _amended(cast, halts)
    tied = _taken_up(cast, halts, tied)
    return sorted([*tied, *_unamended(cast, halts, tied)], key=lambda knot: knot.number)


def _amended(cast: Cast, halts: list[Halt]) -> list[Knot]:
    """The cycles that have amendment documents, each with the halt that these cite and no lower cycle claims."""
    tied: list[Knot] = []
    for number, parts in cast.amendments.items():
        declared = _declared(cast, parts)
        floor = _highest(knot.target for knot in tied)
        target = declared or _highest_named(cast, parts, floor)
        halt = _claimed(cast, halts, tied, number, parts, target)
        if declared is None:
            target = _highest_named(cast, parts, _highest([floor, halt.under if halt else None]))
            subjects = {part.subject for part in parts} | ({halt.subject} if halt else set())
            target = target or cast.requests.first_naming(subjects, halt.under if halt else None)
        tied.append(Knot(number, parts, halt, target, cast.requests.answer(target)))
    return tied


def _declared(cast: Cast, parts: Iterable[Participant]) -> Target | None:
    """What the amendment documents call their CR target; the newest version of each is asked."""
    newest = {part.subject: part.document for part in parts}
    values = (document.header.first("cr_target") for document in newest.values())
    return _highest(cast.requests.declared(value) for value in values if value)


def _highest_named(cast: Cast, parts: Iterable[Participant], floor: Target | None) -> Target | None:
    """The highest version that the amendment documents name. A chain's v0.1, and what was built before, led here
    and is not led to."""
    meant = (cast.requests.meant(named) for part in parts if part.held for named in cast.names(part.document))
    return _highest(
        target
        for target in meant
        if target
        and target.version > Version(0, 1)
        and not (floor and target.chain is floor.chain and target.version <= floor.version)
    )


def _highest(targets: Iterable[Target | None]) -> Target | None:
    """The highest version; of several change requests, of the one that is first."""
    found = [target for target in targets if target]
    same = [target for target in found if target.chain is found[0].chain]
    return max(same, key=lambda target: target.version, default=None)


def _claimed(
    cast: Cast, halts: list[Halt], lower: list[Knot], number: int, parts: tuple[Participant, ...], target: Target | None
) -> Halt | None:
    """Of the halts that the amendment documents cite and no lower cycle claims, the one that they answer.

    Best is one that no lower version of the change request has taken up already, then one that a header
    names. Of several as good, as many stand before it as there are lower cycles without a halt.
    """
    taken = {knot.halt.subject for knot in lower if knot.halt}
    cited: dict[str, list[NamedDocument]] = {}
    for part in parts:
        for named in cast.names(part.document) if part.held else ():
            cited.setdefault(named.subject, []).append(named)
    free = [halt for halt in halts if halt.subject in cited and halt.subject not in taken]
    if not free:
        return None

    def rank(halt: Halt) -> tuple[bool, bool, bool]:
        fields = {named.citation.field for named in cited[halt.subject]}
        return (_taken_up_before(cast, halt, target), "halt" not in fields, not any(fields))

    best = [halt for halt in free if rank(halt) == min(map(rank, free))]
    without = number - 1 - sum(1 for knot in lower if knot.halt)
    return best[max(0, min(without, len(best) - 1))]


def _taken_up_before(cast: Cast, halt: Halt, target: Target | None) -> bool:
    first = cast.requests.first_naming([halt.subject])
    return bool(first and target and first.chain is target.chain and first.version < target.version)


def _taken_up(cast: Cast, halts: list[Halt], tied: list[Knot]) -> list[Knot]:
    """Where amendment documents cite no halt, the version that they lead to may be the first to cite one."""
    taken = {knot.halt.subject for knot in tied if knot.halt}
    done: list[Knot] = []
    for knot in tied:
        if knot.halt is None and knot.answer is not None:
            for halt in halts:
                first = cast.requests.answer(cast.requests.first_naming([halt.subject], halt.under))
                if halt.subject not in taken and first is knot.answer:
                    taken.add(halt.subject)
                    knot = replace(knot, halt=halt)
                    break
        done.append(knot)
    return done


def _unamended(cast: Cast, halts: list[Halt], tied: list[Knot]) -> list[Knot]:
    """Halts without amendment documents: each takes the next number after the halts before it, and is answered
    by the first later version that cites it."""
    numbers = {knot.halt.subject: knot.number for knot in tied if knot.halt}
    used = {knot.number for knot in tied}
    added: list[Knot] = []
    for at, halt in enumerate(halts):
        if halt.subject in numbers:
            continue
        earlier = max((numbers[h.subject] for h in halts[:at] if h.subject in numbers), default=0)
        number = next(n for n in count(earlier + 1) if n not in used)
        numbers[halt.subject] = number
        used.add(number)
        target = cast.requests.first_naming([halt.subject], halt.under)
        added.append(Knot(number, (), halt, target, cast.requests.answer(target)))
    return added


def cycle_problems(tied: Sequence[Knot]) -> Iterator[Problem]:
    """Over the cycles of one phase."""
    for knot in tied:
        yield from _without_halt(knot)
        if knot.halt:
            yield from _two_dates(knot.halt)
            yield from _answered_before(knot, knot.halt)
    halts = [knot.halt for knot in tied if knot.halt]
    for before, after in pairwise(halts):
        yield from _out_of_order(before, after)


def _without_halt(knot: Knot) -> Iterator[Problem]:
    """An amendment names the halt that it answers."""
    if knot.halt is None:
        part = next((part for part in knot.amendments if part.held), knot.amendments[0])
        path = part.document.path if part.held else part.named_by[0].path
        said = f"amendment cycle {knot.number} names no halt note: its trajectory begins with the amendment"
        yield Problem(path, None, "cycle-without-halt", said)


def _two_dates(halt: Halt) -> Iterator[Problem]:
    """A halt note's name and header give one date."""
    named = date_in_name(halt)
    if halt.held and named and halt.date and named != halt.date:
        path = halt.parts[0].document.path
        yield Problem(path, None, "date-contradiction", f"the name says {named}, the header {halt.date}")


def _answered_before(knot: Knot, halt: Halt) -> Iterator[Problem]:
    """What answers a halt is not dated before it."""
    answers = [(part.document, "of its cycle") for part in knot.amendments if part.held]
    if knot.answer:
        answers.append((knot.answer, "that it answers"))
    for document, which in answers:
        if document.date and halt.date and document.date < halt.date:
            said = f"dated {document.date}, before the halt of {halt.date} {which}"
            yield document.problem("date-contradiction", said)


def _out_of_order(before: Halt, after: Halt) -> Iterator[Problem]:
    """Cycles follow each other in time."""
    if before.date and after.date and after.date < before.date and after.held:
        said = f"dated {after.date}, before the halt of {before.date} of the cycle before it"
        yield after.parts[0].document.problem("date-contradiction", said)


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
