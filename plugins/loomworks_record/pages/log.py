"""What pages say of the log: which versions it holds, and what was withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The entry in force for one path. ``number`` is its sequence in the log, which counts from 0."""

    number: int
    date: date | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A document whose bytes were taken out, and what is kept of it: path, digest, reason."""

    path: str
    version: str
    sha256: str
    reason: str
    number: int
    date: date | None = None


@dataclass(frozen=True, slots=True)
class LogValues:
    """The log as pages show it. ``entries`` by path."""

    entries: Mapping[str, LogEntry] = field(default_factory=dict)
    withdrawn: tuple[Withdrawn, ...] = ()
    size: int = 0
