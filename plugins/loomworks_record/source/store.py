"""The store: the only reader of ``content/``. Folders in, values out; what cannot be read is a problem."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from loomworks_record.errors import RecordError
from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.source.document import Document
from loomworks_record.source.kept_documents import read_documents
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import EXTENSIONS, is_document_name
from loomworks_record.source.problem import Problem, sort_key

LONGEST_NAME = 200  # bytes of one name; the longest page made of it must stay within 255
_SILENT = frozenset({".DS_Store", ".gitkeep", ".gitignore", ".gitattributes", ".git"})
_UNPUBLISHABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")
_MEANT_AS_DOCUMENT = frozenset({*EXTENSIONS, ".markdown", ".mdown", ".mkdn", ".mkd", ".htm", ".xhtml"})
PHASE_FILE = "phase.yml"


class NoContentError(RecordError):
    """The folder to read is not there."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Attachment:
    """A filed file that is no document (an image …). ``path`` as for documents; ``file`` is where it lies."""

    path: str
    file: Path
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything below one content folder, sorted by path, and what was wrong with reading it."""

    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...]
    phase_files: tuple[tuple[str, bytes], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    file: Path
    size: int
    renamed: bool  # its name is not in NFC, its path is


def read_content(folder: Path, kinds: KindTable | None = None, memo: Memo = NO_MEMO) -> Content:
    """Read every file below ``folder``. Raises NoContentError when there is no such folder.

    Every byte is read and hashed, whatever ``memo`` keeps: a file's time of change proves nothing.
    """
    if not folder.is_dir():
        raise NoContentError(f"there is no folder '{folder}': expected the record's content; name it with --content")
    problems: list[Problem] = []
    files = sorted(_files(folder, "", problems), key=lambda file: (file.path.encode(), file.renamed))
    problems += _collisions(files)
    filed: list[_File] = []
    attachments: list[Attachment] = []
    phase_files: list[tuple[str, bytes]] = []
    taken: set[str] = set()
    for file in files:
        filename = file.path.rpartition("/")[2]
        if file.path in taken:
            continue  # the NFC and the NFD form of one name: reported above; one address, which NFC has
        taken.add(file.path)
        if is_document_name(filename):
            filed.append(file)
            continue
        if not os.access(file.file, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
            problems.append(_unreadable(file.path, "permission denied"))
            continue
        attachments.append(Attachment(file.path, file.file, file.size))
        if filename == PHASE_FILE:
            phase_files += _bytes([file], problems)
    read = read_documents(_bytes(filed, problems), kinds or KindTable(), memo)
    problems += (problem for _, found in read for problem in found)
    documents = tuple(document for document, _ in read)
    return Content(documents, tuple(attachments), tuple(phase_files), tuple(sorted(problems, key=sort_key)))


def _files(folder: Path, prefix: str, problems: list[Problem]) -> Iterator[_File]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as wrong:
        problems.append(
            Problem(prefix.rstrip("/"), None, "file-unreadable", f"the folder cannot be read: {wrong.strerror}")
        )
        return
    for entry in listed:
        written = entry.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        path = prefix + unicodedata.normalize("NFC", written)
        if entry.name in _SILENT:
            continue
        if entry.name.startswith("."):
            problems.append(Problem(path, None, "file-hidden", f"'{written}' begins with a dot and is not published"))
            continue
        if _UNPUBLISHABLE.search(written):
            problems.append(
                Problem(path, None, "name-unpublishable", f"{written!r} holds a control character or a backslash")
            )
            continue
        problems += _name_problems(path, written)
        try:
            yield from _entry(entry, path, written, problems)
        except OSError as wrong:  # it went away, or its folder may be listed but not entered
            problems.append(_unreadable(path, wrong.strerror))


def _entry(entry: os.DirEntry[str], path: str, written: str, problems: list[Problem]) -> Iterator[_File]:
    if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
        problems.append(
            Problem(path, None, "file-not-regular", f"'{written}' is {_what(entry)}, expected a regular file")
        )
    elif entry.is_dir():
        problems += _portability(path, written)
        yield from _files(Path(entry.path), path + "/", problems)
    else:
        problems += _portability(path, written)
        problems += _extension_problems(path, written)
        if len(os.fsencode(entry.name)) <= LONGEST_NAME:
            yield _File(path, Path(entry.path), entry.stat().st_size, not path.endswith(written))


def _name_problems(path: str, written: str) -> Iterator[Problem]:
    if unicodedata.normalize("NFC", written) != written:
        yield Problem(path, None, "name-not-nfc", "the name is in Unicode form NFD, expected NFC")
    size = len(written.encode())
    if size > LONGEST_NAME:
        yield Problem(path, None, "name-too-long", f"the name has {size} bytes, expected at most {LONGEST_NAME}")


def _portability(path: str, written: str) -> Iterator[Problem]:
    if "\ufffd" in written:
        yield Problem(path, None, "name-not-portable", f"'{written}' is no UTF-8 name")
    elif not re.fullmatch(r"[\w.\-]+", written, re.ASCII):
        yield Problem(path, None, "name-not-portable", f"'{written}' has other characters than letters, digits, . - _")


def _extension_problems(path: str, written: str) -> Iterator[Problem]:
    extension = PurePosixPath(written).suffix
    if extension not in EXTENSIONS and extension.lower() in _MEANT_AS_DOCUMENT:
        yield Problem(
            path, None, "name-extension",
            f"'{written}' is published as filed and has no page: expected {' or '.join(EXTENSIONS)}, got {extension}",
        )  # fmt: skip


def _unreadable(path: str, why: str | None) -> Problem:
    return Problem(path, None, "file-unreadable", f"the file cannot be read: {why or 'it is no longer there'}")


def _what(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return f"a symbolic link to '{Path(entry.path).readlink()}'"
    mode = entry.stat(follow_symlinks=False).st_mode
    return "a named pipe" if stat.S_ISFIFO(mode) else "a socket or device"


def _bytes(files: Iterable[_File], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """The paths and bytes of those that can be read, one after the other."""
    for file in files:
        try:
            yield file.path, file.file.read_bytes()
        except OSError as wrong:
            problems.append(_unreadable(file.path, wrong.strerror))


def _collisions(files: list[_File]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for file in files:
        folded = file.path.casefold()
        other = seen.setdefault(folded, file.path)
        if other is not file.path:
            yield Problem(file.path, None, "name-collision", f"differs from '{other}' only in case or Unicode form")
