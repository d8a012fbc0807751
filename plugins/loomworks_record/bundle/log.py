"""The log: an append-only list of versions and their digests, one RFC 8785 object per line.

An entry is ``archived`` (the first of its path), ``correction`` (another digest from now on) or ``withdrawal`` (the
bytes may not be published any more); the last two give a reason. The last entry of a path is in force.

An entry ``filed`` says when a version was filed, under the path that it was filed at and with the digest that it had
when it entered the log. It binds nothing: a version may be edited until it is archived. ``adopted`` says where the time
is from, if not from the filing itself: "git", or "document" (the document's own date).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Annotated

from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder, Encoder
from msgspec.structs import replace

from loomworks_record.bundle.faults import HISTORY, BundleError, ContentError, Fault
from loomworks_record.bundle.paths import is_unsafe, shown

ARCHIVED, CORRECTION, WITHDRAWAL, FILED = "archived", "correction", "withdrawal", "filed"
TYPES = (ARCHIVED, CORRECTION, WITHDRAWAL, FILED)
ADOPTED = ("git", "document")
_KEEP = "write 'content/** -text' and 'record.log.jsonl -text' into .gitattributes"
CHANGED_LINE_ENDS = (
    f"which git's core.autocrlf makes of LF: {_KEEP}, commit it, delete the files and run 'git checkout .'"
)
LINE_ENDS_LOST = (
    f"which git's core.autocrlf, or its attribute 'text', makes of CRLF when a file is added: {_KEEP}, and where the "
    "filed bytes are run 'git add --renormalize .', commit, and check out anew"
)
MAX_LOG = 64 * 1024 * 1024
MAX_ENTRY = 0xFFFF  # bytes of a line: C2SP tlog-tiles says its length in two

LOG_NAME = "record.log.jsonl"

Leaf = bytes  # inside Entry, ``bytes`` names the field

_HEX = re.compile(r"[0-9a-f]{64}")
_Natural = Annotated[int, Meta(ge=0, lt=2**53)]


class LogError(BundleError):
    """The log is not one that this program could have appended to (exit 4)."""

    exit_code = HISTORY


class ArchiveError(ContentError):
    """An archived document differs from its log entry (exit 1)."""


class ArchivedDocument(Struct, frozen=True):
    """An archived document as filed: path relative to content (POSIX, NFC), digest (hex) and size in bytes."""

    path: str
    version: str | None
    date: str | None
    sha256: str
    bytes: int


class Entry(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of the log; ``sequence`` counts from 0 and is the leaf's index in the Merkle tree."""

    sequence: _Natural
    type: str
    path: str
    version: str | None
    date: str | None
    sha256: str
    bytes: _Natural
    reason: str | None = None
    filed: str | None = None
    adopted: str | None = None

    @property
    def leaf(self) -> Leaf:
        """The line without its LF: what the Merkle tree hashes."""
        return _LINES.encode(self)


@dataclass(frozen=True)
class Log:
    """Entries in order, with the one in force for each path, and the filing of each path."""

    entries: tuple[Entry, ...] = ()
    in_force: Mapping[str, Entry] = field(init=False, repr=False, compare=False)
    filed: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        binding = {entry.path: entry for entry in self.entries if entry.type != FILED}
        object.__setattr__(self, "in_force", binding)
        object.__setattr__(self, "filed", {entry.path: entry for entry in self.entries if entry.type == FILED})

    def __bytes__(self) -> bytes:
        return b"".join(leaf + b"\n" for leaf in self.leaves)

    @cached_property
    def leaves(self) -> tuple[bytes, ...]:
        """The lines of the log without their LFs."""
        return tuple(entry.leaf for entry in self.entries)

    @property
    def withdrawn(self) -> dict[str, Entry]:
        """The withdrawal in force for each path whose bytes may not be published."""
        return {path: entry for path, entry in self.in_force.items() if entry.type == WITHDRAWAL}

    def digest(self, path: str) -> str | None:
        """The sha256 (hex) that a path must have now; None if it has no entry or is withdrawn."""
        entry = self.in_force.get(path)
        return None if entry is None or entry.type == WITHDRAWAL else entry.sha256


def parse_log(data: bytes, *, name: str = LOG_NAME) -> Log:
    """The log in ``data``; LogError names the first line that is wrong."""
    log, faults = read_log(data, name=name)
    for fault in faults:
        raise log_error(fault, name)
    return log


def log_error(fault: Fault, name: str) -> LogError:
    """What is wrong with a log, and the next step."""
    step = "" if CHANGED_LINE_ENDS in fault.message else "; restore the log from the repository's history"
    return LogError(f"{name}: {fault.message}{step}")


