"""The list of documents: filters whose state is the address, pages, the back button; and ten thousand documents."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from loomworks_record.cli.main import record as command
from playwright.sync_api import Page, expect
from support import chromium, hosting, site

from browser import axe

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
        ("section=investigations", "Section", 4),
        ("kind=halt-surface", "Kind", 2),
        ("standing=archived&phase=57", "Standing", 4),
    ],
)
def test_an_address_gives_its_list(sample: str, look: Open, query: str, field: str, rows: int) -> None:
    page = look(f"{sample}/documents/?{query}").page
    assert count(page) == f"Showing 1–{rows} of {rows}"
    assert page.get_by_label(field, exact=True).input_value() in query


def days(page: Page) -> list[date]:
    """The dates of the list, from above."""
    written = page.locator("[data-list] tbody .day").all_inner_texts()
    return [datetime.strptime(each, "%d %B %Y").date() for each in written]


def test_dates_and_text_narrow_the_list(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?from=2026-05-07&to=2026-05-08").page
    dates = days(page)
    assert dates and set(dates) <= {date(2026, 5, 7), date(2026, 5, 8)}
    page.get_by_label("Title, path or identifier").fill("CR-2026-062")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**text=CR-2026-062**")
    expect(page.locator("[data-count]")).to_contain_text("Showing 1–3 of 3")


def cells(page: Page, column: int) -> list[str]:
    """What stands first in the cells of a column."""
    found = page.locator(f"[data-list] tbody tr > :nth-child({column})").all_inner_texts()
    return [text.split("\n")[0].strip() for text in found]


def test_the_list_can_be_sorted(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?per=100").page
    newest = titles(page)
    page.get_by_label("Sort").select_option("title")
    page.wait_for_url("**sort=title**")
    expect(page.locator("[data-count]")).to_contain_text("By title")
    assert sorted(titles(page), key=str.casefold) != newest
    assert sorted(titles(page)) == sorted(newest)
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Document")
    page.get_by_label("Sort").select_option("oldest")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Date")
    dates = days(page)
    assert dates == sorted(dates)


def version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.removeprefix("v").split(".") if number)


@pytest.mark.parametrize(
    ("column", "name", "first", "key"),
    [
        (1, "Document", "ascending", lambda text: text[0].casefold()),
        (2, "Version", "descending", version),
        (3, "Standing", "ascending", lambda text: text == "Archived"),
        (4, "Kind", "ascending", str.casefold),
        (5, "Phase", "descending", lambda text: int(text or -1)),
    ],
)
def test_each_column_sorts_by_keyboard(
    sample: str, look: Open, column: int, name: str, first: str, key: Callable[[str], Any]
) -> None:
    page = look(f"{sample}/documents/?per=100").page
    button = page.locator("[data-list] thead").get_by_role("button", name=name)
    for direction in (first, {"ascending": "descending", "descending": "ascending"}[first]):
        button.press("Enter")
        expect(page.locator("th[aria-sort]")).to_have_text(name)
        expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", direction)
        expect(button).to_be_focused()
        held = [text for text in cells(page, column) if text]
        keys = list(map(key, held))
        assert keys == sorted(keys, reverse=direction == "descending")
        # What has none comes last.
        assert held == cells(page, column)[: len(held)]
    page.go_back()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", first)


def test_without_script_no_head_is_a_button(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/documents/", javascript=False).page
    assert page.locator("thead button").count() == 0
    assert page.locator("th[aria-sort=descending]").inner_text() == "Date"


def test_on_a_telephone_the_heads_are_seen_where_the_keyboard_is(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/", width=390).page
    button = page.locator("[data-list] thead").get_by_role("button", name="Kind")
    button.focus()
    box = button.bounding_box()
    assert box is not None
    assert box["width"] > 20
    button.press("Enter")
    page.wait_for_url("**sort=kind")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert list(axe.faults(page)) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("CR-2026-090", "phase-57-cr-marketing-engagement-creation-v0_4.md"),
        ("P57-B10", "phase-57-cr-marketing-engagement-creation-v0_4.md"),
        ("CR v0.3", "phase-57-cr-marketing-engagement-creation-v0_3.md"),
        ("methodology v0.20", "loomworks-methodology-v0_20.md"),
        ("metodology v020", "loomworks-methodology-v0_20.md"),
        ("scoping note v0.2", "loomworks-phase-57-scoping-note-v0_2.md"),
        ("/view/phases/phase-56/phase-56-cr-conversational-creation-surface-voice-v0_2.md.html#s1",
         "phase-56-cr-conversational-creation-surface-voice-v0_2.md"),
        ("foray protocol deep read html", "loomworks-foray-protocol-deep-read-v0_1.md"),
    ],
)  # fmt: skip
def test_the_field_takes_names(sample: str, look: Open, text: str, first: str) -> None:
    visit = look(f"{sample}/documents/")
    page = visit.page
    assert not [url for url in visit.requests if "/names" in url]  # loaded on first use
    page.get_by_label("Title, path or identifier").fill(text)
    page.get_by_label("Title, path or identifier").press("Enter")
    expect(page.locator("[data-count]")).to_contain_text("Best match first")
    assert page.locator("tbody .path").first.inner_text().rpartition("/")[2] == first
    assert visit.complaints == []


@pytest.mark.parametrize(("text", "rows"), [("p49", 6), ("phase 49", 6), ("halt surfaces", 2)])
def test_what_names_many_lists_them(sample: str, look: Open, text: str, rows: int) -> None:
    page = look(f"{sample}/documents/?text={text}&per=100").page
    expect(page.locator("[data-count]")).to_contain_text("Best match first")
    named = page.locator("[data-list] tbody tr").all_inner_texts()[:rows]
    assert len(named) == rows
    assert all("Halt" in row if "halt" in text else "\t49\t" in row for row in named)


def test_what_nothing_has_offers_what_is_near(sample: str, look: Open) -> None:
    page = look(f"{sample}/documents/?text=CR-2026-999").page
    assert count(page) == "No document matches these filters."
    near = page.locator("[data-count]").get_by_role("link").nth(1)
    assert near.inner_text() == "CR-2026-090"
    near.click()
    page.wait_for_url("**/phase-57-cr-marketing-engagement-creation-v0_4.md*")


def test_two_forms_of_one_version_are_one_row(sample: str, look: Open) -> None:
    for address in ("documents/?section=investigations", "documents/?text=foray"):
        rows = look(f"{sample}/{address}").page.locator("[data-list] tbody tr")
        twins = rows.filter(has_text="deep-read-v0_1")
        expect(twins).to_have_count(1)
        expect(twins.get_by_role("link", name="HTML form")).to_have_attribute(
            "href", re.compile(r"deep-read-v0_1\.html\.html$")
        )


def test_a_change_request_shows_its_number(sample: str, look: Open) -> None:
    row = look(f"{sample}/documents/").page.locator("[data-list] tbody tr").filter(has_text="phase-57-cr-marketing")
    expect(row.first).to_contain_text("CR-2026-090")


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
    # Two forms of one version are one row; the other form is a link in it.
    held = {document["path"].rpartition(".")[0]: document["title"] for document in record["documents"][::-1]}
    assert len(found) == len(held) < len(record["documents"])
    assert sorted(found) == sorted(held.values())


@pytest.fixture(scope="module")
def ten_thousand(sample_site: site.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The list's page over made-up columns and rows of ten thousand documents."""
    folder = tmp_path_factory.mktemp("many")
    for part in ("assets", "integrity", "search"):
        shutil.copytree(sample_site.site / part, folder / part)
    (folder / "_headers").write_bytes((sample_site.site / "_headers").read_bytes())
    (folder / "documents").mkdir()
    (folder / "documents/index.html").write_text(sample_site.text("documents/index.html"))
    write_columns(folder / "documents")
    with hosting.serve(folder, like_pages=True) as address:
        yield address


def write_columns(folder: Path) -> None:
    """Columns and rows in the form of ``pages/documents.py``."""
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


def test_what_was_in_force_on_a_day_is_the_answer_of_the_command(sample: str, look: Open) -> None:
    listed = CliRunner().invoke(command, ["list", "--on", "2026-05-12", "--content", str(site.PROJECT / "content")])
    page = look(f"{sample}/documents/?on=2026-05-12&per=100").page
    expect(page.locator("[data-count]")).to_contain_text("In force on 12 May 2026")
    shown = page.locator("tbody .path").all_inner_texts()
    assert sorted(shown) == sorted(line.split()[-1] for line in listed.stdout.splitlines())
    assert "current-status/archive/current-status-manifest-v0_41.md" in shown
