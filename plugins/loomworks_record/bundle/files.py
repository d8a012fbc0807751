"""The only place that walks, hashes and writes folders.

Hashing runs in two forked processes, not threads: for files of some 20 kB, threads spend more on handing over the
interpreter lock than the second core gives back (measured; docs/decisions/0021-hash-in-forked-processes.md).
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import CheckError, Fault, RefusedReadError
from loomworks_record.bundle.paths import shown
from loomworks_record.errors import UsageError, raise_refusal
from loomworks_record.forking import may_fork, processors

_CHUNK = 1 << 18
_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG})
_FORK_FROM = 256  # below this many files a fork costs more than it saves
_DIGEST_BYTES = 32
_UNREADABLE = bytes(_DIGEST_BYTES)
_PORTIONS = 512
_CLAIM_BYTES = 4
MOST = 100_000_000  # bytes of a file that somebody named
MAX_FILE = 512 * 1024 * 1024  # bytes of a file of a site


Sign = tuple[int, int, int, int]  # device-wide number, size, and the times of content and of state, in nanoseconds


class File(Struct, frozen=True, array_like=True):
    """A file as it stands, or stood; ``digest`` is its sha256 (hex)."""

    sign: Sign
    digest: str


class WalkedFolder(Struct, frozen=True):
    """A folder as walked: its regular files (relative POSIX paths, sorted) and what else was met."""

    files: tuple[str, ...]
    faults: tuple[Fault, ...]


def walk(
    root: Path,
    signs: dict[str, Sign] | None = None,
    at_hand: Mapping[str, File] = MappingProxyType({}),
    *,
    besides: Callable[[str], object] = lambda path: False,
) -> WalkedFolder:
    """Every file below ``root``; symlinks are not followed, they and special files are faults. Raises RefusedReadError
    where a folder cannot be listed: what lies in it is not missing. ``besides``: folders (with a final slash) that do
    not count; one of these is a fault.

    Paths are the names' bytes read as UTF-8 whatever the locale; bytes that are not UTF-8 become lone surrogates.
    ``signs`` is given the sign of each file, and of each folder, under a final slash, its number alone; a file's is
    not asked for where it is ``at_hand``.
    """
    files: list[str] = []
    faults: list[Fault] = []
    top = os.fsencode(root) + b"/"
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            # By its number: a file is then asked for by its name alone, which the system finds in half of the time.
            folder = os.open(top + prefix.encode("utf-8", "surrogateescape"), os.O_RDONLY | os.O_DIRECTORY)
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        name = entry.name
                        name = name if name.isascii() else os.fsencode(name).decode("utf-8", "surrogateescape")
                        path = prefix + name
                        if entry.is_file(follow_symlinks=False):
                            files.append(path)
                            if signs is not None:
                                file = at_hand.get(path)
                                signs[path] = file.sign if file else sign_of(entry.stat(follow_symlinks=False))
                        elif entry.is_dir(follow_symlinks=False):
                            pending.append(path + "/")
                            if signs is not None:
                                signs[pending[-1]] = (entry.inode(), 0, 0, 0)
                        else:
                            kind = "a symlink" if entry.is_symlink() else "a device, pipe or socket"
                            message = f"expected a regular file or a folder, got {kind}; remove it"
                            faults.append(Fault("file-not-regular", shown(path), message))
            finally:
                os.close(folder)
        except OSError as wrong:
            said = f"{wrong.strerror}; check its permissions"
            if not besides(prefix):
                raise RefusedReadError(f"{shown(f'{root}/{prefix}')}: the folder cannot be listed: {said}") from None
            faults.append(Fault("file-unreadable", shown(prefix), said))
    files.sort()
    return WalkedFolder(tuple(files), tuple(faults))


def sign_of(found: os.stat_result) -> Sign:
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def walk_published(
    root: Path, signs: dict[str, Sign] | None = None, at_hand: Mapping[str, File] = MappingProxyType({})
) -> tuple[WalkedFolder, tuple[str, ...]]:
    """The same without what a publishing program keeps at the top of its folder, and one line for each such thing."""
    tree = walk(root, signs, at_hand, besides=lambda path: paths.PUBLISHERS.fullmatch(_top(path)))
    beside = [path for path in tree.files if path.startswith(".") and paths.PUBLISHERS.fullmatch(_top(path))]
    if not beside:
        return tree, ()
    count = Counter(map(_top, beside))
    served = WalkedFolder(
        tuple(path for path in tree.files if _top(path) not in count),
        tuple(fault for fault in tree.faults if _top(fault.path) not in count),
    )
    return served, tuple(f"{name} ({number:,} files)" if number > 1 else name for name, number in count.items())


def _top(path: str) -> str:
    return path.partition("/")[0]


def place(root: Path, path: str) -> Path:
    """Where a path of ``walk`` lies, in a locale of any encoding."""
    return root / os.fsdecode(path.encode("utf-8", "surrogateescape"))


def digest_files(root: Path, paths: Sequence[str]) -> dict[str, str | None]:
    """sha256 (hex) of each regular file; None where it cannot be read, or has more than ``MAX_FILE`` bytes. Order and
    content follow ``paths``."""
    with Hasher(root, paths) as hashing:
        return hashing.result()


def read_bounded(path: Path, limit: int) -> bytes | None:
    """The file's bytes, None if there is no such regular file. CheckError past ``limit`` bytes, RefusedReadError where
    the system refuses to read it."""
    try:
        # A pipe would otherwise be waited for before it can be seen to be none.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            with open(descriptor, "rb", closefd=False) as file:
                data = file.read(limit + 1)
        finally:
            os.close(descriptor)
    except OSError as wrong:
        if wrong.errno in _NO_FILE:
            return None
        raise RefusedReadError(f"{path}: {wrong.strerror}; it cannot be read, check its permissions") from None
    if len(data) > limit:
        raise CheckError(f"{path}: larger than {limit:,} bytes, which no real one is; remove or rebuild it")
    return data


def read_given(path: Path, limit: int = MOST) -> bytes:
    """The bytes of what somebody named, a pipe of a shell too; UsageError past ``limit`` bytes (/dev/zero)."""
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UsageError(f"{path}: has more than {limit:,} bytes; is it the right file?")
    return data


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file by ``data``, whole or not at all, and on the disk before this returns. Who may read it stays."""
    remove_leftovers(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            with suppress(FileNotFoundError):
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


LEFTOVER = re.compile(r"(?:.*/)?\.[^/]+\.\d+\.tmp")  # a path of what a killed process left (see ``write_atomic``)


def remove_leftovers(path: Path) -> None:
    """Take away what a killed process left when it wrote ``path`` (see ``write_atomic``)."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        from loomworks_record.endings import is_alive  # noqa: PLC0415 - ctypes and tempfile, seldom needed

        process = left.name.split(".")[-2]
        if process.isdecimal() and not is_alive(int(process)):
            left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(root: Path) -> None:
    """Put every file and folder below ``root``, and ``root`` itself, on the disk."""
    for folder, _, names in os.walk(root, onerror=raise_refusal):
        for name in names:
            descriptor = os.open(f"{folder}/{name}", os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(folder))


def open_to_readers(root: Path) -> None:
    """Let everybody read what is below ``root``, which is there to be served, whatever the umask was."""
    for folder, _, names in os.walk(root, onerror=raise_refusal):
        for name, wanted in ((".", 0o555), *((name, 0o444) for name in names)):
            place = f"{folder}/{name}"
            mode = stat.S_IMODE(os.lstat(place).st_mode)
            if mode & wanted != wanted:
                Path(place).chmod(mode | wanted)


def _each_digest(prefix: bytes, paths: Sequence[str], buffer: memoryview) -> Iterator[bytes]:
    for path in paths:
        try:
            yield _digest(prefix + path.encode("utf-8", "surrogateescape"), buffer)
        except OSError:
            yield _UNREADABLE


def _digest(path: bytes, buffer: memoryview) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        count = os.readv(descriptor, (buffer,))
        found = hashlib.sha256(buffer[:count])
        if count == len(buffer) and os.fstat(descriptor).st_size > MAX_FILE:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        while count == len(buffer):
            count = os.readv(descriptor, (buffer,))
            found.update(buffer[:count])
        return found.digest()
    finally:
        os.close(descriptor)


class Hasher:
    """Hashes files in a second process from its construction on, and in this one once ``result`` is asked for.

    Both take portions of the paths from one pipe, so neither waits for the other, and the caller can work meanwhile.
    """

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self._prefix = os.fsencode(root) + b"/"
        self._paths = paths
        self._size = max(16, -(-len(paths) // _PORTIONS))
        self._queue, self._answers, self._child = -1, -1, 0
        if len(paths) >= _FORK_FROM and processors() > 1 and may_fork():
            self._start()

    def __enter__(self) -> Hasher:
        return self

    def __exit__(self, *_: object) -> None:
        """End the second process, whether its work is still wanted or not."""
        if self._child:
            for _portion in self._claimed():
                pass  # takes what is left, so that the other process finds nothing more to do
            os.close(self._queue)
            os.close(self._answers)
            os.waitpid(self._child, 0)
            self._child = 0

    def result(self) -> dict[str, str | None]:
        """As ``digest_files``; CheckError if the second process was killed."""
        found: dict[int, bytes] = {}
        if self._child:
            found.update(self._hashed())
            found.update(self._received())
        else:
            found.update((first, self._digests(first)) for first in range(0, len(self._paths), self._size))
        raw = b"".join(found[first] for first in sorted(found))
        if len(raw) != len(self._paths) * _DIGEST_BYTES:
            raise CheckError("the process that hashes half of the files was ended; run the command again")
        digests = (raw[at : at + _DIGEST_BYTES] for at in range(0, len(raw), _DIGEST_BYTES))
        return {
            path: None if digest == _UNREADABLE else digest.hex()
            for path, digest in zip(self._paths, digests, strict=True)
        }

    def _start(self) -> None:
        self._queue, claims = os.pipe()
        self._answers, answers = os.pipe()
        firsts = range(0, len(self._paths), self._size)
        os.write(claims, b"".join(first.to_bytes(_CLAIM_BYTES) for first in firsts))
        os.close(claims)
        self._child = os.fork()
        if self._child == 0:
            self._work(answers)
        os.close(answers)

    def _work(self, answers: int) -> None:
        status = 1
        try:
            os.close(self._answers)
            done = (first.to_bytes(_CLAIM_BYTES) + digests for first, digests in self._hashed())
            data = memoryview(b"".join(done))
            while data:
                data = data[os.write(answers, data) :]
            status = 0
        finally:
            # Not sys.exit: nothing of the parent (buffers, handlers) may run in the child.
            os._exit(status)

    def _claimed(self) -> Iterator[int]:
        # A pipe hands a few bytes to one reader only: that makes it a queue for two processes.
        while claim := os.read(self._queue, _CLAIM_BYTES):
            yield int.from_bytes(claim)

    def _hashed(self) -> Iterator[tuple[int, bytes]]:
        for first in self._claimed():
            yield first, self._digests(first)

    def _received(self) -> Iterator[tuple[int, bytes]]:
        data = b"".join(iter(lambda: os.read(self._answers, _CHUNK), b""))
        at = 0
        while at < len(data):
            first = int.from_bytes(data[at : at + _CLAIM_BYTES])
            at += _CLAIM_BYTES
            length = len(self._paths[first : first + self._size]) * _DIGEST_BYTES
            yield first, data[at : at + length]
            at += length

    def _digests(self, first: int) -> bytes:
        return b"".join(_each_digest(self._prefix, self._paths[first : first + self._size], _buffer()))


@cache
def _buffer() -> memoryview:
    # One for all files: a new one for each costs as much as hashing a small file.
    return memoryview(bytearray(_CHUNK))
