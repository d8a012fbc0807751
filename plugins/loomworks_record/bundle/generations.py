"""A cache that is behind mixes the files of two releases: told as that, file by file, and not as a rewritten log.

Only for what a server answers: in a folder there is no cache, and a log that does not fit is one that was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from loomworks_record.bundle import merkle, paths
from loomworks_record.bundle.checkpoint import Checkpoint, extends, parse_checkpoint, parse_note
from loomworks_record.bundle.checks import Bundle, Expectations
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.log import read_log
from loomworks_record.bundle.stamp import Stamp, parse_stamp, utc

# What compares two statements, of which one is of another generation.
_COMPARING = {
    paths.LOG: ("log-", "tiles-differ", "archive-", "withdrawn-published", "provenance-log"),
    paths.CHECKPOINT: ("log-root", "log-size", "checkpoint-", "log-not-extended", "note-checkpoint"),
    paths.PROVENANCE: ("provenance-log", "checkpoint-origin"),
    paths.NOTE: ("note-checkpoint",),
    paths.MANIFEST: ("archive-", "tiles-differ"),
}


def fits(stamp: bytes, manifest: bytes) -> bool:
    """Whether a stamp is of this manifest."""
    try:
        return parse_stamp(stamp).manifest == _sha256(manifest)
    except ValueError:
        return False


def told_apart(bundle: Bundle, expected: Expectations, faults: Sequence[Fault]) -> list[Fault]:
    """``faults`` of a bundle's statements; where some are of another generation than the stamp, that is said, and
    what follows from it alone is left out."""
    try:
        stamp = parse_stamp(bundle.stamp or b"")
    except ValueError:
        return list(faults)
    strangers = dict(_strangers(bundle, stamp))
    if not strangers:
        return list(faults)
    following = tuple(prefix for path in strangers for prefix in _COMPARING.get(path, ()))
    if paths.MANIFEST in strangers and not _shows_less(bundle, expected):
        following += ("rollback",)  # the stamp is what lags
    left = [fault for fault in faults if not fault.reason.startswith(following)]
    for path, evidence in strangers.items():
        message = f"is of another generation than the stamp of {utc(stamp.sequence)}: {evidence}; a cache may be behind"
        left.append(Fault("generation-mixed", path, message))
    return left


def _strangers(bundle: Bundle, stamp: Stamp) -> Iterator[tuple[str, str]]:
    """The statements that are not of the stamp's generation, each with what shows it."""
    manifest = _sha256(bundle.manifest)
    if manifest != stamp.manifest:
        yield paths.MANIFEST, f"the stamp is of manifest {stamp.manifest}, got {manifest}"
    if bundle.checkpoint is not None and _sha256(bundle.checkpoint) != stamp.checkpoint:
        yield paths.CHECKPOINT, f"the stamp is of checkpoint {stamp.checkpoint}, got {_sha256(bundle.checkpoint)}"
    if bundle.note is not None and _is_earlier(bundle.note, bundle.log or b""):
        yield paths.NOTE, "it is of an earlier state of this log"
    if manifest == stamp.manifest:
        yield from _unlisted(bundle)
        return
    if bundle.log is not None and bundle.checkpoint is not None and _sha256(bundle.checkpoint) == stamp.checkpoint:
        own, leaves = _parsed(bundle.checkpoint), bundle.log.split(b"\n")[:-1]
        if own is not None and (len(leaves), merkle.root(leaves)) != (own.size, own.root):
            yield paths.LOG, f"the stamp's checkpoint has {own.size} entries, got {len(leaves)}"
    if bundle.sources is not None and _sha256(bundle.sources) != stamp.sources:
        yield paths.SOURCES, f"the stamp is of sources {stamp.sources}, got {_sha256(bundle.sources)}"


def _is_earlier(note: bytes, log: bytes) -> bool:
    try:
        checkpoint = parse_checkpoint(parse_note(note).text)
    except ValueError:
        return False
    leaves = log.split(b"\n")[:-1]
    return checkpoint.size < len(leaves) and merkle.root(leaves[: checkpoint.size]) == checkpoint.root


def _unlisted(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """The statements that the manifest, which is the stamp's, has other digests for."""
    statements = {
        paths.LOG: bundle.log,
        paths.PROVENANCE: bundle.provenance,
        paths.SOURCES: bundle.sources,
        paths.HEADERS_COPY: bundle.headers,
        paths.REDIRECTS_COPY: bundle.redirects,
    }
    for path, data in statements.items():
        if data is not None and path in bundle.digests and _sha256(data) != bundle.digests[path]:
            yield path, f"the manifest has sha256 {bundle.digests[path]}, got {_sha256(data)}{_size(path, data)}"


def _shows_less(bundle: Bundle, expected: Expectations) -> bool:
    """Whether the manifest's own log lacks what was accepted before."""
    checkpoint = _parsed(bundle.checkpoint or b"")
    if bundle.log is None or checkpoint is None or bundle.digests.get(paths.LOG) != _sha256(bundle.log):
        return False
    log, _ = read_log(bundle.log, name=paths.LOG)
    try:
        last = parse_stamp(expected.last or b"").checkpoint
    except ValueError:
        return False
    return not extends(checkpoint.origin, log.leaves, last)


def _parsed(data: bytes) -> Checkpoint | None:
    try:
        return parse_checkpoint(data)
    except ValueError:
        return None


def _size(path: str, data: bytes) -> str:
    return f" ({data.count(10):,} entries)" if path == paths.LOG else ""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
