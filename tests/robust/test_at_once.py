"""Two commands at once, and commands that are killed: each ends right, or says in one line who is at work."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path

import pytest

from robust.projects import ARCHIVED, CURRENT, PHASE, Project, make

ROUNDS, KILLS = 20, 200  # with --full
NEW = "phase-1-cr-room-booking-v0_3.md"
COMMANDS: dict[str, tuple[str, ...]] = {
    "build": ("build", "--host", "none"),
    "serve": ("serve", "--port", "0"),
    "file": ("file", "--yes", f"../{NEW}"),
    "withdraw": ("withdraw", ARCHIVED, "--reason", "x", "--yes"),
    "publish": ("publish", "../published"),
    "log": ("log", "--yes"),
    "verify": ("verify", "site"),
    "fresh": ("fresh",),
    "cache clear": ("cache", "clear"),
}
WRITING = ("build", "file", "withdraw", "publish", "log", "cache clear", "unfile", "stamp", "init")
# What a command may say where it is not done: who is at work, what changed meanwhile, what the other left so far.
BUSY = ("at work", "writing here", "meanwhile", "again", "withdrawn", "filed already", "is not there", "fresh",
        "-differs", "-changed", "-added", "-removed", "-unlisted", "-missing", "stamp-")  # fmt: skip


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("at-once") / "all"
    project = make(folder / "project")
    (folder / NEW).write_text((project.content / CURRENT).read_text("utf-8").replace("0.2", "0.3"), "utf-8")
    archived = (project.content / ARCHIVED).read_text("utf-8")
    (project.content / PHASE / "archive/phase-1-other-v0_1.md").write_text(archived, "utf-8")  # for the log
    assert project.run("build", "--host", "none").status == 0
    return folder


def together(project: Project, names: tuple[str, str]) -> None:
    processes = {}
    for place, name in enumerate(names):
        processes[place, name] = project.start(*COMMANDS[name])
    for (_, name), process in processes.items():
        if name == "serve":
            time.sleep(2)
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err, (names, name, err)
        if process.returncode != 0 and name != "serve":
            assert any(word in out + err for word in BUSY), (names, name, process.returncode, out, err)


def settled(project: Project) -> None:
    """Whatever happened, the next runs are right."""
    assert project.run("file").status == 0
    project.run("log", "--yes")
    built = project.run("build", "--host", "none")
    if built.status != 0:  # a document that was withdrawn, and filed to archive/ by the other
        assert "withdrawn" in built.err, built
        return
    assert project.run("verify", "site").status == 0
    assert project.run("fresh").status == 0
    assert not list(project.root.glob(".record-filing/current"))


@pytest.mark.parametrize("names", [("build", "file"), ("withdraw", "log")])
def test_two_at_once(prepared: Path, tmp_path: Path, names: tuple[str, str]) -> None:
    shutil.copytree(prepared, tmp_path / "all")
    project = Project(tmp_path / "all/project")
    together(project, names)
    settled(project)


@pytest.mark.full
def test_two_of_every_pair_at_once(prepared: Path, tmp_path: Path, tally: Callable[[str], None]) -> None:
    count = 0
    for names in combinations_with_replacement(COMMANDS, 2):
        for number in range(ROUNDS):
            folder = tmp_path / f"{'-'.join(names)}-{number}".replace(" ", "")
            shutil.copytree(prepared, folder)
            together(Project(folder / "project"), names)
            if number == 0:
                settled(Project(folder / "project"))
            shutil.rmtree(folder)
            count += 1
    tally(f"two at once: {count} runs of {len(list(combinations_with_replacement(COMMANDS, 2)))} pairs")


def killed(prepared: Path, folder: Path, name: str, chance: random.Random) -> bool:
    """Kill a command at any moment; whether it was at work. The next run finishes it or takes it back."""
    shutil.copytree(prepared, folder)
    project = Project(folder / "project")
    arguments = {"unfile": ("unfile", "--yes"), "stamp": ("stamp", "site"), "init": ("init", "../made")}.get(name)
    if name == "unfile":
        assert project.run(*COMMANDS["file"]).status == 0
    process = project.start(*(arguments or COMMANDS[name]))
    try:
        process.wait(chance.uniform(0.1, 1.5))
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    again = project.run(*(arguments or COMMANDS[name]))
    assert "Traceback" not in again.err, (name, again)
    settled(project)
    shutil.rmtree(folder)
    return process.returncode == -signal.SIGKILL


@pytest.mark.full
def test_any_writing_command_is_killed(prepared: Path, tmp_path: Path, tally: Callable[[str], None]) -> None:
    chance = random.Random(8)
    done = [killed(prepared, tmp_path / str(number), WRITING[number % len(WRITING)], chance) for number in range(KILLS)]
    tally(f"writing commands: killed at work {sum(done)} times of {KILLS}, nothing was left half done")
    assert sum(done) > KILLS // 4
