"""Two commands at once, and commands that are killed: each ends right, or says in one line who is at work."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from loomworks_record.cli.build import build_without_host

from robust.projects import ARCHIVED, CURRENT, PHASE, Project, Ran, import_commands, make

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
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    import_commands()
    folder = tmp_path_factory.mktemp("at-once") / "all"
    project = make(folder / "project")
    (folder / NEW).write_text((project.content / CURRENT).read_text("utf-8").replace("0.2", "0.3"), "utf-8")
    archived = (project.content / ARCHIVED).read_text("utf-8")
    (project.content / PHASE / "archive/phase-1-other-v0_1.md").write_text(archived, "utf-8")  # for the log
    assert project.run("build", "--host", "none").status == 0
    with pytest.MonkeyPatch.context() as patched:  # without MkDocs' start for each
        patched.setattr("loomworks_record.cli.build.build_site", build_without_host)
        yield folder


def together(project: Project, names: tuple[str, str]) -> None:
    processes = [(name, project.fork(*COMMANDS[name])) for name in names]
    for name, process in processes:
        if name == "serve":
            process.wait(2)
            process.end(signal.SIGINT)
        done = process.ran()
        assert "Traceback" not in done.err, (names, name, done)
        if done.status != 0 and name != "serve":
            assert any(word in done.out + done.err for word in BUSY), (names, name, done)


def run(project: Project, *arguments: str) -> Ran:
    return project.fork(*arguments).ran()


def settled(project: Project) -> None:
    """Whatever happened, the next runs are right."""
    assert run(project, "file").status == 0
    run(project, "log", "--yes")
    built = run(project, "build", "--host", "none")
    if built.status != 0:  # a document that was withdrawn, and filed to archive/ by the other
        assert "withdrawn" in built.err, built
        return
    assert run(project, "verify", "site").status == 0
    assert run(project, "fresh").status == 0
    assert not list(project.root.glob(".record-filing/current"))


@pytest.mark.parametrize("names", [("build", "file"), ("withdraw", "log")])
def test_two_at_once(prepared: Path, tmp_path: Path, names: tuple[str, str]) -> None:
    shutil.copytree(prepared, tmp_path / "all")
    project = Project(tmp_path / "all/project")
    together(project, names)
    settled(project)


@pytest.mark.full
@pytest.mark.parametrize("names", list(combinations_with_replacement(COMMANDS, 2)), ids="+".join)
def test_two_of_every_pair_at_once(
    prepared: Path, tmp_path: Path, names: tuple[str, str], tally: Callable[[str], None]
) -> None:
    for number in range(ROUNDS):
        shutil.copytree(prepared, tmp_path / "all")
        project = Project(tmp_path / "all/project")
        together(project, names if number % 2 else names[::-1])
        if number < 2:
            settled(project)
        shutil.rmtree(tmp_path / "all")
    tally(f"two at once: {' and '.join(names)}, {ROUNDS} times")


def killed(prepared: Path, folder: Path, name: str, chance: random.Random, took: list[float]) -> bool:
    """Kill a command at any moment; whether it was at work. The next run finishes it or takes it back. ``took``: the
    seconds of those that came to their end, of which this one may be the first."""
    shutil.copytree(prepared, folder)
    project = Project(folder / "project")
    arguments = {"unfile": ("unfile", "--yes"), "stamp": ("stamp", "site"), "init": ("init", "../made")}.get(name)
    if name == "unfile":
        assert run(project, *COMMANDS["file"]).status == 0
    begun = time.monotonic()
    process = project.fork(*(arguments or COMMANDS[name]))
    if process.wait(chance.uniform(0, min(took, default=60))):
        took.append(time.monotonic() - begun)
    process.end(signal.SIGKILL)
    ended = process.ran()
    again = run(project, *(arguments or COMMANDS[name]))
    assert "Traceback" not in again.err, (name, again)
    settled(project)
    shutil.rmtree(folder)
    return ended.status == -signal.SIGKILL


@pytest.mark.full
@pytest.mark.parametrize("name", WRITING)
def test_any_writing_command_is_killed(prepared: Path, tmp_path: Path, name: str, tally: Callable[[str], None]) -> None:
    chance, times, took = random.Random(name), KILLS // len(WRITING) + 1, list[float]()
    done = sum(killed(prepared, tmp_path / str(number), name, chance, took) for number in range(times))
    tally(f"record {name}: killed at work {done} times of {times}, nothing was left half done")
    assert done > times // 4
