"""A build of which nothing has changed renews the stamp alone; whatever has changed is seen, and told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from build.workshop import differences, held
from loomworks_record.build import as_left
from loomworks_record.build.alone import build_alone
from loomworks_record.build.making import Making
from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli import main
from loomworks_record.source.baseline import BaselineComparison
from loomworks_record.source.project import load_project

PLAN = "notes/plan-v0_2.md"
CONTENT = {
    PLAN: "# Plan\n\n**Version.** 0.2\n\nSee v0.1 §1.\n",
    "notes/archive/plan-v0_1.md": "# Plan\n\n**Version.** 0.1\n\n## 1. Why\n\nOne.\n",
    "notes/table.csv": "a,b\n",
    "notes/draft.markdown": "A name that is warned of.\n",
}
SETTINGS = {
    "site_name": "The record", "site_url": "https://record.example/", "docs_dir": "content",
    "theme": {"name": "material", "custom_dir": "look"}, "plugins": [{"record": {"search": False, "workers": 1}}],
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in CONTENT.items():
        write(tmp_path / "content" / path, text)
    write(tmp_path / "mkdocs.yml", yaml.safe_dump(SETTINGS))
    write(tmp_path / "look/.parts/foot.html", "foot")
    build(tmp_path)
    return tmp_path


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def build(folder: Path, site: str = "site") -> BaselineComparison:
    return build_alone(load_project(folder), folder / site)


def swap(file: Path) -> None:
    """Other bytes, of the same size, and of the same age by the file's own account."""
    was = file.stat()
    file.write_bytes(file.read_bytes().swapcase())
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


def commit(folder: Path) -> None:
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "content", "mkdocs.yml"), ("commit", "-qm", "All")):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)


def log(folder: Path) -> None:
    command = [sys.executable, "-m", main.__name__, "log", "--yes"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a document, as large and as old": lambda folder: swap(folder / "content" / PLAN),
    "an attachment": lambda folder: write(folder / "content/notes/table.csv", "a,c\n"),
    "a new document": lambda folder: write(folder / "content/notes/more-v0_1.md", "# More\n"),
    "a document less": lambda folder: (folder / "content/notes/archive/plan-v0_1.md").unlink(),
    "a hidden file": lambda folder: write(folder / "content/.x", "x"),
    "an empty folder": lambda folder: (folder / "content/a b").mkdir(),
    "a link": lambda folder: (folder / "content/link.md").symlink_to("nowhere"),
    "the configuration": lambda folder: write(folder / "mkdocs.yml", yaml.safe_dump(SETTINGS | {"site_name": "R"})),
    "a template in a hidden folder": lambda folder: write(folder / "look/.parts/foot.html", "root"),
    "an asset": lambda folder: write(folder / "look/own.css", "p {}"),
    "the log": log,
    "a commit": commit,
    "a page": lambda folder: swap(folder / "site/index.html"),
    "a page less": lambda folder: (folder / "site/index.html").unlink(),
    "the provenance": lambda folder: swap(folder / "site" / paths.PROVENANCE),
    "the headers": lambda folder: (folder / "site/_headers").unlink(),
}


def is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a build finds that nothing has changed."""
    made: list[Path] = []
    real = Making.read
    with monkeypatch.context() as counted:
        counted.setattr(Making, "read", lambda self, *given: (made.append(folder), real(self, *given))[1])
        build(folder)
    return not made


def test_nothing_but_the_stamp_is_renewed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = project / "site"
    before, told = held(site), build(project)
    stamp = parse_stamp((site / paths.STAMP).read_bytes())
    monkeypatch.setattr(as_left.time, "time", lambda: stamp.sequence + 60.0)
    assert is_left(project, monkeypatch)
    assert {path for path, data in held(site).items() if before[path] != data} <= {paths.STAMP}
    assert parse_stamp((site / paths.STAMP).read_bytes()).sequence == stamp.sequence + 60
    assert verify_directory(site, Expectations(now=stamp.sequence + 60)).faults == ()
    assert build(project) == told and told.new  # what is wrong with the record is told each time


@pytest.mark.parametrize("what", CHANGES)
def test_what_has_changed_is_seen(project: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    CHANGES[what](project)
    assert not is_left(project, monkeypatch)
    told = build(project)
    assert told == build(project, "anew")
    now = held(project / "site")
    assert differences(now, held(project / "anew") | {paths.STAMP: now[paths.STAMP]}) == []
    assert is_left(project, monkeypatch)


def test_sizes_and_times_alone_prove_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that writes no times: what is seen of the documents without reading them is the same."""
    real = as_left._seen
    monkeypatch.setattr(as_left, "_seen", lambda folder, *how: real(folder, *how) if how else b"the same")
    build(project)
    assert is_left(project, monkeypatch) or is_left(project, monkeypatch)
    swap(project / "content" / PLAN)
    assert not is_left(project, monkeypatch)


def test_what_is_written_while_a_build_reads_is_seen_by_the_next(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "content/notes/table.csv", "a,d\n")
    real = Making.write
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(
            Making, "write", lambda self, *given: (real(self, *given), swap(project / "content" / PLAN))[0]
        )
        build(project)
    assert not is_left(project, monkeypatch)
