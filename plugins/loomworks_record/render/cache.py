"""The rendering cache: what was made once is found again by the digest of everything that it was made from.

One file an entry, named by its key, in folders of the key's first two digits. An entry begins with the
digest of what follows: a damaged, truncated or foreign one is no entry. Two builds may use one cache at once:
entries are written beside their place and renamed, and two builds that make the same entry make the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT = 2 << 30  # bytes on disk; past it the entries not used for longest go
_MAGIC = b"record-cache/1\n"
_DIGEST = 32  # bytes of the sha256 that an entry begins with


@dataclass(frozen=True, slots=True)
class Usage:
    """What a cache holds: how many entries, and their bytes on disk."""

    entries: int
    size: int


@dataclass(frozen=True, slots=True)
class Cache:
    """A cache in ``folder``. Values are what JSON holds (nothing that could run when it is read); keys come
    from ``key``."""

    folder: Path

    def get(self, key: str) -> Any:
        """The value of ``key``, or None: not there, damaged, or not ours."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)  # what is used stays
        except OSError:
            return None
        payload = _payload(data)
        if payload is None:
            return None
        try:
            return json.loads(zlib.decompress(payload))
        except (zlib.error, ValueError):
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep ``value``. A full disk or a folder that cannot be written costs the entry, not the build."""
        path = self._path(key)
        payload = zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)
        beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(_MAGIC + hashlib.sha256(payload).digest() + payload)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)

    def usage(self) -> Usage:
        sizes = [size for _, size, _ in self._entries()]
        return Usage(len(sizes), sum(sizes))

    def clear(self) -> Usage:
        """Remove every entry; what was there."""
        before = self.usage()
        shutil.rmtree(self.folder, ignore_errors=True)
        return before

    def prune(self, limit: int = LIMIT) -> Usage:
        """Remove the entries not used for longest until the rest fits; what was removed."""
        entries = sorted(self._entries())
        excess = sum(size for _, size, _ in entries) - limit
        removed = freed = 0
        for _, size, path in entries:
            if freed >= excess:
                break
            path.unlink(missing_ok=True)
            removed, freed = removed + 1, freed + size
        return Usage(removed, freed)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            try:
                found = path.stat()
            except OSError:
                continue  # another build removed it meanwhile
            yield found.st_mtime, found.st_size, path


def key(*parts: object) -> str:
    """The key of what was made from ``parts``: text, bytes, numbers, None, and tuples of them."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(b"b" if isinstance(part, bytes) else b"r")
        digest.update(data)
    return digest.hexdigest()


def _payload(data: bytes) -> bytes | None:
    head = len(_MAGIC) + _DIGEST
    if len(data) < head or not data.startswith(_MAGIC):
        return None
    payload = data[head:]
    return payload if hashlib.sha256(payload).digest() == data[len(_MAGIC) : head] else None
