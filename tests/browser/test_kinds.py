"""Every kind of page: quiet, at home, within the window, and without a violation of axe's rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from support import chromium
from support.site import PROJECT

from browser import axe
from browser.kinds import KINDS, Kind

Open = Callable[..., chromium.Visit]
WIDTHS = (320, 390, 600, 768, 961, 1100, 1249, 1366, 1920)
HEAD = """
() => {
  const all = selector => [...document.querySelectorAll(selector)];
  return {
    lang: document.documentElement.lang,
    title: document.title,
    described: document.querySelector("meta[name=description]")?.content ?? "",
    record: document.querySelector("meta[name=record]")?.content ?? "",
    titles: all("h1").length,
    inline: all("script:not([src]):not([type='application/ld+json']), style, [style]").map(e => e.outerHTML),
    handlers: all("*").flatMap(e => [...e.attributes]).filter(a => a.name.startsWith("on")).map(a => a.name),
  };
}
"""


def test_every_template_is_looked_at() -> None:
    templates = {file.stem for file in (PROJECT / "overrides/record").glob("*.html")}
    # "unmade" stands for a page that cannot be made, which no document brings about: tests/build/test_unreadable.py.
    assert templates - {"base", "verbatim", "unmade"} == {kind.template for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_page_is_quiet_and_keeps_to_its_place(kind: Kind, look_at: Open) -> None:
    """Nothing in the console, no other host asked, nothing inline, no scrolling sideways, and axe has no fault."""
    seen = look_at(kind)
    # A browser reports the status of the page itself.
    assert [said for said in seen.complaints if kind.status == 200 or "status of 404" not in said] == []
    assert seen.strangers() == []
    head = seen.page.evaluate(HEAD)
    assert (head["lang"], head["record"], head["titles"]) == ("en", "loomworks-record/1", 1)
    assert head["title"] and head["described"]
    assert (head["inline"], head["handlers"]) == ([], [])
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 900})
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px wide in a window of {width}"
    if not kind.heavy:
        check(seen.page, whole=False)


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_axe_with_every_rule_everywhere(kind: Kind, look_at: Open) -> None:
    check(look_at(kind).page, whole=True)


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_axe_with_all_that_opens_open(kind: Kind, look_at: Open) -> None:
    page = look_at(kind).page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.evaluate("document.querySelector('.r-unfold')?.click()")
    for radio in page.locator("#r-columns").all():  # side by side
        radio.check()
    found = []
    for width, scheme in ((1366, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{width} px, {scheme}: {fault}" for fault in axe.faults(page)]
    assert found == []


def check(page: Page, *, whole: bool) -> None:
    """axe at 1366 and 390 px, light and dark; not ``whole``: in the dark only the rules on colour, on the wide page."""
    found = []
    for width, scheme in ((1366, "light"), (1366, "dark"), (390, "light"), (390, "dark")):
        if not whole and (width, scheme) == (390, "dark"):
            continue
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        rules = axe.COLOUR_RULES if scheme == "dark" and not whole else None
        found += [f"{width} px, {scheme}: {fault}" for fault in axe.faults(page, rules)]
    assert found == []
