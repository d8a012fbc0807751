"""From version to version: banner, strip, history, address of the current one; the section is kept on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from support import chromium, hosting, site

from browser.kinds import ARCHIVED, PHASE, REQUEST

Open = Callable[..., chromium.Visit]


def test_the_banner_leads_to_the_current_version(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{ARCHIVED}-v0_2.md").page
    banner = page.get_by_role("note", name="Standing")
    expect(banner).to_contain_text("Archived (read-only). v0.2 was superseded by v0.3 on 12 May 2026.")
    assert banner.bounding_box()["y"] < page.locator("h1").bounding_box()["y"]  # type: ignore[index]
    banner.get_by_role("link", name="Go to the current version, v0.4").click()
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md")
    expect(page.locator(".r-state .r-st")).to_have_text("Current")
    page.go_back()
    page.wait_for_url(f"{sample}/view/{ARCHIVED}-v0_2.md")


def test_the_section_is_kept_between_versions(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{ARCHIVED}-v0_2.md").page
    anchor = page.locator(".r-body h2").nth(2).get_attribute("id")
    page.goto(f"{sample}/view/{ARCHIVED}-v0_2.md#{anchor}")
    page.wait_for_function("() => document.querySelector('[data-fresh] .mark')")
    page.get_by_role("link", name="Go to the current version, v0.4").click()
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md#{anchor}")
    page.get_by_role("navigation", name="Versions of CR-2026-090").get_by_role("link", name="v0.1").click()
    page.wait_for_url(f"{sample}/view/{ARCHIVED}-v0_1.md#{anchor}")
    heading = page.locator(f'[id="{anchor}"]')
    expect(heading).to_be_in_viewport()
    # A section chosen on the page itself counts too; a place of the page's own does not.
    page.locator(".r-toc a").nth(1).click()
    second = page.url.split("#")[1]
    link = page.get_by_role("link", name="Go to the current version, v0.4")
    expect(link).to_have_attribute("href", re.compile(f"#{re.escape(second)}$"))
    page.get_by_role("link", name="Cite", exact=True).click()
    expect(link).not_to_have_attribute("href", re.compile("#"))


def test_the_address_of_the_current_version_moves_there(sample: str, look: Open) -> None:
    page = look(f"{sample}/phases/").page
    page.goto(f"{sample}/latest/{REQUEST}")
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md")
    page.goto(f"{sample}/latest/{REQUEST}#r-provenance")
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md#r-provenance")
    page.goto(f"{sample}/latest/{REQUEST}?from=mail#r-provenance")
    page.wait_for_url(f"{sample}/view/{REQUEST}-v0_4.md?from=mail#r-provenance")


def test_the_history_tells_every_version(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    page.get_by_role("link", name="All versions (4)").click()
    page.wait_for_url(f"{sample}/history/{REQUEST}")
    expect(page.locator(".r-chain h2 a")).to_have_text(["v0.4", "v0.3", "v0.2", "v0.1"])
    page.locator(".r-chain").get_by_role("link", name="Compare with v0.3").click()
    expect(page.locator("h1")).to_contain_text("v0.3 compared with v0.4")


def test_the_versions_are_related_in_the_head(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{ARCHIVED}-v0_2.md").page
    found = page.evaluate("Object.fromEntries([...document.querySelectorAll('link[rel]')].map(l => [l.rel, l.href]))")
    strip = f"{sample}/view/"
    assert found["latest-version"] == f"{strip}{REQUEST}-v0_4.md.html"
    assert found["predecessor-version"] == f"{strip}{ARCHIVED}-v0_1.md.html"
    assert found["successor-version"] == f"{strip}{ARCHIVED}-v0_3.md.html"
    assert found["version-history"] == f"{sample}/history/{REQUEST}.html"
    assert found["canonical"] == f"https://record.dunin7.com/view/{ARCHIVED}-v0_2.md.html"


def test_a_citation_can_be_copied(sample: str, look: Open) -> None:
    seen = look(f"{sample}/view/{REQUEST}-v0_4.md")
    page = seen.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the citation", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.evaluate("getSelection().toString()")
    assert copied.endswith(f"https://record.dunin7.com/view/{REQUEST}-v0_4.md.html")
    page.get_by_role("button", name="Copy the citation in Markdown").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(2)
    assert page.evaluate("navigator.clipboard.readText()").startswith("[")


def test_a_click_selects_the_whole_citation_without_script(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/view/{REQUEST}-v0_4.md", javascript=False).page
    place = page.locator("#r-cite .r-select")
    place.click()
    assert page.evaluate("getSelection().toString().trim()") == place.inner_text().strip()
    expect(page.get_by_role("button", name="Copy the citation")).to_have_count(0)


def test_the_raw_bytes_are_one_press_away(sample: str, sample_site: site.Build, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    with page.expect_response(f"**/raw/{REQUEST}-v0_4.md") as answer:
        page.get_by_role("link", name="Raw", exact=True).click()
    assert answer.value.body() == (sample_site.content / f"{REQUEST}-v0_4.md").read_bytes()
    assert answer.value.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("width", [1366, 390])
def test_the_whole_phase_is_two_presses_away(sample: str, look: Open, width: int) -> None:
    page = look(f"{sample}/view/{ARCHIVED}-v0_1.md", width=width).page
    if width == 390:
        page.get_by_role("button", name="Phase 57: 18 documents").click()
    with page.expect_response(f"**/{PHASE}/context.md") as answer:
        page.get_by_role("link", name="The current documents as one text").click()
    assert answer.value.ok
    assert "CR-2026-090" in answer.value.text()


@pytest.mark.parametrize(("expires", "late"), [("2099-01-01T00:00:00Z", False), ("2020-01-01T00:00:00Z", True)])
def test_freshness_is_a_word_and_a_shape(sample: str, visit: Open, expires: str, late: bool) -> None:
    page = visit(f"{sample}/integrity/checkpoint").page
    stamp = page.request.get(f"{sample}/integrity/stamp.json").json()
    page.route("**/stamp.json", lambda route: route.fulfill(json={**stamp, "expires": expires}))
    page.goto(f"{sample}/phases/")
    line = page.locator("[data-fresh]")
    expect(line).to_contain_text("Late: stamped" if late else "Stamped")
    style = page.evaluate(
        """() => {
            const shape = getComputedStyle(document.querySelector("[data-fresh] .mark"), "::before");
            return [shape.borderTopStyle, shape.backgroundColor];
        }"""
    )
    assert (style[0] == "dashed", style[1] == "rgba(0, 0, 0, 0)") == (late, late)


def test_without_a_stamp_the_line_is_a_link(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/integrity/checkpoint").page
    page.route("**/stamp.json", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{sample}/phases/")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-fresh]").inner_text().strip() == "How fresh is this?"


def test_a_renamed_document_is_found_at_its_old_address(
    sample_site: site.Build, tmp_path_factory: pytest.TempPathFactory, look: Open
) -> None:
    folder = tmp_path_factory.mktemp("renamed") / "project"
    content = {"notes/new-name-v0_1.md": "# New name\n\n**Version.** 0.1 **Date.** 2026-05-10\n\nText.\n"}
    redirects = {"/view/notes/old-name-v0_1.md.html": "/view/notes/new-name-v0_1.md.html"}
    plugin = {"record": {"origin": "example.org", "search": False, "redirects": redirects}}
    built = site.build(content, folder, config={"plugins": [plugin], "site_url": "https://example.org/"})
    assert built.status == 0, built.output
    with hosting.serve(built.site, like_pages=True) as base:
        for old in ("/view/notes/old-name-v0_1.md.html", "/view/notes/old-name-v0_1.md"):
            page = look(base + old).page
            assert page.url == f"{base}/view/notes/new-name-v0_1.md", old
