"""The one way to open a record. Builds and commands say the same of it because they all begin here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from loomworks_record.bundle.archive import archived, document_faults
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.headers import is_active
from loomworks_record.bundle.hosts import host_profile
from loomworks_record.bundle.log import (
    CHANGED_LINE_ENDS,
    ArchiveError,
    Log,
    is_time,
    log_error,
    missing_entries,
    read_log,
)
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.paths import RAW
from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.opening.checkout import left_out_problems
from loomworks_record.record.filings import Moment, Source, moment
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.baseline import Baseline, BaselineComparison, compare_problems
from loomworks_record.source.problem import Problem
from loomworks_record.source.project import LOG_FILE, Project
from loomworks_record.source.store import Content, content_of, unread

if TYPE_CHECKING:  # loaded by who cites
    from loomworks_record.record.chains import Chain
    from loomworks_record.record.citations.citation import Citation
    from loomworks_record.record.citations.read_batch import Share
    from loomworks_record.record.through import Through
from pathlib import Path

from loomworks_record.source.baseline import BaselineError, parse_baseline

# The faults of an archive beside its log, as problems of the record.
_CODES = {
    "archive-differs": "log-archive-differs",
    "archive-missing": "log-archive-missing",
    "withdrawn-published": "log-withdrawn-held",
}


@dataclass(frozen=True)
class OpenRecord:
    """A record with its log, opened once. ``whole.problems`` has what is wrong with either."""

    project: Project
    whole: Whole
    log: Log
    log_faults: tuple[Fault, ...] = field(default=(), repr=False)

    @property
    def record(self) -> Record:
        """Documents, chains and phases."""
        return self.whole.record

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of the record, sorted by place."""
        return self.whole.problems

    def citations_of(self, path: str) -> tuple[Citation, ...]:
        """What the document at ``path`` cites, in its order; empty where no document has that path."""
        return self.whole.citations.of(path)

    def cited_by(self, path: str) -> tuple[Citation, ...]:
        """The citations of the document at ``path`` in other documents."""
        return self.whole.citations.by(path)

    @cached_property
    def baseline(self) -> Baseline:
        """The configured baseline, empty where none is configured. Raises BaselineError when it cannot be read."""
        file = baseline_file(self.project)
        return read_baseline(file) if file else Baseline()

    @cached_property
    def compared(self) -> BaselineComparison:
        """The problems beside the baseline."""
        return compare_problems(self.baseline, self.problems)

    def with_problems(self, found: tuple[Problem, ...]) -> OpenRecord:
        """The same, with problems that showed later."""
        return replace(self, whole=self.whole.with_problems(found)) if found else self

    def refuse_wrong_log(self) -> None:
        """Nothing may be built from a log that cannot be read, or beside an archive that it does not hold.

        Raises LogError, or ArchiveError when an archived document differs from its entry, is missing, or was withdrawn
        and is still there.
        """
        for fault in self.log_faults:
            if fault.reason not in _CODES:
                raise log_error(fault, LOG_FILE)
        if self.log_faults:
            raise ArchiveError("\n".join(map(str, self.log_faults)))


def open_record(project: Project, memo: Memo = NO_MEMO, share: Share = map) -> OpenRecord:
    """Read the content of a project, whole, with its log. What ``memo`` has is not read again; ``share`` may have other
    processes read the rest.

    Raises NoContentError when there is no content. Whatever is wrong with a document or with the log is a problem.
    """
    content = content_of(project, memo)
    if not project.is_own_content:  # another folder than the project's: its log and its baseline say nothing of it
        return OpenRecord(project, Whole(Record(project.config, content), (), memo, share, _follow), Log())
    log, wrong = read_log(read_log_bytes(project.log_file), name=LOG_FILE)
    filed = [document.path for document in content.documents] + [each.path for each in content.attachments]
    if not wrong or all(CHANGED_LINE_ENDS in fault.message for fault in wrong):
        wrong = (*wrong, *document_faults(log, content.documents, filed))
    faults = wrong
    unseen = (*_unprotected(project, filed), *left_out_problems(project))
    problems = (*unseen, *(_problems(log, faults, content) if project.log_file.exists() else ()))
    record = Record(project.config, content, filings_of(log))
    return OpenRecord(project, Whole(record, problems, memo, share, _follow), log, faults)


def _unprotected(project: Project, filed: Iterable[str]) -> Iterator[Problem]:
    """What a browser would run, where the host sends none of the headers that keep it from that."""
    host = host_profile(project.config.host)
    for path in () if host.reads_rules else filed:
        if is_active(RAW + path):
            said = f"a host of the kind '{host.name}' sends no header that keeps its scripts from running"
            yield Problem(path, None, "file-may-run", said)


def _follow(whole: Whole, chain: Chain) -> Through:
    from loomworks_record.pages.since import follow  # noqa: PLC0415 - with all that renders and compares

    return follow(whole, chain)


def _lies_at(fault: Fault, places: Iterable[str]) -> bool:
    """Whether what is said to be missing lies at, or below, what cannot be read."""
    return fault.reason == "archive-missing" and any(f"{fault.path}/".startswith(f"{place}/") for place in places)


def filings_of(log: Log) -> dict[str, Moment]:
    """When each path was filed, as the log has it."""
    return {
        path: moment(entry.filed, _SOURCES.get(entry.adopted or "", ""), entry.sequence)
        for path, entry in log.filed.items()
        if entry.filed and is_time(entry.filed)
    }


_SOURCES: Mapping[str, Source] = {"git": "git", "document": "document"}


def _problems(log: Log, faults: tuple[Fault, ...], content: Content) -> Iterator[Problem]:
    """What the log and the archive say against each other."""
    hidden = tuple(problem.path for problem in unread(content))
    for fault in faults:
        if fault.reason in _CODES and not _lies_at(fault, hidden):
            yield Problem(fault.path, None, _CODES[fault.reason], fault.message)
        elif fault.reason not in _CODES:
            yield Problem(LOG_FILE, None, "log-malformed", fault.message)
    if not any(fault.reason not in _CODES for fault in faults):
        for document in missing_entries(log, archived(content.documents)):
            yield Problem(document.path, None, "log-missing-entry", "this archived document has no entry in the log")


def baseline_file(project: Project, given: Path | None = None) -> Path | None:
    """The file given, else the configured one (relative to the project's folder), else none."""
    if given is not None or project.config.baseline is None or not project.is_own_content:
        return given
    return project.root / project.config.baseline


def read_baseline(file: Path, *, may_begin: bool = False) -> Baseline:
    """The baseline in ``file``; an empty one where there is none and it ``may_begin``. Raises BaselineError."""
    if file.exists() and not file.is_file():
        raise BaselineError(f"{file}: cannot be read; expected a regular file")
    try:
        return parse_baseline(file.read_bytes(), name=file.name)
    except FileNotFoundError:
        if may_begin:
            return Baseline()
        raise BaselineError(f"{file}: there is no such file; begin it with --update-baseline --grow --reason") from None
