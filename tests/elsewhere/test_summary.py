"""What the action says of a change, on a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.site import write_content

from elsewhere.linting import ACTION

BODY = (
    "# Phase 3 — CR\n\n**Version.** {version} **Date.** 2026-05-12 **Status.** Draft.\n\n"
    "## 1 Scope\n\nThe scope is {scope}.\n"
)


@pytest.fixture
def repository(git: str, tmp_path: Path) -> Path:
    """Two commits: CR v0.1, then v0.2 with v0.1 in archive/."""
    folder, phase = tmp_path / "repository", "content/phases/phase-3-billing"
    files = {
        "mkdocs.yml": "site_name: A record\ndocs_dir: content\nplugins:\n  - record\n",
        f"{phase}/phase-3-cr-v0_1.md": BODY.format(version="0.1", scope="small"),
    }
    write_content(files, folder)
    commit(git, folder, "First")
    (folder / phase / "archive").mkdir()
    (folder / phase / "phase-3-cr-v0_1.md").rename(folder / phase / "archive/phase-3-cr-v0_1.md")
    write_content({f"{phase}/phase-3-cr-v0_2.md": BODY.format(version="0.2", scope="larger")}, folder)
    commit(git, folder, "Second")
    return folder


def commit(git: str, folder: Path, message: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q", "."], ["add", "."], [*who, "commit", "-qm", message]):
        subprocess.run([git, *arguments], cwd=folder, check=True, capture_output=True)


def summary(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    command = [sys.executable, str(ACTION.parent / "summary.py"), *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, encoding="utf-8", timeout=60
    )


def test_a_new_version_is_told_with_its_comparison(repository: Path) -> None:
    done = summary(repository, "--base", "HEAD~1")
    assert done.returncode == 0, done.stderr
    phase = "content/phases/phase-3-billing"
    assert f"| `{phase}/phase-3-cr-v0_2.md` | v0.2 | current | filed |" in done.stdout
    assert f"| `{phase}/archive/phase-3-cr-v0_1.md` | v0.1 | archived | moved |" in done.stdout
    assert "archive/phase-3-cr-v0_1.md → phases/phase-3-billing/phase-3-cr-v0_2.md" in done.stdout
    assert "1 paragraph" in done.stdout
    assert "### Problems (0)" in done.stdout


def test_changed_bytes_stand_out(repository: Path) -> None:
    file = repository / "content/phases/phase-3-billing/archive/phase-3-cr-v0_1.md"
    file.write_text(file.read_text() + "\nOne more line.\n")
    done = summary(repository, "--base", "HEAD")
    assert "| v0.1 | archived | **bytes changed** |" in done.stdout


def test_without_a_base_the_problems_are_told(repository: Path) -> None:
    write_content({"content/notes/note-v0_1.md": "# Note\n\n**Version.** 0.7\n\nSee CR v0.9.\n"}, repository)
    done = summary(repository)
    assert "### Documents" not in done.stdout
    assert "- error" in done.stdout or "- warning" in done.stdout
    assert "content/" not in done.stdout


def test_an_unknown_base_ends_with_what_to_do(repository: Path) -> None:
    done = summary(repository, "--base", "f" * 40)
    assert done.returncode == 1
    assert "fetch-depth: 0" in done.stderr
    assert "Traceback" not in done.stderr
