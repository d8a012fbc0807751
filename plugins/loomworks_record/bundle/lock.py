"""The lock of a project: held by every command that writes its log or its documents, one at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loomworks_record.bundle.faults import CheckError

_PATIENCE = 5.0  # seconds to wait for another command


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
