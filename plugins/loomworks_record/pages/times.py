"""When a version was filed and when it was in force, in words."""

from __future__ import annotations

from datetime import date

from loomworks_record.pages.wording import day
from loomworks_record.record.filings import InForce, Moment

_FROM = {"git": "by git's first commit of the file", "document": "by its own date", "own": "by its own date"}


def filed_words(filing: Moment | None) -> str:
    """ "20 May 2026, 09:15 UTC", "12 May 2026, by its own date"; "" where nothing is known."""
    if filing is None:
        return ""
    words = day(filing.day) if filing.is_day else f"{day(filing.day)}, {filing.at:%H:%M} UTC"
    return f"{words}, {_FROM[filing.source]}" if filing.source in _FROM else words


def in_force_words(held: InForce | None) -> str:
    """ "In force 12 – 13 May 2026", "In force since 13 May 2026", "In force on 12 May 2026", or ""."""
    if held is None or held.since is None:
        return ""
    if held.until is None:
        return f"In force since {day(held.since.day)}"
    first, last = held.since.day, held.until.day
    if first == last:
        return f"In force on {day(first)}"
    return f"In force {_without_what_repeats(first, last)} – {day(last)}"


def _without_what_repeats(first: date, last: date) -> str:
    words = day(first)
    if first.year == last.year:
        words = words.removesuffix(f" {first.year}")
        if first.month == last.month:
            words = words.rpartition(" ")[0]
    return words
