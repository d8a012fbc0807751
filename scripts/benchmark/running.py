"""One command: how long it takes, and how much memory it holds; bounded in time."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.results import NotMeasured, TookTooLong

# Seconds between two looks at a running command; of a long one seldom, for a look at all its memory costs it time.
_AT_FIRST, _LATER, _SHORT = 0.1, 1.0, 3.0


@dataclass(frozen=True, slots=True)
class SiteState:
    """A command that ended well: wall time in seconds, and bytes of the largest resident set of its processes."""

    seconds: float
    resident: int
    output: bytes


def run(
    command: Sequence[str | Path], cwd: Path, timeout: float, look: Callable[[int], None] | None = None
) -> SiteState:
    """Run ``command`` and wait for it, its start included; ``look`` is called with its process id all the while.

    Raises NotMeasured where it fails, TookTooLong after ``timeout`` seconds: then it is ended with all its processes.
    """
    os.sync()  # what others wrote shall not be written to disk in this one's time
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            env=environment(), start_new_session=True,
        )  # fmt: skip
        waiter = _Waiter(process, f"{called(command)} in {cwd.name}/")
        try:
            waiter.wait(start, timeout, look)
        except BaseException:
            end(process)
            waiter.join()
            raise
        output.seek(0)
        said = output.read()
    if waiter.status != 0:
        raise NotMeasured(f"{waiter.called} ended with {waiter.status}: {_last_line(said)}")
    return SiteState(waiter.ended - start, waiter.resident, said)


def environment() -> dict[str, str]:
    """What a command runs in. Installed programs have their bytecode; ours, which is run from its source, may write
    it when it first starts."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"NO_MKDOCS_2_WARNING": "1"}


def end(process: subprocess.Popen[bytes]) -> None:
    """End a command that leads a session of its own, and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def called(command: Sequence[str | Path]) -> str:
    """A command as one would type it, without the folders of this machine."""
    words = [Path(word).name if Path(word).is_absolute() else str(word) for word in command]
    return " ".join(words[2:] if words[1:2] == ["-m"] else words)


class _Waiter:
    """Waits in a thread of its own, which knows the end to the moment, while the other one looks at the process."""

    def __init__(self, process: subprocess.Popen[bytes], called: str) -> None:
        self.called = called
        self.status, self.ended, self.resident = 0, 0.0, 0
        self._process = process
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        _, status, usage = os.wait4(self._process.pid, 0)
        self.ended = time.perf_counter()
        # wait4 took the process away from its Popen, which must know.
        self._process.returncode = self.status = os.waitstatus_to_exitcode(status)
        self.resident = usage.ru_maxrss * 1024  # kibibytes on Linux

    def join(self) -> None:
        self._thread.join()

    def wait(self, start: float, timeout: float, look: Callable[[int], None] | None) -> None:
        while self._thread.is_alive():
            self._thread.join(_AT_FIRST if time.perf_counter() < start + _SHORT else _LATER)
            if look and self._thread.is_alive():
                look(self._process.pid)
            if time.perf_counter() > start + timeout and self._thread.is_alive():
                late = f"{self.called} took more than {timeout:,g} s and was ended; see --timeout"
                raise TookTooLong(late, timeout)


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
