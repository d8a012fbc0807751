"""What a bundle was built from: the commit that git has, and whether the parts of the project differ from it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from bundle import sealed
from loomworks_record.bundle.inputs import LOG_NAME, gather, project_places
from loomworks_record.bundle.provenance import Inputs

Git = Callable[..., str]


@pytest.fixture
def project(tmp_path: Path) -> sealed.Project:
    return sealed.make_project(tmp_path / "repository/project", phases=1)


@pytest.fixture
def use_git(git: str, project: sealed.Project) -> Git:
    """Git in the folder above the project, where everything has been committed."""

    def run(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        command = [git, "-C", str(project.root.parent), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    run("init", "--quiet")
    run("add", "--all")
    run("commit", "--quiet", "--message", "Begin")
    return run


def inputs(project: sealed.Project) -> Inputs:
    return gather(project_places(project.root, project.content), {})


def test_without_git_there_is_no_commit(project: sealed.Project) -> None:
    assert (inputs(project).commit, inputs(project).modified) == (None, False)


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("content/README.md", True),
        ("content/new-v0_1.md", True),
        ("mkdocs.yml", True),
        ("overrides/main.html", True),
        ("requirements.txt", True),
        (LOG_NAME, True),
        ("site/index.html", False),
        ("notes.txt", False),
    ],
)
def test_a_change_of_a_part_makes_it_modified(project: sealed.Project, use_git: Git, file: str, counts: bool) -> None:
    assert (inputs(project).commit, inputs(project).modified) == (use_git("rev-parse", "HEAD"), False)
    (project.root / file).parent.mkdir(exist_ok=True)
    with (project.root / file).open("ab") as changed:
        changed.write(b"\n")
    assert inputs(project).modified == counts


def test_a_change_of_what_the_configuration_inherits_counts(project: sealed.Project, use_git: Git) -> None:
    sealed.write(project.root / "mkdocs.yml", b"INHERIT: shared/base.yml\n")
    sealed.write(project.root / "shared/base.yml", b"site_name: A record\n")
    use_git("add", "--all")
    use_git("commit", "--quiet", "--message", "Inherit")
    before = inputs(project)
    assert not before.modified
    sealed.write(project.root / "shared/base.yml", b"site_name: Another record\n")
    after = inputs(project)
    assert after.modified
    assert before.parts["configuration"] != after.parts["configuration"]
