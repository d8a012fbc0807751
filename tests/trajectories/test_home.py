"""Home and the dashboard's files."""

from __future__ import annotations

import pytest
from loomworks_record.pages.addresses import url
from loomworks_record.pages.dashboard import Dashboard, awaits_approval, dashboard_files
from loomworks_record.pages.overviews import home_head, home_page
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories
from loomworks_record.source.problem import Problem

from trajectories.records import PROJECT, citations_by_name, record_in, record_of, without
from trajectories.rendered import SITE
from trajectories.test_trajectories import HALT, PHASE_57, phase_70, request, text

SAMPLE = record_in(PROJECT / "content")


def dashboard_of(record: Record, problems: tuple[Problem, ...] = ()) -> Dashboard:
    return Dashboard(Stories(record, citations_by_name(record)), problems)


def test_without_its_last_version_the_third_halt_is_the_first_thing_on_home() -> None:
    record = without(SAMPLE, "cr-marketing-engagement-creation-v0_4.md")
    page = home_page(dashboard_of(record, record.problems), SITE)
    first = page.needs[0]
    assert (first.kind, first.title) == ("open-halt", "Phase 57, cycle 3: Step 2b halted on 12 May 2026")
    assert first.text == "Step 2b live: the same reading again. No change request held here answers it yet."
    assert [action.text for action in first.actions] == ["Read the halt note", "Phase 57"]
    assert page.active[0].title == "Phase 57: Marketing Engagement Creation"
    assert page.active[0].tag == "Halt open"


def test_with_it_no_halt_is_open() -> None:
    page = home_page(dashboard_of(SAMPLE, SAMPLE.problems), SITE)
    assert "open-halt" not in {need.kind for need in page.needs}
    assert next(active for active in page.active if active.folder == PHASE_57).tag == "3 halts answered"


def test_an_empty_record_says_so() -> None:
    page = home_page(dashboard_of(record_of({})), SITE)
    assert (page.needs, page.active, page.recent) == ((), (), ())
    assert page.needs_empty == "Nothing needs you."
    assert page.line == "record.dunin7.com · 0 documents"


def test_nothing_needs_you() -> None:
    page = home_page(dashboard_of(record_of(phase_70(request("0.1", "2026-05-15")))), SITE)
    assert page.needs_empty == "Nothing needs you. Last filing 15 May 2026."


def test_open_halts_come_first_and_the_newest_of_them_first() -> None:
    texts = {}
    for number, day in ((70, "2026-06-02"), (71, "2026-06-04"), (72, "2026-06-03")):
        texts[f"phases/phase-{number}/phase-{number}-halt-surface-{day}-v0_1.md"] = text("Halt", day)
    texts["methodology/methodology-v0_1.md"] = text("Methodology", "2026-07-01", Status="Awaiting Operator approval.")
    needs = dashboard_of(record_of(texts)).needs
    assert [need.facts.get("phase") for need in needs] == [71, 72, 70, None]
    assert needs[3].tag == "Awaiting approval"


def test_a_halt_that_is_held_elsewhere_says_where() -> None:
    name = "phase-70-halt-surface-2026-06-02-step-2-v0_1.md"
    texts = {"phases/phase-70/phase-70-session-handoff-v0_1.md": f"# Handoff\n\n{name} (engine repo docs/)\n"}
    (need,) = dashboard_of(record_of(texts)).needs
    assert need.text == ("The halt note is held elsewhere, engine repo. No change request held here answers it yet.")
    assert [action.text for action in need.actions] == ["Phase 70"]


STATUSES = {
    "Draft awaiting Operator approval.": True,
    "Version 2. Awaiting approval.": True,
    "Ready for Operator approval.": True,
    "Approval is pending.": True,
    "Approved by the Operator.": False,
    "No longer awaiting approval.": False,
    "Handoff from the scoping chat.": False,
    "In force. " + "Much is said here. " * 20 + "Phase 57 is awaiting approval.": False,
    "": False,
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items(), ids=[key[:30] or "none" for key in STATUSES])
def test_statuses_that_await_approval(status: str, expected: bool) -> None:
    record = record_of({"notes/note-v0_1.md": text("Note", "2026-06-01", Status=status)})
    assert awaits_approval(record.documents[0]) is expected


def test_an_archived_document_awaits_nothing() -> None:
    texts = {
        "notes/archive/note-v0_1.md": text("Note", "2026-06-01", Status="Awaiting Operator approval."),
        "notes/note-v0_2.md": text("Note", "2026-06-02", Status="Approved."),
    }
    assert dashboard_of(record_of(texts)).needs == ()


def test_errors_and_warnings_are_one_item_and_notices_none() -> None:
    def problem(code: str) -> Problem:
        return Problem("a.md", None, code, "wrong")

    (need,) = dashboard_of(
        record_of({}),
        (problem("version-duplicate"), problem("file-empty"), problem("file-empty"), problem("version-gap")),
    ).needs
    assert (need.tag, need.title) == ("3 problems", "1 error and 2 warnings in the record")
    assert need.actions[0].address == "registers/problems/index.html"
    assert dashboard_of(record_of({}), (problem("version-gap"),)).needs == ()


