"""The store: the only reader of ``content/``. Folders in, values out; what cannot be read is a problem."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.errors import RecordError
from loomworks_record.kept.memo import NO_MEMO, Memo, left_in
from loomworks_record.source.document import LARGEST, POINTER_SIZE, Document, is_pointer, pointer_problem
from loomworks_record.source.kept_documents import ReadDocument, read_documents
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import COMMON, EXTENSIONS, Notation, is_document_name
from loomworks_record.source.problem import Problem, sort_key
from loomworks_record.source.project import Project
from loomworks_record.source.publishable import (
    DEEPEST,
    LONGEST_NAME,
    UNPUBLISHABLE,
    WELL_KNOWN,
    is_publishable,
    is_root_file,
    path_of,
)

_MEANT_AS_DOCUMENT = frozenset({*EXTENSIONS, ".markdown", ".mdown", ".mkdn", ".mkd", ".htm", ".xhtml"})
_AFTER_ANOTHER = frozenset({".txt", ".bak", ".orig", ".old", ".backup", ".tmp"})  # "plan-v0_1.txt"
# "plan-v0_1.md.rej", "#plan-v0_1.md#", "plan-v0_1.md~": what programs leave beside a document; not what goes with one.
_LEFT = lazy.regex(r"#?(?P<name>[^#].*?\.(?:md|html))[^0-9A-Za-z].*", re.DOTALL)
_BESIDE = frozenset(
    """.asc .sig .minisig .p7s .ots .sha1 .sha256 .sha512 .md5 .license .pdf .docx .odt .epub .png .jpg .jpeg .svg .webp
    .json .yml .yaml .toml .csv .xml .diff .patch .zip .gz .xz .zst""".split()  # noqa: SIM905 - as a list it is long
)
PHASE_FILE = "phase.yml"
_SETTLED = 1_000_000_000  # nanoseconds after which another change has another time
_SILENT = frozenset({".DS_Store", ".gitkeep", ".gitignore", ".gitattributes", ".git"})


class NoContentError(RecordError):
    """The folder to read is not there."""

    exit_code = 2


class UnreadableError(RecordError):
    """A filed file cannot be read any more."""

    exit_code = 6


class Origin(NamedTuple):
    """The content folder that a file was found in, and the numbers of its device and of itself."""

    folder: Path
    device: int
    number: int


_NOWHERE = Origin(Path(), 0, 0)


class Attachment(Struct, frozen=True):
    """A filed file that is not a document (an image …). ``path`` as for documents; ``file`` is where it lies."""

    path: str
    file: Path
    size: int
    origin: Origin = _NOWHERE

    def read(self) -> bytes:
        """The filed bytes. Raises UnreadableError where they can no longer be read."""
        try:
            return _read(self.file, self.origin)
        except OSError as wrong:
            why = f"{wrong.strerror}; it was changed meanwhile, run the command again"
            raise UnreadableError(f"{self.path}: {why}") from None


class Content(Struct, frozen=True):
    """Everything below one content folder, sorted by path, and what was wrong with reading it."""

    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...]
    phase_files: tuple[tuple[str, bytes], ...]
    problems: tuple[Problem, ...]


def unread(content: Content) -> Iterator[Problem]:
    """Those of files, and of folders, that would be published and could not be read."""
    found = (problem for problem in content.problems if problem.code == "file-unreadable")
    return (problem for problem in found if is_publishable(f"{problem.path}/"))


class _File(Struct, frozen=True):
    path: str
    file: Path
    size: int
    renamed: bool  # it lies under other names than its path says: not in NFC, or not in UTF-8
    origin: Origin
    changed: tuple[int, int]  # nanoseconds: its bytes, and anything about it


def content_of(project: Project, memo: Memo = NO_MEMO, *, by_name: bool = False) -> Content:
    """What is filed, as the project's configuration has it read. Raises NoContentError when there is no content."""
    config = project.config
    return read_content(project.content_dir, config.kinds, memo, config.root_files, config.notation, by_name)


