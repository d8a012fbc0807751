"""The store: the only reader of ``content/``. Folders in, values out; what cannot be read is a problem."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.errors import RecordError
from loomworks_record.source.document import Document, document_problems, read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import is_document_name
from loomworks_record.source.problem import Problem, sort_key

LONGEST_NAME = 200  # bytes of one name; the longest page made of it must stay within 255
_SILENT = frozenset({".DS_Store", ".gitkeep", ".gitignore", ".gitattributes", ".git"})
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


def read_content(folder: Path, kinds: KindTable | None = None) -> Content:
    """Read every file below ``folder``. Raises NoContentError when there is no such folder."""
    if not folder.is_dir():
        raise NoContentError(f"there is no folder '{folder}': expected the record's content; name it with --content")
    table = kinds or KindTable()
    problems: list[Problem] = []
    files = sorted(_files(folder, "", problems), key=lambda file: file.path.encode("utf-8", "surrogateescape"))
    problems += _collisions(files)
    documents: list[Document] = []
    attachments: list[Attachment] = []
    phase_files: list[tuple[str, bytes]] = []
    taken: set[str] = set()
    for file in files:
        filename = file.path.rpartition("/")[2]
        if file.path in taken:
            continue  # the NFC and the NFD form of one name: reported above, one address
        taken.add(file.path)
        if not is_document_name(filename):
            attachments.append(Attachment(file.path, file.file, file.size))
            if filename != PHASE_FILE:
                continue
        data = _bytes(file, problems)
        if data is None:
            continue
        if filename == PHASE_FILE:
            phase_files.append((file.path, data))
            continue
        document = read_document(file.path, data, table)
        documents.append(document)
        problems += document_problems(document)
    return Content(tuple(documents), tuple(attachments), tuple(phase_files), tuple(sorted(problems, key=sort_key)))


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
        if entry.name.startswith("."):
            if entry.name not in _SILENT:
                problems.append(
                    Problem(path, None, "file-hidden", f"'{written}' begins with a dot and is not published")
                )
            continue
        problems += _name_problems(path, written)
        if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
            problems.append(
                Problem(path, None, "file-not-regular", f"'{written}' is {_what(entry)}, expected a regular file")
            )
        elif entry.is_dir():
            yield from _files(Path(entry.path), path + "/", problems)
        elif len(os.fsencode(entry.name)) <= LONGEST_NAME:
            yield _File(path, Path(entry.path), entry.stat().st_size)


def _name_problems(path: str, written: str) -> Iterator[Problem]:
    if unicodedata.normalize("NFC", written) != written:
        yield Problem(path, None, "name-not-nfc", "the name is in Unicode form NFD, expected NFC")
    if "\ufffd" in written:
        yield Problem(path, None, "name-not-portable", f"'{written}' is no UTF-8 name")
    size = len(written.encode())
    if size > LONGEST_NAME:
        yield Problem(path, None, "name-too-long", f"the name has {size} bytes, expected at most {LONGEST_NAME}")


def _what(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return f"a symbolic link to '{Path(entry.path).readlink()}'"
    mode = entry.stat(follow_symlinks=False).st_mode
    return "a named pipe" if stat.S_ISFIFO(mode) else "a socket or device"


def _bytes(file: _File, problems: list[Problem]) -> bytes | None:
    try:
        return file.file.read_bytes()
    except OSError as wrong:
        problems.append(Problem(file.path, None, "file-unreadable", f"the file cannot be read: {wrong.strerror}"))
        return None


def _collisions(files: list[_File]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for file in files:
        folded = file.path.casefold()
        other = seen.setdefault(folded, file.path)
        if other is not file.path:
            yield Problem(file.path, None, "name-collision", f"differs from '{other}' only in case or Unicode form")
