"""The four real documents: read, listed and built; nothing of their headers lost, their tables tables."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from loomworks_record.cli.main import record
from record import inventory
from support import site
from support.site import Build

DOCUMENTS = inventory.FILE.with_name("documents")
pytestmark = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="the real documents lie beside the repository and are not here"
)
CR = "phases/phase-57-marketing-engagement-creation/archive/phase-57-cr-marketing-engagement-creation-v0_2.md"
HANDOFF = "phases/phase-57-marketing-engagement-creation/loomworks-phase-57-cr-amendment-2-handoff-v0_1.md"
LIVE = "phases/phase-57-marketing-engagement-creation/loomworks-phase-57-step-2b-live-halt-session-handoff-v0_1.md"
PLAIN = "phases/phase-39-cross-engagement-aggregation/phase-39-cr-cross-engagement-aggregation-v0_1.md"
LABELS = {
    CR: ["CR number", "Version", "Date", "Status", "Target tag", "Authoritative inputs", "Drafter posture",
         "Amendment record (cycle 1, this version)"],
    HANDOFF: ["Version", "Date", "Status", "Phase", "CR target"],
    LIVE: ["Version", "Date", "Author", "Status", "Purpose"],
    PLAIN: ["Version", "Date", "Author", "Target", "Priority", "Confidential", "Supersedes", "Companion to", "Status"],
}  # fmt: skip
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_DELIMITER = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+\s*$")


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    result = CliRunner().invoke(record, ["list", "--json", "--content", str(DOCUMENTS)])
    assert result.exit_code == 0, result.output
    return {document["path"]: document for document in json.loads(result.stdout)["documents"]}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    config = {"plugins": [{"record": {"search": False}}]}
    return site.build(DOCUMENTS, tmp_path_factory.mktemp("real") / "project", config=config)


def test_the_archived_change_request(documents: dict[str, dict[str, Any]]) -> None:
    read = documents[CR]
    keys = ("standing", "version", "date", "phase", "kind", "current", "title", "declared_status")
    assert {key: read[key] for key in keys} == {
        "standing": "archived",
        "version": "0.2",
        "date": "2026-05-12",
        "phase": 57,
        "kind": "change-request",
        "current": None,
        "title": "Phase 57 CR — Marketing Engagement Creation",
        "declared_status": "Amendment cycle 1; supersedes v0.1",
    }
    assert read["header"]["CR number"] == "CR-2026-090"


def test_all_four_are_read(documents: dict[str, dict[str, Any]]) -> None:
    assert sorted(documents) == sorted(LABELS)
    assert {path: (read["standing"], read["version"], read["date"]) for path, read in documents.items()} == {
        CR: ("archived", "0.2", "2026-05-12"),
        HANDOFF: ("current", "0.1", "2026-05-12"),
        LIVE: ("current", "0.1", "2026-05-12"),
        PLAIN: ("current", "0.1", "2026-05-04"),
    }


@pytest.mark.parametrize("path", LABELS, ids=lambda path: Path(path).name)
def test_every_label_is_a_fact(documents: dict[str, dict[str, Any]], built: Build, path: str) -> None:
    assert list(documents[path]["header"]) == LABELS[path]
    assert all(documents[path]["header"].values())
    page = built.text(site.page_at(path))
    assert re.findall(r"<dt>([^<]*)</dt>", page)[: len(LABELS[path])] == LABELS[path]


class _Page(HTMLParser):
    """What of a page's body is text (outside code), and its tables as (rows, columns)."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.every_word: list[str] = []
        self.tables: list[tuple[int, int]] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("code", "pre")
        if tag == "table":
            self.tables.append((0, 0))
        elif tag == "tr":
            self.tables[-1] = (self.tables[-1][0] + 1, self.tables[-1][1])
        elif tag in ("td", "th") and self.tables[-1][0] == 1:
            self.tables[-1] = (self.tables[-1][0], self.tables[-1][1] + 1)

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        self.every_word.append(data)
        if not self._code:
            self.text.append(data)


def body(built: Build, path: str) -> _Page:
    page = built.text(site.page_at(path))
    start = page.index('<div class="r-body">')
    parsed = _Page()
    parsed.feed(page[start : page.index('<section class="r-after', start)])
    return parsed


def filed_tables(path: str) -> list[tuple[int, int]]:
    """(rows without the delimiter, columns) of each table of the filed text, outside fenced code."""
    found: list[tuple[int, int]] = []
    fenced = False
    before = ""
    for line in (DOCUMENTS / path).read_text("utf-8").split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and _DELIMITER.match(line):
            found.append((1, before.count("|") - before.count("\\|") - 1))
        elif not fenced and found and _ROW.match(line) and (_ROW.match(before) or _DELIMITER.match(before)):
            found[-1] = (found[-1][0] + 1, found[-1][1])
        before = line
    return found


@pytest.mark.parametrize("path", LABELS, ids=lambda path: Path(path).name)
def test_tables_are_tables(built: Build, path: str) -> None:
    page = body(built, path)
    assert page.tables == filed_tables(path)
    assert not [line for line in "".join(page.text).split("\n") if _ROW.match(line) or "|---" in line]


def test_there_are_tables_to_look_at() -> None:
    assert sum(len(filed_tables(path)) for path in LABELS) > 5


@pytest.mark.parametrize("path", LABELS, ids=lambda path: Path(path).name)
def test_every_word_is_on_the_page(built: Build, documents: dict[str, dict[str, Any]], path: str) -> None:
    page = built.text(site.page_at(path))
    shown = set(re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", page)) + unescape(re.sub(r"<[^>]*>", "", page))))
    filed = (DOCUMENTS / path).read_text("utf-8")
    prose = re.sub(r"\]\([^)]*\)|<https?://[^>]*>|^\s*```.*$", " ", filed, flags=re.MULTILINE)
    missing = {word for word in re.findall(r"\w+", prose.replace("_", " ")) if len(word) > 3} - {
        part for word in shown for part in (word, *word.split("_"))
    }
    assert missing == set()


def test_they_build_with_problems_shown_and_no_crash(tmp_path: Path) -> None:
    config = {"plugins": [{"record": {"search": False}}]}
    strict = site.build(DOCUMENTS, tmp_path / "project", config=config, strict=True)
    assert strict.status == 1
    assert f"{CR}: warning: the newest held version lies in archive/" in strict.output
    assert "Traceback" not in strict.output
    assert (strict.site / site.page_at(CR)).is_file()
    assert "Archived (read-only)" in strict.text(site.page_at(CR))
