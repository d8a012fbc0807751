"""The cache: values kept between builds, found by the digest of all that they were made from.

One SQLite file, because many small values, several builds at once and a bound on the size are what it is for. Nothing
in it is trusted: a value that is damaged, cut short or of another key is not there, and a file that is not a cache is
begun anew. Losing all of it costs time and nothing else, so nothing waits for the disk.

    entries  id, kind, key, size (bytes of the value and its bulk), used (day of the last use)
    bodies   id, checksum (of kind, key and value), value
    bulks    the same of the bytes that belong to a value and are seldom read with it

They stand apart, so that noting a use does not write the value again, and a value is read without its bulk.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from loomworks_record.errors import RecordError
from loomworks_record.kept.memo import NO_BULKS

T = TypeVar("T")

FILE = "cache.sqlite3"
_LAYOUT = 2  # of the tables below; a file of another layout is begun anew
_TABLES = f"""
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL,
    used INTEGER NOT NULL, UNIQUE (key, kind));
CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, checksum BLOB NOT NULL, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS bulks (id INTEGER PRIMARY KEY, checksum BLOB NOT NULL, value BLOB NOT NULL);
PRAGMA user_version = {_LAYOUT};
"""
_TABLES_OF_VALUES = "bodies", "bulks"
_DAY = 86_400  # seconds
_AT_ONCE = 500  # keys of one question
_PATIENCE = 60.0  # seconds to wait for another build that writes


class CacheError(RecordError):
    """The cache cannot be cleared."""


class KindTotal(Struct, frozen=True):
    """What the cache holds of one kind: how many values, and their bytes."""

    kind: str
    count: int
    size: int


class Cache:
    """Values by kind and key. ``limit``: bytes of all values; past it, those not used for longest go first, and
    with 0 nothing is kept. ``left``: see ``left_in``.

    ``today``: the day, as a count, that uses are noted with; for tests. Not for several threads at once.
    """

    def __init__(self, folder: Path, limit: int, today: Callable[[], int] | None = None) -> None:
        self.folder = folder
        self.limit = limit
        self.left: dict[str, Any] | None = None
        self._today = (today or _day)()
        self._used: set[int] = set()
        self._connection: sqlite3.Connection | None = None
        self._opened = False

    def get_many(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of those keys that are there and whole."""
        return self._get("bodies", kind, keys)

    def get_bulks(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What was put beside them."""
        return self._get("bulks", kind, keys)

    def _get(self, table: str, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for portion in _portions(keys):
            nothing: dict[bytes, bytes] = {}
            found |= self._asked(partial(self._read, table=table, kind=kind, keys=portion), nothing)
        return found

    def put_many(self, kind: str, values: Mapping[bytes, bytes], bulks: Mapping[bytes, bytes] = NO_BULKS) -> None:
        """Keep values, and ``bulks`` beside some of them; one that is there already is replaced."""
        if values:
            self._asked(partial(self._write, kind=kind, values=values, bulks=bulks), None)

    def kept(self) -> list[KindTotal]:
        """What is there, by kind."""
        if not (self.folder / FILE).exists():
            return []
        ask = "SELECT kind, count(*), sum(size) FROM entries GROUP BY kind ORDER BY kind"
        return self._asked(lambda connection: [KindTotal(*row) for row in connection.execute(ask)], [])

    def clear(self) -> int:
        """Take everything out; how many bytes of disk that gave back. Raises CacheError where it cannot."""
        self.close()
        given = 0
        for file in _files(self.folder):
            try:
                given += file.stat().st_size
                file.unlink()
            except FileNotFoundError:
                continue
            except OSError as wrong:
                raise CacheError(f"{file} cannot be removed: {wrong.strerror}; check its permissions") from None
        return given

    def close(self) -> None:
        """Note the uses, keep to the limit, and let the file go."""
        if self._opened:
            self._asked(self._settle, None)
        self._let_go()
        self._used.clear()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, ask: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """The answer of the file; ``otherwise`` where there is none. A file that is not a cache goes away."""
        try:
            connection = self._open()
            return otherwise if connection is None else ask(connection)
        except sqlite3.OperationalError:  # locked for too long, no room, not writable: this build does without
            return otherwise
        except sqlite3.DatabaseError:
            self._begin_anew()
            return otherwise

    def _open(self) -> sqlite3.Connection | None:
        if not self._opened:
            self._opened = True
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> sqlite3.Connection | None:
        if self.limit <= 0:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignored = self.folder / ".gitignore"
            if not ignored.exists():  # it is nobody's to file
                ignored.write_text("*\n")
        except OSError:
            return None
        connection = sqlite3.connect(self.folder / FILE, timeout=_PATIENCE, isolation_level=None)
        try:
            # Left behind by a kill, it may be newer than the file it belongs to; SQLite sorts that out by itself.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            if connection.execute("PRAGMA user_version").fetchone()[0] not in (0, _LAYOUT):
                raise sqlite3.DatabaseError("of another layout")
            connection.executescript(_TABLES)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection, self._opened = None, False

    def _begin_anew(self) -> None:
        self._let_go()
        for file in _files(self.folder):
            with suppress(OSError):
                file.unlink()

    def _read(self, connection: sqlite3.Connection, table: str, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        marks = ",".join("?" * len(keys))
        ask = (
            f"SELECT entries.id, key, used, checksum, value FROM entries JOIN {table} USING (id) "
            f"WHERE kind = ? AND key IN ({marks})"  # marks are question marks alone
        )
        found: dict[bytes, bytes] = {}
        for number, key, used, checksum, value in connection.execute(ask, (kind, *keys)):
            if isinstance(value, bytes) and checksum == _checksum(kind, key, value):
                found[key] = value
                if used != self._today:
                    self._used.add(number)
        return found

    def _write(
        self, connection: sqlite3.Connection, kind: str, values: Mapping[bytes, bytes], bulks: Mapping[bytes, bytes]
    ) -> None:
        sizes = {key: len(value) + len(bulks.get(key, b"")) for key, value in values.items()}
        with _transaction(connection):
            for portion in _portions(list(values)):
                replaced = f"FROM entries WHERE kind = ? AND key IN ({','.join('?' * len(portion))})"
                for table in _TABLES_OF_VALUES:
                    connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT id {replaced})", (kind, *portion))
                connection.execute(f"DELETE {replaced}", (kind, *portion))
            last = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
            numbers = {key: number for number, key in enumerate(values, last + 1)}
            entries = ((numbers[key], kind, key, size, self._today) for key, size in sizes.items())
            connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", entries)
            for table, its in zip(_TABLES_OF_VALUES, (values, bulks), strict=True):
                rows = ((numbers[key], _checksum(kind, key, value), value) for key, value in its.items())
                connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)

    def _settle(self, connection: sqlite3.Connection) -> None:
        if self._used:
            with _transaction(connection):
                connection.executemany(
                    "UPDATE entries SET used = ? WHERE id = ?", [(self._today, number) for number in self._used]
                )
        over = (connection.execute("SELECT sum(size) FROM entries").fetchone()[0] or 0) - self.limit
        if over > 0:
            self._evict(connection, over)

    def _evict(self, connection: sqlite3.Connection, over: int) -> None:
        """Take out what was not used for longest, until ``over`` bytes are gone."""
        gone: list[tuple[int]] = []
        for number, size in connection.execute("SELECT id, size FROM entries ORDER BY used, id"):
            if over <= 0:
                break
            gone.append((number,))
            over -= size
        with _transaction(connection):
            for table in ("entries", *_TABLES_OF_VALUES):
                connection.executemany(f"DELETE FROM {table} WHERE id = ?", gone)
        connection.execute("VACUUM")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _portions(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _checksum(kind: str, key: bytes, value: bytes) -> bytes:
    made = hashlib.blake2b(kind.encode(), digest_size=16, key=key[:64])
    made.update(value)
    return made.digest()


def _files(folder: Path) -> list[Path]:
    return [folder / f"{FILE}{suffix}" for suffix in ("", "-wal", "-shm")]


def _day() -> int:
    return int(time.time()) // _DAY
