"""The only place that walks, hashes and writes folders.

Hashing runs in two forked processes, not threads: for files of some 20 kB, threads spend more on handing over the
interpreter lock than the second core gives back (measured; docs/decisions/0021-hash-in-forked-processes.md).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.bundle.faults import CheckError, Fault
from loomworks_record.bundle.paths import shown

_CHUNK = 1 << 20
_FORK_FROM = 256  # below this many files a fork costs more than it saves
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder as walked: its regular files (relative POSIX paths, sorted) and what else was met."""

    files: tuple[str, ...]
    faults: tuple[Fault, ...]


def walk(root: Path) -> Tree:
    """Every file below ``root``; symlinks are not followed, they and special files are faults.

    Paths are the names' bytes read as UTF-8 whatever the locale; bytes that are none become lone surrogates.
    """
    files: list[str] = []
    faults: list[Fault] = []
    top = os.fsencode(root)
    pending = [b""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(top + b"/" + prefix) as entries:
                for entry in entries:
                    name = prefix + entry.name
                    if entry.is_file(follow_symlinks=False):
                        files.append(name.decode("utf-8", "surrogateescape"))
                    elif entry.is_dir(follow_symlinks=False):
                        pending.append(name + b"/")
                    else:
                        path = name.decode("utf-8", "surrogateescape")
                        faults.append(Fault("file-not-regular", shown(path), _unusual(entry)))
        except OSError as wrong:
            path = prefix.decode("utf-8", "surrogateescape")
            faults.append(Fault("file-unreadable", shown(path), f"{wrong.strerror}; check its permissions"))
    files.sort()
    return Tree(tuple(files), tuple(faults))


def place(root: Path, path: str) -> Path:
    """Where a path of ``walk`` lies, in a locale of any encoding."""
    return root / os.fsdecode(path.encode("utf-8", "surrogateescape"))


def digest_files(root: Path, paths: Sequence[str]) -> dict[str, str | None]:
    """sha256 (hex) of each regular file; None where it cannot be read. Order and content follow ``paths``."""
    half = len(paths) // 2
    if len(paths) < _FORK_FROM or not _may_fork():
        raw = _digests(root, paths)
    else:
        # Neighbours in one folder are of like size, so taking every second one halves the bytes well.
        with _Forked(root, paths[1::2]) as other:
            raw = [b""] * len(paths)
            raw[::2] = _digests(root, paths[::2])
            raw[1::2] = other.result(half)
    return {path: digest.hex() or None for path, digest in zip(paths, raw, strict=True)}


def read_bounded(path: Path, limit: int) -> bytes | None:
    """The file's bytes, None if there is no such regular file, CheckError past ``limit`` bytes."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        try:
            data = file.read(limit + 1)
        except OSError:
            return None
    if len(data) > limit:
        raise CheckError(f"{path}: larger than {limit:,} bytes, which no real one is; remove or rebuild it")
    return data


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file by ``data``, whole or not at all, and on the disk before this returns."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(root: Path) -> None:
    """Put every file and folder below ``root``, and ``root`` itself, on the disk."""
    for folder, _, names in os.walk(root):
        for name in names:
            descriptor = os.open(f"{folder}/{name}", os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(folder))


def _unusual(entry: os.DirEntry[bytes]) -> str:
    kind = "a symlink" if entry.is_symlink() else "a device, pipe or socket"
    return f"expected a regular file or a folder, got {kind}; remove it"


def _digest(path: bytes) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        chunk = os.read(descriptor, _CHUNK)
        found = hashlib.sha256(chunk)
        while len(chunk) == _CHUNK:
            chunk = os.read(descriptor, _CHUNK)
            found.update(chunk)
        return found.digest()
    finally:
        os.close(descriptor)


def _digests(root: Path, paths: Sequence[str]) -> list[bytes]:
    return list(_each_digest(os.fsencode(root) + b"/", paths))


def _each_digest(prefix: bytes, paths: Sequence[str]) -> Iterator[bytes]:
    for path in paths:
        try:
            yield _digest(prefix + path.encode("utf-8", "surrogateescape"))
        except OSError:
            yield b""


def _may_fork() -> bool:
    # Forking a process that has other threads can leave locks held for ever in the child.
    return hasattr(os, "fork") and threading.active_count() == 1 and (os.cpu_count() or 1) > 1


class _Forked:
    """A child process that hashes ``paths`` and sends the digests through a pipe (zeros: unreadable)."""

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self._read, write = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            self._work(root, paths, write)
        os.close(write)

    def __enter__(self) -> _Forked:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._read)
        os.waitpid(self._child, 0)

    def result(self, count: int) -> list[bytes]:
        data = b"".join(iter(lambda: os.read(self._read, _CHUNK), b""))
        if len(data) != count * _DIGEST_BYTES:
            raise CheckError("the process that hashes half of the files was ended; run the command again")
        digests = (data[at : at + _DIGEST_BYTES] for at in range(0, len(data), _DIGEST_BYTES))
        return [b"" if digest == bytes(_DIGEST_BYTES) else digest for digest in digests]

    def _work(self, root: Path, paths: Sequence[str], write: int) -> None:
        status = 1
        try:
            os.close(self._read)
            data = memoryview(b"".join(d or bytes(_DIGEST_BYTES) for d in _digests(root, paths)))
            while data:
                data = data[os.write(write, data) :]
            status = 0
        finally:
            # Not sys.exit: nothing of the parent (buffers, handlers) may run in the child.
            os._exit(status)
