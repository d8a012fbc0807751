"""Standing, outcomes, halts and freshness are told by word and shape: in grey, in forced colours, in both schemes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from itertools import combinations
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from support import chromium

from browser.kinds import REQUEST

Open = Callable[..., chromium.Visit]
STANDINGS = [f"r-st r-st--sm r-st--{name}" for name in ("current", "archived", "wait", "answered", "open")]
NOTES = [f"m-note m-note--{name}" for name in ("superseded", "elsewhere", "unresolved")]
SQUARES = [f"sq sq--{name}" for name in ("current", "archived", "elsewhere", "answered", "halt")]
MENTIONS = [f"m m--{name}" for name in ("held", "superseded", "elsewhere", "unresolved")]
GROUPS = {"standings": STANDINGS, "notes": NOTES, "squares": SQUARES, "mentions": MENTIONS}
SIDE = 28
# The same word in each, so that what differs is the shape; drawn large enough to be told apart.
_SHOW = """
classes => {
  const place = document.querySelector("main");
  place.replaceChildren(...classes.map(name => {
    const mark = document.createElement(name.startsWith("m ") ? "a" : "span");
    mark.className = name;
    mark.href = "#";
    mark.textContent = name.startsWith("sq") ? "" : "word";
    const line = document.createElement("p");
    line.style.setProperty("margin", "12px");
    line.append(mark);
    return line;
  }));
  document.documentElement.style.setProperty("filter", "grayscale(1)");
}
"""
# Pixels of an element as one row of grey values, in black and white: what is lighter than halfway counts as ground.
_PIXELS = """
async png => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  const grey = [];
  for (let at = 0; at < data.length; at += 4) grey.push(data[at]);
  const [low, high] = [Math.min(...grey), Math.max(...grey)];
  return grey.map(value => (value - low) / Math.max(1, high - low) > 0.5 ? 1 : 0);
}
"""


def shapes(page: Page, classes: list[str]) -> list[list[int]]:
    page.evaluate(_SHOW, classes)
    pictures = []
    for line in page.locator("main > p").all():
        box = line.locator("*").first.bounding_box()
        assert box is not None
        clip = {"x": box["x"] - 3, "y": box["y"] - 3, "width": SIDE * 2, "height": SIDE}
        picture = page.screenshot(clip=clip)  # type: ignore[arg-type]
        pictures.append(page.evaluate(_PIXELS, base64.b64encode(picture).decode()))
    return pictures


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_marks_differ_in_shape_where_there_is_no_colour(
    running_chromium: Browser, sample: str, scheme: Literal["light", "dark"], forced: Literal["none", "active"]
) -> None:
    context = running_chromium.new_context(color_scheme=scheme, forced_colors=forced, device_scale_factor=2)
    try:
        page = context.new_page()
        page.goto(f"{sample}/phases/")
        for group, classes in GROUPS.items():
            drawn = dict(zip(classes, shapes(page, classes), strict=True))
            for one, other in combinations(classes, 2):
                differing = sum(a != b for a, b in zip(drawn[one], drawn[other], strict=True))
                assert differing >= 12, f"{group}: {one} and {other} differ in {differing} pixels"
    finally:
        context.close()


def test_standing_is_a_word(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?per=100").page
    words = page.locator("[data-list] .r-st").all_inner_texts()
    assert set(words) == {"Current", "Archived"}
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    assert page.locator(".r-strip li > span:first-of-type").all_inner_texts() == ["Archived"] * 3 + ["Current"]
    expect(page.locator(".r-state .r-st")).to_have_text("Current")


def test_outcomes_are_words_beside_the_mention(sample: str, look: Open) -> None:
    page = look(f"{sample}/view/{REQUEST}-v0_4.md").page
    for outcome, word in (
        ("superseded", "superseded"),
        ("elsewhere", "elsewhere"),
        ("unresolved", "unresolved"),
    ):
        notes = page.locator(f".r-body .m-note--{outcome}").all_inner_texts()
        assert notes and all(word in note for note in notes), outcome


@pytest.mark.parametrize(("scheme", "system"), [("slate", "light"), ("default", "dark")])
def test_a_configured_scheme_decides_over_the_system(sample: str, look: Open, scheme: str, system: str) -> None:
    page = look(f"{sample}/phases/", scheme=system).page
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(19, 23, 27)" if scheme == "slate" else "rgb(248, 247, 243)")


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(248, 247, 243)"), ("dark", "rgb(19, 23, 27)")])
def test_the_system_decides_otherwise(sample: str, look: Open, scheme: str, ground: str) -> None:
    page = look(f"{sample}/phases/", scheme=scheme).page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_the_foot_says_until_when_a_stamp_is_valid(sample: str, look: Open) -> None:
    said = look(f"{sample}/phases/").page.locator("[data-fresh]").inner_text()
    assert "Stamped " in said
    assert "valid until " in said
    assert "checked" not in said


def test_links_to_outside_are_marked(corners: str, look: Open) -> None:
    page = look(f"{corners}/view/notes/everything-v0_2.md").page
    outside = page.locator(".r-body a[href^='http']")
    assert outside.count() >= 3
    for link in outside.all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert "\u2197" in link.evaluate("link => getComputedStyle(link, '::after').content")
    expect(page.get_by_role("link", name="to outside (another site)")).to_have_count(1)
