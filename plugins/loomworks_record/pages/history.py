"""The history of a chain: every version, newest first; for programs as its TimeMap (RFC 7089), oldest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import format_datetime

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.pages import addresses
from loomworks_record.pages.moves import WithdrawnVersion
from loomworks_record.pages.shell import Link, Site, VersionFacts, crumbs, document_link, version_facts
from loomworks_record.pages.wording import (
    counted,
    filed_words,
    form_words,
    in_force_words,
    kilobytes,
    named,
    short_name,
    version_word,
)
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document, plain_words
from loomworks_record.source.version import version_key

SAID_LIMIT = 400  # characters of what a version says of itself


class HistoryEntry(Struct, frozen=True):
    """One version, as its history tells it; ``said`` is what it says of itself, in parts of which some lead somewhere,
    and ``rest`` what of that is folded."""

    document: VersionFacts
    links: tuple[Link, ...]
    said: tuple[Link, ...]
    rest: tuple[Link, ...] = ()
    held: str = ""
    filed: str = ""
    size: str = ""


class HistoryPage(Struct, frozen=True):
    crumbs: tuple[Link, ...]
    chain: str
    title: str
    name: str
    state: str
    current: Link | None
    entries: tuple[HistoryEntry, ...]


def history_page(whole: Whole, chain: Chain, gone: Sequence[WithdrawnVersion] = ()) -> HistoryPage:
    """All versions, newest first; ``gone`` are those that were withdrawn."""
    rows = [(document, _entry(whole, chain, document)) for document in chain.named()]
    page = _page(whole.record, chain.newest, [*rows, *map(_withdrawn_row, gone)])
    current = document_link(chain.current) if chain.current else None
    return replace(page, title=(chain.current or chain.newest).title, state=_state(chain, len(gone)), current=current)


def withdrawn_history(record: Record, gone: Sequence[WithdrawnVersion]) -> HistoryPage:
    """Of a chain of which every version was withdrawn."""
    page = _page(record, gone[-1].document, list(map(_withdrawn_row, gone)))
    return replace(page, state=f"{counted(len(gone), 'version')} withdrawn; none is held.")


def _page(record: Record, newest: Document, rows: list[tuple[Document, HistoryEntry]]) -> HistoryPage:
    here = Link(f"Versions of {short_name(newest)}", addresses.history(newest.chain))
    return HistoryPage(
        crumbs=crumbs(record.phase(newest), here),
        chain=newest.chain,
        title=newest.title,
        name=short_name(newest),
        state="",
        current=None,
        entries=tuple(entry for _, entry in sorted(rows, key=lambda row: version_key(row[0].version), reverse=True)),
    )


def _state(chain: Chain, gone: int) -> str:
    held = f"{counted(len(chain.named()), 'version')} held{f', {gone:,} withdrawn' if gone else ''}"
    if chain.replaced_by is not None:
        return f"{held}. It was superseded by {named(chain.replaced_by)}: none is current."
    if chain.current is None:
        return f"{held}. No later version is held: none is current."
    if chain.current.version is None:
        return f"{held}; it is current."
    return f"{held}; {version_word(chain.current.version)} is current."


def _withdrawn_row(one: WithdrawnVersion) -> tuple[Document, HistoryEntry]:
    document, entry = one.document, one.entry
    return document, HistoryEntry(
        document=version_facts(document, None),
        said=(Link(f"Withdrawn: {entry.reason}", ""),),
        links=(Link("What is kept of it", addresses.view(document)),),
    )


def _entry(whole: Whole, chain: Chain, document: Document) -> HistoryEntry:
    record = whole.record
    said, rest = _said(whole, document)
    return HistoryEntry(
        document=version_facts(document, chain),
        held=in_force_words(record.in_force(document)),
        filed=filed_words(record.filing(document)),
        size=kilobytes(document.size),
        said=said,
        rest=rest,
        links=tuple(_links(chain, document)),
    )


def _links(chain: Chain, document: Document) -> list[Link]:
    before = chain.predecessor(document)
    links = [Link("Read", addresses.view(document))]
    links += [Link(form_words(twin), addresses.view(twin)) for twin in chain.twins(document)]
    if before:
        links.append(
            Link(f"Compare with {version_word(before.version)}", addresses.compare(chain.id, before, document))
        )
    current = chain.current
    if current and current.version != document.version and current != chain.successor(document):
        words = f"Compare with the current version, {version_word(current.version)}"
        links.append(Link(words, addresses.compare(chain.id, document, current)))
    links.append(Link("Raw", addresses.raw(document)))
    return links


def _said(whole: Whole, document: Document) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """What the version says of itself: its amendment record, else what it supersedes, else its status. Of a long one
    the beginning, and the rest."""
    for key in ("amendment_record", "prior_versions", "supersedes", "status", "purpose"):
        said = document.header.first(key)
        if said and len(said) > 12:
            plain = plain_words(said)
            first = plain if len(plain) <= SAID_LIMIT else plain[:SAID_LIMIT].rsplit(" ", 1)[0]
            leads = _leads(whole, document, key)
            return _linked(first, leads), _linked(plain[len(first) :].strip(), leads)
    return (), ()


def _leads(whole: Whole, document: Document, key: str) -> dict[str, str]:
    """Where each mention in a field of the header leads, by its words."""
    return {
        cited.text: addresses.view(whole.record.by_path[cited.target]) + (f"#{cited.anchor}" if cited.anchor else "")
        for cited in whole.citations.of(document.path)
        if cited.where == "header" and cited.field == key and cited.target
    }


def _linked(text: str, leads: dict[str, str]) -> tuple[Link, ...]:
    words = "|".join(re.escape(each) for each in sorted(leads, key=len, reverse=True))
    parts = re.split(rf"(?<![\w.-])({words})(?![\w-])", text) if words else [text]
    return tuple(Link(part, leads.get(part, "") if at % 2 else "") for at, part in enumerate(parts) if part)


class TimeMap(Struct, frozen=True):
    """Addresses are absolute where the site has one. Mementos are (address, time as HTTP writes it). A version of which
    nobody knows since when is left out, for a memento has a time."""

    original: str
    address: str
    history: str
    mementos: tuple[tuple[str, str], ...]


def timemap(record: Record, site: Site, chain: Chain) -> TimeMap:
    filed = [(moment, document) for document in chain.named() if (moment := record.filing(document))]
    filed.sort(key=lambda each: each[0].at)
    mementos = (
        (site.absolute(addresses.view(document)), format_datetime(moment.at, usegmt=True)) for moment, document in filed
    )
    return replace(empty_timemap(site, chain.id), mementos=tuple(mementos))


def empty_timemap(site: Site, chain_id: str) -> TimeMap:
    """Of a chain of which every version was withdrawn."""
    original, own = addresses.latest(chain_id), addresses.timemap(chain_id)
    return TimeMap(site.absolute(original), site.absolute(own), site.absolute(addresses.history(chain_id)), ())
