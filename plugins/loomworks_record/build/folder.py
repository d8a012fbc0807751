"""The folder of a site: what is right there stays, what differs is written, what is stale goes away.

A file counts as right by the digest of its bytes. It is never changed in place, so that a copy made of hard links (a
release) keeps what it had.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from loomworks_record.build.ownership import SiteContents, contents_of
from loomworks_record.bundle import paths
from loomworks_record.bundle.files import File, Sign, digest_files, place, sign_of

FILES = "files"  # the kind of what is kept of these:


class KeptFiles(msgspec.Struct, frozen=True, array_like=True):
    """Files of a site that are made of the same, by address: the sha256 (hex) of each. ``searched``: of the documents
    that they show, path → digest of what is searched; ``key``: under which those of the shard are kept that was the
    last one of a name. Beside a page, and beside a shard, stand the bytes."""

    files: dict[str, str]
    searched: dict[str, bytes] = {}
    key: bytes = b""


class SiteFolder:
    """``begin``, then ``put`` each file, then ``finish``.

    Between builds it remembers what it wrote: a preview that
    is built again hashes only what somebody else touched. Where the folder is ``ours``, nobody does."""

    def __init__(self, root: Path, *, ours: bool = False) -> None:
        self.root = root
        self._ours = ours
        self._prefix = os.fsencode(root) + b"/"
        self.written = 0  # files of this build
        self._known: dict[str, File] = {}
        self._there: dict[str, Sign] = {}
        self._wanted: dict[str, File] = {}
        self.tell: Callable[[str], None] = lambda path: None  # is told each path before a file is made there

    def begin(self, found: SiteContents | None = None, known: Mapping[str, File] | None = None) -> None:
        """Look at what is there, if it was not ``found``, and hash what is not ``known`` from an earlier build."""
        self.written, self._wanted = 0, {}
        if self._ours and self._known:
            self._there = {path: file.sign for path, file in self._known.items()}
            return
        self.root.mkdir(parents=True, exist_ok=True)
        found = found or contents_of(self.root)
        others, signs, self.tell = found.others, found.signs, found.tell
        earlier = self._known or dict(known or {})
        for fault in found.tree.faults:  # a link would lead what is written out of the site
            if fault.path not in others:
                with suppress(OSError):
                    place(self.root, fault.path).unlink()
        self._there, self._known = {}, {}
        unknown = []
        for path in found.tree.files:
            if path not in others and path != paths.UNSEALED:
                file, sign = earlier.get(path), signs.get(path)
                if sign is None:
                    continue
                self._there[path] = sign
                if file is not None and file.sign == sign:
                    self._known[path] = file
                else:
                    unknown.append(path)
        digests = digest_files(self.root, unknown)
        self._known |= {path: File(signs[path], digest) for path, digest in digests.items() if digest is not None}

    def holds(self, address: str, digest: str) -> bool:
        """Whether the file with that sha256 is there already; if so, it is kept."""
        known = self._known.get(address)
        if known is None or known.digest != digest:
            return False
        self._wanted[address] = known
        return True

    def holds_all(self, files: Mapping[str, str]) -> bool:
        """The same for several files, by address."""
        return all(self.holds(address, digest) for address, digest in files.items())

    def keep_all(self, prefix: str) -> None:
        """Keep what is there below ``prefix``, whatever it is."""
        self._wanted |= {path: file for path, file in self._known.items() if path.startswith(prefix)}

    def put(self, address: str, data: bytes, digest: str | None = None) -> None:
        """Have ``data`` at ``address``; ``digest`` is its sha256 where the caller knows it."""
        made = digest or hashlib.sha256(data).hexdigest()
        if self.holds(address, made):
            return
        self._known[address] = self._wanted[address] = File(self._write(address, data), made)
        self.written += 1

    def finish(self) -> None:
        """Take away what was there before and is no longer wanted.

        What somebody else wrote since ``begin`` (the host its assets, another plugin its files) stays.
        """
        self._remove(
            path
            for path, sign in self._there.items()
            if path not in self._wanted and (self._ours or self._sign(path) == sign)
        )

    def drop(self, prefix: str, besides: Collection[str]) -> None:
        """Take away what was kept or put below ``prefix``, but for ``besides``."""
        self._remove([path for path in self._known if path.startswith(prefix) and path not in besides])

    def _remove(self, paths: Iterable[str]) -> None:
        folders: set[Path] = set()
        for path in paths:
            file = place(self.root, path)
            file.unlink(missing_ok=True)
            for kept in (self._known, self._wanted):
                kept.pop(path, None)
            folders.add(file.parent)
        for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
            self._remove_empty(folder)

    def digest(self, address: str) -> str:
        """The sha256 (hex) of a file that was kept or put in this build."""
        return self._known[address].digest

    def kept(self, addresses: Iterable[str]) -> KeptFiles:
        """Files that were kept or put in this build."""
        return KeptFiles({address: self.digest(address) for address in addresses})

    @property
    def wanted(self) -> Mapping[str, File]:
        """What was kept or put in this build, by address."""
        return self._wanted

    @property
    def known(self) -> Mapping[str, File]:
        """What was hashed or written, by address."""
        return self._known

    def _write(self, address: str, data: bytes) -> Sign:
        # Without pathlib: of what a cold build's main process does, writing files is the largest part.
        path = self._path(address)
        if address not in self._there:
            self.tell(address)
        try:
            return _new_file(path, data)
        except FileExistsError:
            with suppress(OSError):  # an earlier site has a folder for a file
                os.unlink(path)  # noqa: PTH108 - as above
        except (FileNotFoundError, NotADirectoryError):  # its folder is not there yet, or a file stands for it
            pass
        self._make_room(place(self.root, address))
        return _new_file(path, data)

    def _make_room(self, file: Path) -> None:
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        folder = self.root
        for part in file.parent.relative_to(self.root).parts:
            folder = folder / part
            if folder.is_symlink() or not folder.is_dir():
                folder.unlink(missing_ok=True)
                folder.mkdir()

    def _remove_empty(self, folder: Path) -> None:
        with suppress(OSError):  # it holds something, or went with one below it
            while folder != self.root:
                folder.rmdir()
                folder = folder.parent

    def _sign(self, path: str) -> Sign | None:
        try:
            return sign_of(os.lstat(self._path(path)))
        except OSError:
            return None

    def _path(self, path: str) -> bytes:
        return self._prefix + path.encode("utf-8", "surrogateescape")


def _new_file(path: bytes, data: bytes) -> Sign:
    """Write a file that is not there yet. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - it is open already
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        return sign_of(os.fstat(file.fileno()))
