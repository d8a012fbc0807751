"""What a text cites shows its first words and its standing; each section has a link to copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from support import chromium
from support.site import Build

from browser import axe
from browser.kinds import REQUEST

Open = Callable[..., chromium.Visit]
MANIFEST = re.compile(r"/current-status-manifest-v0_41\.md(\.html)?#s1$")
PAGE = f"/view/{REQUEST}-v0_4.md"


def cited(page: Page, words: str) -> Locator:
    return page.locator(".r-body a.m", has_text=words).first


def card(page: Page) -> Locator:
    return page.locator(".r-card")


@pytest.fixture
def document(sample: str, look: Open) -> chromium.Visit:
    return look(sample + PAGE)


@pytest.fixture
def phone(running_chromium: Browser, sample: str) -> Iterator[Page]:
    """The same document on a touch screen."""
    context = running_chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    try:
        page = context.new_page()
        page.goto(sample + PAGE)
        yield page
    finally:
        context.close()


def test_a_card_shows_the_first_words_and_the_standing_of_a_section(document: chromium.Visit) -> None:
    page = document.page
    cited(page, "manifest v0.41 §1").hover()
    expect(card(page)).to_contain_text("§1 Counts and series")
    for words in ("Archived (read-only)", "v0.41", "12 May 2026", "Loomworks current-status manifest", "Three habits"):
        expect(card(page)).to_contain_text(words)
    assert len(card(page).inner_text()) < 500
    assert document.complaints == []  # the server sends the headers of the site, its policy too
    assert document.strangers() == []


def test_of_this_document_nothing_is_loaded(document: chromium.Visit) -> None:
    page, before = document.page, len(document.requests)
    cited(page, "Step 2b").hover()
    expect(card(page)).to_contain_text("In this document")
    asked = [url for url in document.requests[before:] if "/assets/" not in url]
    assert asked == []


def test_a_card_can_be_pointed_at_stays_and_is_dismissed(document: chromium.Visit) -> None:
    """WCAG 2.2, 1.4.13: dismissable, hoverable, persistent."""
    page, link = document.page, cited(document.page, "manifest v0.41 §1")
    link.hover()
    expect(card(page)).to_be_visible()
    card(page).hover()
    page.wait_for_timeout(900)
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")  # the pointer stays where it is
    expect(card(page)).to_have_count(0)
    page.mouse.move(5, 700)
    link.hover()
    expect(card(page)).to_be_visible()
    page.mouse.move(5, 700)
    expect(card(page)).to_have_count(0)


def test_the_keyboard_brings_a_card_and_takes_it_away(document: chromium.Visit) -> None:
    page, link = document.page, cited(document.page, "manifest v0.41 §1")
    title = link.get_attribute("title")
    page.locator("h1").click()
    page.keyboard.press("Tab")  # from here on the focus shows
    link.focus()
    expect(card(page)).to_contain_text("Counts and series")
    assert link.get_attribute("aria-describedby") == card(page).get_attribute("id")
    assert link.get_attribute("title") is None
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(link).to_be_focused()
    assert link.get_attribute("title") == title
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(card(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(card(page).filter(has_text="Counts and series")).to_have_count(0)


def test_a_tap_brings_a_card_with_the_link_in_it(phone: Page) -> None:
    link = cited(phone, "manifest v0.41 §1")
    link.tap()
    expect(card(phone)).to_contain_text("Three habits")
    assert phone.url.endswith(PAGE)
    phone.get_by_role("button", name="Close").tap()
    expect(card(phone)).to_have_count(0)
    link.tap()
    card(phone).get_by_role("link", name="Open").tap()
    phone.wait_for_url(MANIFEST)


def test_where_no_card_can_be_had_a_tap_follows_the_link(phone: Page) -> None:
    phone.route("**/cards.*.js", lambda route: route.abort())
    cited(phone, "manifest v0.41 §1").tap()
    phone.wait_for_url(MANIFEST)


def test_a_page_that_does_not_answer_leaves_what_the_link_says(document: chromium.Visit) -> None:
    page = document.page
    page.route("**/current-status-manifest-v0_41*", lambda route: route.abort())
    cited(page, "manifest v0.41 §1").hover()
    expect(card(page)).to_contain_text("v0.41 is archived; v0.42 is current.")


def test_a_card_is_text_alone_and_reads_no_page_to_its_end(document: chromium.Visit) -> None:
    """Whatever the page holds, whoever wrote it: it cannot become a part of this one."""
    bad = "<img src=/x onerror=document.title=1><script>document.title=2</script><style>*{display:none}</style>"

    def answer(route: Route) -> None:
        long = "<p>word</p>" * 100_000
        head = f'<h1>One {bad}</h1><p class="r-state"><span class="r-st r-st--current evil">Current{bad}</span></p>'
        text = f'<div class="r-body"><h2 id="s2">Two {bad}</h2><p>First &lt;b&gt;words&lt;/b&gt; {bad}</p>'
        route.fulfill(content_type="text/html", body=f'{head}{text}{long}<h2 id="s1">Far</h2><p>End.</p></div>')

    page = document.page
    page.route("**/current-status-manifest-v0_41*", answer)
    cited(page, "manifest v0.41 §1").hover()
    expect(card(page).locator(".r-card__name")).to_contain_text("One")
    assert "Far" not in card(page).inner_text()
    names = card(page).evaluate("card => [...card.querySelectorAll('*')].map(each => each.nodeName)")
    assert set(names) <= {"DIV", "P", "SPAN"}
    assert "evil" not in card(page).inner_html()
    assert page.title() not in ("1", "2")


def test_a_section_offers_its_link_to_this_version_and_the_current_one(sample: str, document: chromium.Visit) -> None:
    page = document.page
    section = page.locator(".r-body h2 .secno", has_text="§2")
    page.context.grant_permissions([])  # no clipboard
    section.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="§2 Background")).to_be_visible()
    assert page.url.endswith("#s2")
    own, latest = (field.input_value() for field in card(page).get_by_role("textbox").all())
    assert own == f"https://record.dunin7.com{PAGE}.html#s2"
    assert latest == f"https://record.dunin7.com/latest/{REQUEST}.html#s2"
    expect(card(page).get_by_role("button", name="Copy the link: this version")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("status")).to_have_text("Selected")
    assert page.evaluate("getSelection().toString()") == own
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(section).to_be_focused()
    page.goto(sample + latest.removeprefix("https://record.dunin7.com").replace(".html", ""))
    page.wait_for_url(re.compile(r"-v0_4\.md(\.html)?#s2$"))


def test_a_section_of_a_comparison_offers_its_links(corners: str, look: Open) -> None:
    page = look(f"{corners}/compare/notes/everything-v0_1-to-v0_2").page
    link = page.locator(".r-body .r-context .secno").first
    link.click()
    offered = page.get_by_role("dialog").get_by_role("textbox")
    expect(offered).to_have_count(3)
    home, section = "https://corners.example.org/", str(link.get_attribute("href"))
    assert [field.input_value() for field in offered.all()] == [
        f"{home}compare/notes/everything-v0_1-to-v0_2.html{section}",
        f"{home}view/notes/everything-v0_2.md.html{section}",
        f"{home}latest/notes/everything.html{section}",
    ]
    assert uncovered(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="everything v0.1").first.hover()
    expect(card(page)).to_contain_text("Archived (read-only)")


def test_what_may_be_copied_is(document: chromium.Visit) -> None:
    page = document.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".r-body h2 .secno", has_text="§3").first.click()
    card(page).get_by_role("button", name="Copy the link: always the current version").click()
    expect(card(page).get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/latest/{REQUEST}.html#s3")
    page.mouse.click(5, 700)
    expect(card(page)).to_have_count(0)


def test_a_heading_without_a_number_has_its_link_on_a_phone_too(corners: str, look: Open) -> None:
    page = look(f"{corners}/view/notes/everything-v0_2.md", width=390, height=844).page
    section = page.locator("h4 .secno[aria-label]")
    expect(section).to_be_visible()
    section.click()
    expect(page.get_by_role("dialog", name="Links to A heading without a number")).to_be_visible()


def test_without_script_a_citation_is_a_link(sample: str, look: Open) -> None:
    page = look(sample + PAGE, javascript=False).page
    cited(page, "manifest v0.41 §1").click()
    page.wait_for_url(MANIFEST)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_with_cards_open(sample: str, look: Open, phone: Page, scheme: str) -> None:
    page = look(f"{sample}/view/{REQUEST.rpartition('/')[0]}/loomworks-phase-57-scoping-note-v0_2.md").page
    for each in (page, phone):
        each.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.locator(".r-body a.m, .r-facts a.m").first.hover()
    expect(card(page)).to_be_visible()
    assert uncovered(page) == []
    page.locator(".r-body h2 .secno").first.click()
    expect(card(page)).to_have_role("dialog")
    assert uncovered(page) == []
    phone.goto(page.url.partition("#")[0])
    phone.locator(".r-body a.m, .r-facts a.m").first.tap()
    expect(card(phone)).to_have_role("dialog")
    assert uncovered(phone) == []


def uncovered(page: Page) -> list[str]:
    """What axe finds; what it leaves undecided lies under the card, but for what is in it."""
    return [fault for fault in axe.faults(page) if not fault.startswith("contrast ") or "r-card" in fault]


def test_no_file_is_made_for_cards(sample_site: Build) -> None:
    assert [path.name for path in sample_site.site.rglob("*card*")] == [
        path.name for path in sample_site.site.glob("assets/record/cards.*.js")
    ]
