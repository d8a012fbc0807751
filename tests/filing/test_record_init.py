"""``record init``: a record that works, in one command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filing_support import document, record, tree, write
from loomworks_record.filing.starter import starter_files
from test_filing_kill import killed_at


def test_a_record_is_made_and_has_no_problem(tmp_path: Path) -> None:
    made = record(tmp_path, "init", "our-record")
    assert (made.status, made.err) == (0, "")
    assert "Made a record with 4 documents in our-record." in made.out
    assert "  cd our-record\n  record serve" in made.out
    folder = tmp_path / "our-record"
    assert {path.name for path in folder.iterdir()} == {
        "mkdocs.yml", ".gitignore", ".gitattributes", "content", "record.log.jsonl"
    }  # fmt: skip
    checked = record(folder, "check", "--strict")
    assert (checked.status, checked.out, checked.err) == (0, "", "4 documents: no problems\n")
    listed = record(folder, "list").out.splitlines()
    assert [line.split()[0] for line in listed] == ["Archived", "Current", "Current", "Current"]
    assert "nothing to add: 5 entries" in record(folder, "log", "--yes").out


def test_here_too_and_beside_what_is_there(tmp_path: Path) -> None:
    write(tmp_path / "LICENSE", "mine")
    made = record(tmp_path, "init")
    assert made.status == 0
    assert "in this folder.\nNext:\n  record serve" in made.out
    assert (tmp_path / "LICENSE").read_text() == "mine"
    assert set(tree(tmp_path)) == {"LICENSE"} | {
        str(parent) for path in starter_files() for parent in [Path(path), *Path(path).parents] if parent != Path()
    }


@pytest.mark.parametrize("taken", ["mkdocs.yml", ".gitignore", "content", "record.log.jsonl", "link"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    if taken == "link":
        taken = "content"
        (tmp_path / taken).symlink_to("nowhere")
    else:
        write(tmp_path / taken, "mine")
    before = tree(tmp_path)
    refused = record(tmp_path, "init")
    assert (refused.status, refused.err) == (
        2,
        f"record: '{taken}' is there already, and nothing was made; give another folder\n",
    )
    assert tree(tmp_path) == before


def test_a_disk_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = Path.rename, [2]

    def failing(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    refused = record(tmp_path, "init")
    assert (refused.status, refused.err) == (6, "record: .: No space left on device; nothing was made\n")
    assert tree(tmp_path) == {}


def test_the_example_is_filed_into_like_any_record(tmp_path: Path) -> None:
    assert record(tmp_path, "init").status == 0
    text = document("0.3", "Phase 1 CR — Room booking", cr="CR-2026-001", date="2026-02-12")
    file = write(tmp_path / "downloads/phase-1-cr-room-booking-v0_3.md", text)
    assert record(tmp_path, "file", "--yes", file).status == 0
    assert "nothing to add: 7 entries" in record(tmp_path, "log", "--yes").out


def test_the_example_is_built(tmp_path: Path) -> None:
    assert record(tmp_path, "init").status == 0
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    page = tmp_path / "site/view/phases/phase-1-room-booking/phase-1-cr-room-booking-v0_1.md.html"
    assert "Archived (read-only)" in page.read_text("utf-8")


def test_killed_at_every_change_of_the_disk(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The next run does the rest, whatever there is of it."""
    whole = tmp_path / "whole"
    assert record(tmp_path, "init", whole).status == 0
    killed = 0
    for moment in range(1, 99, 1 if request.config.getoption("--full") else 4):
        made = tmp_path / f"made-{moment}"
        if not killed_at(moment, tmp_path, "init", made):
            break
        killed += 1
        again = record(tmp_path, "init", made)
        assert again.status in (0, 2), again  # or it was killed when all was done
        assert tree(made) == tree(whole)
    assert killed > 3


@pytest.mark.parametrize("on_path", [True, False])
def test_what_comes_next_works_in_the_shell_at_hand(tmp_path: Path, on_path: bool) -> None:
    program = Path(sys.executable).with_name("record")
    paths = f"{program.parent}{os.pathsep}/usr/bin:/bin" if on_path else "/usr/bin:/bin"
    made = subprocess.run(
        [program, "init", "my record"], cwd=tmp_path, env={"PATH": paths}, capture_output=True, encoding="utf-8"
    )
    assert made.returncode == 0, made.stderr
    enter, *commands = made.stdout.partition("Next:\n")[2].splitlines()
    check = next(line.rsplit("  every", 1)[0] for line in commands if " check " in line)
    run = subprocess.run(
        ["/bin/sh", "-c", f"{enter}\n{check}"],
        cwd=tmp_path,
        env={"PATH": paths},
        capture_output=True,
        encoding="utf-8",
    )
    assert (run.returncode, run.stderr) == (0, "4 documents: no problems\n")