def read_content(
    folder: Path,
    kinds: KindTable | None = None,
    memo: Memo = NO_MEMO,
    root_files: Sequence[str] = (),
    notation: Notation = COMMON,
    by_name: bool = False,
) -> Content:
    """Read every file below ``folder``; ``root_files``: see ``is_root_file``, they are not documents; ``by_name``: see
    ``read_documents``. Raises NoContentError when there is no such folder.

    UnreadableError where that cannot be listed.

    Every byte is read and hashed, whatever ``memo`` keeps: a file's time of change proves nothing. A preview, which is
    not published, reads those that somebody has touched.
    """
    if not folder.is_dir():
        raise NoContentError(f"there is no folder '{folder}': expected the record's content; name it with --content")
    problems: list[Problem] = []
    files = sorted(_files(folder, problems), key=lambda file: (file.path.encode(), file.renamed))
    if problems and not problems[0].path:
        raise UnreadableError(f"{folder}: {problems[0].message}; check its permissions")
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
        if is_document_name(filename) and not is_root_file(file.path, root_files):
            filed.append(file)
            continue
        if not os.access(file.file, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
            problems.append(_unreadable(file.path, "permission denied"))
            continue
        attachments.append(Attachment(file.path, file.file, file.size, file.origin))
        if filename == PHASE_FILE:
            phase_files += _bytes([file], problems)
        elif file.size < POINTER_SIZE:
            small = _bytes([file], problems)
            problems += (pointer_problem(path, "file") for path, data in small if is_pointer(data))
    kinds = kinds or KindTable()

    def reading(some: Sequence[_File]) -> Sequence[ReadDocument]:
        return read_documents(_bytes(some, problems), kinds, memo, notation=notation, by_name=by_name)

    left = left_in(memo)
    read = reading(filed) if left is None else _read_again(filed, reading, left, (kinds.rows, notation))
    problems += (problem for _, found in read for problem in found)
    documents = ranked(document for document, _ in read)
    return Content(documents, tuple(attachments), tuple(phase_files), tuple(sorted(problems, key=sort_key)))


def _read_again(
    files: Sequence[_File],
    reading: Callable[[Sequence[_File]], Sequence[ReadDocument]],
    left: dict[str, Any],
    by: object,
) -> list[ReadDocument]:
    """The documents; those that nobody has touched since they were read, ``by`` the same, are at hand."""
    read_by, before = left.get("documents", (by, {}))
    there = {file.path: before[file.path] for file in files if before.get(file.path, (None,))[0] == file}
    there = there if read_by == by else {}
    others = [file for file in files if file.path not in there]
    settled = time.time_ns() - _SETTLED
    read = {each.document.path: each for each in reading(others)}
    fresh = {file.path: (file, read[file.path]) for file in others if file.path in read}
    left["documents"] = by, there | {path: each for path, each in fresh.items() if max(each[0].changed) < settled}
    known = there | fresh
    return [known[file.path][1] for file in files if file.path in known]


def names_of(folder: Path, path: str) -> list[str]:
    """Every regular file below ``folder`` that has this path, as it is named on the disk: there may be several, whose
    names differ in Unicode form. Raises OSError where a folder on the way cannot be listed."""
    found = [""]
    *parents, last = path.split("/")
    for part in (*parents, last):
        entries = [(before, entry) for before in found for entry in os.scandir(folder / before)]
        named = [(f"{before}{entry.name}", entry) for before, entry in entries if path_of(entry.name) == part]
        if part is last:
            return sorted(name for name, entry in named if entry.is_file(follow_symlinks=False))
        found = [f"{name}/" for name, entry in named if entry.is_dir(follow_symlinks=False)]
    return []


def ranked(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents with one public path each: where several claim one, what lies outside ``archive/`` has it, else
    the first; the others keep the path that they lie at."""
    held = tuple(documents)
    holders: dict[str, str] = {}
    for document in sorted(held, key=lambda document: document.archived_by_folder):
        holders.setdefault(document.public_path, document.path)
    return tuple(
        document if holders[document.public_path] == document.path else replace(document, public_path=document.path)
        for document in held
    )


def _files(folder: Path, problems: list[Problem]) -> Iterator[_File]:
    """Every regular file that is published. Without recursion: folders lie as deep as somebody put them."""
    waiting = [(folder, "", False)]
    while waiting:
        where, prefix, renamed = waiting.pop()
        try:
            with os.scandir(where) as entries:
                listed = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as wrong:
            problems.append(_unreadable_folder(prefix, f"cannot be read: {wrong.strerror}"))
            continue
        for entry in listed:
            written = entry.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            path = prefix + unicodedata.normalize("NFC", written)
            other = renamed or not path.endswith(entry.name)
            if not _is_for_reading(entry.name, path, written, problems):
                continue
            try:
                if not _is_regular(entry, path, written, problems):
                    continue
                if entry.is_dir():
                    if path.count("/") >= DEEPEST:
                        problems.append(_unreadable_folder(path, f"lies more than {DEEPEST} folders deep: not read"))
                    else:
                        waiting.append((Path(entry.path), path + "/", other))
                    continue
                problems += _extension_problems(path, written)
                if len(os.fsencode(entry.name)) <= LONGEST_NAME:
                    found = _of_bearable_size(entry.stat(follow_symlinks=False))
                    origin = Origin(folder, found.st_dev, found.st_ino)
                    changed = found.st_mtime_ns, found.st_ctime_ns
                    yield _File(path, Path(entry.path), found.st_size, other, origin, changed)
            except OSError as wrong:  # it went away, or its folder may be listed but not entered
                problems.append(_unreadable(path, _why(wrong)))


def _is_for_reading(name: str, path: str, written: str, problems: list[Problem]) -> bool:
    if name in _SILENT:
        return False
    if name.startswith(".") and path != WELL_KNOWN:
        problems.append(Problem(path, None, "file-hidden", f"'{written}' begins with a dot and is not published"))
        return False
    if UNPUBLISHABLE.search(written):
        problems.append(
            Problem(path, None, "name-unpublishable", f"{written!r} holds a control character or a backslash")
        )
        return False
    problems += _name_problems(path, written)
    return True


def _is_regular(entry: os.DirEntry[str], path: str, written: str, problems: list[Problem]) -> bool:
    if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
        problems.append(
            Problem(path, None, "file-not-regular", f"'{written}' is {_what(entry)}, expected a regular file")
        )
        return False
    problems += _portability(path, written)
    return True


def _name_problems(path: str, written: str) -> Iterator[Problem]:
    if unicodedata.normalize("NFC", written) != written:
        yield Problem(path, None, "name-not-nfc", "the name is in Unicode form NFD, expected NFC")
    size = len(written.encode())
    if size > LONGEST_NAME:
        yield Problem(path, None, "name-too-long", f"the name has {size} bytes, expected at most {LONGEST_NAME}")


def _portability(path: str, written: str) -> Iterator[Problem]:
    if "\ufffd" in written:
        yield Problem(path, None, "name-not-portable", f"'{written}' is not a UTF-8 name")
    elif not re.fullmatch(r"[\w.\-]+", written, re.ASCII):
        others = [f"'{sign}'" for sign in dict.fromkeys(re.findall(r"[^\w.\-]", written, re.ASCII))]
        got = ", ".join(others[:5]) + (" and others" if others[5:] else "")
        yield Problem(path, None, "name-not-portable", f"'{written}' has {got}; expected a-z, A-Z, 0-9, '.', '-', '_'")


def _extension_problems(path: str, written: str) -> Iterator[Problem]:
    extension = PurePosixPath(written).suffix
    if extension not in EXTENSIONS and extension.lower() in _MEANT_AS_DOCUMENT:
        yield Problem(
            path, None, "name-extension",
            f"'{written}' is published as filed and has no page: expected {' or '.join(EXTENSIONS)}, got {extension}",
        )  # fmt: skip
    elif meant := _left_of(written, extension.lower()):
        yield Problem(
            path, None, "name-extension",
            f"'{written}' is published as filed and has no page: expected '{meant}'",
        )  # fmt: skip


def _left_of(written: str, extension: str) -> str:
    """The name of the document that a file is a copy of, made by a program; "" of any other."""
    left = _LEFT.fullmatch(written) if extension not in EXTENSIONS and extension not in _BESIDE else None
    if left:
        return left["name"]
    plain = written[: len(written) - len(extension)]
    return plain if extension in _AFTER_ANOTHER and is_document_name(plain) else ""


def _unreadable(path: str, why: str) -> Problem:
    return Problem(path, None, "file-unreadable", f"the file cannot be read: {why}")


def _why(wrong: OSError) -> str:
    return "it was taken away meanwhile" if isinstance(wrong, FileNotFoundError) else wrong.strerror or str(wrong)


def _unreadable_folder(path: str, why: str) -> Problem:
    return Problem(path.rstrip("/"), None, "file-unreadable", f"the folder {why}")


def _what(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return f"a symbolic link to '{Path(entry.path).readlink()}'"
    mode = entry.stat(follow_symlinks=False).st_mode
    return "a named pipe" if stat.S_ISFIFO(mode) else "a socket or device"


def _bytes(files: Iterable[_File], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """The paths and bytes of those that can be read, one after the other."""
    for file in files:
        try:
            yield file.path, _read(file.file, file.origin)
        except OSError as wrong:
            problems.append(_unreadable(file.path, _why(wrong)))


def _read(file: Path, origin: Origin) -> bytes:
    """The bytes of a regular file of the content folder, never of one that a link leads to. Raises OSError."""
    # Opening a pipe that took its place would wait for a writer.
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    found = os.fstat(descriptor)
    if (found.st_dev, found.st_ino) != origin[1:]:
        # Another file than was listed: an editor may have put it there, or a folder on the way is a link by now.
        os.close(descriptor)
        descriptor = _opened_by_steps(origin.folder, file)
        found = os.fstat(descriptor)
    with open(descriptor, "rb", buffering=0) as opened:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file any more")
        _of_bearable_size(found)
        return opened.read()


def _of_bearable_size(found: os.stat_result) -> os.stat_result:
    """``found``, of a file that is not too large to be read. Raises OSError."""
    if found.st_size > LARGEST:
        raise OSError(errno.EFBIG, f"it has {found.st_size:,} bytes, more than {LARGEST:,}")
    return found


def _opened_by_steps(folder: Path, file: Path) -> int:
    *parents, name = file.relative_to(folder).parts
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    for part, kind in (*((parent, os.O_DIRECTORY) for parent in parents), (name, os.O_NONBLOCK)):
        try:
            opened = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | kind, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = opened
    return descriptor


def _collisions(files: list[_File]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    folders: set[str] = set()
    for file in files:
        paths, folder = [file.path], file.path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            paths.append(folder)
            folder = folder.rpartition("/")[0]
        for path in reversed(paths):
            other = seen.setdefault(path.casefold(), path)
            if other is not path:
                yield Problem(path, None, "name-collision", f"differs from '{other}' only in case or Unicode form")
