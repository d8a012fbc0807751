"""Filings made on the disk: all or not at all, finished or taken back by the next run where one was killed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from msgspec import Struct

from loomworks_record.bundle.files import remove_leftovers, sync_folder, write_atomic
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.statements import hex_digest
from loomworks_record.errors import RecordError
from loomworks_record.filing.journal import FileChange, Journal, JournalError, Transaction
from loomworks_record.filing.values import FilingPlan
from loomworks_record.source.project import Project

Outcome = Literal["finished", "had finished", "taken back", "never begun"]


class FilingError(RecordError):
    """A filing could not be made, or not undone; the message says what the record is like now."""


class DiskError(FilingError):
    """The same, because the operating system refused."""

    exit_code = 6


class _ConflictError(Exception):
    """A file is neither as before nor as after."""


class Recovery(Struct, frozen=True):
    """What became of a filing (or of its undoing) that was interrupted."""

    outcome: Outcome
    transaction: Transaction | None = None

    def __str__(self) -> str:
        what = f"'{self.transaction.title}'" if self.transaction else "an earlier filing"
        if self.transaction and self.transaction.kind == "undoing":
            what = f"undoing {what}"
        return {
            "finished": f"{what} had been interrupted; it is finished now: everything was done",
            "had finished": f"{what} had finished before its command was ended: everything was done",
            "taken back": f"{what} had been interrupted and could not be finished; it is taken back: nothing was done",
            "never begun": f"{what} was interrupted before it changed anything: nothing was done",
        }[self.outcome]


def perform(project: Project, plan: FilingPlan) -> Transaction:
    """Make what ``plan`` says, or leave all as it was. The caller holds the project's lock.

    Raises FilingError when a file is no longer as planned, or when the disk refuses; nothing is changed then.
    """
    transaction, blobs = transaction_of(project, plan)
    _begin(project, transaction, blobs)
    return transaction


def withdraw(project: Project, transaction: Transaction, after: bytes) -> None:
    """Make what ``withdrawal`` says, or leave all as it was. ``after``: the log. The caller holds the lock.

    Raises FilingError when the disk refuses. What was withdrawn is in no journal, so that it is nowhere afterwards.
    """
    log = next((change for change in transaction.changes if not change.path), None)
    blobs = {log.after: after} if log and log.after else {}
    if log and log.before:
        blobs[log.before] = read_log_bytes(project.log_file)
    _begin(project, transaction, blobs)


def withdrawal(project: Project, title: str, names: Iterable[str], after: bytes | None) -> Transaction:
    """The changes that withdraw the files ``names`` (as they are named on the disk, relative to content/), and write
    the log ``after`` first where that is given."""
    changes: list[FileChange] = []
    if after is not None:
        before = read_log_bytes(project.log_file)
        changes.append(FileChange("", hex_digest(before) if before else None, hex_digest(after)))
    changes += [FileChange(name, hex_digest((project.content_dir / name).read_bytes()), None) for name in names]
    return Transaction("withdrawing", title, _shown(project), tuple(changes))


def undo(project: Project) -> Transaction:
    """Take back the last filing. The caller holds the lock. FilingError if there is none, or a file has changed."""
    journal = Journal(project.root)
    last = undoable(project)
    _begin(project, last.inverse, journal.blobs(journal.last, last))
    return last


def undoable(project: Project) -> Transaction:
    """The last filing, if it can be undone as far as the journal knows; FilingError otherwise."""
    journal = Journal(project.root)
    last = journal.read(journal.last)
    if last is None or last.kind == "undoing":
        raise FilingError("there is no filing to undo; only the last one can be undone, once, until it is committed")
    _check_content(project, last)
    return last


def recover(project: Project) -> Recovery | None:
    """Finish what was interrupted, or take it back, and say which; None if nothing was. The caller holds the lock."""
    journal = Journal(project.root)
    current = journal.read(journal.current)
    if current is not None:
        _check_content(project, current)
        return _recovered(project, journal, current)
    if journal.preparing.exists():
        journal.discard(journal.preparing)
        return Recovery("never begun")
    untold = journal.take_untold()
    return Recovery("had finished", untold) if untold else None


def told(project: Project) -> None:
    """The caller has said that the last transaction is done."""
    with suppress(OSError):  # it is done all the same, and said twice at worst
        Journal(project.root).tell()


def transaction_of(project: Project, plan: FilingPlan) -> tuple[Transaction, dict[str, bytes]]:
    """The changes that a plan stands for, and the bytes before and after them by digest."""
    blobs: dict[str, bytes] = {}

    def digest(data: bytes) -> str:
        found = hex_digest(data)
        blobs[found] = data
        return found

    changes = [FileChange(each.document.path, None, digest(each.document.data)) for each in plan.filed]
    changes += [FileChange(move.target, None, digest(move.document.data)) for move in plan.moves]
    if plan.entries:
        before = digest(bytes(plan.before)) if plan.before.entries else None
        changes.append(FileChange("", before, digest(bytes(plan.after))))
    # A file is there at its new place before it leaves its old one: no moment without its bytes.
    changes += [FileChange(move.document.path, digest(move.document.data), None) for move in plan.moves]
    new = [change.path for change in changes if change.path and change.before is None]
    made = tuple(_missing_folders(project.content_dir, new))
    return Transaction("filing", plan.title, _shown(project), tuple(changes), made), blobs


def _shown(project: Project) -> str:
    content = project.content_dir
    return str(content.relative_to(project.root) if content.is_relative_to(project.root) else content)


def _missing_folders(content: Path, paths: Iterable[str]) -> list[str]:
    folders = {parent.as_posix() for path in paths for parent in Path(path).parents if parent != Path()}
    return sorted(folder for folder in folders if not (content / folder).exists())


def _begin(project: Project, transaction: Transaction, blobs: Mapping[str, bytes]) -> None:
    journal = Journal(project.root)
    try:
        _check_states(project, transaction)
        journal.begin(transaction, blobs)
    except (OSError, _ConflictError) as wrong:
        with suppress(OSError):
            journal.forget()
        raise _error(wrong)(f"{_said(wrong)}; nothing was done") from wrong
    try:
        _run(project, journal, transaction)
    except (OSError, _ConflictError) as wrong:
        _take_back(project, journal, transaction, wrong)
        raise _error(wrong)(f"{_said(wrong)}; everything was put back, nothing was done") from wrong
    _finish(journal, transaction)


def _finish(journal: Journal, transaction: Transaction) -> None:
    try:
        journal.finish(transaction)
    except OSError as wrong:
        said = f"everything was done, but the journal cannot be closed ({_said(wrong)})"
        raise DiskError(f"{said}; mend that and run `record file` again") from wrong


def _recovered(project: Project, journal: Journal, current: Transaction) -> Recovery:
    try:
        _run(project, journal, current)
    except (OSError, _ConflictError) as wrong:
        _take_back(project, journal, current, wrong)
        return Recovery("taken back", current)
    _finish(journal, current)
    journal.take_untold()
    return Recovery("finished", current)


def _take_back(project: Project, journal: Journal, transaction: Transaction, why: Exception) -> None:
    lost = (change.before for change in transaction.changes if not _file(project, change).exists() and change.before)
    if not all((journal.current / digest).exists() for digest in lost):  # withdrawn: there is only the way on
        raise _error(why)(f"'{transaction.title}' is not finished: {_said(why)}; run `record file`, which finishes it")
    try:
        _run(project, journal, transaction.inverse)
    except (OSError, _ConflictError) as wrong:
        raise _error(wrong)(
            f"'{transaction.title}' can be neither finished ({_said(why)}) nor taken back ({_said(wrong)}); "
            f"mend that and run `record file` again"
        ) from wrong
    journal.forget()


def _run(project: Project, journal: Journal, transaction: Transaction) -> None:
    """Make every change that is not made yet. Doing it twice is doing it once."""
    content = project.content_dir
    for folder in transaction.made:
        _make_folder(content, folder)
    for change in transaction.changes:
        file = _file(project, change)
        remove_leftovers(file)
        state = _digest(content, file)
        if state == change.after:
            continue
        if state != change.before:
            raise _ConflictError(_conflict(change, state))
        if change.after is not None:
            write_atomic(file, journal.blob(journal.current, change.after))
        else:
            file.unlink()
            sync_folder(file.parent)
    for folder in reversed(transaction.emptied):
        if (content / folder).is_dir() and not any((content / folder).iterdir()):
            (content / folder).rmdir()


def _check_states(project: Project, transaction: Transaction) -> None:
    """Every file is as the transaction expects it before it begins, and so is each folder on its way."""
    for change in transaction.changes:
        state = _digest(project.content_dir, _file(project, change))
        if state != change.before:
            raise _ConflictError(_conflict(change, state))


def _file(project: Project, change: FileChange) -> Path:
    return project.content_dir / change.path if change.path else project.log_file


def _digest(content: Path, file: Path) -> str | None:
    """sha256 (hex) of a regular file, None if nothing is there; OSError or _ConflictError for all else."""
    _check_folders(content, file)
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise _ConflictError(f"'{file.name}' is not a regular file")
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _check_folders(content: Path, file: Path) -> None:
    """Below the content folder no link leads elsewhere, and no file stands where a folder should."""
    if not file.is_relative_to(content):
        return
    for parent in file.relative_to(content).parents:
        place = content / parent
        if os.path.lexists(place) and (not place.is_dir() or (place.is_symlink() and parent != Path())):
            raise _ConflictError(f"'{parent.as_posix()}' is expected to be a folder, and is a link or a file")


def _make_folder(content: Path, folder: str) -> None:
    place = content / folder
    _check_folders(content, place)
    if not place.is_dir():
        place.mkdir(parents=True)
        sync_folder(place.parent)


def _conflict(change: FileChange, state: str | None) -> str:
    expected = f"sha256 {change.before[:16]}…" if change.before else "nothing"
    got = f"sha256 {state[:16]}…" if state else "nothing"
    return f"'{change.path or 'the log'}': expected {expected} there, got {got}"


def _check_content(project: Project, transaction: Transaction) -> None:
    expected = (project.root / transaction.content).resolve()
    if expected != project.content_dir.resolve():
        raise FilingError(
            f"'{transaction.title}' was made in the content folder '{transaction.content}'; "
            f"run the command with --content {transaction.content}"
        )
    if not expected.is_relative_to(project.root.resolve()) and not project.is_named:
        raise FilingError(
            f"'{transaction.title}' changes {expected}, outside of the project, which may be a stranger's; if it is "
            f"yours, run the command with --content {expected}"
        )


def _error(wrong: Exception) -> type[FilingError]:
    return DiskError if isinstance(wrong, OSError) else FilingError


def _said(wrong: Exception) -> str:
    if isinstance(wrong, JournalError | _ConflictError):
        return str(wrong)
    if isinstance(wrong, OSError):
        return f"{Path(wrong.filename).name}: {wrong.strerror}" if wrong.filename else str(wrong.strerror or wrong)
    return str(wrong)
