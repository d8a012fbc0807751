"""``/feed.atom``: filings, halts and amendments, newest first (RFC 4287). The same record gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from feedgen.feed import FeedGenerator

from loomworks_record.pages import addresses
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.shell import Site
from loomworks_record.pages.story import cycle_title, event_said, halt_words, place_words, request_version
from loomworks_record.record.phases import Phase
from loomworks_record.record.trajectories.trajectory import Cycle

FEED = "feed.atom"
ENTRIES = 50
_NO_DATE = date(1970, 1, 1)  # of a feed without entries: its date must be one, and none may be made up
_TAG_YEAR = 2026  # of the tag URIs (RFC 4151): the year in which the record's host was ours; never to be changed

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``id`` is a tag URI made from a path or an event, so that it outlives addresses."""

    id: str
    title: str
    address: str
    date: date
    category: str
    said: str


def feed(dashboard: Dashboard, site: Site) -> bytes:
    """The feed as XML. Documents without a date are left out: a feed says when."""
    entries = sorted(_entries(dashboard, site), key=lambda entry: entry.date, reverse=True)[:ENTRIES]
    made = FeedGenerator()
    made.id(_tag(site, ""))
    made.title(_xml_text(site.name))
    made.subtitle(_xml_text(site.lede))
    made.link(href=site.absolute(FEED), rel="self", type="application/atom+xml")
    made.link(href=site.absolute(addresses.HOME), rel="alternate", type="text/html")
    made.author(name=_xml_text(site.line))
    made.language("en")
    made.generator("loomworks-record")
    made.updated(_midnight(max((entry.date for entry in entries), default=_NO_DATE)))
    for entry in entries:
        added = made.add_entry(order="append")
        added.id(entry.id)
        added.title(_xml_text(entry.title))
        path, mark, anchor = entry.address.partition("#")
        added.link(href=site.absolute(path) + mark + anchor, rel="alternate", type="text/html")
        added.updated(_midnight(entry.date))
        added.published(_midnight(entry.date))
        added.category(term=entry.category)
        added.summary(_xml_text(entry.said or entry.title))
    xml: bytes = made.atom_str(pretty=True)
    return xml


def _entries(dashboard: Dashboard, site: Site) -> Iterator[Entry]:
    """Newest first within a day; events of one day before the filings that they consist of."""
    for phase in reversed(dashboard.stories.record.phases):
        for cycle in reversed(dashboard.stories.of(phase).cycles):
            yield from _amendment(dashboard, site, phase, cycle)
            yield from _halt(dashboard, site, phase, cycle)
    for document in dashboard.filings:
        if document.date:
            filing = dashboard.filing(document)
            title = f"Filed: {filing.title}"
            said = ". ".join(filter(None, [filing.said, event_said(document)])) + "."
            yield Entry(_tag(site, document.path), title, filing.address, document.date, "filing", said)


def _halt(dashboard: Dashboard, site: Site, phase: Phase, cycle: Cycle) -> Iterator[Entry]:
    halted = cycle.halted
    if halted is None or halted.date is None:
        return
    note = dashboard.stories.record.by_path.get(cycle.halt or "")
    said = event_said(note) if note else f"The halt note is {place_words(halted.place)}"
    step = f" at Step {halted.step}" if halted.step else ""
    yield Entry(
        id=_tag(site, f"halts/{phase.folder}/{halted.name}"),
        title=f"{phase.label} halted{step}",
        address=addresses.phase(phase.folder) + f"#cycle-{cycle.number}",
        date=halted.date,
        category="halt",
        said=". ".join(filter(None, [phase.heading, cycle_title(cycle), said])) + ".",
    )


def _amendment(dashboard: Dashboard, site: Site, phase: Phase, cycle: Cycle) -> Iterator[Entry]:
    answer = dashboard.stories.record.by_path.get(cycle.answered_by or "")
    if answer is None or answer.date is None:
        return
    answers = f"It answers {halt_words(cycle)}." if cycle.halt else "No halt note is named."
    yield Entry(
        id=_tag(site, f"amendments/{phase.folder}/{cycle.number}"),
        title=f"{phase.label} amended: {request_version(dashboard.stories.record, answer)}",
        address=addresses.view(answer),
        date=answer.date,
        category="amendment",
        said=f"{phase.heading}. {answers}",
    )


def _tag(site: Site, specific: str) -> str:
    return f"tag:{site.origin},{_TAG_YEAR}:{addresses.url(specific)}"


def _xml_text(text: str) -> str:
    """Without the characters that XML 1.0 (§2.2) has no way to write."""
    return _NOT_XML.sub("", text)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
