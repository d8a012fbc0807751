"""The wording of pages, in one place. Words are those of the record's vocabulary (docs/vocabulary.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from loomworks_record.record.chains import Standing
from loomworks_record.source.dates import written
from loomworks_record.source.document import Document
from loomworks_record.source.version import Version

TEXT_AS_FILED = "This text could not be rendered. It stands here as it was filed."
PAGE_NOT_MADE = "This page could not be made. The document is held as it was filed."
MOVED_GROUND = "What moved under us"
NOT_COMPARED = "These two versions could not be compared."
Shown = Standing | Literal["withdrawn"]  # what a list says of a version


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
