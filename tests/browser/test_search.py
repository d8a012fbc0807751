"""Full text search: the right document first, filters and state in the address, by keyboard, and inert excerpts."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from support import chromium

Open = Callable[..., chromium.Visit]


def found(page: Page) -> list[str]:
    """The paths of the documents found, in order."""
    links = page.locator("[data-results] .r-cites__head > a")
    return [str(url).split("/view/")[1] for url in links.evaluate_all("all => all.map(link => link.href)")]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("CR-2026-090", "phase-57-cr-marketing-engagement-creation-v0_4.md.html"),
        ("CR-2026-062", "phase-49-cr-companion-intelligence-v0_3.md.html"),
        ("P57-B3", "loomworks-phase-57-cr-amendment-2-scoping-note-v0_1.md.html"),
        ("Gate 5b", "phase-57-cr-marketing-engagement-creation-v0_4.md.html"),
        # The name of an archived version means that version.
        ("phase-57-cr-marketing-engagement-creation-v0_3.md", "phase-57-cr-marketing-engagement-creation-v0_3.md.html"),
        ("phase-57-cr-marketing-engagement-creation-v0_3", "phase-57-cr-marketing-engagement-creation-v0_3.md.html"),
        ("methodology", "methodology-v0_21-consolidation-draft-material-v0_1.md.html"),
    ],
)
def test_the_right_document_comes_first(sample: str, look: Open, query: str, path: str) -> None:
    page = look(f"{sample}/search/?q={quote(query)}").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    assert found(page)[0].endswith(f"/{path}")


def test_current_comes_before_archived(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=passkey").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    standings = page.locator("[data-results] .r-st").all_inner_texts()
    assert len(set(standings)) == 2
    assert standings == sorted(standings, key=lambda words: words.startswith("Archived"))


def test_a_search_from_any_page_and_back(sample: str, look: Open) -> None:
    seen = look(f"{sample}/phases/")
    page = seen.page
    page.get_by_role("search", name="Search the record").get_by_role("searchbox").fill("passkey")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=passkey")
    expect(page.get_by_role("status").filter(has_text="documents found")).to_have_count(1)
    first = page.locator("[data-results] > li").first
    expect(first).to_be_visible()
    everything = len(found(page))
    page.get_by_label("Standing").select_option("Archived")
    page.wait_for_url("**/search/?q=passkey&standing=Archived")
    expect(page.locator("[data-results] .r-st--current")).to_have_count(0)
    expect(first).to_be_visible()
    assert 0 < len(found(page)) < everything
    page.go_back()
    expect(page.locator("[data-results] .r-st--current").first).to_be_visible()
    expect(page.get_by_label("Standing")).to_have_value("")
    assert (seen.complaints, seen.strangers()) == ([], [])


def test_filters_alone_list_documents(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?phase=49").page
    expect(page.locator("[data-results] > li")).to_have_count(6)
    assert all("/phase-49-" in path for path in found(page))


def test_a_section_is_offered_and_more_results_by_keyboard(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=phase").page
    results = page.locator("[data-results] > li")
    expect(results).to_have_count(10)
    page.get_by_role("button", name="Show more").press("Enter")
    expect(results).to_have_count(20)
    expect(results.nth(10).locator("a").first).to_be_focused()
    section = page.locator("[data-results] p.where a").first
    address = section.get_attribute("href")
    section.click()
    expect(page.locator(f'[id="{str(address).split("#")[1]}"]')).to_be_in_viewport()


def test_what_is_not_there_is_said(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=CR-2099-001").page
    status = page.get_by_role("status").filter(has_text="Nothing holds “CR-2099-001” as it is written. Near it: ")
    expect(status).to_have_count(1)
    page.goto(f"{sample}/search/?q=passkey&kind=Investigation")
    expect(page.get_by_role("status").filter(has_text="Nothing found.")).to_have_count(1)


def test_excerpts_hold_what_was_filed(sample: str, look: Open) -> None:
    """Not the path, the standing and the filters that stand around it."""
    page = look(f"{sample}/search/?q=CR-2026-090").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    excerpts = " ".join(page.locator("[data-results] blockquote").all_inner_texts())
    assert "DUNIN7 · LOOMWORKS · RECORD" not in excerpts
    assert "Change request57" not in excerpts


def test_an_excerpt_is_text(corners: str, look: Open) -> None:
    """What a document says about markup stays words, even where an index would not escape it."""
    page = look(f"{corners}/search/").page
    excerpt = "before <mark>word</mark> <img src=x onerror=alert(1)> <script>alert(2)</script> & after"
    page.route(
        "**/pagefind.js", lambda route: route.fulfill(content_type="text/javascript", body=_FAKE % repr(excerpt))
    )
    page.goto(f"{corners}/search/?q=word")
    quote_of = page.locator("[data-results] blockquote")
    expect(quote_of).to_contain_text("before word")
    assert quote_of.locator("*").evaluate_all("all => all.map(e => e.nodeName)") == ["MARK"]


_FAKE = """
const data = {url: "/", meta: {title: "<b>x</b>"}, excerpt: %s, sub_results: []};
const result = {id: "1", score: 1, data: async () => data};
export const options = async () => {};
export const mergeIndex = async () => {};
export const search = async () => ({results: [result]});
"""


def test_without_script_the_search_leads_to_the_list(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/search/?q=passkey", javascript=False).page
    said = page.locator("noscript p")
    assert "Search needs JavaScript." in str(said.text_content())
    assert said.bounding_box() is not None
    assert page.locator("[data-search]").is_hidden()
    page.locator("noscript a").click()
    page.wait_for_url(f"{sample}/documents/")