@lru_cache(maxsize=2)
def read_log(data: bytes, *, name: str) -> tuple[Log, tuple[Fault, ...]]:
    """What can be read of a log, and every fault in it; a log that several checks ask for is read once."""
    faults: list[Fault] = []
    if b"\r\n" in data:
        faults.append(Fault("log-syntax", name, f"it has CRLF line ends, {CHANGED_LINE_ENDS}"))
        data = data.replace(b"\r\n", b"\n")
    lines = data.split(b"\n")
    if lines.pop():
        faults.append(Fault("log-syntax", name, "expected a LF after the last line: is it cut short?"))
    log, wrong = _followed(Log(), lines, name)
    return log, (*faults, *wrong)


def _followed(log: Log, lines: Iterable[bytes], name: str) -> tuple[Log, list[Fault]]:
    """The log with what can be read of these lines behind its own, and every fault in it."""
    faults: list[Fault] = []
    entries, leaves = list(log.entries), list(log.leaves)
    for number, line in enumerate(lines, len(entries) + 1):
        try:
            entries.append(parse_entry(line))
            leaves.append(line)
        except ValueError as wrong:
            faults.append(Fault("log-syntax", name, f"line {number}: {wrong}"))
    faults.extend(_chain_faults(entries, name))
    longer = Log(tuple(entries))
    longer.__dict__["leaves"] = tuple(leaves)  # each line is that of its entry, and making them anew takes as long
    return longer, faults


def archived_have(number: int) -> str:
    """How a line about so many begins: "1 archived document has", "1,200 archived documents have"."""
    return "1 archived document has" if number == 1 else f"{number:,} archived documents have"


def changed_line_ends(data: bytes, sha256: str) -> str:
    """The line ends of ``data``, "CRLF" or "LF", where all having been the other ones is what tells it from the bytes
    with that digest (hex); else ""."""
    plain = data.replace(b"\r\n", b"\n")
    before = {"CRLF": plain, "LF": plain.replace(b"\n", b"\r\n")}
    same = (ends for ends, filed in before.items() if hashlib.sha256(filed).hexdigest() == sha256)
    return next(same, "")


def missing_entries(log: Log, archived: Iterable[ArchivedDocument]) -> list[ArchivedDocument]:
    """The archived documents that have no entry yet, in the order of their paths."""
    return sorted((doc for doc in archived if doc.path not in log.in_force), key=lambda doc: doc.path)


def check_archive(log: Log, archived: Iterable[ArchivedDocument], filed: Iterable[str] = ()) -> Iterator[Fault]:
    """Every logged document that is not withdrawn is archived unchanged; none that is withdrawn is there. ``filed``
    are the paths of what lies outside archives: that may be withdrawn too."""
    held = {document.path: document for document in archived}
    there = {*held, *filed}
    for path, entry in log.in_force.items():
        document = held.get(path)
        if entry.type == WITHDRAWAL:
            if path in there:
                message = f"was withdrawn ({entry.reason}); delete the file"
                yield Fault("withdrawn-published", path, message)
        elif document is None:
            message = (
                f"log entry {entry.sequence} (sha256 {entry.sha256}) is of a document that is not archived here;"
                " restore it (after 'git sparse-checkout disable', in a sparse checkout), or withdraw it with a reason"
            )
            yield Fault("archive-missing", path, message)
        elif document.sha256 != entry.sha256:
            message = (
                f"expected sha256 {entry.sha256} (log entry {entry.sequence}), got {document.sha256};"
                " restore the filed bytes, or record a correction with a reason"
            )
            yield Fault("archive-differs", path, message)


def append_missing(log: Log, archived: Iterable[ArchivedDocument]) -> Log:
    """The log with an entry for each archived document that has none."""
    new = [
        _entry(len(log.entries) + offset, ARCHIVED, doc) for offset, doc in enumerate(missing_entries(log, archived))
    ]
    return _extended(log, new)


def append_filed(log: Log, filings: Iterable[tuple[ArchivedDocument, str, str | None]]) -> Log:
    """The log with (document at the path that it was filed at, when, adopted from) for each path without a filing yet;
    in that order."""
    new: dict[str, Entry] = {}
    for doc, when, adopted in filings:
        if doc.path not in log.filed and doc.path not in new:
            new[doc.path] = _entry(len(log.entries) + len(new), FILED, doc, filed=when, adopted=adopted)
    return _extended(log, new.values())


def append_correction(log: Log, document: ArchivedDocument, reason: str) -> Log:
    """The log with a new digest for a path that it already has; LogError if there is nothing to correct."""
    before = log.in_force.get(document.path)
    if before is None:
        raise LogError(f"{document.path}: has no log entry to correct; `record log` adds one")
    if before.type != WITHDRAWAL and before.sha256 == document.sha256:
        raise LogError(f"{document.path}: equals its log entry {before.sequence}; there is nothing to correct")
    return _extended(log, [_entry(len(log.entries), CORRECTION, document, reason=_given(reason))])


