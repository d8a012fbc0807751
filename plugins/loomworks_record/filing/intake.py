"""The files to be filed, read once: what they are is refused here, what they say is judged elsewhere."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from loomworks_record.filing.values import IncomingFile, Refusal
from loomworks_record.source.document import LARGEST

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def read_incoming(paths: Iterable[Path], content_dir: Path) -> tuple[list[IncomingFile], list[Refusal]]:
    """The files at ``paths``, and a refusal for each that is not a readable regular file outside the record."""
    incoming: list[IncomingFile] = []
    refusals: list[Refusal] = []
    for path in paths:
        found = _read(path, content_dir)
        if isinstance(found, IncomingFile):
            incoming.append(found)
        else:
            refusals.append(found)
    return incoming, refusals


def existing_folders(content_dir: Path) -> tuple[str, ...]:
    """The folders below ``phases/``, those without a document too: the record knows only those with one."""
    try:
        with os.scandir(content_dir / "phases") as entries:
            return tuple(sorted(f"phases/{e.name}" for e in entries if e.is_dir(follow_symlinks=False)))
    except FileNotFoundError:
        return ()


def _read(path: Path, content_dir: Path) -> IncomingFile | Refusal:
    given = _shown(str(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as wrong:
        if wrong.errno == errno.ELOOP:  # from O_NOFOLLOW
            return Refusal("not-regular", given, "is a symbolic link; give the file that it leads to")
        return Refusal("unreadable", given, f"cannot be read: {wrong.strerror}; check the path and its permissions")
    try:
        return _opened(path, given, descriptor, content_dir)
    except OSError as wrong:
        return Refusal("unreadable", given, f"cannot be read: {wrong.strerror}; copy the file anew")
    finally:
        os.close(descriptor)


def _opened(path: Path, given: str, descriptor: int, content_dir: Path) -> IncomingFile | Refusal:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe, socket or device"
        return Refusal("not-regular", given, f"is {what}; give the documents themselves, as regular files")
    if path.resolve().is_relative_to(content_dir):
        inside = "lies in the record already; move it out of the content folder and file it from there"
        return Refusal("in-record", given, inside)
    if found.st_size > LARGEST:
        return _too_large(given, found.st_size)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        return _too_large(given, len(data))
    return IncomingFile(given, unicodedata.normalize("NFC", _shown(path.name)), data)


def _too_large(given: str, size: int) -> Refusal:
    return Refusal(
        "too-large",
        given,
        f"has {size:,} bytes, expected at most {LARGEST:,}; file the text without what makes it large",
    )


def _shown(text: str) -> str:
    """The path in one line that can be printed anywhere."""
    return _CONTROL.sub("\ufffd", text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
