"""Memory of a command and all that it starts, looked at while it runs. Linux only: it reads ``/proc``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.M)
_RSS = re.compile(rb"^VmRSS:\s+(\d+) kB", re.M)


class Peak:
    """The most that a tree of processes held at any look, in bytes; Pagefind's own processes are left out.

    Proportional set sizes (PSS) are added, so that a page which several processes share counts once. Where the system
    has none, resident sets are, which count it once for each.
    """

    def __init__(self) -> None:
        self.bytes = 0

    def look(self, root: int) -> None:
        self.bytes = max(self.bytes, sum(_held(process) for process in _tree(root)))


def method() -> str | None:
    """How memory is measured here; None where it cannot be."""
    own = os.getpid()
    if _read(own, "smaps_rollup"):
        return "PSS"
    return "RSS" if _read(own, "status") else None


def _tree(process: int) -> Iterator[int]:
    if _is_pagefind(process):
        return
    yield process
    for child in _children(process):
        yield from _tree(child)


def _children(process: int) -> Iterator[int]:
    """A process that a thread started is listed with that thread."""
    try:
        threads = list((_PROC / str(process) / "task").iterdir())
    except OSError:
        return
    for thread in threads:
        yield from map(int, _read(process, f"task/{thread.name}/children").split())


def _is_pagefind(process: int) -> bool:
    """Whether this is the program, or the Python that only starts it."""
    program, *rest = _read(process, "cmdline").split(b"\0")
    return os.path.basename(program).startswith(b"pagefind") or rest[:2] == [b"-m", b"pagefind"]  # noqa: PTH119 - bytes


def _held(process: int) -> int:
    found = _PSS.search(_read(process, "smaps_rollup")) or _RSS.search(_read(process, "status"))
    return int(found[1]) * 1024 if found else 0


def _read(process: int, name: str) -> bytes:
    """A file of a process; empty where the process has just ended."""
    try:
        return (_PROC / str(process) / name).read_bytes()
    except OSError:
        return b""
