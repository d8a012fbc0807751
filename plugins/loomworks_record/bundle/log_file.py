"""The log's file in the repository: read, and replaced whole; and the lock of a project, held by every command that
writes its log or its documents, one at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.files import read_bounded, write_atomic
from loomworks_record.bundle.log import MAX_LOG, Log, LogError, parse_log

_PATIENCE = 5.0  # seconds to wait for another command


def read_log_bytes(file: Path) -> bytes:
    """The bytes of a log file; empty if there is none yet."""
    data = read_bounded(file, MAX_LOG)
    if data is None and file.exists():
        raise LogError(f"{file.name}: cannot be read; expected a regular file")
    return data or b""


def read_log_file(file: Path) -> Log:
    return parse_log(read_log_bytes(file), name=file.name)


def write_log_file(file: Path, before: Log, after: Log) -> None:
    """Replace the log ``before`` by ``after``, which must begin with it; LogError if the file is not ``before``."""
    with locked(file.parent):
        if read_log_bytes(file) != bytes(before):
            raise LogError(f"{file.name}: was changed meanwhile; nothing was written, run the command again")
        if after.entries[: len(before.entries)] != before.entries:
            raise LogError(f"{file.name}: a log only grows; nothing was written")
        write_atomic(file, bytes(after))


class BusyError(CheckError):
    """Another command is writing here."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the project's folder (flock). BusyError if another command has it for longer than one waits."""
    descriptor = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    deadline = time.monotonic() + _PATIENCE
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = "another command is writing here; nothing was done, try again when it has ended"
                    raise BusyError(message) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)
