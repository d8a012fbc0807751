"""The wording of pages, and the short names of documents in lists ("CR-2026-090", "Amendment 2 handoff"), in one
place. Words are those of the record's vocabulary (docs/vocabulary.md)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal, TypeVar

from loomworks_record.record.chains import Standing
from loomworks_record.record.filings import InForce, Moment
from loomworks_record.record.record import Record
from loomworks_record.source.dates import written
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS, ROLES
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.problem import Problem
from loomworks_record.source.version import Version, newest_of_chain

_T = TypeVar("_T")
_K = TypeVar("_K")
TEXT_AS_FILED = "This text could not be rendered. It stands here as it was filed."
PAGE_NOT_MADE = "This page could not be made. The document is held as it was filed."
MOVED_GROUND = "What moved under us"
NOT_COMPARED = "These two versions could not be compared."
AnyStanding = Standing | Literal["withdrawn"]  # what a list says of a version
_FROM = {"git": "by git's first commit of the file", "document": "by its own date", "own": "by its own date"}
# Of a list of a phase: what comes from the first halt on is told cycle by cycle.
_BEFORE_CYCLES = ROLES.index("halt")


def standing_word(standing: AnyStanding, short: bool = False, against: str = "") -> str:
    """ "Current", "Archived (read-only)", "Withdrawn"; short, for narrow lists: "Archived". With what ``Chain.against``
    says, "Current, says “Deprecated”"."""
    if standing != "archived":
        return standing.capitalize() + (f", says “{against}”" if against else "")
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


def severities(problems: Iterable[Problem]) -> str:
    """ "2 errors, 1 notice"; "" for no problems."""
    counts = Counter[str](problem.severity for problem in problems)
    return ", ".join(counted(counts[each], each) for each in ("error", "warning", "notice") if counts[each])


def joined(parts: Iterable[str]) -> str:
    """ "a, b and c"; empty ones are left away."""
    *first, last = [part for part in parts if part] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def parts(rows: Sequence[_T], size: int) -> list[Sequence[_T]]:
    """The rows of a list by its pages; at least one, which may be empty."""
    return [rows[start : start + size] for start in range(0, len(rows) or 1, size)]


def grouped(items: Iterable[_T], key: Callable[[_T], _K]) -> dict[_K, list[_T]]:
    """The items by their keys, in the order in which they come."""
    found: dict[_K, list[_T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)


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


def short_name(document: Neighbour) -> str:
    """What a list within its phase calls a document: the CR number, else the name without phase and version."""
    if document.cr_number and document.role in REQUESTS:
        return document.cr_number
    return document.short_name


def named(document: Neighbour) -> str:
    """With its version: "CR-2026-090 v0.4"."""
    return f"{short_name(document)} {version_word(document.version)}".strip()


def version_or_name(document: Neighbour) -> str:
    """ "v0.4"; of a document without version its name."""
    return version_word(document.version) or named(document)


def bare_title(document: Neighbour) -> str:
    """The title without the version that it ends in: what is said beside it once is not said twice."""
    version = version_word(document.version)
    end = re.compile(rf"[\s,;:·(–—-]*(?:\b(?:version|v)\s*)?{re.escape(version[1:])}\)?\s*$", re.IGNORECASE)
    return (end.sub("", document.title) if version else "") or document.title


def full_name(record: Record, document: Neighbour) -> str:
    """With its version, as a list over the whole record calls it: "CR-2026-090 v0.4"."""
    if document.phase_folder:
        return named(document)
    return f"{listed(record, document)} {version_word(document.version)}".strip()


def listed(record: Record, document: Neighbour) -> str:
    """What a list over the whole record calls it: its phase before the short name, or its title."""
    phase = record.phase(document)
    if phase is None or (document.cr_number and document.role in REQUESTS):
        return bare_title(document)
    short = short_name(document)
    return f"{phase.label} {short if short[1:2].isupper() else short[:1].lower() + short[1:]}"


def in_reading_order(record: Record, documents: Iterable[Document]) -> list[Document]:
    """As a phase is told: the change request first, what scoped it, then each amendment cycle by its number."""

    def order(document: Neighbour) -> tuple[int, int, int, str, tuple[int, ...]]:
        rank = ROLES.index("request" if document.role == "amending" else document.role)
        told = rank if rank < _BEFORE_CYCLES else _BEFORE_CYCLES
        return (told, document.name.cycle or 0, rank, document.chain, newest_of_chain(document.version))

    return sorted(documents, key=order)


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts "P57-D2" before "P57-D10", "Gate 5" before "Gate 5b"."""
    return tuple(
        (int(part), "") if part.isdigit() else (-1, part.casefold()) for part in re.split(r"(\d+)", name) if part
    )


# The words of plain values, as templates ask for them.
FILTERS = {
    "standing": standing_word,
    "bytes": lambda size: counted(size, "byte"),
    "digest": digest_words,
}
