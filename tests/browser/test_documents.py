"""The list of documents: filters whose state is the address, pages, the back button; and ten thousand documents."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from loomworks_record.cli.main import record as command
from playwright.sync_api import Page, expect
from support import chromium, hosting, site

Open = Callable[..., chromium.Visit]
TOTAL = 10_000


def titles(page: Page) -> list[str]:
    return page.locator("[data-list] tbody th a").all_inner_texts()


def count(page: Page) -> str:
    return page.locator("[data-count]").inner_text().split("\n")[0]


def test_a_filter_is_in_the_address_and_back_takes_it_away(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/").page
    everything = count(page)
    page.get_by_label("Standing").select_option("archived")
    page.wait_for_url(f"{sample}/documents/?standing=archived")
    page.get_by_label("Kind").select_option("change-request")
    page.wait_for_url(f"{sample}/documents/?standing=archived&kind=change-request")
    expect(page.locator("[data-list] tbody tr")).to_have_count(6)
    assert set(page.locator("[data-list] .r-st").all_inner_texts()) == {"Archived"}
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–6 of 6")
    page.go_back()
    page.wait_for_url(f"{sample}/documents/?standing=archived")
    expect(page.get_by_label("Kind")).to_have_value("")
    expect(page.locator("[data-count]")).not_to_contain_text("Showing 1–6 of 6")
    page.go_back()
    expect(page.get_by_label("Standing")).to_have_value("")
    expect(page.locator("[data-count]")).to_contain_text(everything)
    page.go_forward()
    expect(page.get_by_label("Standing")).to_have_value("archived")


@pytest.mark.parametrize(
    ("query", "field", "rows"),
    [
        ("phase=49", "Phase", 6),
        ("section=investigations", "Section", 5),
        ("kind=halt-surface", "Kind", 2),
        ("standing=archived&phase=57", "Standing", 4),
    ],
)
def test_an_address_gives_its_list(sample: str, look: Open, query: str, field: str, rows: int) -> None:
    page = look(f"{sample}/documents/?{query}").page
    assert count(page) == f"Showing 1–{rows} of {rows}"
    assert page.get_by_label(field, exact=True).input_value() in query


def test_dates_and_text_narrow_the_list(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?from=2026-05-07&to=2026-05-08").page
    dates = page.locator("[data-list] tbody time").evaluate_all("all => all.map(time => time.dateTime)")
    assert dates and set(dates) <= {"2026-05-07", "2026-05-08"}
    page.get_by_label("Title, path or identifier").fill("CR-2026-062")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**text=CR-2026-062**")
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–3 of 3")


def test_the_list_can_be_sorted(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?per=100").page
    newest = titles(page)
    page.get_by_label("Sort").select_option("title")
    page.wait_for_url("**sort=title**")
    expect(page.locator("[data-count]")).to_contain_text("By title")
    assert sorted(titles(page), key=str.casefold) != newest
    assert sorted(titles(page)) == sorted(newest)
    assert page.locator("th[aria-sort]").count() == 0
    page.get_by_label("Sort").select_option("oldest")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Date")
    dates = page.locator("[data-list] tbody time").evaluate_all("all => all.map(time => time.dateTime)")
    assert dates == sorted(dates)


def test_the_count_is_announced(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/").page
    expect(page.get_by_role("status").filter(has_text="Showing 1–25 of")).to_have_count(1)


def test_what_is_not_there_is_said(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?text=nothingcalledthis").page
    assert count(page) == "No document matches these filters."
    page.get_by_role("status").get_by_role("link", name="Clear").click()
    page.wait_for_url(f"{sample}/documents/")
    expect(page.locator("[data-list] tbody tr")).to_have_count(25)


@pytest.mark.parametrize("number", ["14", "99", "0", "-1", "1.5", "x", "1e9", "99999999999"])
def test_a_page_past_the_end_offers_the_first(sample: str, look: Open, number: str) -> None:
    seen = look(f"{sample}/documents/?standing=current&page={number}")
    page = seen.page
    assert count(page) == f"There is no page {number}."
    assert page.locator("[data-list]").is_hidden()
    page.get_by_role("link", name="Go to page 1").press("Enter")
    page.wait_for_url(f"{sample}/documents/?standing=current")
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–25 of ")
    expect(page.locator("[data-list] [role=region]")).to_be_focused()
    assert seen.complaints == []


@pytest.mark.parametrize("query", ["per=7", "per=1000000", "sort=by-magic", "per=", "sort=constructor"])
def test_a_wrong_choice_is_the_usual_one(sample: str, look: Open, query: str) -> None:
    page = look(f"{sample}/documents/?{query}").page
    expect(page.locator("[data-list] tbody tr")).to_have_count(25)
    assert (page.get_by_label("Per page").input_value(), page.get_by_label("Sort").input_value()) == ("25", "newest")


def test_a_filter_from_a_plain_page_further_down(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/page-2/").page
    assert count(page).startswith("Showing 26–50 of ")
    page.get_by_label("Phase", exact=True).select_option("49")
    page.wait_for_url(f"{sample}/documents/?phase=49")
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–6 of 6")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Phases").click()
    page.wait_for_url(f"{sample}/phases/")


def test_without_script_the_whole_list_is_there(sample: str, sample_site: site.Build, visit: Open) -> None:
    page = visit(f"{sample}/documents/", javascript=False).page
    said = page.locator("noscript p")  # Playwright's own questions pass over noscript
    assert said.text_content() == "Filters need JavaScript. The list follows, page by page."
    assert said.bounding_box() is not None
    assert page.locator("form[data-columns]").is_hidden()
    found = titles(page)
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        found += titles(page)
    record = json.loads(sample_site.text("api/record.json"))
    assert sorted(found) == sorted(document["title"] for document in record["documents"])


@pytest.fixture(scope="module")
def ten_thousand(sample_site: site.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The list's page over made-up columns and rows of ten thousand documents."""
    folder = tmp_path_factory.mktemp("many")
    for part in ("assets", "integrity"):
        shutil.copytree(sample_site.site / part, folder / part)
    (folder / "_headers").write_bytes((sample_site.site / "_headers").read_bytes())
    (folder / "documents").mkdir()
    (folder / "documents/index.html").write_text(sample_site.text("documents/index.html"))
    write_columns(folder / "documents")
    with hosting.serve(folder, like_pages=True) as address:
        yield address


