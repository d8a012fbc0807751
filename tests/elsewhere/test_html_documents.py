"""HTML documents and twins: pages, facts, standing, search filters and comparison, as Markdown documents have them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from support import searching
from support.site import Build, build, page_at

STAMP = "<!DOCTYPE html><html><head><title>Guide {v}</title></head><body><p>{v}·2026-05-2{n}·Working draft</p>"
BODY = "<h1>The guide</h1><h2>1. Paper</h2><p>The paper is {colour} and stays so.</p><script>alert(1)</script>"
GUIDE, PAIR = "notes/loomworks-guide", "notes/loomworks-pair"
RECORD = {
    "notes/archive/loomworks-guide-v0_1.html": STAMP.format(v="v0.1", n=1) + BODY.format(colour="cream"),
    f"{GUIDE}-v0_2.html": STAMP.format(v="v0.2", n=2) + BODY.format(colour="husk"),
    f"{PAIR}-v0_1.md": "# The pair\n\n**Version.** 0.1 **Date.** 2026-05-20\n\n## 1. Paper\n\nThe paper is cream.\n",
    f"{PAIR}-v0_1.html": "<h1>The pair</h1><p>Version. 0.1 Date. 2026-05-20</p><h2>1. Paper</h2>"
    "<p>The paper is husk.</p>",
}
ARCHIVED = "view/notes/loomworks-guide-v0_1.html.html"
CURRENT = "view/notes/loomworks-guide-v0_2.html.html"


@pytest.fixture(scope="module")
def html_site(tmp_path_factory: pytest.TempPathFactory) -> Build:
    built = build(RECORD, tmp_path_factory.mktemp("html") / "project")
    assert built.status == 0, built.output
    return built


def documents(site: Build) -> dict[str, dict[str, Any]]:
    return {one["path"]: one for one in json.loads(site.text("api/record.json"))["documents"]}


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_facts_come_from_the_stamp_line(html_site: Build) -> None:
    one = documents(html_site)[f"{GUIDE}-v0_2.html"]
    assert (one["version"], one["date"], one["title"]) == ("0.2", "2026-05-22", "The guide")
    assert one["declared_status"] == "Working draft"
    page = words(html_site.text(CURRENT))
    assert "Current v0.2 22 May 2026" in page
    assert "Status Working draft" in page


def test_standing_and_chain_are_those_of_markdown(html_site: Build) -> None:
    held = documents(html_site)
    old, new = held["notes/archive/loomworks-guide-v0_1.html"], held[f"{GUIDE}-v0_2.html"]
    assert (old["standing"], new["standing"]) == ("archived", "current")
    assert (old["successor"], new["predecessor"]) == (new["path"], old["path"])
    page = html_site.text(ARCHIVED)
    assert "Archived (read-only)" in words(page)
    assert 'href="loomworks-guide-v0_2.html.html"' in page


def test_the_filed_bytes_are_published_in_one_place_and_run_nothing(html_site: Build) -> None:
    assert (html_site.site / f"raw/{GUIDE}-v0_2.html").read_bytes() == RECORD[f"{GUIDE}-v0_2.html"].encode()
    assert not (html_site.site / f"{GUIDE}-v0_2.html").exists()
    page = html_site.text(CURRENT)
    assert 'src="../../raw/notes/loomworks-guide-v0_2.html" sandbox=""' in page
    assert "alert(1)" not in page


def test_two_versions_are_compared_word_by_word(html_site: Build) -> None:
    page = html_site.text("compare/notes/loomworks-guide-v0_1-to-v0_2.html")
    assert re.search(r"<del[^>]*>\s*cream\s*</del>", page)
    assert re.search(r"<ins[^>]*>\s*husk\s*</ins>", page)
    assert "alert" not in page


def test_history_and_latest_exist(html_site: Build) -> None:
    assert {"v0.1", "v0.2"} <= set(words(html_site.text("history/notes/loomworks-guide.html")).split())
    assert "view/notes/loomworks-guide-v0_2.html.html" in html_site.text("latest/notes/loomworks-guide.html")


def test_twins_are_two_forms_of_one_version(html_site: Build) -> None:
    held = documents(html_site)
    markdown, html = held[f"{PAIR}-v0_1.md"], held[f"{PAIR}-v0_1.html"]
    assert markdown["chain"] == html["chain"]
    assert markdown["standing"] == html["standing"] == "current"
    assert (markdown["predecessor"], markdown["successor"]) == (html["predecessor"], html["successor"]) == (None, None)
    assert markdown["current"] == html["current"] == markdown["path"]
    for form, other in (("md", "HTML"), ("html", "Markdown")):
        page = html_site.text(f"view/{PAIR}-v0_1.{form}.html")
        assert f"also held in {other} form" in words(page)
        assert "All versions (1)" in words(page)


def test_the_forms_of_a_version_are_compared(html_site: Build) -> None:
    page = html_site.text("compare/notes/loomworks-pair-v0_1-md-to-v0_1-html.html")
    assert re.search(r"<del[^>]*>\s*cream\s*</del>", page)
    assert re.search(r"<ins[^>]*>\s*husk\s*</ins>", page)


@pytest.mark.parametrize("page", [ARCHIVED, CURRENT, f"view/{PAIR}-v0_1.html.html"])
def test_search_has_the_same_filters_for_both_forms(page: str, html_site: Build) -> None:
    found = searching.fragments(html_site.site)
    markdown, html = found[f"view/{PAIR}-v0_1.md.html"], found[page]
    assert html["filters"].keys() == markdown["filters"].keys() >= {"standing", "kind", "section"}


def test_both_forms_stand_in_the_lists(html_site: Build) -> None:
    listed = html_site.text("documents/index.html")
    assert all(page_at(path) in listed for path in documents(html_site))


def test_the_sample_has_the_pair_and_the_html_alone(sample_site: Build) -> None:
    held = documents(sample_site)
    pair = [held[f"investigations/loomworks-foray-protocol-deep-read-v0_1.{form}"] for form in ("md", "html")]
    assert pair[0]["header"] == pair[1]["header"]
    assert pair[0]["title"] == pair[1]["title"]
    alone = held["brand/loomworks-brand-guide-v0_15.html"]
    assert (alone["kind"], alone["version"], alone["date"]) == ("brand-guide", "0.15", "2026-04-23")