def test_recent_filings_of_one_day_run_against_the_trajectory() -> None:
    names = [document.name.stem for document in dashboard_of(SAMPLE).filings if document.phase == 57]
    assert names[:3] == [
        "phase-57-cr-marketing-engagement-creation-v0_4",
        "loomworks-phase-57-cr-amendment-3-handoff-v0_1",
        "loomworks-phase-57-cr-amendment-3-scoping-note-v0_1",
    ]
    days = [document.date for document in dashboard_of(SAMPLE).filings if document.date]
    assert days == sorted(days, reverse=True)


def test_what_a_recent_filing_says() -> None:
    dashboard = dashboard_of(SAMPLE)
    said = {document.name.stem: dashboard.filing(document).said for document in dashboard.filings}
    assert said["phase-57-cr-marketing-engagement-creation-v0_4"] == "Answers the cycle-3 halt of Phase 57"
    assert said["phase-57-cr-marketing-engagement-creation-v0_3"] == "Answered the cycle-2 halt of Phase 57"
    assert said["loomworks-phase-57-cr-amendment-3-handoff-v0_1"] == "Phase 57, cycle 3"
    assert said["current-status-manifest-v0_42"] == "Supersedes v0.41"
    assert said["loomworks-phase-57-step-0-inspection-brief-v0_1"] == "Inspection brief, Phase 57"


def test_twins_are_one_filing() -> None:
    texts = {
        "notes/note-v0_1.md": text("Note", "2026-06-01"),
        "notes/note-v0_1.html": "<!DOCTYPE html><title>Note</title>",
    }
    assert [document.path for document in dashboard_of(record_of(texts)).filings] == ["notes/note-v0_1.md"]


def test_files_are_pages_of_fifty() -> None:
    texts = {f"notes/note-{number:03}-v0_1.md": text("Note", "2026-06-01") for number in range(120)}
    files = dict(dashboard_files(dashboard_of(record_of(texts))))
    assert sorted(files) == [
        "api/dashboard/active.json",
        "api/dashboard/needs-you.json",
        "api/dashboard/recent-2.json",
        "api/dashboard/recent-3.json",
        "api/dashboard/recent.json",
    ]
    following = [files[f"api/dashboard/recent{page}.json"] for page in ("", "-2", "-3")]
    assert [len(page["items"]) for page in following] == [50, 50, 20]
    assert [page["next"] for page in following] == ["recent-2.json", "recent-3.json", None]
    assert {page["total_count"] for page in following} == {120}
    paths = [item["path"] for page in following for item in page["items"]]
    assert len(set(paths)) == 120
    assert files["api/dashboard/active.json"] == {"items": [], "total_count": 0, "next": None}


def test_items_say_what_they_are() -> None:
    content = phase_70(request("0.1", "2026-06-01"), (HALT, text("Halt: a surprise", "2026-06-02")))
    files = dict(dashboard_files(dashboard_of(record_of(content))))
    assert files["api/dashboard/needs-you.json"]["items"] == [
        {
            "kind": "open-halt",
            "title": "Phase 70, cycle 1: Step 2 halted on 2 June 2026",
            "text": "A surprise. No change request held here answers it yet.",
            "date": "2026-06-02",
            "url": url(f"view/phases/phase-70-ledger/{HALT}.html"),
            "phase": 70,
            "folder": "phase-70-ledger",
            "cycle": 1,
            "halt": f"phases/phase-70-ledger/{HALT}",
        }
    ]
    assert files["api/dashboard/active.json"]["items"] == [
        {
            "phase": 70,
            "folder": "phase-70-ledger",
            "title": "Phase 70: Ledger",
            "state": "halted",
            "sentence": "Halted at Step 2 since 2 June 2026; no change request held here answers it yet.",
            "halt_open": True,
            "date": "2026-06-02",
            "url": "/phases/phase-70-ledger/",
        }
    ]


def test_two_hundred_open_halts_are_counted_and_the_page_stays_short() -> None:
    texts = {
        f"phases/phase-{number}/phase-{number}-halt-surface-2026-06-02-v0_1.md": text("Halt", "2026-06-02")
        for number in range(1, 201)
    }
    page = home_page(dashboard_of(record_of(texts)), SITE)
    assert (page.needs_count, len(page.needs), page.needs_more) == (200, 12, "188 more things in needs-you.json")
    assert (page.active_count, len(page.active)) == (200, 8)
    assert page.active_more is not None
    assert page.active_more.text == "All 200 phases"


def test_head_of_home() -> None:
    head = home_head(SITE)
    assert head.graph["og:url"] == "https://record.dunin7.com/"
    assert head.linked_data is not None
    assert head.linked_data["@type"] == "WebSite"
