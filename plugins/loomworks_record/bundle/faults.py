"""What can be wrong with a bundle: one table of reason codes, and the value that reports them.

A reason code is stable: scripts may rely on it. docs/verify.md shows the same table, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from loomworks_record.errors import RecordError

OK, CONTENT, USAGE, CLOCK, HISTORY, SIGNATURE, UNCHECKED, SOURCES = 0, 1, 2, 3, 4, 5, 6, 7

# The graver the statement, the earlier it stands: a bundle whose signature is wrong is not merely stale.
UNREAD = "cannot be read, or has more than 512 MiB; check its permissions and its size"
_GRAVEST_FIRST = (SIGNATURE, HISTORY, CONTENT, SOURCES, CLOCK, UNCHECKED)

REASONS: dict[str, tuple[int, str]] = {
    "file-missing": (CONTENT, "the manifest lists a file that is not there"),
    "file-unlisted": (CONTENT, "a file that the manifest does not list"),
    "file-differs": (CONTENT, "a file's bytes differ from the manifest"),
    "file-line-endings": (CONTENT, "a file differs only in its line endings (a checkout with autocrlf)"),
    "file-not-regular": (CONTENT, "a symlink, device, pipe or socket where only files and folders may be"),
    "manifest-encoding": (CONTENT, "the manifest is not UTF-8, or begins with a byte order mark"),
    "manifest-line-endings": (CONTENT, "the manifest has CRLF line endings"),
    "manifest-hex": (CONTENT, "a digest in the manifest is not 64 lower-case hexadecimal digits"),
    "manifest-syntax": (CONTENT, "a line of the manifest is not '<digest>  <path>', or has no LF"),
    "manifest-duplicate": (CONTENT, "the manifest lists a path twice"),
    "manifest-order": (CONTENT, "the manifest is not sorted by bytes"),
    "manifest-excluded": (CONTENT, "the manifest lists itself, the checkpoint or the stamp"),
    "path-unsafe": (CONTENT, "a path is absolute, climbs with '..', or holds '\\', an empty part or a control"),
    "path-not-nfc": (CONTENT, "a path is not in Unicode form NFC"),
    "path-collision": (CONTENT, "two paths are equal on a host that ignores case or Unicode form"),
    "path-dropped": (CONTENT, "a name that hosts do not publish"),
    "path-shadowed": (CONTENT, "two files that share one address once the host strips .html"),
    "host-files": (CONTENT, "more files than the host takes"),
    "host-size": (CONTENT, "a file larger than the host takes"),
    "host-headers": (CONTENT, "_headers exceeds a limit of the host"),
    "host-redirects": (CONTENT, "_redirects exceeds a limit of the host"),
    "rules-copy": (CONTENT, "integrity/headers.txt or redirects.txt is not the file that the host reads"),
    "addresses-differ": (CONTENT, "addresses.txt is not the list of this site's addresses"),
    "address-gone": (CONTENT, "an address published before neither answers nor leads on, and nothing was withdrawn"),
    "page-required": (CONTENT, "a page or integrity file that every bundle has is not listed"),
    "asset-name": (CONTENT, "an asset's name carries a content hash that is not its own"),
    "archive-differs": (CONTENT, "an archived document differs from its log entry"),
    "archive-missing": (CONTENT, "an archived document of the log is not published"),
    "withdrawn-published": (CONTENT, "a withdrawn document is published"),
    "source-missing": (CONTENT, "a filed file of sources.txt is not published"),
    "source-differs": (CONTENT, "a filed file is not published as sources.txt says that it was read"),
    "source-unlisted": (CONTENT, "a published filed file is not in sources.txt"),
    "checkpoint-missing": (CONTENT, "there is no checkpoint"),
    "provenance-syntax": (CONTENT, "provenance.json is not the in-toto statement of this format"),
    "provenance-content": (CONTENT, "provenance.json names another content digest"),
    "provenance-sources": (CONTENT, "provenance.json and sources.txt disagree on the sources"),
    "stamp-missing": (CONTENT, "there is no stamp"),
    "stamp-syntax": (CONTENT, "stamp.json is not a canonical stamp of this format"),
    "stamp-manifest": (CONTENT, "the stamp belongs to another manifest"),
    "stamp-checkpoint": (CONTENT, "the stamp belongs to another checkpoint"),
    "stamp-sources": (CONTENT, "the stamp names other sources"),
    "stamp-commit": (CONTENT, "the stamp names another commit than the provenance"),
    "tiles-missing": (CONTENT, "a tile of the log is not published"),
    "note-syntax": (CONTENT, "checkpoint.note is not a signed note"),
    "note-key": (CONTENT, "the published verifier key is not the key of the signed note"),
    "note-copy": (CONTENT, "integrity/tlog/checkpoint is not checkpoint.note"),
    "receipt-syntax": (CONTENT, "the receipt is not of this format"),
    "receipt-proof": (CONTENT, "the receipt's proof does not lead from its entry to its checkpoint"),
    "receipt-document": (CONTENT, "the document is not the one of the receipt"),
    "receipt-withdrawn": (CONTENT, "the receipt's document was withdrawn"),
    "header-missing": (CONTENT, "the server drops a header that _headers declares"),
    "header-differs": (CONTENT, "the server sends another value than _headers declares"),
    "header-unexpected": (CONTENT, "the server sends a header that changes what a reader gets and was not declared"),
    "generation-mixed": (CONTENT, "a statement is of another generation than the stamp (a cache that is behind)"),
    "redirect-missing": (CONTENT, "the server does not redirect as _redirects declares"),
    "redirect-differs": (CONTENT, "the server redirects elsewhere, or where nothing was declared"),
    "not-found-status": (CONTENT, "a made-up address is not answered with 404"),
    "not-found-page": (CONTENT, "a made-up address is not answered with the site's 404 page"),
    "stamp-expired": (CLOCK, "the stamp has expired"),
    "stamp-future": (CLOCK, "the stamp was issued in the future"),
    "stamp-period": (CLOCK, "the stamp expires before it was issued, or its sequence is not its issue time"),
    "clock-set-back": (CLOCK, "this clock is behind the stamp accepted before"),
    "rollback": (HISTORY, "an older stamp than the one accepted before"),
    "sequence-reused": (HISTORY, "another stamp with the sequence of the one accepted before"),
    "log-not-extended": (HISTORY, "the log does not begin with the log accepted before"),
    "log-forked": (HISTORY, "the log and the one accepted before have different entries in one place"),
    "tiles-differ": (HISTORY, "the tiles are not those of the log"),
    "note-checkpoint": (HISTORY, "the signed note is of another checkpoint"),
    "log-missing": (HISTORY, "there is no log"),
    "log-syntax": (HISTORY, "a line of the log is not a canonical entry"),
    "log-sequence": (HISTORY, "the log's sequence numbers do not count 0, 1, 2, …"),
    "log-entry": (HISTORY, "a log entry contradicts the entries before it"),
    "log-root": (HISTORY, "the checkpoint's root is not the root of the log"),
    "log-size": (HISTORY, "the checkpoint's size is not the size of the log"),
    "checkpoint-syntax": (HISTORY, "the checkpoint is not origin, size and root, one per line"),
    "checkpoint-origin": (HISTORY, "the checkpoint is of another origin"),
    "provenance-log": (HISTORY, "provenance.json names another log"),
    "signature-missing": (SIGNATURE, "a key was given but the stamp is not signed"),
    "signature-syntax": (SIGNATURE, "stamp.json.sig is not an SSH signature"),
    "signature-namespace": (SIGNATURE, "the signature was made for another namespace"),
    "signature-key": (SIGNATURE, "the signature was made with another key"),
    "signature-expired": (SIGNATURE, "the key had expired when the stamp was issued, or was not valid yet"),
    "note-missing": (SIGNATURE, "a witness was asked for, but there is no signed note"),
    "note-signature": (SIGNATURE, "the note has no good signature by a key that was given"),
    "witness-quorum": (SIGNATURE, "fewer witnesses than asked for have cosigned the note"),
    "signature-wrong": (SIGNATURE, "the signature is not one of these bytes"),
    "manifest-missing": (UNCHECKED, "there is no manifest"),
    "manifest-empty": (UNCHECKED, "the manifest is empty"),
    "manifest-oversized": (UNCHECKED, "the manifest is larger than any real one"),
    "file-unreadable": (UNCHECKED, "a file cannot be read, or has more than 512 MiB"),
    "file-oversized": (UNCHECKED, "an answer or integrity file is larger than is read"),
    "unreachable": (UNCHECKED, "the server gives no answer"),
    "coding-unknown": (UNCHECKED, "the server sends bytes in a coding that cannot be decoded"),
    "moved-while-checking": (UNCHECKED, "another release was published during the check"),
    "bundle-inconsistent": (UNCHECKED, "the bundle's own statements disagree; freshness cannot be told"),
    "rebuild-failed": (UNCHECKED, "the rebuild did not finish"),
    "rebuild-differs": (SOURCES, "a rebuilt file differs from the bundle"),
    "rebuild-missing": (SOURCES, "the bundle holds a file that the rebuild does not make"),
    "rebuild-extra": (SOURCES, "the rebuild makes a file that the bundle does not hold"),
    "document-added": (SOURCES, "a source file that the bundle was not built from"),
    "document-changed": (SOURCES, "a source file that changed since the bundle was built"),
    "document-removed": (SOURCES, "a source file that is gone since the bundle was built"),
    "configuration-changed": (SOURCES, "the configuration changed since the bundle was built"),
    "templates-changed": (SOURCES, "the templates changed since the bundle was built"),
    "lock-changed": (SOURCES, "the lock file changed since the bundle was built"),
    "log-changed": (SOURCES, "the log changed since the bundle was built"),
}


Proved = str | int | bool | None


class Fault(Struct, frozen=True):
    """One thing wrong: a code of ``REASONS``, the path or address it stands at ("" for the whole), one line."""

    reason: str
    path: str
    message: str

    @property
    def exit_code(self) -> int:
        return REASONS[self.reason][0]

    def as_json(self) -> dict[str, str]:
        return {"reason": self.reason, "path": self.path, "message": self.message}

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{self.reason}: {place}{self.message}"


class Report(Struct, frozen=True):
    """The answer of a check: every fault, gravest first; notes are not faults. ``proved``: what a receipt speaks of;
    ``manifest``: the digest (hex) of the manifest that was checked, of a site at its address."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    checked: int = 0
    proved: Mapping[str, Proved] | None = None
    manifest: str = ""

    @property
    def exit_code(self) -> int:
        return self.faults[0].exit_code if self.faults else OK

    @property
    def reasons(self) -> frozenset[str]:
        return frozenset(fault.reason for fault in self.faults)

    def as_json(self) -> dict[str, object]:
        said: dict[str, object] = {
            "ok": not self.faults,
            "exit": self.exit_code,
            "faults": [fault.as_json() for fault in self.faults],
        }
        if self.notes:
            said["notes"] = list(self.notes)
        return said if self.proved is None else {**said, "proved": dict(self.proved)}


