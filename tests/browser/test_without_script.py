"""With JavaScript off everything can be read and reached; what needs it says so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from support import chromium

from browser.kinds import ARCHIVED, REQUEST, TEMPLATES, Kind

Open = Callable[..., chromium.Visit]


@pytest.mark.parametrize("kind", [kind for kind in TEMPLATES if kind.template != "move"], ids=str)
def test_a_page_is_whole(kind: Kind, sample: str, corners: str, visit: Open) -> None:
    seen = visit((sample if kind.site == "sample" else corners) + kind.address, javascript=False)
    expect(seen.page.locator("h1")).to_be_visible()
    assert seen.strangers() == []
    asked = [url for url in seen.requests if url.endswith(".json")]
    assert asked == []
    expect(seen.page.get_by_role("link", name="How fresh is this?")).to_be_visible()


def test_the_address_of_the_current_version_moves_there(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/phases/", javascript=False).page
    page.goto(f"{sample}/latest/{REQUEST}")
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md")


def test_the_banner_leads_to_the_current_version(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/view/{ARCHIVED}-v0_1.md", javascript=False).page
    page.get_by_role("link", name="Go to the current version, v0.4").click()
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md")


@pytest.mark.parametrize("javascript", [False, True])
def test_on_a_phone_buttons_open_the_columns(sample: str, visit: Open, javascript: bool) -> None:
    page = visit(f"{sample}/view/{REQUEST}-v0_4.md", javascript=javascript, width=390).page
    contents, beside = page.locator("#r-toc"), page.locator("#r-side")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="On this page").click()
    contents.get_by_role("link", name="Background").click()
    page.wait_for_url("**#s2")
    expect(contents).to_be_visible(visible=not javascript)  # a script puts it away when it was followed
    page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name=re.compile("Phase 57: .* documents")).click()
    beside.get_by_role("link", name="Scoping note v0.2").click()
    page.wait_for_url("**-scoping-note-v0_2.md")


def test_on_a_wide_page_the_columns_stand_beside_the_text(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/view/{REQUEST}-v0_4.md", javascript=False, width=1366).page
    for column in ("#r-side", "#r-toc"):
        expect(page.locator(column)).to_be_visible()
    expect(page.get_by_role("button", name="On this page")).to_be_hidden()


def test_html_documents_are_shown_in_their_frame(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/view/brand/loomworks-brand-guide-v0_15.html", javascript=False).page
    page.locator("iframe").scroll_into_view_if_needed()
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()


def test_the_frame_may_do_nothing(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/brand/loomworks-brand-guide-v0_15.html").page
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    frame.scroll_into_view_if_needed()
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    answer = page.request.get(page.evaluate("document.querySelector('iframe').src"))
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "form-action 'none'"} <= set(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
