"""Short names of documents in lists: "CR-2026-090", "Amendment 2 handoff"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from loomworks_record.pages.wording import version_word
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.version import version_key

# The order in which a phase's documents are told; from the amendments on, cycle by cycle.
_ORDER = (
    "change-request", "scoping-note", "inspection-brief", "findings", "cr-drafting-handoff", "halt-surface",
    "amendment-scoping-note", "amendment-handoff", "session-handoff", "handoff", "implementation-notes",
)  # fmt: skip
_BEFORE_CYCLES = _ORDER.index("halt-surface")
_SMALL_WORDS = {"cr": "CR", "ui": "UI", "sse": "SSE", "foray": "FORAY", "ova": "OVA"}


def short_name(document: Document) -> str:
    """What a list within its phase calls a document: the CR number, else the name without phase and version."""
    if document.cr_number and document.kind == "change-request":
        return document.cr_number
    text = _short(document.name.subject, document.kind) or str(document.name)
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1 << 16)
def _short(subject: str, kind: str) -> str:
    subject = subject.removeprefix("loomworks-")
    subject = re.sub(r"\b(v\d+)_(\d+)\b", r"\1.\2", subject)
    words = re.sub(r"^phase-0*\d+-", "", subject).replace("_", " ").split("-")
    if kind != "change-request" and words[:2] == ["cr", "amendment"]:
        words = words[1:]
    text = " ".join(_SMALL_WORDS.get(word, word) for word in words if word)
    return re.sub(r"\b(\d{4}) (\d{2}) (\d{2})\b", r"\1-\2-\3", text)


def named(document: Document) -> str:
    """With its version: "CR-2026-090 v0.4"."""
    return f"{short_name(document)} {version_word(document.version)}".strip()


def listed(record: Record, document: Document) -> str:
    """What a list over the whole record calls it: its phase before the short name, or its title."""
    phase = record.phase(document)
    if phase is None:
        return document.title
    if document.cr_number and document.kind == "change-request":
        return document.title
    short = short_name(document)
    return f"{phase.label} {short if short[1:2].isupper() else short[:1].lower() + short[1:]}"


def in_reading_order(record: Record, documents: Iterable[Document]) -> list[Document]:
    """As a phase is told: the change request first, what scoped it, then each amendment cycle by its number."""
    ranks = {kind: rank for rank, kind in enumerate(_ORDER)}

    def order(document: Document) -> tuple[int, int, int, str, tuple[int, int, int]]:
        amendment = re.search(r"amendment-(\d+)-", document.name.subject)
        cycle = int(amendment[1]) if amendment else 1 if "amendment" in document.name.subject else 0
        rank = ranks.get(document.kind, len(ranks))
        major, minor, patch = version_key(document.version)
        told = rank if rank < _BEFORE_CYCLES else _BEFORE_CYCLES
        return (told, cycle, rank, document.chain, (-major, -minor, -patch))

    return sorted(documents, key=order)
