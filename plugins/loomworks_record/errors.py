"""The one base error: everything that goes wrong by somebody's input is one of these."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager


class RecordError(Exception):
    """One line for a person: what is wrong and where, what was expected and got, the next step.

    ``exit_code`` is the process exit status when the error ends a command (docs/exit-codes.md):
    1 content · 2 usage · 3 stale or clock · 4 rollback or history · 5 signature · 6 could not check ·
    7 sources differ from the bundle.
    """

    exit_code: int = 1


class UsageError(RecordError):
    """The command was called in a way that cannot be carried out."""

    exit_code: int = 2


class SystemRefusalError(RecordError):
    """The operating system, or Python itself, refused: a full disk, no rights, no memory."""

    exit_code: int = 6


# What ends a command with one line wherever it happens, and is nobody's mistake in the content.
REFUSALS = (OSError, MemoryError, RecursionError, ImportError)


def raise_refusal(wrong: OSError) -> None:
    """For os.walk, which passes over a folder that cannot be listed."""
    raise wrong


@contextmanager
def refusals_of_threads() -> Iterator[None]:
    """Within, the OSError that a process too many is, for a thread too many, of which Python has a RuntimeError."""
    try:
        yield
    except RuntimeError as wrong:
        if "start new thread" not in str(wrong):
            raise
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from wrong


_NEXT = {
    errno.ENOSPC: "make room and run the command again",
    errno.EDQUOT: "make room and run the command again",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f) and run the command again",
    errno.EMFILE: "raise the limit on open files (ulimit -n) and run the command again",
    errno.EAGAIN: "raise the limit on processes (ulimit -u), or set 'workers: 1', and run the command again",
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.EROFS: "it lies on a disk that is mounted read-only",
    errno.ENOENT: "it, or a folder on the way to it, is not there",
}


def refusal(wrong: BaseException) -> SystemRefusalError:
    """One line for one of ``REFUSALS``."""
    if isinstance(wrong, MemoryError):
        return SystemRefusalError("there is not enough memory; end other programs, or set 'workers: 1', then try again")
    if isinstance(wrong, RecursionError):
        return SystemRefusalError("something is nested more deeply than can be followed; --debug shows where")
    if isinstance(wrong, ImportError):  # of a library that finds no memory, or may open no file more
        return SystemRefusalError(f"{wrong}; raise the limits (ulimit -a), or install loomworks-record again")
    assert isinstance(wrong, OSError)
    given = [name for name in (wrong.filename, wrong.filename2) if name]
    names = [os.fsdecode(name) if isinstance(name, str | bytes) else repr(name) for name in given]
    place = f"{' and '.join(names)}: " if names else ""
    step = _NEXT.get(wrong.errno or 0, "run the command again")
    return SystemRefusalError(f"{place}{wrong.strerror or wrong or 'the system refused'}; {step}")