def write_columns(folder: Path) -> None:
    """Columns and rows in the form of ``pages/columns.py``."""
    chance = random.Random(7)
    phases = [number % 400 for number in range(TOTAL)]
    rows = [
        [
            f"Document {number} of phase {phase}",
            f"phases/phase-{phase}/doc-{number}-v0_1.md",
            "v0.1",
            f"phase-{phase}",
            "",
        ]
        for number, phase in enumerate(phases)
    ]
    columns = {
        "total": TOTAL,
        "rows_per_file": 200,
        "standings": ["current", "archived"],
        "kinds": [[f"kind-{number}", f"Kind {number}"] for number in range(12)],
        "sections": ["", "phases"],
        "phases": [[number, f"Phase {number}"] for number in range(400)],
        "standing": [int(chance.random() < 0.6) for _ in range(TOTAL)],
        "kind": [chance.randrange(12) for _ in range(TOTAL)],
        "section": [1] * TOTAL,
        "phase": phases,
        "day": [20_000 - number // 7 if number % 50 else -1 for number in range(TOTAL)],
    }
    (folder / "columns.json").write_text(json.dumps(columns, separators=(",", ":")))
    for number in range(0, TOTAL, 200):
        (folder / f"rows-{number // 200}.json").write_text(json.dumps(rows[number : number + 200]))


def test_ten_thousand_documents_are_filtered_from_small_files(ten_thousand: str, look: Open) -> None:
    seen = look(f"{ten_thousand}/documents/?kind=kind-3&per=100&page=2")
    page = seen.page
    assert count(page).startswith("Showing 101–200 of ")
    asked = [url.rsplit("/", 1)[1] for url in seen.requests if "/rows-" in url]
    assert 0 < len(asked) < 10, asked
    assert page.evaluate("document.querySelectorAll('*').length") < 2_500
    page.get_by_label("Title, path or identifier").fill("document 9999 phase")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("[data-count]")).to_contain_text("No document matches these filters.")
    page.get_by_label("Kind").select_option("")
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–1 of 1")
    assert titles(page) == ["Document 9999 of phase 399"]
    assert seen.complaints == []


def test_pages_of_ten_thousand_documents(ten_thousand: str, look: Open) -> None:
    page = look(f"{ten_thousand}/documents/?page=400").page
    assert count(page) == "Showing 9,976–10,000 of 10,000"
    page.get_by_role("link", name="Page 1", exact=True).click()
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–25 of 10,000")
    page.get_by_label("Per page").select_option("100")
    page.get_by_role("link", name="Page 100, last").click()
    expect(page.locator("[data-count]")).to_contain_text("Showing 9,901–10,000 of 10,000")
    expect(page.locator("h1")).to_have_text("Documents, page 100")


def test_what_was_in_force_on_a_day_is_the_answer_of_the_command(
    sample: str, look: Open
) -> None:
    listed = CliRunner().invoke(command, ["list", "--on", "2026-05-12", "--content", str(site.PROJECT / "content")])
    page = look(f"{sample}/documents/?on=2026-05-12&per=100").page
    expect(page.locator("[data-count]")).to_contain_text("In force on 12 May 2026")
    shown = page.locator("tbody .path").all_inner_texts()
    assert sorted(shown) == sorted(line.split()[-1] for line in listed.stdout.splitlines())
    assert "current-status/archive/current-status-manifest-v0_41.md" in shown
