"""What is seen in a folder, and the rows that are proposed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing recognised. ``sort`` is its heading ("Versions"), ``name`` what it is ("-v0.2"), ``count`` in how many
    documents, ``note`` what it means ("" where it is simply read)."""

    sort: str
    name: str
    count: int
    note: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A proposed row. ``value`` is what stands below ``option``: an item of its list, or a part of its mapping.
    ``count`` is how many documents are read otherwise by it, ``reason`` what was found."""

    option: str
    value: Any
    count: int
    reason: str
