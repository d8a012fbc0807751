"""What ends a build ends it with the same exit code and the same line, whoever drives it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from robust.projects import ARCHIVED, CURRENT, PHASE, Project, make

BUILDS = (("mkdocs", "build", "--quiet"), ("build",), ("build", "--host", "none"))
CASES: dict[str, tuple[int, str]] = {
    "foreign folder": (2, "holds what no build of a record put there"),
    "rewritten log": (4, "record.log.jsonl"),
    "limit on files": (6, "raise the limit on the size of files"),
    "template without end": (6, "template 'record/phase.html', line 2: Unexpected end of template"),
    "template that fails": (6, "template 'record/partials/own.html', line 3: division by zero; so /phases/"),
    "template that is not there": (6, "template 'record/phase.html', line 1: there is no template 'nowhere.html'"),
}  # fmt: skip
TEMPLATES = {
    "template without end": {"phase": "\n{% if phase %}"},
    "template that fails": {"phase": "{% include 'record/partials/own.html' %}", "partials/own": "\n\n{{ 1 / 0 }}"},
    "template that is not there": {"phase": "{% extends 'nowhere.html' %}"},
}


LONG = ("template without end", "template that is not there")


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=[pytest.mark.full] * (name in LONG)) for name in CASES]
)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    project, name = make(tmp_path_factory.mktemp("answer") / "project"), str(request.param)
    if name == "foreign folder":
        project.site.mkdir()
        (project.site / "letter.txt").write_text("mine", "utf-8")
    if name == "rewritten log":
        (project.root / "record.log.jsonl").write_text('{"sequence":7}\n', "utf-8")
    if name == "limit on files":
        (project.content / PHASE / "large.svg").write_bytes(b"x" * 400_000)
    if name in TEMPLATES:
        settings = project.root / "mkdocs.yml"
        text = settings.read_text("utf-8").replace("name: record", "name: record\n  custom_dir: own")
        settings.write_text(text, "utf-8")
    for path, text in TEMPLATES.get(name, {}).items():
        file = project.root / "own/record" / f"{path}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return project, name


@pytest.mark.parametrize("arguments", BUILDS, ids=" ".join)
def test_builds_end_alike(case: tuple[Project, str], arguments: tuple[str, ...]) -> None:
    project, name = case
    more: dict[str, Callable[[], None]] = {"preexec_fn": _few_bytes} if name == "limit on files" else {}
    done = project.run(*arguments, **more)
    status, words = CASES[name]
    assert (done.status, words in done.err) == (status, True), done
    assert "Traceback" not in done.err
    assert len([line for line in done.err.splitlines() if words in line]) == 1


@pytest.mark.parametrize("arguments", BUILDS, ids=" ".join)
def test_a_closed_stream_is_no_fault(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    project = make(tmp_path / "project")
    done = project.run(*arguments, preexec_fn=lambda: os.close(2))
    assert done.status == 0, done


def test_what_a_terminal_lacks_is_escaped(tmp_path: Path) -> None:
    project = make(tmp_path / "project")
    versions = f"content/{ARCHIVED}", f"content/{CURRENT}"
    for path in versions:
        text = (project.root / path).read_text("utf-8")
        (project.root / path).write_text(f"{text}\n## Größe — {path}\n", "utf-8")
    for options, end in (((), "Gr\\xf6\\xdfe \\u2014 "), (("--json",), "Größe — ")):
        command = ["env", "PYTHONIOENCODING=ascii", sys.executable, "-m", "loomworks_record.cli.main"]
        done = subprocess.run([*command, "compare", *versions, *options], cwd=project.root, capture_output=True)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done
        assert end in done.stdout.decode("utf-8")


def _few_bytes() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
