"""The same sources make the same bytes outside the stamp, whatever the place and the surroundings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sealed
from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.verify import verify_directory

HERE = Path(__file__).resolve().parent
PLUGINS = HERE.parents[1] / "plugins"
SURROUNDINGS: list[dict[str, str]] = [
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0", "UMASK": "022"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "UMASK": "077"},
    {"TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1", "UMASK": "000", "PYTHONUTF8": "0"},
]


BESIDE = (paths.STAMP, paths.SIGNATURE, paths.NOTE, paths.TLOG_NOTE)


def without_stamp(site: Path) -> dict[str, str]:
    return {path: digest for path, digest in sealed.tree(site).items() if path not in BESIDE}


def committed(root: Path) -> sealed.Project:
    """A project in git, committed at a fixed time."""
    project = sealed.make_project(root, phases=2)
    environment = {**os.environ, "GIT_COMMITTER_DATE": "1700000000 +0000", "GIT_AUTHOR_DATE": "1700000000 +0000"}
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "sources"]):
        names = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
        subprocess.run(["git", "-C", root, *names, *arguments], check=True, env=environment, capture_output=True)
    return project


def build_in_a_process(root: Path, environment: dict[str, str], issued: int) -> None:
    program = (
        "import os, sys; os.umask(int(os.environ['UMASK'], 8)); from pathlib import Path; import sealed;"
        "project = sealed.Project(Path(sys.argv[1]));"
        f"sealed.build(project, project.site, issued={issued})"
    )
    subprocess.run(
        [sys.executable, "-c", program, root],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{PLUGINS}{os.pathsep}{HERE}", **environment},
        check=True,
    )


def test_two_builds_of_one_commit_differ_in_the_stamp_alone(tmp_path: Path, git: str) -> None:
    original = committed(tmp_path / "original")
    trees, stamps = [], []
    for number, environment in enumerate(SURROUNDINGS):
        root = tmp_path / ("place" * number or "p") / f"größe {number}"
        subprocess.run([git, "clone", "-q", original.root, root], check=True, capture_output=True)
        build_in_a_process(root, environment, sealed.ISSUED + number)
        trees.append(without_stamp(root / "site"))
        stamps.append((root / "site" / paths.STAMP).read_bytes())
        assert not verify_directory(root / "site", Expectations(sealed.ISSUED + 60)).faults
    assert trees[0] == trees[1] == trees[2]
    assert paths.CHECKPOINT in trees[0]
    assert len(set(stamps)) == 3
    assert b'"commit":"' in stamps[0]


def test_the_order_of_folders_plays_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = sealed.make_project(tmp_path / "project")
    sealed.build(project, tmp_path / "forwards")
    monkeypatch.setattr(os, "scandir", _Reversed)
    sealed.build(project, tmp_path / "backwards")
    found = verify_directory(tmp_path / "backwards", Expectations(sealed.ISSUED + 60))
    monkeypatch.undo()
    assert sealed.tree(tmp_path / "forwards") == sealed.tree(tmp_path / "backwards")
    assert not found.faults
    assert _Reversed.used > 10


def test_sealing_again_changes_nothing_but_the_stamp(tmp_path: Path) -> None:
    project = sealed.make_project(tmp_path / "project")
    sealed.build(project, tmp_path / "site")
    before = without_stamp(tmp_path / "site")
    shutil.copytree(tmp_path / "site", tmp_path / "kept")
    sealed.build(project, tmp_path / "site2", issued=sealed.ISSUED + 5)
    assert without_stamp(tmp_path / "site2") == before
    assert (tmp_path / "site2" / paths.STAMP).read_bytes() != (tmp_path / "kept" / paths.STAMP).read_bytes()


class _Reversed:
    """os.scandir that hands out entries in the reverse of the order of their names, as disorderfs does."""

    used = 0
    _scandir = staticmethod(os.scandir)

    def __init__(self, folder: Any = ".") -> None:
        with self._scandir(folder) as entries:
            self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))
        type(self).used += 1

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self._entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def __enter__(self) -> _Reversed:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""
