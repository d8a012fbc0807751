"""A build that is killed at any moment leaves nothing that makes the next one wrong; nor does a second build."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from build import edits
from build.workshop import Workshop, differences, held
from support.site import PROJECT, mkdocs

SAMPLE, KILLS = 4, 50  # the second with --full
CONFIG = """
site_name: A record
site_url: https://record.example.org/
docs_dir: content
theme:
  name: material
plugins:
  - record:
      workers: {workers}
"""
# What says when, or what the project is called; nothing else may differ.
STAMPED = ("integrity/stamp.json",)


@pytest.fixture
def project(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(5))
    (tmp_path / "mkdocs.yml").write_text(CONFIG.format(workers=2), "utf-8")
    return workshop


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", *arguments]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def built(folder: Path, *arguments: str) -> None:
    status, output = mkdocs(folder, "build", "--quiet", *arguments)
    assert status == 0, output


def site(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in held(folder).items() if path not in STAMPED}


def anew(workshop: Workshop, name: str) -> dict[str, bytes]:
    """The same project built in another folder, from nothing."""
    other = workshop.folder / name
    other.mkdir()
    (other / "mkdocs.yml").write_text(CONFIG.format(workers=2), "utf-8")
    (other / "content").symlink_to(workshop.content)
    built(other)
    return site(other / "site")


def killed_at(workshop: Workshop, seconds: float) -> bool:
    """Build, and kill it after so long with all its processes; whether it was still at work."""
    process = start(workshop.folder)
    try:
        process.wait(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        return True
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        subprocess.run(["pkill", "-KILL", "-s", str(process.pid)], check=False)


def follow(workshop: Workshop, kills: int, seed: int, reach: float) -> int:
    """Edit and kill; whatever that left, the next build is right. How many builds were still at work.

    ``reach``: the latest moment of a kill, in times of what a build takes; one after a kill takes longer.
    """
    chance = random.Random(seed)
    built(workshop.folder)
    edits.EDITS["text"](workshop, chance)
    begun = time.monotonic()
    built(workshop.folder)
    length = time.monotonic() - begun
    at_work = 0
    for _ in range(kills):
        for _ in range(chance.randint(1, 3)):
            edits.EDITS[chance.choice(["text", "new version", "new document", "deleted", "moved"])](workshop, chance)
        at_work += killed_at(workshop, chance.uniform(0.1, reach * length))
    built(workshop.folder)
    assert differences(site(workshop.folder / "site"), anew(workshop, f"anew-{seed}")) == []
    return at_work


def test_killed_builds(project: Workshop, tally: Callable[[str], None]) -> None:
    at_work = follow(project, SAMPLE, 1, reach=1.0)
    tally(f"build: killed at work {at_work} times of {SAMPLE}, the next one always right")
    assert at_work > 0


@pytest.mark.full
def test_many_killed_builds(project: Workshop, tally: Callable[[str], None]) -> None:
    """Each fifth time the next build is let through and looked at, whatever the kills before it left."""
    at_work = sum(follow(project, 5, seed, reach=1.6) for seed in range(2, 2 + KILLS // 5))
    tally(f"build: killed at work {at_work} times of {KILLS}, the next one always right")
    assert at_work > KILLS // 2


def test_two_builds_at_once(project: Workshop) -> None:
    """Into two folders, with one cache; and again after an edit, when both find what the other put there."""
    for number in range(2):
        both = [start(project.folder, "--site-dir", name) for name in ("one", "other")]
        assert [process.wait(timeout=120) for process in both] == [0, 0]
        expected = anew(project, f"anew-{number}")
        for name in ("one", "other"):
            assert differences(site(project.folder / name), expected) == [], name
        edits.edit(project, random.Random(number)) if number else edits.EDITS["new version"](project, random.Random(1))


def test_the_project_has_no_other_place_to_keep_things(project: Workshop) -> None:
    built(project.folder)
    made = {entry.name for entry in project.folder.iterdir()}
    assert made == {"content", "mkdocs.yml", "site", ".cache"}
    assert PROJECT not in project.folder.parents
