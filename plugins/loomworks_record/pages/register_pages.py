"""The pages of registers: one a register, the list of them, halts, problems, and citations whose ground has moved."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from loomworks_record.pages import addresses
from loomworks_record.pages.halts import HALTS, PROBLEMS, halts, problems_page
from loomworks_record.pages.moved import MOVED
from loomworks_record.pages.planned import PlannedPage, Values
from loomworks_record.pages.planning import Planning
from loomworks_record.pages.registers import NotHeldRegister, Register
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import MOVED_GROUND

_PLACE = "registers"


def register_pages(planning: Planning) -> Iterator[PlannedPage]:
    """All of them."""
    for register in planning.registers:
        yield PlannedPage(register.address, "record/register.html", partial(_register, planning, register))
    yield PlannedPage(addresses.REGISTERS, "record/registers.html", partial(_index, planning))
    not_held = planning.not_held
    yield PlannedPage(not_held.address, "record/not-held.html", partial(_register, planning, not_held))
    yield PlannedPage(HALTS, "record/halts.html", partial(_halts, planning))
    yield PlannedPage(PROBLEMS, "record/problems.html", partial(_problems, planning))
    yield PlannedPage(MOVED, "record/moved.html", partial(_moved, planning))


def listed_registers(planning: Planning) -> tuple[tuple[Link, int], ...]:
    """Every register that has rows, with their number."""
    every: tuple[Register | NotHeldRegister, ...] = (*planning.registers, planning.not_held)
    own = [(Link(each.title, each.address), each.count) for each in every]
    own.append((Link("Halts", HALTS), len(halts(planning.whole.stories))))
    own.append((Link(MOVED_GROUND, MOVED), len(planning.moved.rows)))
    own.append((Link("Problems", PROBLEMS), len(planning.whole.problems)))
    return tuple((link, count) for link, count in own if count)


def _register(planning: Planning, register: Register | NotHeldRegister) -> Values:
    said = f"{register.title}: {register.count:,} in the record."
    scripts = ("assets/record/register.js",) if isinstance(register, Register) else ()
    return {"page": register, "head": planning.head(register.title, said, _PLACE, scripts)}


def _index(planning: Planning) -> Values:
    said = "Change requests, decisions, gates, candidates, halts, problems: gathered over the record."
    return {"registers": listed_registers(planning), "head": planning.head("Registers", said, _PLACE)}


def _halts(planning: Planning) -> Values:
    said = "Every halt of the record, and what answered it."
    return {"rows": halts(planning.whole.stories), "head": planning.head("Halts", said, _PLACE)}


def _moved(planning: Planning) -> Values:
    moved = planning.moved
    head = planning.head(MOVED_GROUND, f"{moved.said}.", _PLACE)
    return {"rows": moved.rows, "said": moved.said, "title": MOVED_GROUND, "head": head}


def _problems(planning: Planning) -> Values:
    page = problems_page(planning.whole.stories, planning.whole.problems, planning.known)
    said = "What is wrong or doubtful in the record."
    return {"page": page, "head": planning.head("Problems", said, _PLACE)}
