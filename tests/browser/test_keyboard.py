"""By keyboard alone: the skip link, every control in reach and in sight, no trap; regions that scroll."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from support import chromium

from browser.kinds import KINDS, REQUEST, Kind

Open = Callable[..., chromium.Visit]
# Where the focus is: the element's number among all, whether it can be seen, and whether its focus shows.
_FOCUS = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const seen = document.elementsFromPoint(Math.min(Math.max(box.x + Math.min(box.width / 2, 20), 0), innerWidth - 1),
    Math.min(Math.max(box.y + Math.min(box.height / 2, 8), 0), innerHeight - 1));
  return {
    number: [...document.querySelectorAll("*")].indexOf(at),
    name: at.outerHTML.slice(0, 120),
    frame: at.nodeName === "IFRAME",
    inSight: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth && seen.some(each => at.contains(each) || each.contains(at)),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}
"""
_REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0'], iframe")].filter(each =>
  each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.type !== "hidden").length
"""


def walk(page: Page, most: int = 400) -> list[dict[str, object]]:
    """Everything that Tab stops at, from the top of the page until it leaves it."""
    stops: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus is None or (stops and focus["number"] == stops[0]["number"]):
            return stops
        if not stops or focus["number"] != stops[-1]["number"]:  # the parts of a date are stops of their own
            stops.append(focus)
    raise AssertionError(f"after {most} steps still on the page: {stops[-3:]}")


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in KINDS
        if kind.name
        in (
            "short-document",
            "home",
            "documents",
            "history",
            "search-results",
            "integrity",
            "not-found",
            "small-phase",
            "everything-markdown-has",
            "compare",
        )
    ],
    ids=str,
)
def test_tab_goes_through_the_page(kind: Kind, look_at: Open) -> None:
    """Each stop is in sight and shows that it has the focus; all that can be pressed is reached once."""
    page = look_at(kind).page
    stops = walk(page)
    assert [stop["name"] for stop in stops if not stop["inSight"]] == []
    assert [stop["name"] for stop in stops if not stop["outlined"] and not stop["frame"]] == []
    assert len({stop["number"] for stop in stops}) == len(stops)
    # Radio buttons of one group are one stop.
    assert len(stops) >= page.evaluate(_REACHABLE) - page.locator("input[type=radio]").count()


def test_the_skip_link_leads_to_the_text(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_headings_show_their_address_on_focus(corners: str, look: Open) -> None:
    page = look(f"{corners}/view/notes/everything-v0_2.md").page
    heading = page.locator(".r-body h4", has_text="A heading without a number")
    address = heading.locator("a.secno")
    assert address.evaluate("link => getComputedStyle(link).opacity") == "0"
    address.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(address).to_be_focused()
    assert address.evaluate("link => getComputedStyle(link).opacity") == "1"
    shown = address.evaluate("link => getComputedStyle(link, '::after').content")
    assert shown.startswith('"#a-heading-without-a-number"')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#a-heading-without-a-number$"))


@pytest.mark.parametrize("width", [390, 1366])
def test_wide_tables_scroll_by_keyboard_in_a_named_region(sample: str, look: Open, width: int) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md", width=width).page
    region = page.get_by_role("region", name="Table 12: Surface, Before")  # of figures
    region.focus()
    expect(region).to_be_focused()
    if width == 390:
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.activeElement.scrollLeft > 0")


def test_folds_open_by_keyboard(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    fold = page.locator(".r-facts summary").first
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".r-facts details[open]")).to_have_count(1)


def test_a_choice_of_filters_keeps_the_focus(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/").page
    standing = page.get_by_label("Standing")
    standing.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**/documents/?standing=current")
    expect(standing).to_be_focused()
