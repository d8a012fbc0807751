"""Filing and its undoing killed with SIGKILL: nothing or everything, and the next run says which."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filing_support import LAMP, Ran, document, lamp_record, make_project, record, tree, write

NAMES = ("phase-7-cr-lamp-v0_4.md", "phase-7-scoping-note-v0_2.md", "phase-9-cr-wick-v0_1.md")
# What a process does to a disk, as CPython's audit hooks name it. Each is a moment to be killed at.
MOMENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "fcntl.flock"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
NOW = 1_772_600_000  # seconds since 1970: filings write their time into the log, and are compared byte by byte


def incoming(folder: Path) -> list[Path]:
    texts = {
        NAMES[0]: document("0.4", date="2026-03-04"),
        NAMES[1]: document("0.2", "Phase 7 scoping note", cr=None),
        NAMES[2]: document("0.1", "Phase 9 CR — Wick", cr="CR-2026-009"),
    }
    return [write(folder / name, text) for name, text in texts.items()]


def killed_at(moment: int, project: Path, *arguments: str | Path) -> bool:
    """Run ``record`` in a child that is killed just before its ``moment``-th change of the disk (from 1).

    False if the command ended before that.
    """
    child = os.fork()
    if child == 0:
        status = 99
        try:
            sys.addaudithook(_killer(moment))
            status = record(project, *arguments).status
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _killer(moment: int) -> Callable[[str, tuple[Any, ...]], None]:
    left = moment

    def hook(event: str, details: tuple[Any, ...]) -> None:
        nonlocal left
        if event in MOMENTS or (event == "open" and isinstance(details[2], int) and details[2] & WRITING):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def check(project: Path, before: dict[str, str], after: dict[str, str]) -> str:
    """The next run says what became of it, and what it says is so. Returns "before" or "after"."""
    said = record(project, "file")
    assert said.status == 0
    assert said.err.count("\n") == 1
    now = tree(project)
    assert now in (before, after), sorted(now.items() ^ before.items())
    if "everything was done" in said.err:
        assert now == after
    elif "nothing was done" in said.err:
        assert now == before
    else:
        assert "no filing was interrupted" in said.err
        assert now == before
    kept = {file.name for file in (project / ".record-filing").glob("*")} - {".gitignore", "last"}
    assert kept == set()
    assert "no filing was interrupted" in record(project, "file").err
    return "after" if now == after else "before"


class Scene:
    """A project before and after a filing of three documents, to be copied for each kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = incoming(folder / "incoming")
        self.before = make_project(folder / "before", lamp_record())
        self.after = Path(shutil.copytree(self.before, folder / "after"))
        done = record(self.after, "file", "--yes", *self.files)
        assert (done.status, done.err) == (0, "")
        self.trees = tree(self.before), tree(self.after)
        self.copies = 0

    def copy(self, which: Path) -> Path:
        self.copies += 1
        return Path(shutil.copytree(which, self.folder / f"copy-{self.copies}"))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("loomworks_record.cli.file.now", lambda: NOW)
        yield Scene(tmp_path_factory.mktemp("kills"))


def _stops(request: pytest.FixtureRequest, last: int) -> list[int]:
    every = 1 if request.config.getoption("--full") else 5
    return sorted({*range(1, last + 9, every)})


def _killed_everywhere(scene: Scene, which: Path, stops: list[int], expected: tuple[dict[str, str], dict[str, str]],
                       *arguments: str | Path) -> list[str]:  # fmt: skip
    outcomes = []
    for stop in stops:
        project = scene.copy(which)
        if not killed_at(stop, project, *arguments):
            assert tree(project) == expected[1]
            break
        outcomes.append(check(project, *expected))
        shutil.rmtree(project)
    return outcomes


def test_filing_is_killed_at_every_change_of_the_disk(scene: Scene, request: pytest.FixtureRequest) -> None:
    command = ("file", "--yes", *scene.files)
    stops = _stops(request, 200)
    outcomes = _killed_everywhere(scene, scene.before, stops, scene.trees, *command)
    assert outcomes == sorted(outcomes, reverse=True)  # first "before", then "after": one point of no return
    assert set(outcomes) == {"before", "after"}
    assert len(outcomes) > 6


