"""The pages of a chain: its history, and the address that always moves to the current version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.names import named, short_name
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, form_words, kilobytes, standing_word, version_word
from loomworks_record.record.chains import Chain, Standing
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

SAID_LIMIT = 400  # characters of what a version says of itself


@dataclass(frozen=True, slots=True)
class Entry:
    """One version, as its history tells it."""

    version: str
    name: str
    address: str
    standing: Standing
    words: str
    date: date | None
    size: str
    said: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    crumbs: tuple[Link, ...]
    chain: str
    title: str
    name: str
    state: str
    current: Link | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A page that leads on: to the current version, or to the history when none is current."""

    title: str
    words: str
    target: Link


def history_page(record: Record, chain: Chain) -> HistoryPage:
    """All held versions, newest first."""
    newest = chain.newest
    phase = record.phase(newest)
    first = [Link("Record", addresses.HOME)]
    if phase:
        first += [Link("Phases", addresses.PHASES), Link(phase.label, addresses.phase(phase.folder))]
    else:
        first.append(Link("Documents", addresses.documents()))
    return HistoryPage(
        crumbs=(*first, Link(f"Versions of {short_name(newest)}", addresses.history(chain.id), here=True)),
        chain=chain.id,
        title=(chain.current or newest).title,
        name=short_name(newest),
        state=_state(chain),
        current=Link(named(chain.current), addresses.view(chain.current.path)) if chain.current else None,
        entries=tuple(_entry(chain, document) for document in reversed(chain.named())),
    )


def latest_page(chain: Chain) -> Move:
    """Where ``/latest/…`` leads."""
    if chain.replaced_by is not None:
        name = named(chain.replaced_by)
        return Move(f"Superseded by {name}", "It was superseded by", Link(name, addresses.view(chain.replaced_by.path)))
    if chain.current is None:
        target = Link(f"All versions of {short_name(chain.newest)}", addresses.history(chain.id))
        return Move("No later version is held", "No version of this document is current.", target)
    name = named(chain.current)
    return Move(f"Current: {name}", "The current version is", Link(name, addresses.view(chain.current.path)))


def _state(chain: Chain) -> str:
    held = counted(len(chain.named()), "version")
    if chain.replaced_by is not None:
        return f"{held} held. It was superseded by {named(chain.replaced_by)}: none is current."
    if chain.current is None:
        return f"{held} held. No later version is held: none is current."
    if chain.current.version is None:
        return f"{held} held; it is current."
    return f"{held} held; {version_word(chain.current.version)} is current."


def _entry(chain: Chain, document: Document) -> Entry:
    return Entry(
        version=version_word(document.version) or "Without version",
        name=named(document),
        address=addresses.view(document.path),
        standing=chain.standing(document),
        words=standing_word(chain.standing(document)),
        date=document.date,
        size=kilobytes(document.size),
        said=_said(document),
        links=tuple(_links(chain, document)),
    )


def _links(chain: Chain, document: Document) -> list[Link]:
    before = chain.predecessor(document)
    links = [Link("Read", addresses.view(document.path))]
    links += [Link(form_words(twin), addresses.view(twin.path)) for twin in chain.twins(document)]
    if before:
        links.append(
            Link(f"Compare with {version_word(before.version)}", addresses.compare(chain.id, before, document))
        )
    current = chain.current
    if current and current.version != document.version and current != chain.successor(document):
        words = f"Compare with the current version, {version_word(current.version)}"
        links.append(Link(words, addresses.compare(chain.id, document, current)))
    links.append(Link("Raw", addresses.raw(document.path)))
    return links


def _said(document: Document) -> str:
    """What the version says of itself: its amendment record, else what it supersedes, else its status."""
    for key in ("amendment_record", "prior_versions", "supersedes", "status", "purpose"):
        said = document.header.first(key)
        if said and len(said) > 12:
            plain = said.replace("**", "").replace("`", "")
            return plain if len(plain) <= SAID_LIMIT else plain[:SAID_LIMIT].rsplit(" ", 1)[0] + " …"
    return ""
