"""Dates as authors write them: ``2026-05-12``, ``12 May 2026`` or ``May 12, 2026``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from loomworks_record.source.folding import fold_markdown

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_WORDS = re.compile(r"(?<!\d)(\d{1,2})\.? +(" + "|".join(MONTHS) + r"),? +(\d{4})(?!\d)", re.ASCII)
_MONTH_FIRST = re.compile(r"\b(" + "|".join(MONTHS) + r") +(\d{1,2}), +(\d{4})(?!\d)", re.ASCII)


def first_date(text: str) -> date | None:
    """The first date in ``text`` that is one of the calendar, or None."""
    return next((found for found in _dates(text) if found is not None), None)


def has_invalid_date(text: str) -> bool:
    """Whether the first thing in ``text`` that looks like a date is none of the calendar (2026-02-30)."""
    return next(_dates(text), date.min) is None


def written(day: date) -> str:
    """``12 May 2026``: how every page shows a date."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _dates(filed: str) -> Iterator[date | None]:
    text = fold_markdown(filed)
    places: list[tuple[int, tuple[int, int, int]]] = []
    for found in _ISO.finditer(text):
        places.append((found.start(), (int(found[1]), int(found[2]), int(found[3]))))
    for found in _WORDS.finditer(text):
        places.append((found.start(), (int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))))
    for found in _MONTH_FIRST.finditer(text):
        places.append((found.start(), (int(found[3]), MONTHS.index(found[1]) + 1, int(found[2]))))
    for _, numbers in sorted(places):
        yield _of_calendar(*numbers)


def _of_calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
