"""What there is to see of a log in a file, a folder or at an address, for `record log compare`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from loomworks_record.bundle import merkle, paths
from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.files import read_bounded
from loomworks_record.bundle.lineage import View, accepted_view
from loomworks_record.bundle.log import MAX_LOG, parse_log
from loomworks_record.bundle.statements import hex_digest, parse_checkpoint
from loomworks_record.bundle.verify import LIMITS
from loomworks_record.errors import UsageError

Read = Callable[[str], bytes | None]  # takes a path within a site

_FILES = (paths.CHECKPOINT, paths.NOTE, paths.STAMP, paths.LOG, paths.TLOG_NOTE)


def read_view(given: str) -> View:
    """A view of a log: a stamp, checkpoint, note or log in a file or at an address, or a site.

    A stamp or checkpoint that lies in a site is read with the log beside it. UsageError if it is nothing of these,
    CheckError if what a site says of its log does not fit together.
    """
    if given.startswith(("http://", "https://")):
        return _at(given)
    path = Path(given)
    if path.is_dir():
        return _site(given, lambda name: read_bounded(path / name, LIMITS[name]))
    data = read_bounded(path, MAX_LOG)
    if data is None:
        raise UsageError(f"{given}: no such file, folder or address")
    beside = path.resolve().parent
    return _file(given, data, lambda name: read_bounded(beside.parent / name, LIMITS[name]))


def _at(given: str) -> View:
    from loomworks_record.bundle.fetch import PublishedSite, fetch_small  # noqa: PLC0415 - files need no urllib

    name = next((name for name in _FILES if given.endswith(f"/{name}")), None)
    site = PublishedSite(given.removesuffix(f"/{name}") if name else given)

    def read(path: str) -> bytes | None:
        return fetch_small(site, path, LIMITS[path])

    if name is None:
        return _site(given, read)
    data = read(name)
    if data is None:
        raise UsageError(f"{given}: is not there")
    return _file(given, data, read)


def _site(given: str, read: Read) -> View:
    checkpoint, log = read(paths.CHECKPOINT), read(paths.LOG)
    if checkpoint is None or log is None:
        raise UsageError(f"{given}: has no {paths.CHECKPOINT} and {paths.LOG}; is this a built site?")
    view = _parsed(given, checkpoint)
    leaves = parse_log(log, name=f"{given}: {paths.LOG}").leaves
    if len(leaves) != view.size or merkle.root(leaves) != view.root:
        raise CheckError(f"{given}: its log is not that of its checkpoint; run `record verify`")
    stamp = read(paths.STAMP)
    return replace(view, leaves=leaves, stamp=None if stamp is None else _parsed(given, stamp).stamp)


def _file(given: str, data: bytes, read: Read) -> View:
    view = _parsed(given, data)
    log = read(paths.LOG) if view.leaves is None else None
    if log is None:
        return view
    leaves = parse_log(log, name=f"{given}: {paths.LOG}").leaves
    if view.size is None:  # a stamp: the checkpoint beside it must be the one that it vouches for
        checkpoint = read(paths.CHECKPOINT)
        if checkpoint is None or view.stamp is None or hex_digest(checkpoint) != view.stamp.checkpoint:
            return view
        found = parse_checkpoint(checkpoint)
        view = replace(view, origin=found.origin, size=found.size, root=found.root)
    assert view.size is not None
    begun = leaves[: view.size]
    return replace(view, leaves=begun) if len(begun) == view.size and merkle.root(begun) == view.root else view


def _parsed(given: str, data: bytes) -> View:
    try:
        return accepted_view(data, given)
    except ValueError as wrong:
        raise UsageError(f"{given}: expected a stamp.json, checkpoint, log.jsonl or site: {wrong}") from wrong
