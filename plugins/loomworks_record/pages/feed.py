"""Feeds (RFC 4287): what was filed, halts and amendments, by the time of filing, newest first.

One of the record, one of each phase, one of each chain. The same record gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.pages import addresses
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.shell import Site
from loomworks_record.pages.trajectory_words import cycle_title, event_said, halt_words, place_words, request_version
from loomworks_record.pages.wording import short_name
from loomworks_record.record.chains import Chain, rank
from loomworks_record.record.phases import Phase
from loomworks_record.record.trajectories.trajectory import Cycle
from loomworks_record.source.document import Document

FEED = "feed.atom"
ENTRIES = 50
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed without entries: its date must be one, and none may be made up
_TAG_YEAR = 2026  # of the tag URIs (RFC 4151): the year in which the record's host was ours; never to be changed

_NOT_XML = lazy.regex("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FeedEntry(Struct, frozen=True):
    """One entry. ``id`` is a tag URI made from the path that something was filed at, or an event: it
    never changes."""

    id: str
    title: str
    address: str
    at: datetime
    category: str
    said: str


def feed(dashboard: Dashboard, site: Site) -> bytes:
    """The feed of the record as XML. What nobody knows the time of is left out: a feed says when."""
    return _atom(site, FEED, addresses.HOME, site.name, _entries(dashboard, site))


def phase_feed(dashboard: Dashboard, site: Site, phase: Phase) -> bytes:
    """The same of one phase."""
    filed = islice(_filed(dashboard, site, dashboard.filings_of(phase)), ENTRIES)
    entries = (*_events(dashboard, site, phase), *filed)
    return _atom(site, phase_feed_address(phase), addresses.phase(phase.folder), phase.heading, entries)


def chain_feed(dashboard: Dashboard, site: Site, chain: Chain) -> bytes:
    """The same of one chain: a new version of one document."""
    filed = sorted(chain.named(), key=lambda document: rank(document), reverse=True)
    title = f"Versions of {short_name(chain.newest)}"
    return _atom(site, chain_feed_address(chain.id), addresses.history(chain.id), title, _filed(dashboard, site, filed))


def phase_feed_address(phase: Phase) -> str:
    return f"phases/{phase.folder}/feed.atom"


def chain_feed_address(chain_id: str) -> str:
    return f"history/{chain_id}.atom"


def empty_feed(site: Site, chain_id: str) -> bytes:
    """Of a chain of which every version was withdrawn."""
    return _atom(site, chain_feed_address(chain_id), addresses.history(chain_id), "Every version was withdrawn", ())


def _atom(site: Site, address: str, page: str, title: str, entries: Iterable[FeedEntry]) -> bytes:
    newest = sorted(entries, key=lambda entry: entry.at, reverse=True)[:ENTRIES]
    updated = max((entry.at for entry in newest), default=_NO_DATE)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        _element("id", _tag(site, "" if address == FEED else address)),
        _element("title", title),
        _element("subtitle", site.lede),
        f'<link href={_attribute(site.absolute(address))} rel="self" type="application/atom+xml"/>',
        f'<link href={_attribute(site.absolute(page))} rel="alternate" type="text/html"/>',
        f"<author>{_element('name', site.line)}</author>",
        "<generator>loomworks-record</generator>",
        _element("updated", updated.isoformat()),
    ]
    for entry in newest:
        path, mark, anchor = entry.address.partition("#")
        parts += [
            "<entry>",
            _element("id", entry.id),
            _element("title", entry.title),
            f'<link href={_attribute(site.absolute(path) + mark + anchor)} rel="alternate" type="text/html"/>',
            _element("updated", entry.at.isoformat()),
            _element("published", entry.at.isoformat()),
            f"<category term={_attribute(entry.category)}/>",
            _element("summary", entry.said or entry.title),
            "</entry>",
        ]
    return "\n".join((*parts, "</feed>", "")).encode()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_xml_text(text))}</{name}>"


def _attribute(text: str) -> str:
    return quoteattr(_xml_text(text))


def _entries(dashboard: Dashboard, site: Site) -> Iterator[FeedEntry]:
    """Newest first within a day; events of one day before the filings that they consist of."""
    for phase in reversed(dashboard.stories.record.phases):
        yield from _events(dashboard, site, phase)
    yield from islice(_filed(dashboard, site, dashboard.filings), ENTRIES)  # newest first: later ones have no room


def _events(dashboard: Dashboard, site: Site, phase: Phase) -> Iterator[FeedEntry]:
    for cycle in reversed(dashboard.stories.of(phase).cycles):
        yield from _amendment(dashboard, site, phase, cycle)
        yield from _halt(dashboard, site, phase, cycle)


def _filed(dashboard: Dashboard, site: Site, documents: Iterable[Document]) -> Iterator[FeedEntry]:
    for document in documents:
        moment = dashboard.stories.record.filing(document)
        if moment:
            filing = dashboard.filing(document)
            title = f"Filed: {filing.title}"
            said = ". ".join(filter(None, [filing.said, event_said(document)])) + "."
            yield FeedEntry(_tag(site, document.public_path), title, filing.address, moment.at, "filing", said)


def _halt(dashboard: Dashboard, site: Site, phase: Phase, cycle: Cycle) -> Iterator[FeedEntry]:
    halted = cycle.halted
    if halted is None or halted.date is None:
        return
    note = dashboard.stories.record.by_path.get(cycle.halt or "")
    filed = dashboard.stories.record.filing(note) if note else None
    said = event_said(note) if note else f"The halt note is {place_words(halted.place)}"
    step = f" at Step {halted.step}" if halted.step else ""
    yield FeedEntry(
        id=_tag(site, f"halts/{phase.folder}/{halted.name}"),
        title=f"{phase.label} halted{step}",
        address=addresses.phase(phase.folder) + f"#cycle-{cycle.number}",
        at=filed.at if filed else datetime.combine(halted.date, time(), UTC),
        category="halt",
        said=". ".join(filter(None, [phase.heading, cycle_title(cycle), said])) + ".",
    )


def _amendment(dashboard: Dashboard, site: Site, phase: Phase, cycle: Cycle) -> Iterator[FeedEntry]:
    answer = dashboard.stories.record.by_path.get(cycle.answered_by or "")
    filed = dashboard.stories.record.filing(answer) if answer else None
    if answer is None or filed is None:
        return
    answers = f"It answers {halt_words(cycle)}." if cycle.halt else "No halt note is named."
    yield FeedEntry(
        id=_tag(site, f"amendments/{phase.folder}/{cycle.number}"),
        title=f"{phase.label} amended: {request_version(dashboard.stories.record, answer)}",
        address=addresses.view(answer),
        at=filed.at,
        category="amendment",
        said=f"{phase.heading}. {answers}",
    )


def _tag(site: Site, specific: str) -> str:
    return f"tag:{site.origin},{_TAG_YEAR}:{addresses.url(specific)}"


def _xml_text(text: str) -> str:
    """Without the characters that XML 1.0 (§2.2) has no way to write."""
    return _NOT_XML.sub("", text)
