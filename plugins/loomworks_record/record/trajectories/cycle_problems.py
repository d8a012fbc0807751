"""What is doubtful in the cycles of a phase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from loomworks_record.record.trajectories.cycles import Knot
from loomworks_record.record.trajectories.halts import Halt, date_in_name
from loomworks_record.source.problem import Problem


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
            yield Problem(document.path, None, "date-contradiction", said)


def _out_of_order(before: Halt, after: Halt) -> Iterator[Problem]:
    """Cycles follow each other in time."""
    if before.date and after.date and after.date < before.date and after.held:
        said = f"dated {after.date}, before the halt of {before.date} of the cycle before it"
        yield Problem(after.parts[0].document.path, None, "date-contradiction", said)
