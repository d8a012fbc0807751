"""Between a process and the one that began it: what ends with it, however it ends, and what it says of itself.

No signal has to be handed on. The kernel tells a process that the one which began it is gone (prctl(2),
PR_SET_PDEATHSIG; Linux); elsewhere its pipes tell it.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from loomworks_record.stopping import end_if_asked

# Of the environment: the number of an open file to say it to.
ENDED_BY = "LOOMWORKS_RECORD_ENDED_BY"  # code and line
STEPS = "LOOMWORKS_RECORD_STEPS"  # a line for each step that is begun
# Of the environment, too: the address of the page of which a build says why it was made, or was not.
WHY = "LOOMWORKS_RECORD_WHY"

_PR_SET_PDEATHSIG = 1
_AT_ONCE = 4096  # bytes that a pipe takes whole (PIPE_BUF)
_NAME = re.compile(r"record-[a-z]+-(\d+)-\w+")


def end_with(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """End this process when ``parent``, which began it, has ended. To be called in the new process, first."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(how))
    if os.getppid() != parent:  # it has ended already
        os._exit(1)


@contextmanager
def temporary_folder(what: str) -> Iterator[Path]:
    """A folder that goes away at the end, or, where this process is killed before, with the next one that is made.

    ``what``: letters, for its name.
    """
    for left in Path(tempfile.gettempdir()).glob("record-*"):
        made = _NAME.fullmatch(left.name)
        if made and not is_alive(int(made[1])) and left.stat(follow_symlinks=False).st_uid == os.getuid():
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"record-{what}-{os.getpid()}-") as folder:
        yield Path(folder)


def say_what_ended(code: int, line: str) -> None:
    """Say it to the program that began this one, if it asked for that."""
    with suppress(OSError, ValueError):
        os.write(int(os.environ.get(ENDED_BY, "")), f"{code} {line}".encode()[:_AT_ONCE])


def say_step(words: str) -> None:
    """Say what is done now to the program that began this one, if it asked for that."""
    end_if_asked()
    with suppress(OSError, ValueError):
        os.write(int(os.environ.get(STEPS, "")), f"{words}\n".encode())


def is_alive(process: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # another user's
    return True
