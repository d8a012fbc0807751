"""The sidebar of a page: the documents of its phase, or of its section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from loomworks_record.pages import addresses
from loomworks_record.pages.names import bare_title, in_reading_order, short_name
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, version_word
from loomworks_record.record.chains import Standing
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

SIDEBAR_LIMIT = 60  # documents listed beside a page


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the sidebar."""

    name: str
    version: str
    address: str
    standing: Standing
    here: bool


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The documents of the phase (or section) that a page lies in."""

    over: str
    title: str
    address: str
    count: int
    current: tuple[Listed, ...]
    archived: tuple[Listed, ...]
    more: Link | None

    @property
    def label(self) -> str:
        return f"Documents of {self.over or self.title}"


class Sidebars:
    """The sidebars of one record. What a phase or section lists is put together once for all its pages."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._listed: dict[str, tuple[Listed, ...]] = {}

    def beside(self, here: Document) -> Sidebar | None:
        """The documents beside this one: of its phase, else of its section."""
        phase = self.record.phase(here)
        if phase:
            listed = self._of(f"phase {phase.folder}", phase.documents)
            over = "" if phase.label == phase.title else phase.label
            return _sidebar(over, phase.title, addresses.phase(phase.folder), listed, addresses.view(here))
        if here.section:
            listed = self._of(f"section {here.section}", self.record.in_section(here.section))
            title = _section_words(here.section)
            return _sidebar("Section", title, addresses.documents(), listed, addresses.view(here))
        return None

    def of_phase(self, phase: Phase) -> Sidebar | None:
        """That of a phase's own page: none of its documents is open."""
        listed = self._of(f"phase {phase.folder}", phase.documents)
        over = "" if phase.label == phase.title else phase.label
        return _sidebar(over, phase.title, addresses.phase(phase.folder), listed, "")

    def _of(self, place: str, documents: Iterable[Document]) -> tuple[Listed, ...]:
        if place not in self._listed:
            ordered = in_reading_order(self.record, documents)
            self._listed[place] = tuple(_listed(self.record, document) for document in ordered)
        return self._listed[place]


def _sidebar(over: str, title: str, address: str, listed: Sequence[Listed], here: str) -> Sidebar:
    """``here``: the address of the page that is open, or ""."""
    current = [each for each in listed if each.standing == "current"]
    archived = [each for each in listed if each.standing == "archived"]
    kept = _around(current, here, SIDEBAR_LIMIT), _around(archived, here, SIDEBAR_LIMIT)
    hidden = len(listed) - len(kept[0]) - len(kept[1])
    more = Link(f"{counted(hidden, 'more document')}", address) if hidden else None
    return Sidebar(over, title, address, len(listed), kept[0], kept[1], more)


def _listed(record: Record, document: Document) -> Listed:
    return Listed(
        name=short_name(document) if document.phase_folder else bare_title(document),
        version=version_word(document.version),
        address=addresses.view(document),
        standing=record.standing(document),
        here=False,
    )


def _around(listed: Sequence[Listed], here: str, limit: int) -> tuple[Listed, ...]:
    """The first ``limit``, or the ``limit`` around the page that is open, which is marked."""
    at = next((number for number, each in enumerate(listed) if each.address == here), None)
    start = max(0, min((at or 0) - limit // 2, len(listed) - limit))
    kept = list(listed[start : start + limit])
    if at is not None:
        kept[at - start] = replace(kept[at - start], here=True)
    return tuple(kept)


def _section_words(section: str) -> str:
    return section[:1].upper() + section[1:].replace("-", " ")
