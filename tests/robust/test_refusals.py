"""A disk that refuses, at each call that touches it: one line, exit 6, and nothing is lost or left half done."""

from __future__ import annotations

import builtins
import contextlib
import errno
import importlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loomworks_record.cli.main import COMMANDS as NAMES
from loomworks_record.cli.main import main

from robust.projects import ARCHIVED, CURRENT, PHASE, Project, Ran, make

# What touches the disk, as CPython's audit hooks name it; writing to an open file has no such name.
MOMENTS = frozenset({
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.scandir",
    "os.listdir", "os.truncate", "shutil.rmtree", "shutil.copyfile", "tempfile.mkdtemp", "tempfile.mkstemp",
    "fcntl.flock", "sqlite3.connect",
})  # fmt: skip
WRITES = ("write", "fsync", "pwrite", "fchmod", "ftruncate")  # of os
NOW = 1_772_600_000  # seconds since 1970: filings write their time into the log, and are compared byte by byte
SAMPLE = 2  # of the moments of each command; all with --full
NEW = "phase-1-cr-room-booking-v0_3.md"
COMMANDS: dict[str, tuple[str, ...]] = {
    "log": ("log", "--yes"),
    "withdraw": ("withdraw", ARCHIVED, "--reason", "x", "--yes"),
    "file": ("file", "--yes", f"../{NEW}"),
    "unfile": ("unfile", "--yes"),
    "build": ("build", "--host", "none"),
    "publish": ("publish", "../published", "--keep", "1"),
    "stamp": ("stamp", "site"),
    "receipt": ("receipt", ARCHIVED),
    "baseline": ("check", "--baseline", "known.json", "--update-baseline", "--grow", "--reason", "x"),
    "export": ("export", "--bagit", "../bag"),
    "init": ("init", "../another"),
    "cache": ("cache", "clear"),
    "list": ("list", "--json"),
    "fresh": ("fresh",),
    "verify": ("verify", "site"),
}
WITHOUT_WORDS = {"list", "fresh", "verify", "build"}  # what a reader leaves out, it says in a problem or a fault
PARTS = frozenset({"content", "record.log.jsonl", "mkdocs.yml"})


