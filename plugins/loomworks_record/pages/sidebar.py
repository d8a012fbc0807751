"""The sidebar of a page: the documents of its phase, or of its section."""

from __future__ import annotations

from dataclasses import dataclass

from loomworks_record.pages import addresses
from loomworks_record.pages.names import in_reading_order, short_name
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, version_word
from loomworks_record.record.chains import Standing
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


def sidebar(record: Record, here: Document) -> Sidebar | None:
    """The documents beside this one: of its phase, else of its section."""
    phase = record.phase(here)
    if phase:
        documents, over, title, address = phase.documents, phase.label, phase.title, addresses.phase(phase.folder)
        over = "" if phase.label == phase.title else over
    elif here.section:
        documents = record.in_section(here.section)
        over, title, address = "Section", _section_words(here.section), addresses.documents()
    else:
        return None
    listed = [_listed(record, document, here) for document in in_reading_order(record, documents)]
    current = [each for each in listed if each.standing == "current"]
    archived = [each for each in listed if each.standing == "archived"]
    kept = _around(current, SIDEBAR_LIMIT), _around(archived, SIDEBAR_LIMIT)
    hidden = len(listed) - len(kept[0]) - len(kept[1])
    more = Link(f"{counted(hidden, 'more document')}", address) if hidden else None
    return Sidebar(over, title, address, len(listed), kept[0], kept[1], more)


def _listed(record: Record, document: Document, here: Document) -> Listed:
    return Listed(
        name=short_name(document) if document.phase_folder else document.title,
        version=version_word(document.version),
        address=addresses.view(document.path),
        standing=record.standing(document),
        here=document.path == here.path,
    )


def _around(listed: list[Listed], limit: int) -> tuple[Listed, ...]:
    """The first ``limit``, or the ``limit`` around the page that is open."""
    at = next((number for number, each in enumerate(listed) if each.here), 0)
    start = max(0, min(at - limit // 2, len(listed) - limit))
    return tuple(listed[start : start + limit])


def _section_words(section: str) -> str:
    return section[:1].upper() + section[1:].replace("-", " ")
