"""Words that a status begins with, and what each means for the standing: the table that a configuration adds to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Means = Literal["replaced", "not-in-force", "in-force"]


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A word that a status begins with, and what it means for the standing."""

    word: str
    means: Means


DEFAULT_STATUSES = (
    *(StatusWord(word, "replaced") for word in ("superseded", "superceded", "replaced", "obsoleted")),
    *(
        StatusWord(word, "not-in-force")
        for word in ("withdrawn", "retired", "deprecated", "obsolete", "abandoned", "revoked", "rescinded", "archived")
    ),
    *(StatusWord(word, "in-force") for word in ("in force", "current", "active")),
)