class Refusing:
    """Refuses the ``moment``-th call (from 1) that touches the disk below ``root``; counts them all."""

    def __init__(self, root: Path, moment: int) -> None:
        self.root, self.moment, self.count, self.armed = str(root), moment, 0, False

    def _met(self, place: object) -> bool:
        if not self.armed:
            return False
        path = os.fsdecode(place) if isinstance(place, bytes | str | os.PathLike) else ""
        if not path.startswith("/"):
            path = str(Path.cwd() / path)
        if not path.startswith(self.root) or "/.cache" in path:
            return False
        self.count += 1
        return self.count == self.moment

    def hook(self, event: str, details: tuple[Any, ...]) -> None:
        if event in MOMENTS and details and self._met(details[0]):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(details[0]))

    def wrapped(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(descriptor: Any, *rest: Any, **named: Any) -> Any:
            if isinstance(descriptor, int) and self.armed and self._met(_opened(descriptor)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(descriptor, *rest, **named)

        return call

    def file(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Files that are written by ``open``: their first write is one call."""
        refusing = self

        def opened(name: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            made = real(name, mode, *rest, **named)
            if "r" not in mode and refusing._met(name if not isinstance(name, int) else _opened(name)):
                made.close()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(name))
            return made

        return opened


def _opened(descriptor: int) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    return ""


def refused(project: Project, moment: int, arguments: tuple[str, ...]) -> tuple[Ran, int]:
    """What a command says and ends with in a child of its own, and how many calls it made in all."""
    said, answer = project.root.parent / "said", project.root.parent / "answer"
    child = os.fork()
    if child == 0:
        _in_child(project, moment, arguments, said, answer)
    _, status = os.waitpid(child, 0)
    out, err, count = json.loads(answer.read_text("utf-8"))
    return Ran(os.waitstatus_to_exitcode(status), out, err), count


def _in_child(project: Project, moment: int, arguments: tuple[str, ...], said: Path, answer: Path) -> None:
    refusing = Refusing(project.root.parent, moment)
    sys.addaudithook(refusing.hook)
    for name in WRITES:
        setattr(os, name, refusing.wrapped(getattr(os, name)))
    builtins.open = io.open = refusing.file(io.open)  # type: ignore[assignment]
    out, err, status = io.StringIO(), io.StringIO(), 99
    os.chdir(project.root)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            refusing.armed = True
            try:
                main(list(arguments))
                status = 0
            except SystemExit as stop:
                status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
            except BaseException as wrong:
                err.write(f"Traceback: {wrong!r}")
    finally:
        refusing.armed = False
        answer.write_text(json.dumps([out.getvalue(), err.getvalue(), refusing.count]), "utf-8")
        os._exit(status)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a built project in which every command has something to do, and what it is to file."""
    for target in (*NAMES.values(), "loomworks_record.build.alone"):  # else each child would read them from the disk
        importlib.import_module(target.partition(":")[0])
    folder = tmp_path_factory.mktemp("refusals") / "all"
    project = make(folder / "project")
    text = (project.content / CURRENT).read_text("utf-8").replace("0.2", "0.3")
    (folder / NEW).write_text(text, "utf-8")
    assert project.run("build", "--host", "none").status == 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("loomworks_record.cli.file.now", lambda: NOW)
        yield folder


@contextlib.contextmanager
def scene(prepared: Path, folder: Path, name: str) -> Iterator[Project]:
    shutil.copytree(prepared, folder)
    project = Project(folder / "project")
    if name == "unfile":
        assert refused(project, 0, COMMANDS["file"])[0].status == 0
    if name == "log":
        text = (project.content / ARCHIVED).read_text("utf-8")
        (project.content / PHASE / "archive/phase-1-other-v0_1.md").write_text(text, "utf-8")
    yield project
    shutil.rmtree(folder)


def held(project: Project) -> dict[str, bytes]:
    """The record, its log and its settings, by path."""
    files = [file for part in PARTS for file in (project.root / part, *(project.root / part).rglob("*"))]
    return {str(file.relative_to(project.root)): file.read_bytes() for file in files if file.is_file()}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_disk_that_refuses(
    prepared: Path, tmp_path: Path, name: str, request: pytest.FixtureRequest, tally: Callable[[str], None]
) -> None:
    full = request.config.getoption("--full")
    if name == "publish" and not full:
        pytest.skip("a build by MkDocs for each call: pytest --full")
    with scene(prepared, tmp_path / "counted", name) as project:
        before = held(project)
        done, count = refused(project, 0, COMMANDS[name])
        assert done.status == 0, done
        after = held(project)
    moments = range(1, count + 1) if full else sorted({1 + count * at // SAMPLE for at in range(SAMPLE)})
    for moment in moments:
        with scene(prepared, tmp_path / f"moment-{moment}", name) as project:
            ended, _ = refused(project, moment, COMMANDS[name])
            check(project, name, moment, ended)
            now = held(project)
            assert now in (before, after), (moment, ended, sorted(now.keys() ^ before.keys()))
    tally(f"disk refused: record {name}, {len(moments)} of {count} calls")


def check(project: Project, name: str, moment: int, ended: Ran) -> None:
    """One line and the right exit code; and the next run of the same command comes to its end."""
    assert "Traceback" not in ended.err, (moment, ended)
    if ended.status != 0 and name not in WITHOUT_WORDS:
        assert ended.err.count("\n") <= 2, (moment, ended)
        # A filing refuses what it cannot read, in its own words.
        assert ended.status == 6 or "[unreadable" in ended.err, (moment, ended)
    again, _ = refused(project, 0, COMMANDS[name])
    assert "Traceback" not in again.err
    finished = again.status == 0 or "already" in again.err or "no filing to undo" in again.err
    assert finished, (moment, ended, again)
