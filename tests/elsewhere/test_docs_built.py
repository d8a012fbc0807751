"""The documentation, built by the generator that it documents."""

from __future__ import annotations

import json
import re

import pytest
from support.site import PROJECT, Build, build


@pytest.fixture(scope="module")
def docs_site(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("docs") / "project"
    built = build(PROJECT / "docs", folder, config={"plugins": {"record": {"search": False}}})
    assert built.status == 0, built.output
    return built


def test_every_page_is_built(docs_site: Build) -> None:
    pages = [file.relative_to(PROJECT / "docs").as_posix() for file in (PROJECT / "docs").rglob("*.md")]
    assert len(pages) > 20
    for page in pages:
        assert (docs_site.site / f"view/{page}.html").is_file()


def test_links_between_pages_lead_on(docs_site: Build) -> None:
    page = docs_site.text("view/start.md.html")
    for target in ("filing.md.html", "publish.md.html", "verify.md.html", "configuration.md.html"):
        assert re.search(rf'href="{re.escape(target)}"', page)
    assert 'href="trajectories.md.html#' in docs_site.text("view/configuration.md.html")


def test_only_links_out_of_the_folder_are_problems(docs_site: Build) -> None:
    problems = json.loads(docs_site.text("api/record.json"))["problems"]
    broken = [each for each in problems if each["code"] in ("link-broken", "attachment-missing")]
    assert broken
    assert [each for each in broken if "'../" not in each["message"]] == []
    assert {each["severity"] for each in problems} <= {"warning", "notice"}