def test_undoing_is_killed_at_every_change_of_the_disk(scene: Scene, request: pytest.FixtureRequest) -> None:
    before, after = scene.trees
    stops = _stops(request, 200)
    outcomes = _killed_everywhere(scene, scene.after, stops, (after, before), "unfile", "--yes")
    assert outcomes == sorted(outcomes, reverse=True)
    assert set(outcomes) == {"before", "after"}


def test_the_next_run_is_killed_too(scene: Scene, request: pytest.FixtureRequest) -> None:
    """Recovery itself is all or nothing, however often it is interrupted."""
    rng = random.Random(7)
    full = request.config.getoption("--full")
    for _ in range(40 if full else 6):
        project = scene.copy(scene.before)
        assert killed_at(rng.randint(20, 34), project, "file", "--yes", *scene.files)
        for _ in range(3):
            killed_at(rng.randint(1, 12), project, "file")
        record(project, "file")
        assert tree(project) in scene.trees
        assert not (project / ".record-filing/current").exists()
        shutil.rmtree(project)


_DRIVER = f"""
import sys
from loomworks_record.cli.main import main
import loomworks_record.cli.file
loomworks_record.cli.file.now = lambda: {NOW}
print("ready", flush=True)
sys.stdin.readline()
main(sys.argv[1:])
"""


def _killed_after(delay: float, project: Path, *arguments: str | Path) -> tuple[Ran, float]:
    """``record`` in a process of its own, killed ``delay`` seconds after it began to work, and how many it worked."""
    command = [sys.executable, "-c", _DRIVER, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, cwd=project, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\n")
        process.stdin.flush()
        began = time.monotonic()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        worked = time.monotonic() - began
        process.kill()
        out, err = process.communicate()
    return Ran(process.returncode, out, err), worked


def test_filing_is_killed_at_random_moments(scene: Scene, request: pytest.FixtureRequest) -> None:
    """In real time, wherever that may be: 100 moments with --full."""
    full = request.config.getoption("--full")
    took = _duration(scene)
    outcomes: list[str] = []
    for _ in range(100 if full else 4):
        project = scene.copy(scene.before)
        ended, _ = _killed_after(random.uniform(0, took), project, "file", "--yes", *scene.files)
        if "Done:" in ended.out:  # it had told before it was killed
            assert tree(project) == scene.trees[1]
            outcomes.append("after")
        else:
            outcomes.append(check(project, *scene.trees))
        shutil.rmtree(project)
    if full:
        assert set(outcomes) == {"before", "after"}


def _duration(scene: Scene) -> float:
    """Seconds that the whole filing takes in a process of its own, and a little more."""
    ended, worked = _killed_after(60, scene.copy(scene.before), "file", "--yes", *scene.files)
    assert ended.status == 0
    return worked * 1.3


def test_an_interrupted_filing_waits_for_a_dry_run(scene: Scene) -> None:
    project = scene.copy(scene.before)
    assert killed_at(30, project, "file", "--yes", *scene.files)
    assert (project / ".record-filing/current").is_dir()
    halfway = tree(project, journal=True)
    refused = record(project, "file", "--dry-run", *scene.files)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "an interrupted change of the record waits" in refused.err
    assert tree(project, journal=True) == halfway


def test_the_next_filing_finishes_the_one_before(scene: Scene) -> None:
    project = scene.copy(scene.before)
    assert killed_at(30, project, "file", "--yes", *scene.files)
    new = write(scene.folder / "more" / "phase-7-cr-lamp-v0_5.md", document("0.5", date="2026-03-05"))
    done = record(project, "file", "--yes", new)
    assert done.status == 0
    assert "is finished now: everything was done" in done.err
    assert (project / "content" / LAMP / "archive/phase-7-cr-lamp-v0_4.md").exists()
    assert (project / "content" / LAMP / "phase-7-cr-lamp-v0_5.md").exists()


def test_what_was_changed_by_others_meanwhile_is_not_overwritten(scene: Scene) -> None:
    """A file of the interrupted filing that somebody wrote themselves is left, and named."""
    project = scene.copy(scene.before)
    assert killed_at(30, project, "file", "--yes", *scene.files)
    wick = write(project / "content/phases/phase-9-wick/phase-9-cr-wick-v0_1.md", "mine")
    said = record(project, "file")
    assert said.status == 1
    assert said.err.count("\n") == 1
    assert "can be neither finished" in said.err
    assert wick.read_text() == "mine"
