"""Bytes kept for later: in memory while they are few, past that in a temporary file without a name.

What was read and hashed is what is published, whatever happens to the filed file meanwhile. So what is needed again is
not read again from where it was; and a record of 250 MB need not be held in memory for it. The file is written once
and read at given places only: threads and forked processes may share it. It goes away with the last that holds it.
"""

from __future__ import annotations

import os
from io import FileIO
from typing import Protocol

from loomworks_record.errors import RecordError

ROOM = 1 << 20  # bytes that one keeper holds in memory: some 40 documents


class KeptBytesError(RecordError):
    """What was put aside cannot be read back."""


class KeptBytes(Protocol):
    """Bytes that can be had again, as often as they are asked for."""

    @property
    def size(self) -> int: ...

    def read(self) -> bytes: ...

    def __hash__(self) -> int: ...


class InMemory:
    """Bytes that are at hand. No dataclass, as little as ``InFile``: what is packed by its fields (the values of a
    page) must not hold a whole document by mistake."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        return len(self._data)

    def read(self) -> bytes:
        return self._data


class InFile:
    """``size`` bytes of an open file, from ``start`` on."""

    __slots__ = ("_file", "_start", "size")

    def __init__(self, file: FileIO, start: int, size: int) -> None:
        self._file, self._start, self.size = file, start, size

    def read(self) -> bytes:
        """Raises KeptBytesError where the disk fails."""
        try:
            data = os.pread(self._file.fileno(), self.size, self._start)
        except OSError as wrong:
            raise _lost(wrong.strerror) from None
        if len(data) != self.size:
            raise _lost("it is cut short")
        return data

    def __reduce__(self) -> tuple[type[InMemory], tuple[bytes]]:
        """Another process is sent the bytes themselves."""
        return InMemory, (self.read(),)


class Keeper:
    """Keeps up to ``room`` bytes in memory, and what comes after them in a file. Not for several threads at once."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._file: FileIO | None = None
        self._end = 0  # of what is in the file
        self._writable = hasattr(os, "pread")

    def keep(self, data: bytes) -> KeptBytes:
        """``data``, kept so that it can be read again. Without a disk that has room for it, it stays in memory."""
        if len(data) <= self._room:
            self._room -= len(data)
            return InMemory(data)
        self._room = 0
        if self._writable:
            try:
                return self._written(data)
            except OSError:
                self._writable = False
        return InMemory(data)

    def _written(self, data: bytes) -> KeptBytes:
        if self._file is None:
            import tempfile  # noqa: PLC0415 - seldom needed, and a fortieth of a command's start

            self._file = tempfile.TemporaryFile(prefix="record-", buffering=0)  # noqa: SIM115 - closed with its last user
        start, left = self._end, memoryview(data)
        while left:
            count = os.pwrite(self._file.fileno(), left, self._end)
            self._end += count
            left = left[count:]
        return InFile(self._file, start, len(data))


def _lost(why: str | None) -> KeptBytesError:
    import tempfile  # noqa: PLC0415 - as above

    return KeptBytesError(
        f"the temporary file in '{tempfile.gettempdir()}' that holds the record's bytes cannot be read ({why}); "
        "set TMPDIR to a folder on another disk"
    )
