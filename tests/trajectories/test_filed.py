"""``/filed/`` and the feeds go by the time of filing, whatever date a document gives itself."""

from __future__ import annotations

from dataclasses import replace

import feedparser
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.documents import filed_pages
from loomworks_record.pages.feed import chain_feed, feed, phase_feed
from loomworks_record.record.filings import moment
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories

from trajectories.records import citations_by_name, record_of
from trajectories.rendered import SITE
from trajectories.test_trajectories import text

NOTE, LATER = "notes/a-v0_1.md", "notes/b-v0_2.md"
TEXTS = {
    NOTE: text("A", "2026-05-12"),
    "notes/archive/b-v0_1.md": text("B", "2026-05-14"),
    LATER: text("B", "2026-05-16"),
    "phases/phase-70-ledger/phase-70-note-v0_1.md": text("C", "2026-05-18"),
}
FILED = {NOTE: moment("2026-05-20T09:15:00Z", "", 7)}


def dashboard(record: Record) -> Dashboard:
    return Dashboard(Stories(record, citations_by_name(record)))


def made() -> Dashboard:
    return dashboard(replace(record_of(TEXTS), filed=FILED))


def test_what_was_filed_last_is_first_whatever_its_date() -> None:
    (page,) = filed_pages(made())
    assert [str(day) for day, _ in page.days] == ["2026-05-20", "2026-05-18", "2026-05-16", "2026-05-14"]
    first, superseding = page.days[0][1][0], page.days[2][1][0]
    assert (first.title, first.when, first.number) == ("A v0.1", "20 May 2026, 09:15 UTC", 7)
    assert first.compare is None
    assert superseding.said == "Supersedes v0.1" and superseding.compare is not None
    assert superseding.compare.address == "compare/notes/b-v0_1-to-v0_2.html"
    read = feedparser.parse(feed(made(), SITE))
    assert not read.bozo
    assert (read.entries[0].title, read.entries[0].updated) == ("Filed: A v0.1", "2026-05-20T09:15:00+00:00")
    assert read.feed.updated == "2026-05-20T09:15:00+00:00"


def test_each_phase_and_each_chain_has_its_feed() -> None:
    told = made()
    record = told.stories.record
    phase = feedparser.parse(phase_feed(told, SITE, record.phases[0]))
    assert [entry.title for entry in phase.entries] == ["Filed: Phase 70 note v0.1"]
    chain = feedparser.parse(chain_feed(told, SITE, record.chain_by_id["notes/b"]))
    assert [entry.title for entry in chain.entries] == ["Filed: B v0.2", "Filed: B v0.1"]
    assert len({phase.feed.id, chain.feed.id, feedparser.parse(feed(told, SITE)).feed.id}) == 3


def test_an_id_stays_when_a_version_is_archived() -> None:
    before = {path.replace("archive/", ""): body for path, body in TEXTS.items() if path != LATER}
    ids = [
        {entry.title: entry.id for entry in feedparser.parse(feed(dashboard(record_of(texts)), SITE)).entries}
        for texts in (before, TEXTS)
    ]
    assert ids[0]["Filed: B v0.1"] == ids[1]["Filed: B v0.1"]
