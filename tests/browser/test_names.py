"""Asking by name in the browser: the same answers as in Python, the card of the search page, the quick switcher."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loomworks_record.asking.files import table_files
from loomworks_record.asking.look import look as look_up
from loomworks_record.asking.table import NamesTable
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.answers import whole_entries
from loomworks_record.source.project import load_project
from playwright.sync_api import Page, expect
from support import chromium
from support.asked import CASES, NO_INVENTORY, real_names
from support.site import INVENTORY, Build

from browser import axe

Open = Callable[..., chromium.Visit]
_ASK = """
async texts => {
  const { look } = await import(new URL(document.body.dataset.names, location.href).href);
  const found = [];
  for (const text of texts) {
    const each = await look(text);
    found.push([each.ranks, each.fit, each.sure, each.readAs, each.missing, each.section]);
  }
  return found;
}
"""


def _python(table: NamesTable, text: str) -> list[Any]:
    found = look_up(table, text)
    read_as = [list(pair) for pair in found.read_as]
    return [list(found.ranks), found.fit, found.sure, read_as, list(found.missing), found.section]


def test_chromium_answers_as_python_does(sample: str, sample_site: Build, look: Open) -> None:
    table = NamesTable.of(whole_entries(open_record(load_project(sample_site.folder)).whole))
    # Beside the cases, words that are begun, and what nobody would type.
    texts = [case.text for case in CASES] + [
        "meth",
        "phase 57 am",
        "İ §",
        "%zz/a",
        "a/b#s1",
        "v0 3",
        "gates §2",
        "ﬁle",
        "",
    ]
    found = look(f"{sample}/phases/").page.evaluate(_ASK, texts)
    assert {text: told for text, told in zip(texts, found, strict=True) if told != _python(table, text)} == {}


@pytest.mark.skipif(not INVENTORY.is_file(), reason=NO_INVENTORY)
def test_chromium_finds_the_real_names_as_python_does(sample: str, look: Open, tmp_path: Path) -> None:
    table, questions = real_names(tmp_path)
    files = {address.rpartition("/")[2]: json.dumps(value) for address, value in table_files(table)}
    page = look(f"{sample}/phases/").page
    page.route(
        "**/search/names/*.json",
        lambda route: route.fulfill(body=files[route.request.url.rpartition("/")[2]], content_type="application/json"),
    )
    texts = [text for text, _ in questions]
    found = page.evaluate(_ASK, texts)
    assert {text: told for text, told in zip(texts, found, strict=True) if told != _python(table, text)} == {}
    assert len(texts) > 600


@pytest.mark.parametrize(
    ("text", "first", "head"),
    [
        ("CR v0.3", "CR-2026-090 v0.3", "It may mean"),
        ("methodology v0.20", "Loomworks methodology v0.20", "Named so"),
        ("phase 57", "Phase 57: Marketing Engagement Creation", "Named so"),
        ("P57-B10", "P57-B10 · Phase 57", "Named so"),
        ("CR-2026-090", "CR-2026-090", "Named so"),
        ("halted", "Halts", "Named so"),
        ("CR-2026-999", "CR-2026-090", "Near it by name"),
    ],
)
def test_the_search_page_says_what_is_named_so(sample: str, look: Open, text: str, first: str, head: str) -> None:
    page = look(f"{sample}/search/?q={text}").page
    card = page.locator("[data-answers]")
    expect(card.locator("h2")).to_have_text(head)
    expect(card.locator("li").first.locator("a").first).to_have_text(first)


def test_nothing_found_has_a_next_step(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=pasword").page
    expect(page.locator("[data-nothing]")).to_be_visible()
    assert page.locator("[data-nothing] a").count() == 3
    page.goto(f"{sample}/search/?q=methodology")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    expect(page.locator("[data-nothing]")).to_be_hidden()


def _opened(page: Page, key: str) -> None:
    page.keyboard.press(key)
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()


def test_the_switcher_leads_on_by_keyboard_alone(sample: str, look: Open) -> None:
    visit = look(f"{sample}/phases/")
    page = visit.page
    assert not [url for url in visit.requests if "/names" in url]  # loaded on first use
    _opened(page, "/")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    _opened(page, "Control+k")
    page.keyboard.type("CR v0.3")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("2 of 2 that it may mean")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    named = page.get_by_role("dialog").get_by_role("combobox").get_attribute("aria-activedescendant")
    assert named == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/phase-57-cr-marketing-engagement-creation-v0_3.md*")
    assert visit.complaints == []


def test_what_is_typed_in_a_field_opens_nothing(sample: str, look: Open) -> None:
    page = look(f"{sample}/phases/").page
    page.locator("#r-q").focus()
    page.keyboard.type("a/b")
    expect(page.locator("#r-q")).to_have_value("a/b")
    expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
def test_the_switcher_and_the_card_are_for_everybody(sample: str, look: Open, scheme: str, width: int) -> None:
    page = look(f"{sample}/search/?q=CR", scheme=scheme, width=width).page
    expect(page.locator("[data-answers] li").first).to_be_visible()
    assert list(axe.faults(page)) == []
    _opened(page, "Control+k")
    page.keyboard.type("phase 57 sc")
    expect(page.get_by_role("dialog").get_by_role("option").nth(2)).to_be_visible()
    assert list(axe.faults(page)) == []
    box = page.locator("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
