"""Short names of documents in lists: "CR-2026-090", "Amendment 2 handoff"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loomworks_record.pages.wording import version_word
from loomworks_record.record.neighbour import Neighbour
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS, ROLES
from loomworks_record.source.version import newest_of_chain

# Of a list of a phase: what comes from the first halt on is told cycle by cycle.
_BEFORE_CYCLES = ROLES.index("halt")


def short_name(document: Neighbour) -> str:
    """What a list within its phase calls a document: the CR number, else the name without phase and version."""
    if document.cr_number and document.role in REQUESTS:
        return document.cr_number
    return document.short_name


def named(document: Neighbour) -> str:
    """With its version: "CR-2026-090 v0.4"."""
    return f"{short_name(document)} {version_word(document.version)}".strip()


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
