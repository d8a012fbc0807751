"""Phase and home pages in a real browser: axe, widths, colours, paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from loomworks_record.record.trajectories.stories import Stories
from playwright.sync_api import Page, expect
from support import hosting
from support.chromium import Visit

from trajectories.records import PROJECT, citations_by_name, record_in, record_of, without
from trajectories.rendered import write_pages
from trajectories.test_trajectories import PHASE_57, phase_70, request, text

PHASE = f"phases/{PHASE_57}/index.html"
TWELVE = "phases/phase-70-ledger/index.html"


def twelve_cycles() -> dict[str, str]:
    documents = [request("0.1", "2026-06-01")]
    for number in range(1, 13):
        day, cycle = f"2026-06-{number + 1:02}", f"-{number}" if number > 1 else ""
        halt = f"phase-70-halt-surface-{day}-step-{number}-v0_1.md"
        led = f"CR v0.{number + 1}"
        documents.append((halt, text("Halt", day)))
        documents.append((f"phase-70-cr-amendment{cycle}-scoping-note-v0_1.md", text("Note", day, halt, CR_target=led)))
        documents.append((f"phase-70-cr-amendment{cycle}-handoff-v0_1.md", text("Handoff", day, halt, CR_target=led)))
        documents.append(request(f"0.{number + 1}", day, halt))
    return phase_70(*documents)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server: the sample without its last version, and a record with twelve cycles."""
    folder: Path = tmp_path_factory.mktemp("pages")
    records = {
        "open": without(record_in(PROJECT / "content"), "cr-marketing-engagement-creation-v0_4.md"),
        "twelve": record_of(twelve_cycles()),
    }
    for name, record in records.items():
        write_pages(Stories(record, citations_by_name(record)), folder / name, record.problems)
        stamp = folder / name / "integrity" / "stamp.json"
        stamp.parent.mkdir(parents=True)
        stamp.write_text("{}", "utf-8")
    with hosting.serve(folder) as address:
        yield address.rstrip("/")


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        *product(("open/index.html", f"open/{PHASE}"), (1366, 390), ("light", "dark")),
        (f"twelve/{TWELVE}", 390, "light"),
        (f"twelve/{TWELVE}", 1366, "dark"),
    ],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visit: Callable[..., Visit], site: str, path: str, width: int, scheme: str
) -> None:
    page = visit(f"{site}/{path}", width=width, scheme=scheme).page
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("path", [f"open/{PHASE}", f"twelve/{TWELVE}"])
def test_the_picture_is_readable_when_narrow(visit: Callable[..., Visit], site: str, path: str) -> None:
    page = visit(f"{site}/{path}", width=390).page
    heights = page.evaluate(
        "[...document.querySelectorAll('.sw text')].map(text => text.getBoundingClientRect().height)"
    )
    assert min(heights) >= 9
    outside = page.evaluate(
        """() => { const frame = document.querySelector('.sw').getBoundingClientRect();
        return [...document.querySelectorAll('.sw text, .sw g')].filter(part => {
          const box = part.getBoundingClientRect();
          return box.left < frame.left - 1 || box.right > frame.right + 1;
        }).length; }"""
    )
    assert outside == 0


def test_the_picture_has_a_name_and_the_list_says_it_all(visit: Callable[..., Visit], site: str) -> None:
    page = visit(f"{site}/open/{PHASE}").page
    picture = page.get_by_role("group", name="Swim lanes of Phase 57")
    assert picture.count() == 1
    in_list = page.locator(".r-events > li").evaluate_all("items => items.map(item => item.value)")
    in_picture = [int(number) for number in page.locator(".sw .num").all_text_contents()]
    assert in_list == in_picture == list(range(1, len(in_list) + 1))
    assert page.locator(".sw .stop--open").count() == 1
    assert page.locator(".sw .tick").count() == 2


def test_the_open_halt_is_the_first_link_of_the_list(visit: Callable[..., Visit], site: str) -> None:
    page = visit(f"{site}/open/index.html").page
    assert page.locator("main h2").first.inner_text().startswith("Needs you")
    page.get_by_role("link", name="Phase 57", exact=True).first.click()
    assert page.url.endswith(f"/open/phases/{PHASE_57}/#cycle-3")
    expect(page.locator("#cycle-3 h3")).to_be_visible()  # the page may have begun, and not be read to there


def test_pages_work_without_javascript(visit: Callable[..., Visit], site: str) -> None:
    page = visit(f"{site}/open/{PHASE}", javascript=False).page
    assert page.locator(".r-events > li").count() > 10
    assert page.locator(".sw").is_visible()


def test_paper_shows_list_and_picture_in_black(visit: Callable[..., Visit], site: str) -> None:
    page = visit(f"{site}/open/{PHASE}", scheme="dark").page
    page.emulate_media(media="print")
    assert page.locator(".sw").is_visible()
    assert page.locator(".sw .hd").first.evaluate("text => getComputedStyle(text).fill") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
