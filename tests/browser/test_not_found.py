"""An address that is not there: what was asked, what lies near it by name, a search for it; from any depth."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from support import chromium

Open = Callable[..., chromium.Visit]


@pytest.mark.parametrize(
    ("address", "first"),
    [
        (
            "/view/phases/phase-57-marketing-engagement-creation/phase-57-cr-marketing-engagement-creation-v0_9.md.html",
            "Phase 57 CR",
        ),
        (
            "/view/phases/phase-57-marketing-engagement-creation/archive/phase-57-cr-marketing-engagement-creation-v0_4.md",
            "Phase 57 CR",
        ),
        ("/loomworks-methodology", "Loomworks methodology"),
        ("/view/standing-note-versioned-document-archival.md", "Standing note"),
        ("/a/b/c/d/e/current-status-manifest-v0_99/", "Loomworks current-status manifest"),
    ],
)
def test_the_nearest_document_is_offered(sample: str, look: Open, address: str, first: str) -> None:
    seen = look(sample + address)
    page = seen.page
    assert page.locator("[data-asked]").inner_text() == address
    near = page.get_by_role("region", name="Near this address").get_by_role("link")
    # A change request is called by its number.
    expect(near.first).to_contain_text("CR-2026-090" if first == "Phase 57 CR" else first.split(":")[0])
    near.first.click()
    expect(page.locator("h1")).to_contain_text(first.split(":")[0])


_CR = "phases/phase-57-marketing-engagement-creation/phase-57-cr-marketing-engagement-creation"


@pytest.mark.parametrize(
    ("pair", "first", "second"),
    [
        (f"{_CR}-v0_1-to-v0_7.html", "v0.1 compared with v0.4", "v0.2 compared with v0.4"),
        (f"{_CR}/v0.1..v0.7", "v0.1 compared with v0.4", ""),
        (f"{_CR}/v0.3...v0.9", "v0.3 compared with v0.4", ""),
        (f"{_CR}-v0_3-to-v0_1.html", "v0.1 compared with v0.3", ""),  # a history does not list it
        (f"{_CR}-v0.1-to-v0.2", "v0.1 compared with v0.2", ""),
        ("CR-2026-090/v0_2/v0_9", "v0.2 compared with v0.4", "v0.3 compared with v0.4"),
        ("methodology/loomworks-methodology-v0_18-to-v0_20.html", "v0.19 compared with v0.20", ""),
        ("methodology-v0_3-to-v0_5", "v0.19 compared with v0.20", ""),
    ],
)
def test_a_pair_that_is_missing_offers_the_nearest(sample: str, look: Open, pair: str, first: str, second: str) -> None:
    near = look(f"{sample}/compare/{pair}").page.get_by_role("region", name="Near this address").get_by_role("link")
    expect(near.first).to_contain_text(first)
    if second:
        assert near.nth(1).inner_text().endswith(second)
    near.first.click()
    expect(near.page.locator("h1")).to_contain_text(first)


def test_it_can_be_searched_for(sample: str, look: Open) -> None:
    page = look(f"{sample}/x/phase-57-cr-marketing-v0_9.md.html").page
    search = page.get_by_role("search", name="Search for what the address names")
    expect(search.get_by_role("searchbox")).to_have_value("phase 57 cr marketing")
    search.get_by_role("button").click()
    page.wait_for_url("**/search/?q=phase+57+cr+marketing")
    expect(page.locator("[data-results] > li").first).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        "/%3Cimg%20src=x%20onerror=alert(1)%3E",
        "/%E2%80%AEevil",
        "/%zz%",
        "/a?b=<script>alert(1)</script>#<b>",
        "/" + "x" * 250,
    ],
)
def test_what_was_asked_is_text(sample: str, look: Open, address: str) -> None:
    seen = look(sample + address)
    page = seen.page
    assert page.locator("[data-asked] *").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [said for said in seen.complaints if "status of 404" not in said and "status of 400" not in said] == []


def test_links_lead_home_from_any_depth(sample: str, look: Open) -> None:
    page = look(f"{sample}/a/b/c/nothing").page
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Documents").click()
    page.wait_for_url(f"{sample}/documents/")


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/CR-2026-090", "CR-2026-090"),
        ("/phase-57", "Phase 57: Marketing Engagement Creation"),
        ("/registers/gate/", "Gates"),
        ("/P57-B10", "P57-B10 · Phase 57"),
        ("/history/methodology/methodology.html", "Loomworks methodology"),
        ("/x/methodology/loomworks-methodology-v0_19", "Loomworks methodology v0.19"),
        ("/latest/methodology.html", "Loomworks methodology"),
        ("/view/methodology/Loomworks%20Methodology%20v0_20.md.html", "Loomworks methodology v0.20"),
        ("/methodology/archive/loomworks-methodology-v0_19/", "Loomworks methodology v0.19"),
        ("/phases/57/", "Phase 57: Marketing Engagement Creation"),
        ("/phases/phase-057/context.md", "Phase 57: Marketing Engagement Creation"),
        ("/registers/crs/", "Change requests"),
        ("/cr/CR-2026-062.html", "CR-2026-062"),
        ("/CR-2026-090/v0.3", "CR-2026-090 v0.3"),
        ("/gate-5b", "Gate 5b · Phase 57"),
        ("/documents/page-99/", "Documents"),
    ],
)
def test_what_an_address_names_is_offered_with_its_standing(sample: str, look: Open, address: str, first: str) -> None:
    near = look(sample + address).page.get_by_role("region", name="Near this address")
    expect(near.get_by_role("link").first).to_have_text(first)
    if "methodology" in address:
        expect(near.get_by_role("listitem").first).to_contain_text("Archived" if "19" in first else "Current")
    elif first == "CR-2026-090 v0.3":
        expect(near.get_by_role("listitem").first).to_contain_text("Archived")


def test_below_raw_where_no_script_may_run_it_says_where_pages_are(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/raw/methodology/loomworks-methodology-v0_99").page
    expect(page.get_by_text("none may run below /raw/")).to_be_visible()
    page.get_by_role("link", name="All documents").last.click()
    page.wait_for_url(f"{sample}/documents/")
    page.goto(f"{sample}/view/methodology/loomworks-methodology-v0_99.md")
    expect(page.get_by_role("region", name="Near this address")).to_be_visible()
    expect(page.get_by_text("none may run below /raw/")).to_have_count(0)
