"""The Atom feed: what it holds, and that feedparser and a second run agree with it."""

from __future__ import annotations

import feedparser
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.feed import feed
from loomworks_record.pages.shell import Site
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories

from trajectories.records import PROJECT, citations_by_name, record_in, record_of
from trajectories.rendered import SITE
from trajectories.test_trajectories import HALT, phase_70, request, text


def xml(record: Record, site: Site = SITE) -> bytes:
    return feed(Dashboard(Stories(record, citations_by_name(record))), site)


STORY = phase_70(
    request("0.1", "2026-06-01"),
    (HALT, text("Halt: a surprise", "2026-06-02")),
    ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-02", HALT, CR_target="CR v0.2")),
    request("0.2", "2026-06-03", HALT),
)


def test_filings_halts_and_amendments_newest_first() -> None:
    read = feedparser.parse(xml(record_of(STORY)))
    assert not read.bozo
    assert read.version == "atom10"
    assert [(entry.updated[:10], entry.tags[0].term, entry.title) for entry in read.entries] == [
        ("2026-06-03", "amendment", "Phase 70 amended: CR v0.2"),
        ("2026-06-03", "filing", "Filed: CR-2026-070 v0.2"),
        ("2026-06-02", "halt", "Phase 70 halted at Step 2"),
        ("2026-06-02", "filing", "Filed: Phase 70 amendment handoff v0.1"),
        ("2026-06-02", "filing", "Filed: Phase 70 halt surface 2026-06-02 step 2 v0.1"),
        ("2026-06-01", "filing", "Filed: CR-2026-070 v0.1"),
    ]
    assert read.feed.updated == "2026-06-03T00:00:00+00:00"
    assert read.entries[0].summary == "Phase 70: Ledger. It answers the halt of 2 June 2026 at Step 2."
    assert read.entries[2].link == "https://record.dunin7.com/phases/phase-70-ledger/#cycle-1"


def test_the_sample_is_valid_and_without_build_time() -> None:
    record = record_in(PROJECT / "content")
    once = xml(record)
    assert once == xml(record)
    read = feedparser.parse(once)
    assert not read.bozo
    assert all(len(entry.links) == 1 for entry in read.entries)  # of several, some readers take another one
    assert len(read.entries) == 50
    assert len({entry.id for entry in read.entries}) == 50
    events = [entry.title for entry in read.entries if entry.tags[0].term != "filing"]
    assert events[:4] == [
        "Phase 57 amended: CR v0.4",
        "Phase 57 halted at Step 2b",
        "Phase 57 amended: CR v0.3",
        "Phase 57 halted at Step 2b",
    ]
    newest = max(document.date for document in record.documents if document.date)
    assert read.feed.updated == f"{newest}T00:00:00+00:00"


def test_identifiers_outlive_the_address() -> None:
    record = record_of(STORY)
    moved = Site(SITE.name, SITE.line, SITE.lede, SITE.origin, "https://elsewhere.example/record/", True)
    here, there = (feedparser.parse(xml(record, site)).entries for site in (SITE, moved))
    assert [entry.id for entry in here] == [entry.id for entry in there]
    assert all(entry.id.startswith("tag:record.dunin7.com,2026:/") for entry in here)
    assert here[0].link != there[0].link


def test_a_document_without_a_date_is_left_out() -> None:
    texts = {"notes/a-v0_1.md": "# A\n", "notes/b-v0_1.md": text("B", "2026-06-01")}
    assert [entry.title for entry in feedparser.parse(xml(record_of(texts))).entries] == ["Filed: B v0.1"]


def test_an_empty_record_has_a_valid_feed() -> None:
    read = feedparser.parse(xml(record_of({})))
    assert not read.bozo
    assert (read.entries, read.feed.updated) == ([], "1970-01-01T00:00:00+00:00")


def test_titles_are_escaped() -> None:
    record = record_of({"notes/a-v0_1.md": text("<b>A</b> & B", "2026-06-01")})
    read = feedparser.parse(xml(record))
    assert not read.bozo
    assert b"<b>" not in xml(record)


def test_characters_that_xml_does_not_allow_break_nothing() -> None:
    record = record_of({"notes/a-v0_1.md": text("A\x07\x0b B", "2026-06-01", Status="Draft\x01\ufffe.")})
    read = feedparser.parse(xml(record))
    assert not read.bozo
    assert read.entries[0].title == "Filed: A B v0.1"
