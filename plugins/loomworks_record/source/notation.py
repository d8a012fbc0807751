"""Notation: how a record writes names and headers, where that is its own. All of it is configuration."""

from __future__ import annotations

from msgspec import Struct, field

from loomworks_record.source.names import Naming


class Notation(Struct, frozen=True):
    """What reading a document needs to know besides its kind."""

    naming: Naming = field(default_factory=Naming)
    labels: tuple[tuple[str, str], ...] = ()  # a label as written, and the field or the usual label that it stands for


COMMON = Notation()