def report(faults: Iterable[Fault], notes: Iterable[str] = (), checked: int = 0) -> Report:
    """Order faults by gravity, then path and reason, each once."""
    unique = set(faults)
    ordered = sorted(unique, key=lambda f: (_GRAVEST_FIRST.index(f.exit_code), f.path, f.reason, f.message))
    return Report(tuple(ordered), tuple(notes), checked)


class BundleError(RecordError):
    """The bundle cannot be made or read; the message says what to do."""


class ContentError(BundleError):
    """What should be sealed contradicts itself (exit 1)."""

    exit_code = CONTENT


class CheckError(BundleError):
    """Something needed for the check is not there (exit 6). ``reason``: of the fault that a check makes of it."""

    exit_code = UNCHECKED
    reason = "file-oversized"


def refused(faults: Iterable[Fault]) -> BundleError:
    """What is raised where a folder with these cannot be taken: its exit code is that of the gravest."""
    found = report(faults).faults
    kind = CheckError if found[0].exit_code == UNCHECKED else ContentError
    return kind("\n".join(map(str, found)))


class RefusedReadError(CheckError):
    """The system refuses to give a file."""

    reason = "file-unreadable"


class Unreachable(CheckError):
    """A server gave no usable answer, after every try."""

    reason = "unreachable"
