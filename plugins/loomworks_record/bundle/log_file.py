"""The log's file in the repository: read, and replaced whole while no other program changes it."""

from __future__ import annotations

from pathlib import Path

from loomworks_record.bundle.files import read_bounded, write_atomic
from loomworks_record.bundle.lock import locked
from loomworks_record.bundle.log import MAX_BYTES, Log, LogError, parse_log


def read_log_bytes(file: Path) -> bytes:
    """The bytes of a log file; empty if there is none yet."""
    data = read_bounded(file, MAX_BYTES)
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
