"""Dates as authors write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source.dates import MONTHS, first_date, has_invalid_date, written


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_every_way(day: date) -> None:
    assert first_date(f"on {day.isoformat()}.") == day
    assert first_date(f"on {written(day)}.") == day
    assert first_date(f"on {MONTHS[day.month - 1]} {day.day}, {day.year}.") == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-12", date(2026, 5, 12)),
        ("(2026-05-12 evening)", date(2026, 5, 12)),
        ("phase-57-halt-surface-2026-05-12-step-2b", date(2026, 5, 12)),
        ("12 May 2026, then 2026-05-13", date(2026, 5, 12)),
        ("2026-02-30, meant as 2026-02-28", date(2026, 2, 28)),
        ("12026-05-12", None),
        ("2026-05-123", None),
        ("2026-5-12", None),
        ("\u0662\u0660\u0662\u0666-\u0660\u0665-\u0661\u0662", None),
        ("", None),
    ],
)
def test_the_first_date(text: str, expected: date | None) -> None:
    assert first_date(text) == expected


@pytest.mark.parametrize(
    ("text", "invalid"),
    [("2026-02-30", True), ("31 June 2026", True), ("2026-02-28", False), ("undated", False), ("2026-13-01", True)],
)
def test_a_date_that_the_calendar_lacks(text: str, invalid: bool) -> None:
    assert has_invalid_date(text) is invalid


def test_dates_are_shown_in_words() -> None:
    assert written(date(2026, 5, 12)) == "12 May 2026"
