"""`record verify` for a folder: the bundle's statements, that manifest and files are equal both ways, and with
`--rebuild` that the sources, built again, make the same bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Bundle, Expectations, archived_without_entry, bundle_faults
from loomworks_record.bundle.faults import SIGNATURE, UNREAD, CheckError, Fault, RefusedReadError, Report, report
from loomworks_record.bundle.files import (
    Hasher,
    WalkedFolder,
    digest_files,
    place,
    read_bounded,
    walk,
    walk_published,
)
from loomworks_record.bundle.hosts import PROFILES, HostProfile, name_faults, size_faults
from loomworks_record.bundle.lineage import accepted_view
from loomworks_record.bundle.log import MAX_LOG, archived_have, changed_line_ends
from loomworks_record.bundle.manifest import MAX_MANIFEST, parse_manifest
from loomworks_record.bundle.provenance import MAX_STATEMENT, parse_provenance
from loomworks_record.bundle.statements import MAX_STAMP, hex_digest
from loomworks_record.errors import RecordError, UsageError

# What a bundle says of itself, by the field of ``Bundle``: where it lies, and the most bytes that are read of it.
_STATEMENTS: Mapping[str, tuple[str, int]] = {
    "stamp": (paths.STAMP, MAX_STAMP),
    "signature": (paths.SIGNATURE, MAX_STAMP),
    "checkpoint": (paths.CHECKPOINT, MAX_STAMP),
    "log": (paths.LOG, MAX_LOG),
    "provenance": (paths.PROVENANCE, MAX_STATEMENT),
    "sources": (paths.SOURCES, MAX_MANIFEST),
    "headers": (paths.HEADERS, MAX_STATEMENT),
    "redirects": (paths.REDIRECTS, MAX_STATEMENT),
    "addresses": (paths.ADDRESSES, MAX_MANIFEST),
    "note": (paths.NOTE, MAX_STAMP),
    "tlog_note": (paths.TLOG_NOTE, MAX_STAMP),
    "verifier_key": (paths.VERIFIER_KEY, MAX_STAMP),
}
LIMITS: Mapping[str, int] = dict(_STATEMENTS.values())

Rebuild = Callable[[Path], None]
_BESIDE = (paths.STAMP, paths.SIGNATURE, paths.NOTE, paths.TLOG_NOTE)  # of a time, or of a key


def verify_directory(site: Path, expected: Expectations, *, rebuild: Rebuild | None = None) -> Report:
    """Every check of a bundle in a folder. ``rebuild``: builds the sources into the folder it is given.

    UsageError if ``site`` is not a folder, or the last accepted stamp cannot be read.
    """
    if not site.is_dir():
        raise UsageError(f"{site}: no such folder; give the folder of a built site, or its https:// address")
    check_last(expected.last)
    manifest, stop = _manifest(site)
    if manifest is None:
        return report(stop)
    try:
        tree, beside = walk_published(site)
    except CheckError as wrong:
        return report([Fault(wrong.reason, "", str(wrong))])
    with Hasher(site, tree.files) as hashing:
        parsed = parse_manifest(manifest, name=paths.MANIFEST)
        if not parsed.digests and not parsed.faults:
            return report([Fault("manifest-empty", paths.MANIFEST, "lists nothing, so nothing can be checked")])
        try:
            bundle = read_bundle(manifest, parsed.digests, lambda path, most: read_bounded(site / path, most))
        except CheckError as wrong:
            return report([Fault(wrong.reason, paths.FOLDER, str(wrong))])
        faults = [*parsed.faults, *tree.faults, *_listing_faults(parsed.digests, tree)]
        unlisted = set(tree.files) - parsed.digests.keys() - paths.NOT_LISTED - {paths.CNAME}
        faults += bundle_faults(bundle, expected, also=unlisted)
        faults += _host_faults(site, tree, unlisted, bundle, expected)
        found = {path: digest for path, digest in hashing.result().items() if path in parsed.digests}
    faults += _digest_faults(site, parsed.digests, found)
    if rebuild is not None:
        faults += rebuild_faults(bundle, found, rebuild)
    if paths.CNAME in set(tree.files) - parsed.digests.keys():
        beside += (paths.CNAME,)
    names = f"not looked at, since they belong to whoever publishes the folder: {', '.join(beside)}"
    return report(faults, (*([names] if beside else []), *notes(bundle, expected, faults)), checked=len(found))


def check_last(last: bytes | None) -> None:
    """UsageError if what was accepted last is not a stamp, checkpoint, note or log."""
    if last is not None:
        try:
            accepted_view(last)
        except ValueError as wrong:
            message = f"--last: expected a stamp.json, checkpoint or log.jsonl that was accepted before: {wrong}"
            raise UsageError(message) from wrong


def notes(bundle: Bundle, expected: Expectations, faults: Iterable[Fault]) -> Iterator[str]:
    """What a reader should know though it is not a fault."""
    without = archived_without_entry(bundle)
    if without:
        some = f"{without[0]}{' …' if len(without) > 1 else ''}"
        yield f"{archived_have(len(without))} no log entry yet ({some}); `record log` adds them"
    if bundle.signature is not None and expected.key is None:
        yield "the stamp is signed, but no --key was given to check it with"
    unsigned = any(fault.exit_code == SIGNATURE for fault in faults)
    if bundle.signature is not None and expected.key is not None and not unsigned:
        from loomworks_record.bundle.sshsig import is_past  # noqa: PLC0415 - only with a key, see checks.py

        if is_past(bundle.signature, expected.key, expected.now):
            yield "the key is not valid any more; the stamp was judged at the time that it names"


def _manifest(site: Path) -> tuple[bytes | None, list[Fault]]:
    try:
        manifest = read_bounded(site / paths.MANIFEST, MAX_MANIFEST)
    except CheckError as wrong:
        reason = wrong.reason if isinstance(wrong, RefusedReadError) else "manifest-oversized"
        return None, [Fault(reason, paths.MANIFEST, str(wrong))]
    if manifest is None:
        return None, [Fault("manifest-missing", paths.MANIFEST, "is not there; is this a built site?")]
    if not manifest.strip():
        return None, [Fault("manifest-empty", paths.MANIFEST, "lists nothing, so nothing can be checked")]
    return manifest, []


def _listing_faults(digests: Mapping[str, str], tree: WalkedFolder) -> Iterator[Fault]:
    present, irregular = set(tree.files), {fault.path for fault in tree.faults}
    for path in digests.keys() - present - irregular:
        if not paths.is_unsafe(path):
            yield Fault("file-missing", path, "is in the manifest, but not there")
    for path in present - digests.keys() - paths.NOT_LISTED - {paths.CNAME}:
        yield Fault("file-unlisted", paths.shown(path), "is there, but not in the manifest")


def _host_faults(
    site: Path, tree: WalkedFolder, unlisted: set[str], bundle: Bundle, expected: Expectations
) -> Iterator[Fault]:
    profile = profile_of(bundle, expected.host)
    yield from name_faults(unlisted, profile)
    yield from size_faults(site, tree.files, profile)


def _digest_faults(site: Path, wanted: Mapping[str, str], found: Mapping[str, str | None]) -> Iterator[Fault]:
    for path, digest in () if found == wanted else found.items():
        if digest is None:
            yield Fault("file-unreadable", path, UNREAD)
        elif digest != wanted[path]:
            data = read_bounded_or_none(place(site, path))
            yield difference(path, wanted[path], digest, data)


def read_bounded_or_none(path: Path) -> bytes | None:
    try:
        return read_bounded(path, MAX_STATEMENT)
    except CheckError:
        return None


def difference(path: str, wanted: str, found: str, data: bytes | None) -> Fault:
    """The fault of a file that differs, telling line endings (which a checkout may have changed) from content."""
    if data is not None and (ends := changed_line_ends(data, wanted)):
        sealed = "LF" if ends == "CRLF" else "CRLF"
        message = f"has {ends} where {sealed} was sealed; keep git from changing it (.gitattributes: '* -text')"
        return Fault("file-line-endings", path, message)
    return Fault("file-differs", path, f"expected sha256 {wanted}, got {found}")


def read_bundle(manifest: bytes, digests: Mapping[str, str], read: Callable[[str, int], bytes | None]) -> Bundle:
    """The bundle with this manifest; ``read`` is given a path and the most bytes that a real file there has."""
    return Bundle(manifest, digests, **{name: read(*statement) for name, statement in _STATEMENTS.items()})


def profile_of(bundle: Bundle, wanted: str | None) -> HostProfile:
    """The profile that is asked for, else the one that the bundle was made for."""
    if wanted is None:
        try:
            wanted = parse_provenance(bundle.provenance or b"").host
        except ValueError:
            wanted = "none"  # and reported as a fault of the provenance
    return PROFILES.get(wanted, PROFILES["none"])


def rebuild_faults(bundle: Bundle, found: Mapping[str, str | None], rebuild: Rebuild) -> Iterator[Fault]:
    """A rebuild of the sources makes the same files, byte for byte, but for the stamp."""
    from loomworks_record.endings import temporary_folder  # noqa: PLC0415 - tempfile: 9 ms of a check's 100

    with temporary_folder("rebuild") as folder:
        built = folder / "site"
        try:
            rebuild(built)
        except RecordError as wrong:
            yield Fault("rebuild-failed", "", str(wrong))
            return
        files = [path for path in walk(built).files if path not in _BESIDE]
        made = digest_files(built, files)
    here = dict(found)
    here[paths.MANIFEST] = hex_digest(bundle.manifest)
    if bundle.checkpoint is not None:
        here[paths.CHECKPOINT] = hex_digest(bundle.checkpoint)
    for path in sorted(here.keys() | made.keys()):
        if path not in made:
            yield Fault("rebuild-missing", path, "is in the bundle, but the sources do not make it")
        elif path not in here:
            yield Fault("rebuild-extra", path, "is made from the sources, but is not in the bundle")
        elif here[path] != made[path]:
            yield Fault("rebuild-differs", path, f"sha256 {here[path]} in the bundle, {made[path]} rebuilt")
