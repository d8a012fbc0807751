"""A site that MkDocs' own ``gh-deploy`` puts on a branch, and a clone of that branch, as anyone may check it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.site import mkdocs, write_project

WHO = ("-c", "user.name=t", "-c", "user.email=t@example.org")
NOBODY = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org"}
COMMITTER = {"GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org"}


@pytest.fixture
def clone(tmp_path: Path, git: str) -> Path:
    """The clone of a branch that ``mkdocs gh-deploy`` published."""
    project, bare = tmp_path / "project", tmp_path / "bare.git"

    def run(*arguments: str, folder: Path = project) -> None:
        subprocess.run([git, *WHO, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)

    write_project({"a-v0_1.md": "# A\n"}, project, config={"plugins": [{"record": {"search": False}}]})
    run("init", "-q", "--bare", str(bare), folder=tmp_path)
    run("init", "-q")
    run("remote", "add", "origin", str(bare))
    run("add", "-A")
    run("commit", "-q", "-m", "a record")
    status, output = mkdocs(project, "gh-deploy", "--quiet", environment=NOBODY | COMMITTER)
    assert status == 0, output
    run("clone", "-q", "-b", "gh-pages", str(bare), str(tmp_path / "clone"), folder=tmp_path)
    return tmp_path / "clone"


def verify(folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "loomworks_record.cli.main", "verify", str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return finished.returncode, finished.stdout + finished.stderr


def test_a_clone_of_the_branch_is_the_bundle(clone: Path) -> None:
    assert (clone / ".nojekyll").is_file() and (clone / ".git").is_dir()
    status, output = verify(clone)
    assert status == 0, output
    told = [line for line in output.splitlines() if ".git" in line]
    assert len(told) == 1 and told[0].startswith("note: not looked at")
    (clone / "added.html").write_text("<p>not filed")
    status, output = verify(clone)
    assert status == 1 and "file-unlisted: added.html" in output
