"""`record fresh`: was this bundle built from these sources? Answered document by document; times do not count."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import CheckError, Fault
from loomworks_record.bundle.files import read_bounded
from loomworks_record.bundle.manifest import MAX_BYTES as MAX_MANIFEST
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.bundle.provenance import MAX_BYTES as MAX_STATEMENT
from loomworks_record.bundle.provenance import PARTS, Inputs, Provenance, parse_provenance
from loomworks_record.bundle.stamp import MAX_BYTES as MAX_STAMP
from loomworks_record.bundle.stamp import Stamp, parse_stamp
from loomworks_record.errors import UsageError

Read = Callable[[str, int], bytes | None]

_CHANGED = {
    "configuration": "configuration-changed",
    "templates": "templates-changed",
    "lock": "lock-changed",
}


@dataclass(frozen=True, slots=True)
class Built:
    """What a bundle says it was built from: sha256 (hex) per source path, of the log, and the rest."""

    sources: Mapping[str, str]
    log: str
    provenance: Provenance
    stamp: Stamp


def read_built(site: str) -> Built:
    """The statements of a bundle in a folder or at an address.

    Unreachable if the server does not answer, CheckError if the statements contradict each other, UsageError if there
    is no such folder.

    Only what freshness needs is read; `record verify` checks the bundle as a whole.
    """
    if site.startswith(("http://", "https://")):
        from loomworks_record.bundle.fetch import PublishedSite, fetch_small  # noqa: PLC0415 - a folder needs no urllib

        remote = PublishedSite(site)
        return _built(lambda path, limit: fetch_small(remote, path, limit))
    folder = Path(site)
    if not folder.is_dir():
        raise UsageError(f"{site}: no such folder; give the folder of a built site, or its https:// address")
    return _built(lambda path, limit: read_bounded(folder / path, limit))


def freshness_faults(built: Built, inputs: Inputs, log: bytes) -> Iterator[Fault]:
    """Each source file, and each other part, that differs from what the bundle was built from."""
    for path in sorted(built.sources.keys() | inputs.sources.keys()):
        was, now = built.sources.get(path), inputs.sources.get(path)
        if was is None:
            yield Fault("document-added", path, f"sha256 {now}, is not in the bundle; build and publish")
        elif now is None:
            yield Fault("document-removed", path, f"sha256 {was}, is in the bundle but not in the sources")
        elif was != now:
            yield Fault("document-changed", path, f"sha256 {was} in the bundle, {now} in the sources")
    for name in PARTS:
        was, now = built.provenance.parts.get(name), inputs.parts.get(name)
        if was != now:
            yield Fault(_CHANGED[name], "", f"{name}: sha256 {was or '(none)'} in the bundle, now {now or '(none)'}")
    now = hashlib.sha256(log).hexdigest()
    if built.log != now:
        yield Fault("log-changed", "", f"log: sha256 {built.log} in the bundle, now {now}")


def _built(read: Read) -> Built:
    def need(path: str, limit: int) -> bytes:
        data = read(path, limit)
        if data is None:
            raise CheckError(f"{path}: is not there; is this a built site?")
        return data

    manifest = need(paths.MANIFEST, MAX_MANIFEST)
    digests = parse_manifest(manifest, name=paths.MANIFEST).digests
    sources = need(paths.SOURCES, MAX_MANIFEST)
    statement = need(paths.PROVENANCE, MAX_STATEMENT)
    for path, data in ((paths.SOURCES, sources), (paths.PROVENANCE, statement)):
        if digests.get(path) != hashlib.sha256(data).hexdigest():
            raise CheckError(f"{path}: differs from the manifest; run `record verify`")
    try:
        stamp = parse_stamp(need(paths.STAMP, MAX_STAMP))
        provenance = parse_provenance(statement)
    except ValueError as wrong:
        raise CheckError(f"{paths.FOLDER}: {wrong}; run `record verify`") from wrong
    if stamp.manifest != hashlib.sha256(manifest).hexdigest():
        raise CheckError(f"{paths.STAMP}: is of another manifest; run `record verify`")
    listed = parse_manifest(sources, name=paths.SOURCES)
    if listed.faults:
        raise CheckError(f"{listed.faults[0]}; run `record verify`")
    return Built(listed.digests, digests.get(paths.LOG, ""), provenance, stamp)
