"""``record adopt`` as it is run: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filing.filing_support import Ran, record, tree
from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.source.config import parse_config
from loomworks_record.source.project import load_project
from support.site import PROJECT, write_content
from yaml import safe_load

from adoption.folders import chain, text

# Named in docs/start.md, which has what is printed of it.
FOLDER: dict[str, str | bytes] = {
    **chain("rates-N.md", ["01", "02", "03"], header="**Opened:** 2026-03-N\n**Owner:** Kim"),
    **chain("tolls-vN.md", ["0.1", "0.2"], "tolls", header="**Status:** Draft\n**Opened:** 2026-04-01"),
    "attic/ferries.md": text("ferries", header="**Status:** Withdrawn"),
    "attic/lanes.md": text("lanes", header="**Status:** Superseded"),
    "README.md": "# Freight\n\nWhat freight costs.\n",
    "zones.rst": "Zones\n=====\n",
    "map.png": b"\x89PNG",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_content(FOLDER, tmp_path / "freight" / "docs")
    return tmp_path / "freight"


def test_the_page_shows_what_is_printed(home: Path) -> None:
    shown = record(home, "adopt", "docs")
    page = (PROJECT / "docs/start.md").read_text("utf-8")
    block = re.search(r"```console\n\$ record adopt docs\n(.*?)```", page, re.DOTALL)
    assert shown.status == 0
    assert block and shown.out == block[1]


def test_nothing_is_written_without_being_told(home: Path) -> None:
    before = tree(home)
    assert record(home, "adopt", "docs").status == record(home, "adopt", "docs", "--json").status == 0
    assert tree(home) == before


def test_what_is_written_is_what_was_shown(home: Path) -> None:
    printed = json.loads(record(home, "adopt", "docs", "--json").out)
    wrote = record(home, "adopt", "docs", "--write")
    assert (wrote.status, wrote.err) == (0, "")
    settings = safe_load((home / "mkdocs.yml").read_text("utf-8"))
    assert (settings["site_name"], settings["docs_dir"]) == ("Freight", "docs")
    assert settings["plugins"] == [{"record": printed["options"]}]
    listed = json.loads(record(home, "list", "--json").out)["documents"]
    assert sum(row["version"] is not None for row in listed) == printed["with_rows"]["versions"] == 5
    assert sum(row["standing"] == "archived" for row in listed) == printed["with_rows"]["archived"]
    again = record(home, "adopt", "docs")
    assert "No row is needed" in again.out and "Proposed" not in again.out
    assert record(home, "adopt").out.replace(".:", "docs:", 1) == again.out  # the project, from its own folder


def test_the_site_is_built_of_it(home: Path) -> None:
    record(home, "adopt", "docs", "--write")
    with (home / "mkdocs.yml").open("a") as file:
        file.write("site_url: https://freight.example.org/\n")
    built = record(home, "build", "--host", "none")
    assert (built.status, (home / "site/view/rates-03.md.html").is_file()) == (0, True)


@pytest.mark.parametrize("text_before", ["site_name: Mine\ndocs_dir: docs\nplugins: [record]\n", "site_name: Mine\n"])
def test_a_configuration_that_is_there_is_never_written_over(home: Path, text_before: str) -> None:
    (home / "mkdocs.yml").write_text(text_before)
    ran = record(home, "adopt", "docs", "--write")
    assert ran.status == 2 and "Proposed, for mkdocs.yml" in ran.out
    assert ran.err.count("\n") == 1 and "is there already, and nothing was written; add to it the rows" in ran.err
    assert (home / "mkdocs.yml").read_text() == text_before


def test_rows_that_are_there_are_read_and_not_proposed_again(home: Path) -> None:
    (home / "mkdocs.yml").write_text("docs_dir: docs\nplugins:\n  - record:\n      labels: {Opened: Date}\n")
    rows = json.loads(record(home, "adopt", "docs", "--json").out)["rows"]
    assert {row["option"] for row in rows} == {"versions", "archive_folders"}


def test_the_configuration_of_another_folder_is_not_this_ones(home: Path) -> None:
    write_content({"other/a.md": "# A\n"}, home)
    (home / "mkdocs.yml").write_text("docs_dir: other\nplugins:\n  - record:\n      labels: {Opened: Date}\n")
    rows = json.loads(record(home, "adopt", "docs", "--json").out)["rows"]
    assert {row["option"] for row in rows} == {"versions", "archive_folders", "labels"}


def test_the_top_of_a_checkout_cannot_hold_its_own_configuration(home: Path) -> None:
    subprocess.run(["git", "init", "-q", str(home / "docs")], check=True)
    ran = record(home, "adopt", "docs", "--write")
    assert (ran.status, (home / "mkdocs.yml").exists()) == (2, False)
    assert ran.err.count("\n") == 1 and "is the top of a git checkout" in ran.err
    assert str(home / "docs/attic") in ran.err


def test_a_part_of_a_record_gets_no_configuration_of_its_own(home: Path) -> None:
    (home / "mkdocs.yml").write_text("docs_dir: docs\nplugins: [record]\n")
    ran = record(home, "adopt", "docs/attic", "--write")
    assert (ran.status, ran.err.count("\n"), (home / "docs/mkdocs.yml").exists()) == (2, 1, False)
    assert "lies in the content of" in ran.err


_ODD = st.text(st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="/\\\0"), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(_ODD, _ODD)
def test_what_is_written_can_be_read_whatever_names_and_labels_are(subject: str, label: str) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        header = f"**{label}:** 2026-03-0N"
        write_content(chain(f"x{subject}-N.md", ["01", "02", "03"], header=header), home / "docs")
        printed = json.loads(record(home, "adopt", "docs", "--json").out)
        assert record(home, "adopt", "docs", "--write").status == 0
        assert load_project(home).config.versions == parse_config(printed["options"]).versions
        assert load_project(home).config.labels == parse_config(printed["options"]).labels


def test_a_name_that_yaml_would_misread(tmp_path: Path) -> None:
    write_content(FOLDER, tmp_path / "no" / "2026: #1")
    assert record(tmp_path / "no", "adopt", "2026: #1", "--write").status == 0
    project = load_project(tmp_path / "no")
    assert (project.content_dir.name, project.config.name) == ("2026: #1", "No")


@pytest.mark.parametrize("command", [("adopt",), ("list", "--content"), ("check", "--content")])
@pytest.mark.parametrize("extension", ["rst", "adoc"])
def test_other_formats_are_told(tmp_path: Path, command: tuple[str, ...], extension: str) -> None:
    write_content({f"note-{number}.{extension}": "Note\n====\n" for number in range(5)}, tmp_path / "notes")
    said = _said(record(tmp_path, *command, "notes"))
    assert f"0 documents; 5 .{extension} files: record reads Markdown (.md) and HTML (.html)" in said
    assert "no problems" not in said
    write_content({"a.md": "# A\n", "picture.png": b"\x89PNG"}, tmp_path / "notes")
    said = _said(record(tmp_path, *command, "notes"))
    assert f"1 document; 5 .{extension} files: record reads Markdown (.md) and HTML (.html)" in said
    assert record(tmp_path, "adopt", "notes", "--write").status == 0


def test_nothing_to_adopt(tmp_path: Path) -> None:
    write_content({"a.rst": "A\n="}, tmp_path / "notes")
    refused = record(tmp_path, "adopt", "notes", "--write")
    assert (refused.status, (tmp_path / "mkdocs.yml").exists()) == (2, False)
    missing = record(tmp_path, "adopt", "nowhere")
    assert missing.status == 2 and missing.err.count("\n") == 1 and "there is no folder" in missing.err


def _said(ran: Ran) -> str:
    assert ran.status == 0
    return ran.out + ran.err


def test_init_points_here_where_documents_are(tmp_path: Path) -> None:
    write_content({"notes/rates-v0.1.md": text("rates")}, tmp_path / "one")
    made = record(tmp_path / "one", "init")
    assert made.status == 0 and "`record adopt`" in made.out
    write_content({"content/rates-v0.1.md": text("rates")}, tmp_path / "two")
    refused = record(tmp_path / "two", "init")
    assert refused.status == 2 and "`record adopt content`" in refused.err and refused.err.count("\n") == 1
    assert "adopt" not in record(tmp_path, "init", "three").out
