"""The wording of pages, in one place. Words are those of the record's vocabulary (docs/vocabulary.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from loomworks_record.record.chains import Standing
from loomworks_record.record.filings import InForce, Moment
from loomworks_record.source.dates import written
from loomworks_record.source.document import Document
from loomworks_record.source.version import Version

TEXT_AS_FILED = "This text could not be rendered. It stands here as it was filed."
PAGE_NOT_MADE = "This page could not be made. The document is held as it was filed."
MOVED_GROUND = "What moved under us"
NOT_COMPARED = "These two versions could not be compared."
Shown = Standing | Literal["withdrawn"]  # what a list says of a version
_FROM = {"git": "by git's first commit of the file", "document": "by its own date", "own": "by its own date"}


def standing_word(standing: Shown, short: bool = False) -> str:
    """ "Current", "Archived (read-only)", "Withdrawn"; short, for narrow lists: "Archived"."""
    if standing != "archived":
        return standing.capitalize()
    return "Archived" if short else "Archived (read-only)"


def day(value: date | None) -> str:
    """ "12 May 2026", or "" for no date."""
    return written(value) if value else ""


def version_word(version: Version | None) -> str:
    """ "v0.2", or "" for no version."""
    return f"v{version}" if version else ""


def form_words(document: Document) -> str:
    """What a twin is held in: "HTML form", "Markdown form", or the language of a translation ("zh-CN")."""
    return document.name.language or ("HTML form" if document.form == "html" else "Markdown form")


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 document", "312 documents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(parts: Iterable[str]) -> str:
    """ "a, b and c"; empty ones are left away."""
    *first, last = [part for part in parts if part] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def kilobytes(size: int) -> str:
    """ "214 kB" (1,000 bytes each), rounded up so that nothing is said to weigh nothing."""
    return f"{max(1, round(size / 1000)):,} kB"


def digest_words(sha256: str) -> str:
    """A digest in groups of eight, as a person reads it out."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))


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
