"""Dates as authors write them: ``2026-05-12``, ``2026/05/12``, ``12 May 2026``, ``May 12th, 2026``, ``12.05.2026``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from loomworks_record import lazy
from loomworks_record.source.folding import fold_markdown

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_NAMED = "|".join(f"{month[:3]}(?:{month[3:]}|\\.)?" if len(month) > 3 else month for month in MONTHS) + "|Sept\\.?"
_ISO = lazy.regex(r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/._])(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?!\d)", re.ASCII)
_WORDS = lazy.regex(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -](?: *of )? *(?P<month>{_NAMED}),?[ -] *(?P<year>\d{{4}})(?!\d)",
    re.ASCII,
)
_MONTH_FIRST = lazy.regex(
    rf"\b(?P<month>{_NAMED}) +(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<year>\d{{4}})(?!\d)", re.ASCII
)
# Points part a day from its month everywhere; slashes part a month from its day in America.
_POINTS = lazy.regex(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)", re.ASCII)
_SLASHES = lazy.regex(r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})(?![\d/])", re.ASCII)
_WITHOUT_DAY = lazy.regex(rf"\b(?P<month>{_NAMED}),? +(?P<year>\d{{4}})(?!\d)", re.ASCII)
_PLAIN = lazy.regex(r"(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_FORMS = (_ISO, _WORDS, _MONTH_FIRST, _POINTS)


class HeaderDate(NamedTuple):
    """``day`` is None where none can be told. ``doubt`` says why, or that a day was not given: "" for none."""

    day: date | None
    doubt: str = ""


def first_date(text: str) -> date | None:
    """The first date in ``text`` that is valid, or None."""
    plain = _PLAIN.match(text)
    if plain and (day := _of_calendar(int(plain[1]), int(plain[2]), int(plain[3]))):
        return day
    return next((found for found in _dates(text) if found is not None), None)


@lru_cache(maxsize=64)  # asked for several times of each document
def header_date(text: str) -> HeaderDate:
    """The date that the value of a header says: the first, also one without a day (its first of the month)."""
    day = first_date(text)
    if day is not None or has_invalid_date(text):
        return HeaderDate(day)
    plain = fold_markdown(text)
    found = _SLASHES.search(plain)
    if found:
        first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
        meant = {day for day in (_of_calendar(year, first, second), _of_calendar(year, second, first)) if day}
        if len(meant) > 1:
            return HeaderDate(None, f"'{found.group()}' may be either of {' and '.join(map(str, sorted(meant)))}")
        return HeaderDate(next(iter(meant), None))
    month = _WITHOUT_DAY.search(plain)
    if month:
        return HeaderDate(date(int(month["year"]), _month(month["month"]), 1), f"'{month.group()}' has no day")
    return HeaderDate(None)


def is_date_like(text: str) -> bool:
    """Whether ``text`` says a date, be it one that is not valid or that may be read in two ways."""
    said = header_date(text)
    return bool(said.day or said.doubt) or has_invalid_date(text)


@lru_cache(maxsize=64)  # likewise
def has_invalid_date(text: str) -> bool:
    """Whether the first thing in ``text`` that looks like a date is not a valid one (2026-02-30)."""
    return next(_dates(text), date.min) is None


def written(day: date) -> str:
    """``12 May 2026``: how every page shows a date."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _dates(filed: str) -> Iterator[date | None]:
    text = fold_markdown(filed)
    places: list[tuple[int, date | None]] = []
    for form in _FORMS:
        for found in form.finditer(text):
            month = found["month"] if found["month"].isdigit() else _month(found["month"])
            places.append((found.start(), _of_calendar(int(found["year"]), int(month), int(found["day"]))))
    for _, day in sorted(places, key=lambda place: place[0]):
        yield day


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def _of_calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
