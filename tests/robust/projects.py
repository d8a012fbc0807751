"""Projects to be disturbed: a record made by ``record init``, commands run in it, and what must be so afterwards."""

from __future__ import annotations

import gc
import hashlib
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.cli.main import COMMANDS, main

PHASE = "phases/phase-1-room-booking"
CURRENT = f"{PHASE}/phase-1-cr-room-booking-v0_2.md"
ARCHIVED = f"{PHASE}/archive/phase-1-cr-room-booking-v0_1.md"


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        return (self.err.strip() or self.out.strip() or "(nothing)").splitlines()[-1]


@dataclass(frozen=True)
class Project:
    """A folder with mkdocs.yml, content/ and a log, named so that its site is sealed."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def start(self, *arguments: str | Path, **more: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        return subprocess.Popen(
            command(*arguments), cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL, env=environment, **more,
        )  # type: ignore[call-overload,no-any-return]  # fmt: skip

    def run(self, *arguments: str | Path, timeout: float = 120, **more: object) -> Ran:
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=timeout)
        return Ran(process.returncode, out, err)

    def fork(self, *arguments: str) -> Forked:
        return Forked(self.root, arguments)

    def run_installed(self, *arguments: str | Path) -> Ran:
        """With the command as pip puts it beside Python: the folder of the project is not on Python's path."""
        record = Path(sys.executable).with_name("record")
        done = subprocess.run([record, *arguments], cwd=self.root, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", "-C", self.root, *who, *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def filed(self) -> dict[str, str]:
        """sha256 of every filed file, by path: found without the product."""
        return _digests(self.content)

    def published(self) -> dict[str, str]:
        return _digests(self.site / "raw")


class Forked:
    """A command in a child of this process, which has the modules already (see ``import_commands``): many runs of
    commands cost what the commands do."""

    def __init__(self, folder: Path, arguments: tuple[str, ...]) -> None:
        self._said = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - until it is gone
        self._status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            self._run(folder, arguments)

    def wait(self, timeout: float = 120) -> bool:
        """Whether it has ended, within so many seconds."""
        until = time.monotonic() + timeout
        while self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > until:
                return False
            else:
                time.sleep(0.01)
        return True

    def end(self, how: signal.Signals) -> None:
        if self._status is None:
            os.kill(self.pid, how)

    def ran(self, timeout: float = 600) -> Ran:
        assert self.wait(timeout) and self._status is not None
        for file in self._said:
            file.seek(0)
        out, err = (file.read().decode("utf-8", "replace") for file in self._said)
        return Ran(self._status, out, err)

    def _run(self, folder: Path, arguments: tuple[str, ...]) -> None:
        status = 99
        try:
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
            # The test runner's: a Ctrl-C while garbage is collected would be raised in one of them, and lost.
            gc.callbacks.clear()
            for number, file in enumerate(self._said, 1):
                os.dup2(file.fileno(), number)
            sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
            try:
                main(list(arguments))
                status = 0
            except SystemExit as stop:
                status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


def import_commands() -> None:
    """Else each forked command would read them from the disk."""
    for target in (*COMMANDS.values(), "loomworks_record.build.alone"):
        importlib.import_module(target.partition(":")[0])


def command(*arguments: str | Path) -> list[str]:
    if arguments[0] == "mkdocs":
        return [sys.executable, "-m", *map(str, arguments)]
    return [sys.executable, "-m", "loomworks_record.cli.main", *map(str, arguments)]


def make(root: Path) -> Project:
    """The record that ``record init`` makes, with a picture, a template of its own, and an address."""
    done = subprocess.run(command("init", root), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    project = Project(root)
    file = root / "mkdocs.yml"
    settings = file.read_text("utf-8")
    if "site_url:" not in settings:
        settings = f"site_url: https://record.example.org/\n{settings}"
    file.write_text(settings, "utf-8")
    (project.content / PHASE / "plan.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    return project


def _digests(folder: Path) -> dict[str, str]:
    files = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
