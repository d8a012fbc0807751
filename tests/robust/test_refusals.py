"""A disk that refuses, and a kill, at each call that touches the disk: one line, exit 6, and nothing is lost or left
half done."""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import loomworks_record
import pytest
from loomworks_record.cli.build import build_without_host
from loomworks_record.cli.main import main

from robust.projects import ARCHIVED, CURRENT, PHASE, Project, Ran, import_commands, make

# What touches the disk, as CPython's audit hooks name it; writing to an open file has no such name.
MOMENTS = frozenset({
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.scandir",
    "os.listdir", "os.truncate", "shutil.rmtree", "shutil.copyfile", "tempfile.mkdtemp", "tempfile.mkstemp",
    "fcntl.flock", "sqlite3.connect",
})  # fmt: skip
WRITES = ("write", "fsync", "pwrite", "fchmod", "ftruncate")  # of os
NOW = 1_772_600_000  # seconds since 1970: filings write their time into the log, and are compared byte by byte
SAMPLE = 2  # of the kinds of calls of each command; all with --full
NEW = "phase-1-cr-room-booking-v0_3.md"
COMMANDS: dict[str, tuple[str, ...]] = {
    "log": ("log", "--yes"),
    "withdraw": ("withdraw", ARCHIVED, "--reason", "x", "--yes"),
    "file": ("file", "--yes", f"../{NEW}"),
    "unfile": ("unfile", "--yes"),
    "build": ("build", "--host", "none"),
    "publish": ("publish", "../published", "--keep", "1"),
    "stamp": ("stamp", "site", "--key", "../key"),
    "receipt": ("receipt", ARCHIVED),
    "baseline": ("check", "--baseline", "known.json", "--update-baseline", "--grow", "--reason", "x"),
    "export": ("export", "--bagit", "../bag"),
    "init": ("init", "../another"),
    "cache": ("cache", "clear"),
    "list": ("list", "--json"),
    "fresh": ("fresh",),
    "verify": ("verify", "site"),
}
VERIFIED = {"build": ("verify", "site"), "stamp": ("verify", "site", "--key", "../key.pub")}  # afterwards
WITHOUT_WORDS = {"list", "fresh", "verify", "build"}  # what a reader leaves out, it says in a problem or a fault
WRITING = ("log", "unfile", "build", "publish", "stamp", "receipt", "baseline", "export", "init", "cache")
KILLS = 20  # of each writing command, with --full
PARTS = frozenset({"content", "record.log.jsonl", "mkdocs.yml"})


class Calls(NamedTuple):
    """How many calls touched the disk, and the first of each kind: those of one kind come from the same lines."""

    count: int
    firsts: list[int]


class Refusing:
    """Refuses the ``moment``-th call (from 1) that touches the disk below ``root``, or is killed there where it is
    ``deadly``; counts them all."""

    def __init__(self, root: Path, moment: int, deadly: bool) -> None:
        self.root, self.moment, self.count, self.armed = str(root), moment, 0, False
        self.deadly = deadly
        self.firsts: dict[str, int] = {}  # by the lines of ours that lead to a call, the first one

    def _met(self, place: object) -> bool:
        if not self.armed:
            return False
        path = os.fsdecode(place) if isinstance(place, bytes | str | os.PathLike) else ""
        if not path.startswith("/"):
            path = str(Path.cwd() / path)
        if not path.startswith(self.root) or "/.cache" in path:
            return False
        self.count += 1
        self.firsts.setdefault(_lines_of_ours(), self.count)
        if self.deadly and self.count == self.moment:
            os.kill(os.getpid(), signal.SIGKILL)
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


class Unlisting(Refusing):
    """Refuses to list the folders whose paths end so."""

    def hook(self, event: str, details: tuple[Any, ...]) -> None:
        if not self.armed or event not in ("os.scandir", "os.listdir"):
            return
        given = details[0] if details and details[0] is not None else "."
        folder = _opened(given) if isinstance(given, int) else str(Path(os.fsdecode(given)).resolve())
        if folder.endswith(self.root):
            raise OSError(errno.EIO, os.strerror(errno.EIO), folder)


def _lines_of_ours() -> str:
    frame, found = sys._getframe(2), []
    while frame := frame.f_back:  # type: ignore[assignment]
        if f"{loomworks_record.__name__}/" in frame.f_code.co_filename:
            found.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
    return " ".join(found)


def _opened(descriptor: int) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    return ""


