"""The commands that the integrity page prints, run as they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from loomworks_record.cli.publish import news
from lxml import html
from support import site

VERSION = "# A note\n\n**Version.** 0.{n}\n**Date.** 2026-05-{n:02}\n\n## 1. What\n\nText {n}.\n"
CONTENT = {
    "notes/archive/a note-v0_1.md": VERSION.format(n=1),
    "notes/a note-v0_2.md": VERSION.format(n=2),
}


def ran(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    plugins = str(site.PROJECT / "plugins")
    return subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": plugins},
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("printed") / "project"
    site.write_project(CONTENT, folder)
    for command in ("record log --yes", "record build"):
        done = ran(command, folder)
        assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith("note: ")] == [
        "Reading the documents", "Rendering the pages", "Indexing the search", "Sealing the site", "Verifying the site",
    ]  # fmt: skip
    return folder


def test_the_commands_of_the_integrity_page_run_as_printed(project: Path) -> None:
    page = html.fromstring((project / "site/integrity/index.html").read_text("utf-8"))
    printed = [line for code in page.xpath("//*[@class='r-cmd']//code") for line in code.text_content().splitlines()]
    assert any(line.startswith("record receipt ") for line in printed)
    for line in printed:
        away = "https://" in line  # nobody answers there: that it is a command with these options is seen by its help
        done = ran(f"{line} --help" if away else line, project)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_publishing_says_what_is_new_and_what_comes_next() -> None:
    before = {"a.md": "1", "b.md": "2", "archive/c.md": "3"}
    after = {"a.md": "1", "b.md": "4", "d.md": "5"}
    assert list(news(before, after)) == ["new: d.md", "changed: b.md", "gone from where it was: archive/c.md"]
    assert list(news(None, after)) == ["the first release: 3 filed files"]
    many = {f"{n:02}.md": "1" for n in range(15)}
    assert list(news({}, many))[-1].startswith("new: 5 more of 15;")
    assert "nothing filed is new" in next(news(many, many))


def test_a_publisher_is_told_where_it_is_served(project: Path) -> None:
    done = ran("record publish www", project)
    assert done.returncode == 0, done.stderr
    assert "served from www/current" in done.stderr
    assert "record verify https://" in done.stderr


def test_the_first_page_of_the_docs_runs_as_printed(tmp_path: Path) -> None:
    """But for the preview, which goes on until it is stopped, and the question, which is answered by --yes."""
    text, commands, *_ = (
        block.partition("```")[0] for block in (site.PROJECT / "docs/start.md").read_text("utf-8").split("```sh\n")[1:]
    )
    asked = (text + commands).replace("record serve\n", "").replace("record file ", "record file --yes ")
    done = ran("set -e\n" + asked, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "our-record/content/notes/shipping-rates-v0_1.md").is_file()
    *_, following = (line for line in done.stderr.splitlines() if line.startswith("  record "))
    assert ran(following, tmp_path / "our-record").stdout.startswith("ok: ")