def append_withdrawal(log: Log, document: ArchivedDocument | str, reason: str) -> Log:
    """The log with a withdrawal of a logged path, or of a document given with its digest; LogError otherwise."""
    path = document if isinstance(document, str) else document.path
    before = log.in_force.get(path)
    if before is not None and before.type == WITHDRAWAL:
        raise LogError(f"{path}: was withdrawn already (log entry {before.sequence})")
    if before is not None:
        entry = replace(before, sequence=len(log.entries), type=WITHDRAWAL, reason=_given(reason))
    elif isinstance(document, str):
        raise LogError(f"{path}: neither filed nor in the log; give a path relative to the content folder")
    else:
        entry = _entry(len(log.entries), WITHDRAWAL, document, reason=_given(reason))
    return _extended(log, [entry])


def _entry(sequence: int, kind: str, document: ArchivedDocument, **more: str | None) -> Entry:
    version, date, sha256 = document.version, document.date, document.sha256
    return Entry(sequence, kind, document.path, version, date, sha256, document.bytes, **more)


def _extended(log: Log, new: Iterable[Entry]) -> Log:
    longer, faults = _followed(log, [entry.leaf for entry in new], LOG_NAME)
    for fault in faults:
        raise log_error(fault, LOG_NAME)
    return longer


def _given(reason: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", reason).split())
    if not text:
        raise LogError("a correction or withdrawal needs a reason; give one with --reason")
    return text


def parse_entry(line: bytes) -> Entry:
    """The inverse of ``entry.leaf``; ValueError says what is not as expected."""
    try:
        entry = _ENTRY.decode(line)
    except DecodeError as wrong:
        raise ValueError(shown(str(wrong))) from wrong
    for complaint in _value_complaints(entry):
        raise ValueError(complaint)
    if len(line) > MAX_ENTRY:
        raise ValueError(f"expected at most {MAX_ENTRY:,} bytes, got {len(line):,}; shorten the reason")
    if entry.leaf != line:
        raise ValueError("expected the canonical form (RFC 8785) of the entry")
    return entry


def _value_complaints(entry: Entry) -> Iterator[str]:
    path, date = entry.path, entry.date
    if entry.type not in TYPES:
        yield f"type: expected one of {', '.join(TYPES)}, got {entry.type!r}"
    if not path or is_unsafe(path) or unicodedata.normalize("NFC", path) != path:
        yield f"path: expected a relative path of plain names in NFC, got {path!r}"
    if _HEX.fullmatch(entry.sha256) is None:
        yield f"sha256: expected 64 lower-case hexadecimal digits, got {entry.sha256[:80]!r}"
    if date is not None and not _is_date(date):
        yield f"date: expected YYYY-MM-DD, got {date!r}"
    if (entry.filed is not None) != (entry.type == FILED):
        yield "filed: expected with an entry of the type filed, and only there"
    elif entry.filed is not None and not is_time(entry.filed):
        yield f"filed: expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ, got {entry.filed!r}"
    if entry.adopted is not None and (entry.adopted not in ADOPTED or entry.type != FILED):
        yield f"adopted: expected one of {', '.join(ADOPTED)}, with a filing, got {entry.adopted!r}"
    if (entry.reason is None) != (entry.type in (ARCHIVED, FILED)):
        yield "reason: expected with a correction or withdrawal, and only there"


_ENTRY = Decoder(Entry)
_LINES = Encoder(order="sorted")  # an object of text and natural numbers, as RFC 8785 has it


def time_of(seconds: int) -> str:
    """Seconds since 1970 UTC, as the log writes a time."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=1024)  # much is filed on one day
def is_time(text: str) -> bool:
    """Whether the log may say so of a filing: a day, or a second in UTC."""
    try:
        return _is_date(text) or time_of(int(dt.datetime.fromisoformat(text).timestamp())) == text
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _chain_faults(entries: Iterable[Entry], name: str) -> Iterator[Fault]:
    before: dict[str, Entry] = {}
    filed: dict[str, Entry] = {}
    for number, entry in enumerate(entries):
        if entry.sequence != number:
            message = f"line {number + 1}: expected sequence {number}, got {entry.sequence}"
            yield Fault("log-sequence", name, message)
        earlier = before.get(entry.path)
        if entry.type == FILED:
            first = filed.setdefault(entry.path, entry)
            if first is not entry:
                message = f"line {number + 1}: {entry.path} was filed already (entry {first.sequence})"
                yield Fault("log-entry", name, message)
            continue
        if entry.type == ARCHIVED and earlier is not None:
            message = f"line {number + 1}: {entry.path} has entry {earlier.sequence} already"
            yield Fault("log-entry", name, message)
        elif entry.type == CORRECTION and earlier is None:
            yield Fault("log-entry", name, f"line {number + 1}: corrects {entry.path}, which has no entry")
        elif entry.type == WITHDRAWAL and earlier is not None and earlier.sha256 != entry.sha256:
            message = f"line {number + 1}: withdraws other bytes of {entry.path} than entry {earlier.sequence}"
            yield Fault("log-entry", name, message)
        before[entry.path] = entry
