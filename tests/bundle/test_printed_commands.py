"""The commands that the integrity page prints, run as they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
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
    return folder


def test_the_commands_of_the_integrity_page_run_as_printed(project: Path) -> None:
    page = html.fromstring((project / "site/integrity/index.html").read_text("utf-8"))
    printed = [line for code in page.xpath("//*[@class='r-cmd']//code") for line in code.text_content().splitlines()]
    assert any(line.startswith("record receipt ") for line in printed)
    for line in printed:
        away = "https://" in line  # nobody answers there: that it is a command with these options is seen by its help
        done = ran(f"{line} --help" if away else line, project)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