def refused(project: Project, moment: int, arguments: tuple[str, ...], *, deadly: bool = False) -> tuple[Ran, Calls]:
    """What a command says and ends with in a child of its own, and the calls that it made."""
    return asked(project, Refusing(project.root.parent, moment, deadly), arguments)


def asked(project: Project, refusing: Refusing, arguments: tuple[str, ...]) -> tuple[Ran, Calls]:
    answer = project.root.parent / "answer"
    answer.write_text('["", "", [0, []]]')  # of one that is killed
    child = os.fork()
    if child == 0:
        _in_child(project, refusing, arguments, answer)
    _, status = os.waitpid(child, 0)
    out, err, calls = json.loads(answer.read_text("utf-8"))
    return Ran(os.waitstatus_to_exitcode(status), out, err), Calls(*calls)


def _in_child(project: Project, refusing: Refusing, arguments: tuple[str, ...], answer: Path) -> None:
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
        calls = refusing.count, list(refusing.firsts.values())
        answer.write_text(json.dumps([out.getvalue(), err.getvalue(), calls]), "utf-8")
        os._exit(status)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, ssh_keygen: str) -> Iterator[Path]:
    """A folder with a built project in which every command has something to do, and what it is to file."""
    import_commands()
    folder = tmp_path_factory.mktemp("refusals") / "all"
    project = make(folder / "project")
    text = (project.content / CURRENT).read_text("utf-8").replace("0.2", "0.3")
    (folder / NEW).write_text(text, "utf-8")
    subprocess.run([ssh_keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True)
    assert project.run("build", "--host", "none").status == 0
    assert project.run(*COMMANDS["stamp"]).status == 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("loomworks_record.cli.file.now", lambda: NOW)
        # In this process, where calls can be refused, and without MkDocs' start for each.
        patched.setattr("loomworks_record.cli.build.build_site", build_without_host)
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
    before, after, calls = counted(prepared, tmp_path / "counted", name)
    kinds = calls.firsts
    moments = kinds if full else [kinds[len(kinds) * at // SAMPLE] for at in range(SAMPLE)]
    wrong = []
    for moment in moments:
        with scene(prepared, tmp_path / f"moment-{moment}", name) as project:
            ended, _ = refused(project, moment, COMMANDS[name])
            to_be_finished = (project.root / ".record-filing/current").exists()
            state = held(project)
            if name == "stamp":
                assert sound(name, project), (moment, ended)  # all or nothing
            again, _ = refused(project, 0, COMMANDS[name])
            state = held(project) if to_be_finished else state
            if not (answered(name, ended) and finished(again) and state in (before, after) and sound(name, project)):
                wrong.append((moment, ended, again, sorted(state.items() ^ before.items())))
    assert not wrong
    tally(f"disk refused: record {name}, {len(moments)} of {len(kinds)} kinds of {calls.count} calls")


@pytest.mark.parametrize("name", ["file", "withdraw", *(pytest.param(e, marks=pytest.mark.full) for e in WRITING)])
def test_killed_at_a_call(
    prepared: Path, tmp_path: Path, name: str, request: pytest.FixtureRequest, tally: Callable[[str], None]
) -> None:
    before, after, calls = counted(prepared, tmp_path / "counted", name)
    kinds = calls.firsts
    kills = min(len(kinds), KILLS if request.config.getoption("--full") else SAMPLE)
    wrong = []
    for moment in (kinds[len(kinds) * at // kills] for at in range(kills)):
        with scene(prepared, tmp_path / f"moment-{moment}", name) as project:
            ended, _ = refused(project, moment, COMMANDS[name], deadly=True)
            again, _ = refused(project, 0, COMMANDS[name])
            refused(project, 0, ("file",))
            if not (
                ended.status == -signal.SIGKILL
                and finished(again)
                and held(project) in (before, after)
                and sound(name, project)
            ):
                wrong.append((moment, ended, again, sorted(held(project).items() ^ before.items())))
    assert not wrong
    tally(f"killed: record {name}, at {kills} of {len(kinds)} kinds of {calls.count} calls")


def after_the_killed(project: Project) -> Ran:
    """The next build, when the processes of the killed one have ended with it."""
    for _ in range(50):
        again, _ = refused(project, 0, COMMANDS["build"])
        if "another command is at work here" not in again.line:
            break
        time.sleep(0.1)
    return again


@pytest.mark.parametrize("upload", ["thesis.pdf", "view/thesis.html"])
def test_what_is_put_into_the_site_of_a_killed_build_stays(
    prepared: Path, tmp_path: Path, upload: str, request: pytest.FixtureRequest, tally: Callable[[str], None]
) -> None:
    kinds = counted(prepared, tmp_path / "counted", "build")[2].firsts
    kills = len(kinds) if request.config.getoption("--full") else 3
    for moment in (kinds[len(kinds) * at // kills] for at in range(kills)):
        for fresh in (True, False):
            with scene(prepared, tmp_path / f"moment-{moment}-{fresh}", "build") as project:
                if fresh:
                    shutil.rmtree(project.site)
                killed, _ = refused(project, moment, COMMANDS["build"], deadly=True)
                at_work = (project.site / "integrity/unsealed").exists()
                if killed.status == -signal.SIGKILL and at_work:
                    (project.site / upload).parent.mkdir(exist_ok=True)
                    (project.site / upload).write_text("precious")
                    again = after_the_killed(project)
                    assert (again.status, upload in again.line) == (2, True), (moment, again)
                    assert (project.site / upload).read_text() == "precious"
                    (project.site / upload).unlink()
                again = after_the_killed(project)
                assert again.status == 0, (moment, fresh, killed, again)
                assert sound("build", project)
    tally(f"killed, and something put into the site: {kills} of {len(kinds)} kinds of calls")


IN_CONTENT = (
    ("list",), ("check",), ("status",), ("show", CURRENT), ("fresh",), ("log", "--dry-run"),
    ("file", "--yes", f"../{NEW}"),
    ("withdraw", ARCHIVED, "--reason", "x", "--yes"), ("export", "--bagit", "../bag"), ("build", "--host", "none"),
    ("publish", "../published"),
)  # fmt: skip
UNLISTED = [
    *((folder, each) for each in IN_CONTENT for folder in ("content", f"content/{PHASE}/archive")),
    *(("overrides/deep", each) for each in (("fresh",), ("build", "--host", "none"), ("publish", "../published"))),
    *((f"{where}raw/{PHASE}", each) for where in ("", "site/") for each in (("verify", "site"), ("build",))),
    (f"raw/{PHASE}", ("publish", "../published")),
    ("site", ("verify", "site")),
]


@pytest.mark.parametrize(
    ("folder", "arguments"), UNLISTED, ids=lambda given: given if given == str(given) else given[0]
)
def test_a_folder_that_cannot_be_listed_is_not_an_empty_one(
    prepared: Path, tmp_path: Path, folder: str, arguments: tuple[str, ...]
) -> None:
    """It is said, with its name; what lies in it is never told to be missing, and nothing is done without it."""
    with scene(prepared, tmp_path / "all", "") as project:
        (project.root / "overrides/deep").mkdir(parents=True)
        before, site = held(project), project.published()
        ended, _ = asked(project, Unlisting(Path(f"/{folder}"), 0, False), arguments)
        told = ended.out + ended.err
        assert "Input/output error" in told and folder.rpartition("/")[2] in told, ended
        assert not re.search(r"missing|not there|not archived here|removed|nothing is named", told), ended
        expected = {"list": 0, "status": 0, "show": 0, "check": 1, "file": 1} if folder != "content" else {}
        assert ended.status == expected.get(arguments[0], 6), ended
        assert held(project) == before and project.published() == site
        assert not (project.root.parent / "published/current").exists()


def counted(prepared: Path, folder: Path, name: str) -> tuple[dict[str, bytes], dict[str, bytes], Calls]:
    """What is held before the command and after it, and the calls that it makes."""
    with scene(prepared, folder, name) as project:
        before = held(project)
        done, calls = refused(project, 0, COMMANDS[name])
        assert done.status == 0, done
        return before, held(project), calls


def answered(name: str, ended: Ran) -> bool:
    """One line and the right exit code."""
    if "Traceback" in ended.err:
        return False
    if ended.status == 0 or name in WITHOUT_WORDS:
        return True
    told = ended.err.removeprefix("Verifying the site\n")  # a publisher's step; it says which release is served, too
    # A filing refuses what it cannot read, in its own words.
    return told.count("\n") <= 2 and (ended.status == 6 or "[unreadable" in told)


def sound(name: str, project: Project) -> bool:
    return name not in VERIFIED or refused(project, 0, VERIFIED[name])[0].status == 0


def finished(again: Ran) -> bool:
    """The next run of the same command comes to its end."""
    return "Traceback" not in again.err and (
        again.status == 0 or "already" in again.err or "no filing to undo" in again.err
    )
