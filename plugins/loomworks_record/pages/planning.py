"""What the pages and files of one plan are made from. What several of them need is made once, when first asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from loomworks_record.kept.keys import digest
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.ground import Moved
from loomworks_record.pages.phase import Identifiers
from loomworks_record.pages.reading import pack, pack_tells_of
from loomworks_record.pages.registers import (
    NotHeldRegister,
    Register,
    identifiers_by_phase,
    not_held_register,
    registers,
)
from loomworks_record.pages.shell import Head, Site
from loomworks_record.pages.sidebar import Sidebars
from loomworks_record.pages.withdrawn import LogValues, Missings, missing
from loomworks_record.record.phases import Phase
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem, sort_key


@dataclass(frozen=True, slots=True)
class PackSize:
    """The bytes of a phase's context.md, counted, and their digest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Planning:
    """Of one record. ``known`` are the problems that its baseline accepts."""

    whole: Whole
    site: Site
    log: LogValues = field(default_factory=LogValues)
    known: frozenset[Problem] = frozenset()

    @cached_property
    def said(self) -> bytes | None:
        """One digest of all that pages and files are made from which show no text; None as ``Whole.said``."""
        said = self.whole.said
        return said and digest(said, self.site, self.log, sorted(self.known, key=sort_key))

    def head(self, title: str, description: str, place: str = "", scripts: tuple[str, ...] = (), **more: Any) -> Head:
        """The head of a page that no document is shown on; ``more`` as ``Head`` has it."""
        return Head(f"{title} · {self.site.name}", description, place, scripts=scripts, **more)

    def context(self, phase: Phase) -> bytes:
        """The phase's context.md."""
        return pack(self.whole, phase, self.site.absolute).encode()

    @cached_property
    def contexts(self) -> Mapping[str, PackSize]:
        """By the phase's folder. They hold the texts of all current documents, and are made anew when written."""
        return {phase.folder: self._pack_size(phase) for phase in self.whole.record.phases}

    def _pack_size(self, phase: Phase) -> PackSize:
        def made() -> PackSize:
            data = self.context(phase)
            return PackSize(len(data), hashlib.sha256(data).hexdigest())

        of = sorted({(each.path, each.sha256, each.size) for each in pack_tells_of(self.whole, phase)})
        return self.whole.kept_by_said("pack", PackSize, made, phase.folder, self.site.origin_url, of)

    @cached_property
    def sidebars(self) -> Sidebars:
        return Sidebars(self.whole.record)

    @cached_property
    def registers(self) -> tuple[Register, ...]:
        return registers(self.whole.citations, self.whole.grounds.through)

    @cached_property
    def identifiers(self) -> Mapping[str, tuple[Identifiers, ...]]:
        """Those that each phase defines, by its folder."""
        return identifiers_by_phase(self.whole.citations)

    @cached_property
    def not_held(self) -> NotHeldRegister:
        return not_held_register(self.whole.citations)

    @cached_property
    def dashboard(self) -> Dashboard:
        return Dashboard(self.whole.stories, self.whole.problems, self.moved)

    @cached_property
    def moved(self) -> Moved:
        return Moved(self.whole, self.known)

    @cached_property
    def missing(self) -> Missings:
        return missing(self.whole.record, self.log)

    @property
    def withdrawn_documents(self) -> list[Document]:
        return [one.document for gone in self.missing.values() for one in gone]


def json_bytes(value: Any) -> bytes:
    """JSON as this site writes it: UTF-8, no spaces, one line end."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
