"""On a phone no column is out of sight without a word: tables of prose wrap or become blocks, others scroll."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from support import chromium

from browser import axe
from browser.kinds import KINDS, REQUEST, Kind

Open = Callable[..., chromium.Visit]
_REGIONS = """
() => [...document.querySelectorAll(".r-scroll, .r-table")].map(each => {
  const region = each.closest(".r-scroll") ?? each.parentElement;
  const cue = getComputedStyle(region, "::before").content;
  return {wide: region.scrollWidth > region.clientWidth + 1, said: cue.includes("scrolls sideways"),
    prose: /r-wraps|r-apart|r-blocks|r-docs/.test(each.querySelector("table")?.className ?? each.className),
    name: region.getAttribute("aria-label") ?? each.className};
})
"""

# Text in a column that is too narrow for its words: more lines than every third letter could give. What is there for
# screen readers alone is clipped.
_CRUSHED = """
() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  const clipped = (node) => node && (getComputedStyle(node).clipPath === "inset(50%)" || clipped(node.parentElement));
  while (texts.nextNode()) {
    if (clipped(texts.currentNode.parentElement)) continue;
    const words = texts.currentNode.data.trim(), range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (words.length > 5 && range.getClientRects().length > words.length / 3) found.push(words);
  }
  return found;
}
"""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.template != "move"], ids=str)
def test_no_column_is_out_of_sight_without_a_word(kind: Kind, look_at: Open) -> None:
    page = look_at(kind, width=390, height=844).page
    assert page.evaluate(_CRUSHED) == []
    found = page.evaluate(_REGIONS)
    assert [each["name"] for each in found if each["wide"] and not each["said"]] == []
    if kind.template != "compare":
        assert [each["name"] for each in found if each["wide"] and each["prose"]] == []


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/search/?q=passkey&kind=Change%20request", "[data-results] > li"),
        ("/documents/?kind=change-request", ".r-docs tbody tr"),
    ],
)
def test_what_is_found_comes_before_the_filters(sample: str, look: Open, address: str, first: str) -> None:
    """Filters fold behind a button that says how many are on, and open by keyboard."""
    page = look(sample + address, width=390, height=844).page
    expect(page.locator(first).first).to_be_visible()
    box = page.locator(first).first.bounding_box()
    assert box and box["y"] < 844 * 0.7
    unfold, kind = page.locator("button.r-unfold"), page.get_by_label("Kind")
    expect(unfold).to_have_text("Filters, 1 on")
    expect(kind).to_be_hidden()
    unfold.focus()
    page.keyboard.press("Enter")
    expect(unfold).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(kind).to_be_focused()
    assert list(axe.faults(page)) == []
    kind.select_option("")
    expect(unfold).to_have_text("Filters")


def test_each_cell_of_a_block_says_its_column(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/current-status/current-status-manifest-v0_42.md", width=390, height=844).page
    table = page.locator(".r-body .r-apart").first
    heads = table.locator("thead th").all_text_contents()
    cells = table.locator("tbody tr").first.locator("> *").all()
    assert [cell.evaluate("cell => getComputedStyle(cell, '::before').content") for cell in cells] == [
        f'"{head}"' if head else "none" for head in heads
    ]
    boxes = [box for cell in cells if (box := cell.bounding_box())]
    assert all(one["y"] < other["y"] for one, other in pairwise(boxes))
    expect(page.get_by_role("table").first).to_be_attached()


def test_without_script_a_wide_table_says_that_it_scrolls(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md", width=390, height=844, javascript=False).page
    wide = page.locator(".r-body .r-scroll:not(:has(.r-wraps))").first
    assert "scrolls sideways" in wide.evaluate("region => getComputedStyle(region, '::before').content")


def test_a_path_among_problems_breaks_after_its_slashes(corners: str, look: Open) -> None:
    page = look(f"{corners}/registers/problems/", width=390, height=844).page
    for path in page.locator(".r-problems .path:has(wbr)").all():
        text, html = path.inner_text(), path.inner_html()
        assert text.count("/") == html.count("/<wbr>") == path.locator("wbr").count()
        line = path.evaluate("each => parseFloat(getComputedStyle(each).lineHeight)")
        box = path.bounding_box()
        assert box
        assert box["height"] / line < 2.5, text
    assert page.locator(".r-problems .path:has(wbr)").count() >= 3


def test_many_versions_are_told_in_rows(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    rows = "list => list.append(...[...Array(20)].map(() => list.children[0].cloneNode(true)))"
    page.locator(".r-strip ol").evaluate(rows)
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_CRUSHED) == []
