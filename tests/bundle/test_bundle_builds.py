"""The bundle of real builds: verified, rebuilt byte for byte, published, found to be stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sealed
from loomworks_record.bundle import paths
from support.site import Build, rebuild, write_project

CONTENT = {
    "phases/phase-01-start/cr-start-v0_2.md": "# Start\n\n**Version.** 0.2 **Date.** 2026-05-12\n\nText.\n",
    "phases/phase-01-start/archive/cr-start-v0_1.md": "# Start\n\n**Version.** 0.1 **Date.** 2026-05-11\n\nOld text.\n",
    "phases/phase-01-start/größe-v0_1.html": "<title>Größe</title><p>Filed as HTML.</p>\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small record, adopted into the log and built."""
    folder = tmp_path_factory.mktemp("builds") / "project"
    write_project(CONTENT, folder, config={"plugins": {"record": {"search": False}}})
    for arguments in (["log", "--yes"], ["build"]):
        status, said = record(*arguments, folder=folder)
        assert status == 0, said
    return folder


@pytest.fixture
def built(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A copy of it that is the working folder."""
    folder = Path(shutil.copytree(made, tmp_path / "project", symlinks=True))
    monkeypatch.chdir(folder)
    return Build(folder, 0, "")


def record(*arguments: str, folder: Path | None = None, **environment: str) -> tuple[int, str]:
    command = [str(Path(sys.executable).with_name("record")), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_build_verifies_and_its_rebuild_is_equal(built: Build) -> None:
    status, said = record("verify", "site", "--rebuild", TZ="Asia/Kathmandu", PYTHONHASHSEED="77")
    assert status == 0, said
    page = "phases/phase-01-start/cr-start-v0_2.md"
    sealed.write(built.content / page, (built.content / page).read_bytes() + b"\nOne more line.\n")
    status, said = record("verify", "site", "--rebuild")
    assert status == 7
    assert f"rebuild-differs: raw/{page}: sha256 " in said
    status, said = record("fresh", "--site", "site")
    assert (status, said.split(": sha256")[0]) == (7, f"document-changed: {page}")
    (built.folder / "mkdocs.yml").write_text("docs_dir: nowhere\nsite_name: x\n")
    status, said = record("verify", "site", "--rebuild")
    assert status == 6
    assert said.splitlines()[1].startswith("rebuild-failed: ")


def test_a_real_publication(built: Build, tmp_path: Path, key: Path) -> None:
    target = tmp_path / "www"
    assert record("publish", str(target))[0] == 0
    status, said = record("verify", str(target / "current"))
    assert status == 0, said
    first = (target / "current").readlink()
    assert record("stamp", str(target), "--key", str(key), "--days", "30")[0] == 0
    status, said = record("verify", str(target / "current"), "--key", str(key.with_suffix(".pub")))
    assert status == 0, said
    assert (target / "current").readlink() != first
    log = built.folder / "record.log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"date":"2026-05-11"', b'"date":"2026-05-10"'))
    status, said = record("publish", str(target))
    assert status == 4, said
    assert "log-not-extended" in said
    assert record("verify", str(target / "current"))[0] == 0


def test_an_edited_archive_ends_the_build(built: Build) -> None:
    archived = "phases/phase-01-start/archive/cr-start-v0_1.md"
    sealed.write(built.content / archived, b"# Start\n\nEdited.\n")
    status, said = record("build")
    assert status == 1
    assert "archive" in said
    assert archived in said


def test_two_places_make_the_same_site(built: Build, tmp_path: Path) -> None:
    other = tmp_path / "an other place"
    shutil.copytree(built.folder, other, ignore=shutil.ignore_patterns("site"), symlinks=True)
    surroundings = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "5", "LC_ALL": "C"}
    # Both are built here, one after the other: the templates may have been edited since the copy was made.
    for made in (rebuild(built.folder), rebuild(other, environment=surroundings)):
        assert made.status == 0, made.output
    one, two = sealed.tree(built.site), sealed.tree(other / "site")
    assert one.keys() == two.keys()
    # The stamp alone may differ; two that are issued within one second do not.
    assert {path for path in one if one[path] != two[path]} <= {paths.STAMP}
