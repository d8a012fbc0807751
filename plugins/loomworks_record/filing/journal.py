"""The journal: what a filing is about to change, on the disk before the first file of the record is touched.

    .record-filing/preparing  being written; the record is untouched while this is here
    .record-filing/current    whole and on the disk; from here on the changes are made, or taken back
    .record-filing/last       the filing done last: what undoing it needs
    .record-filing/discarded  on its way out

Each is a folder with ``transaction.json`` and, named by their digests, the bytes before and after every change (but
never those that are withdrawn). One
becomes the next by a rename, so whatever moment a process is killed at, the names say how far it had come. The
folder holds a ``.gitignore`` that hides it from git.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from loomworks_record.bundle.files import MOST, sync_folder
from loomworks_record.bundle.paths import is_unsafe
from loomworks_record.bundle.statements import canonical, hex_digest, parse_object
from loomworks_record.errors import RecordError

FOLDER = ".record-filing"
FORMAT = "loomworks-filing-journal/1"
_FILE = "transaction.json"
_UNTOLD = "untold"
_HEX = frozenset("0123456789abcdef")

Kind = Literal["filing", "undoing", "withdrawing"]


class JournalError(RecordError):
    """What an interrupted filing left behind cannot be read; the message says what to do."""


class FileChange(Struct, frozen=True):
    """One file: its digest (sha256, hex) before and after, None where there is none.

    ``path`` is relative to ``content/``; "" is the log.
    """

    path: str
    before: str | None
    after: str | None


class Transaction(Struct, frozen=True):
    """Changes that are made all or not at all. ``title`` is what they are for.

    ``content`` is the content folder, relative to the project where it lies in it. ``made`` and ``emptied``:
    folders that the changes need and that they may leave empty, outer before inner.
    """

    kind: Kind
    title: str
    content: str
    changes: tuple[FileChange, ...]
    made: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()

    @property
    def inverse(self) -> Transaction:
        """The transaction that takes this one back."""
        changes = tuple(FileChange(change.path, change.after, change.before) for change in self.changes)
        inverses: dict[Kind, Kind] = {"filing": "undoing", "undoing": "filing", "withdrawing": "withdrawing"}
        kind = inverses[self.kind]
        return replace(self, kind=kind, changes=changes, made=self.emptied, emptied=self.made)

    def __bytes__(self) -> bytes:
        return canonical({"format": FORMAT, **to_builtins(self)})


def parse_transaction(data: bytes) -> Transaction:
    """The inverse of ``bytes(transaction)``; ValueError if it is anything else, or names an unsafe path."""
    values: dict[str, Any] = parse_object(data)
    if values.pop("format", None) != FORMAT:
        raise ValueError(f"expected the format {FORMAT}")
    try:
        found = msgspec.convert(values, Transaction)
    except msgspec.ValidationError as wrong:
        raise ValueError(f"expected the fields of a transaction: {wrong}") from wrong
    if bytes(found) != data:
        raise ValueError("expected a transaction as it is written")
    changes = found.changes
    for path in (*(change.path for change in changes if change.path), *found.made, *found.emptied):
        if is_unsafe(path):
            raise ValueError(f"unsafe path {path!r}")
    for digest in (digest for change in changes for digest in (change.before, change.after)):
        if digest is not None and not (len(digest) == 64 and _HEX.issuperset(digest)):
            raise ValueError(f"expected a sha256, got {digest!r}")
    return found


def interrupted(root: Path) -> bool:
    """Whether a filing of the project in ``root`` was killed and waits to be finished: the record may be in between."""
    return os.path.lexists(Journal(root).current)


class Journal:
    """The journal of the project in ``root``."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        self.preparing, self.current, self.last = (self.folder / name for name in ("preparing", "current", "last"))

    def begin(self, transaction: Transaction, blobs: Mapping[str, bytes]) -> None:
        """Put the transaction and its bytes on the disk; when this returns, it will be made or taken back."""
        self.discard(self.preparing)
        self.preparing.mkdir(parents=True)
        hidden = self.folder / ".gitignore"
        if not hidden.exists():
            hidden.write_text("# What filing needs to finish or undo its last work. Not part of the record.\n*\n")
        for digest, data in blobs.items():
            _write(self.preparing / digest, data)
        _write(self.preparing / _FILE, bytes(transaction))
        sync_folder(self.preparing)
        self.preparing.rename(self.current)
        sync_folder(self.folder)

    def finish(self, transaction: Transaction) -> None:
        """The current transaction is the last one now, and nobody has been told of it yet; but a withdrawal cannot be
        undone, and bytes that it took away are in no journal."""
        if transaction.kind == "withdrawing":
            gone = {change.before for change in transaction.changes if change.path}
            if any((self.last / digest).exists() for digest in gone if digest):
                self.discard(self.last)
            self.discard(self.current)
            return
        (self.current / _UNTOLD).touch()
        self.discard(self.last)
        self.current.rename(self.last)
        sync_folder(self.folder)

    def forget(self) -> None:
        """The current transaction was never made, or was taken back."""
        self.discard(self.preparing)
        self.discard(self.current)

    def discard(self, place: Path) -> None:
        """Renamed first, so that no half of it stays under its name."""
        discarded = self.folder / "discarded"
        _remove(discarded)
        if os.path.lexists(place):
            place.rename(discarded)
            _remove(discarded)

    def read(self, place: Path) -> Transaction | None:
        """The transaction in ``current`` or ``last``; None if there is none."""
        if not os.path.lexists(place):
            return None
        try:
            return parse_transaction(_read(place / _FILE))
        except (FileNotFoundError, NotADirectoryError, ValueError) as wrong:
            said = f"{FOLDER}/{place.name} cannot be read ({getattr(wrong, 'strerror', wrong)})"
            raise JournalError(f"{said}; see with git what changed in the record, then delete that folder") from wrong

    def blob(self, place: Path, digest: str) -> bytes:
        """The bytes with this digest."""
        data = _read(place / digest)
        if hex_digest(data) != digest:
            raise JournalError(
                f"{FOLDER}/{place.name}/{digest} has other bytes; delete that folder, see git for the rest"
            )
        return data

    def blobs(self, place: Path, transaction: Transaction) -> dict[str, bytes]:
        """All bytes of a transaction, by digest."""
        digests = {digest for change in transaction.changes for digest in (change.before, change.after) if digest}
        return {digest: self.blob(place, digest) for digest in sorted(digests)}

    def take_untold(self) -> Transaction | None:
        """The last transaction, if it was finished and nobody was told; it counts as told from now on."""
        return self.read(self.last) if self.tell() else None

    def tell(self) -> bool:
        """The last transaction counts as told; whether it did not before."""
        told = self.last / _UNTOLD
        if not told.exists():
            return False
        told.unlink()
        return True


def _remove(place: Path) -> None:
    """A folder with all that it holds; of anything else that stands there, a link or a pipe, the name alone."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _read(file: Path) -> bytes:
    """The bytes of a file that a journal holds; FileNotFoundError where anything else stands there: a checkout may come
    with a pipe, which would be waited for, or a file without an end."""
    state = file.lstat()
    if not stat.S_ISREG(state.st_mode) or state.st_size > MOST:
        raise FileNotFoundError(errno.ENOENT, "expected a file that filing wrote", str(file))
    return file.read_bytes()


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
