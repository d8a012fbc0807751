"""The scripts of the action and the hooks, run as GitHub and pre-commit run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support.site import write_content

from elsewhere.linting import ACTION, HOOKS, steps

NOTE = "# A note\n\n**Version.** {version} **Date.** 2026-05-12\n\nIts text.\n"
RECORD = {
    "mkdocs.yml": "site_name: A record\nsite_url: https://record.example.org/\ndocs_dir: content\n"
    "theme:\n  name: material\nplugins:\n  - record:\n"
    "      search: false\n",
    "content/notes/note-v0_2.md": NOTE.format(version="0.2"),
    "content/notes/archive/note-v0_1.md": NOTE.format(version="0.1"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_content(RECORD, tmp_path)
    return tmp_path


def bash(folder: Path, script: str, **environment: str) -> tuple[int, str]:
    """The exit status and the output of a script, run with the options that GitHub gives to bash."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=170,
    )
    return done.returncode, done.stdout + done.stderr


def step(name: str) -> str:
    return next(str(each["run"]) for each in steps(ACTION) if each.get("name") == name)


def entry(hook: str) -> str:
    return next(str(each["entry"]) for each in yaml.safe_load(HOOKS.read_text("utf-8")) if each["id"] == hook)


def build(folder: Path) -> tuple[int, str]:
    names = {"FOLDER": ".", "HOST": "cloudflare-free", "GITHUB_OUTPUT": str(folder / "output")}
    return bash(folder, step("Build and verify"), **names)


def test_the_action_builds_and_verifies(folder: Path) -> None:
    status, said = build(folder)
    assert status == 0, said
    assert (folder / "output").read_text() == "site=./site\n"
    assert (folder / "site/integrity/manifest-sha256.txt").is_file()


def test_the_action_fails_where_the_plugin_was_passed_over(folder: Path) -> None:
    """What a host that does not know the plugin leaves behind."""
    (folder / "mkdocs.yml").write_text("site_name: A record\ndocs_dir: content\nplugins: []\n")
    status, said = build(folder)
    assert status == 1
    assert "site/index.html was not made by the record's plugin" in said


def test_strict_is_what_decides_on_warnings(folder: Path) -> None:
    (folder / "content/notes/note-v0_2.md").write_text(NOTE.format(version="0.2") + "\nSee [it](nothing.md).\n")
    assert bash(folder, step("Check"), STRICT="true")[0] == 1
    assert bash(folder, step("Check"), STRICT="false")[0] == 0


def test_the_hook_for_the_log_enters_and_refuses(folder: Path) -> None:
    assert bash(folder, entry("record-log"))[0] == 0
    assert "notes/archive/note-v0_1.md" in (folder / "record.log.jsonl").read_text("utf-8")
    (folder / "content/notes/archive/note-v0_1.md").write_text("other bytes")
    status, said = bash(folder, entry("record-log"))
    assert status == 1
    assert "note-v0_1.md" in said


def test_the_hook_for_the_check_tells_of_problems(folder: Path) -> None:
    assert bash(folder, entry("record-log"))[0] == 0
    assert bash(folder, entry("record-check"))[0] == 0
    (folder / "content/notes/note-v0_2.md").write_text(NOTE.format(version="0.7"))
    status, said = bash(folder, entry("record-check"))
    assert status == 1
    assert "note-v0_2.md" in said
