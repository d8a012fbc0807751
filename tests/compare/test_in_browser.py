"""The page as a browser shows it: folds without script, views and keys with it, nothing to complain about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from loomworks_record.pages import addresses
from loomworks_record.pages.compare import compared_pairs
from loomworks_record.render.templates import templates_folder
from support.chromium import Visit

from compare.filed import FIRST, chain_of, file_content, read, written

Visiting = Callable[..., Visit]

ROWS = "\n".join(f"| {number} | What gate {number} asks | Step {number} |" for number in range(3, 20))
CODE = "\n".join(
    f"line {number} of the listing, which is long enough to need more room than a phone has" for number in range(9)
)
OLD = FIRST.replace("| 2 | Tags are confirmed | Step 0 |", f"| 2 | Tags are confirmed | Step 0 |\n{ROWS}")
OLD = f"{OLD}\n```\n{CODE}\n```\n"
EDITS = (("what each asks", "what each of them asks"), ("Tags are", "All tags are"), ("line 8", "line nine"))
NEW = reduce(lambda text, edit: text.replace(*edit), EDITS, OLD)
SHOWN = "div:not(.r-copy)"  # the text itself, not the copy beside it
SCREENS = [(1366, "light"), (1366, "dark"), (390, "light"), (390, "dark"), (320, "light")]


@pytest.fixture
def address(tmp_path: Path, serve: Callable[..., str]) -> str:
    """The address of one comparison, served with the stylesheets."""
    files = {"notes/archive/gate-notes-v0_1.md": OLD, "notes/gate-notes-v0_2.md": NEW.replace("0.1", "0.2")}
    whole = read(file_content(tmp_path, files))
    chain = chain_of(whole.record, "gate-notes")
    pair = compared_pairs(chain)[0]
    page = tmp_path / "site" / addresses.compare(chain.id, *pair)
    page.parent.mkdir(parents=True)
    page.write_text(written(whole, chain, pair)[2], "utf-8")
    shutil.copytree(templates_folder() / "assets", tmp_path / "site" / "assets")
    return f"{serve(tmp_path / 'site')}/{page.relative_to(tmp_path / 'site')}"


def test_side_by_side(address: str, visit: Visiting) -> None:
    page = visit(address).page
    pair = page.locator(".r-pair").filter(has=page.locator("p ins")).first
    assert pair.locator(f"{SHOWN} ins").is_visible()
    page.get_by_label("Side by side").check()
    assert pair.locator(".r-copy ins").is_visible()
    assert pair.locator(".r-copy del").is_hidden()
    assert pair.locator(f"{SHOWN} ins").is_hidden()
    for side, other in ((SHOWN, "ins"), (".r-copy", "del")):
        marks = page.locator(f".r-pair:not(.r-pair--added, .r-pair--removed) > {side} {other}").all()
        assert not any(mark.is_visible() for mark in marks)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(ids) == len(set(ids))
    columns = [pair.locator(part).bounding_box() for part in (SHOWN, ".r-copy")]
    assert columns[0]
    assert columns[1]
    assert columns[0]["x"] + columns[0]["width"] < columns[1]["x"]
    page.get_by_label("In the text").check()
    assert pair.locator(".r-copy").is_hidden()
    assert pair.locator(f"{SHOWN} ins").is_visible()


def test_without_script_both_sides_stand_in_the_text(address: str, visit: Visiting) -> None:
    page = visit(address, javascript=False).page
    assert page.get_by_label("Side by side").is_hidden()
    said = page.locator(".r-views noscript")  # Playwright's own questions pass over noscript
    assert said.text_content() == "Side by side needs JavaScript."
    assert page.locator(".r-pair ins").first.is_visible()
    assert page.locator(".r-pair del").first.is_visible()


def test_narrow_screens_have_one_view(address: str, visit: Visiting) -> None:
    page = visit(address, width=390).page
    assert page.locator(".r-views").is_hidden()


def test_folds_open_without_script(address: str, visit: Visiting) -> None:
    page = visit(address, javascript=False).page
    row, line = page.get_by_text("What gate 9 asks").first, page.get_by_text("line 3 of the listing").first
    assert row.is_hidden()
    assert line.is_hidden()
    page.get_by_text("17 unchanged rows: 3 to 19").first.click()
    page.get_by_text("8 unchanged lines").first.click()
    assert row.is_visible()
    assert line.is_visible()
    paragraph = page.get_by_text("The tag is made last.").first
    assert paragraph.is_hidden()
    page.locator("details.r-fold > summary").filter(has_text="§3").first.click()
    assert paragraph.is_visible()


def test_keys_go_from_change_to_change(address: str, visit: Visiting) -> None:
    found = visit(address)
    page = found.page
    places = []
    for key in "nnnp":
        page.keyboard.press(key)
        places.append(page.evaluate("document.activeElement.id"))
    assert places == ["r-head", "r-change-1", "r-change-2", "r-change-1"]
    assert [line for line in found.complaints if "stamp.json" not in line] == []  # only a whole site has a stamp
    assert found.strangers() == []


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_fits_and_is_accessible(address: str, visit: Visiting, width: int, scheme: str) -> None:
    page = visit(address, width=width, scheme=scheme).page
    for opener in page.locator(".r-body .r-opener input").all():
        opener.check()
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
