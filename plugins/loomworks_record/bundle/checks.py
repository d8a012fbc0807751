"""The checks that need no files and no network: what a bundle's own bytes say about each other."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from loomworks_record.bundle import hosts, merkle, paths
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.headers import IMMUTABLE, asset_faults, base_of, parse_headers
from loomworks_record.bundle.lineage import FORKED, OTHER, SHRUNK, UNKNOWN, Relation, View, accepted_view, related
from loomworks_record.bundle.log import Log, read_log
from loomworks_record.bundle.manifest import (
    Addresses,
    content_digest,
    gone,
    listing_faults,
    manifest_lines,
    parse_manifest,
)
from loomworks_record.bundle.merkle import tile_digests
from loomworks_record.bundle.provenance import Provenance, parse_provenance
from loomworks_record.bundle.statements import (
    Checkpoint,
    Stamp,
    extends,
    hex_digest,
    is_of_key,
    parse_checkpoint,
    parse_note,
    parse_stamp,
    utc,
)
from loomworks_record.errors import UsageError
from loomworks_record.source.names import in_archive, is_document_name

SKEW = 300  # seconds that two honest clocks may differ


class Bundle(Struct, frozen=True):
    """A bundle's own statements as received; None for a file that is not there."""

    manifest: bytes
    digests: Mapping[str, str]
    stamp: bytes | None
    signature: bytes | None
    checkpoint: bytes | None
    log: bytes | None
    provenance: bytes | None
    sources: bytes | None
    headers: bytes | None
    redirects: bytes | None
    addresses: bytes | None = None
    note: bytes | None = None
    tlog_note: bytes | None = None
    verifier_key: bytes | None = None


class Expectations(Struct, frozen=True):
    """What the reader brings: the time (seconds since 1970 UTC), what was accepted last (a stamp, checkpoint or log), a
    key, a host profile, the addresses of the site accepted last, and the verifier keys of witnesses, ``quorum`` of whom
    (None: all) must have cosigned.

    ``host`` None: the profile that the bundle's provenance names.
    """

    now: int
    last: bytes | None = None
    key: Path | None = None
    host: str | None = None
    addresses: Addresses | None = None
    witnesses: tuple[str, ...] = ()
    quorum: int | None = None


def bundle_faults(bundle: Bundle, expected: Expectations, also: Iterable[str] = ()) -> Iterator[Fault]:
    """Every fault in what the bundle says of itself. ``also``: paths that are there without being listed."""
    yield from paths.path_faults((*bundle.digests, *also))
    for path in paths.REQUIRED:
        if path not in bundle.digests:
            yield Fault("page-required", path, "is not in the manifest; every bundle has it")
    yield from _copy_faults(bundle.digests)
    led = led_on(bundle)
    if led is not None:
        yield from listing_faults(bundle.addresses, bundle.digests, led)
    statement, faults = _statement(bundle.provenance)
    yield from faults
    yield from _host_faults(bundle, expected.host, statement)
    log, faults = read_log(bundle.log or b"", name=paths.LOG)
    if bundle.log is None:
        faults = (Fault("log-missing", paths.LOG, "expected the log, empty if nothing is archived"),)
    yield from faults
    # A log that cannot be read as a whole has no root to compare: its own faults say enough.
    readable = None if faults else log
    root = None if readable is None else merkle.root(readable.leaves)
    yield from _archive_faults(log, bundle.digests)
    yield from _source_faults(bundle)
    if expected.addresses is not None:
        yield from gone(expected.addresses, bundle.digests, led or {}, log)
    checkpoint, faults = _checkpoint(bundle.checkpoint)
    yield from faults
    if checkpoint is not None:
        yield from _root_faults(checkpoint, readable, root, statement)
    if statement is not None:
        yield from _statement_faults(bundle, statement, root)
    if readable is not None:
        yield from _tile_faults(bundle.digests, readable)
    yield from note_faults(bundle, expected)
    yield from _stamp_faults(bundle, expected, statement, checkpoint, readable)


def archived_without_entry(bundle: Bundle) -> list[str]:
    """The published archived documents that have no log entry yet: a reason for a note, no fault."""
    log, _ = read_log(bundle.log or b"", name=paths.LOG)
    raw = (path.removeprefix(paths.RAW) for path in bundle.digests if path.startswith(paths.RAW))
    documents = (path for path in raw if in_archive(path) and is_document_name(path.rpartition("/")[2]))
    return sorted(path for path in documents if path not in log.in_force)


def _statement(data: bytes | None) -> tuple[Provenance | None, tuple[Fault, ...]]:
    if data is None:
        return None, ()  # reported as a missing file
    try:
        statement = parse_provenance(data)
        hosts.host_profile(statement.host)
        return statement, ()
    except (ValueError, UsageError) as wrong:
        return None, (Fault("provenance-syntax", paths.PROVENANCE, str(wrong)),)


def _checkpoint(data: bytes | None) -> tuple[Checkpoint | None, tuple[Fault, ...]]:
    if data is None:
        return None, (Fault("checkpoint-missing", paths.CHECKPOINT, "is not there"),)
    try:
        return parse_checkpoint(data), ()
    except ValueError as wrong:
        return None, (Fault("checkpoint-syntax", paths.CHECKPOINT, str(wrong)),)


def _host_faults(bundle: Bundle, wanted: str | None, statement: Provenance | None) -> Iterator[Fault]:
    profile: hosts.HostProfile = hosts.host_profile(wanted or (statement.host if statement else "none"))
    yield from hosts.name_faults(bundle.digests, profile)
    yield from hosts.count_faults(len(bundle.digests) + len(paths.NOT_LISTED), profile)
    yield from hosts.rule_faults(bundle.headers or b"", bundle.redirects or b"", profile)
    try:
        rules = parse_headers(bundle.headers or b"")
    except ValueError as wrong:
        yield Fault("host-headers", paths.HEADERS, str(wrong))
        return
    immutable = [rule.pattern[1:] for rule in rules if rule.headers.get("Cache-Control") == IMMUTABLE]
    yield from asset_faults(bundle.digests, immutable)


def led_on(bundle: Bundle) -> dict[str, str] | None:
    """From, decoded → to, as it travels, of every redirect; None where the file cannot be read."""
    try:
        redirects = hosts.parse_redirects(bundle.redirects or b"", base_of(bundle.headers or b""))
    except ValueError:
        return None
    return {unquote(source): target for source, target, _ in redirects}


def _copy_faults(digests: Mapping[str, str]) -> Iterator[Fault]:
    """What a reader may fetch of the host's rules is what the host was given."""
    for original, copy in paths.COPIES.items():
        if original in digests and copy in digests and digests[original] != digests[copy]:
            yield Fault("rules-copy", copy, f"sha256 {digests[copy]}, but {original} has {digests[original]}")


def _archive_faults(log: Log, digests: Mapping[str, str]) -> Iterator[Fault]:
    """Each logged version is published as logged, each withdrawn one is not."""
    for path, entry in log.in_force.items():
        published = digests.get(paths.RAW + path)
        wanted = log.digest(path)
        if wanted is None:
            if published is not None:
                yield Fault("withdrawn-published", paths.RAW + path, f"was withdrawn ({entry.reason})")
        elif published is None:
            yield Fault("archive-missing", paths.RAW + path, f"log entry {entry.sequence} is of it")
        elif published != wanted:
            message = f"expected sha256 {wanted} (log entry {entry.sequence}), got {published}"
            yield Fault("archive-differs", paths.RAW + path, message)


def _source_faults(bundle: Bundle) -> Iterator[Fault]:
    """Each filed file is published as it was read; beside them stand only the same bytes, at earlier addresses."""
    if bundle.sources is None:
        return
    listed = parse_manifest(bundle.sources, name=paths.SOURCES)
    yield from listed.faults
    for path, digest in listed.digests.items():
        published = bundle.digests.get(paths.RAW + path)
        if published is None:
            yield Fault("source-missing", paths.RAW + path, f"{paths.SOURCES} lists it")
        elif published != digest:
            yield Fault("source-differs", paths.RAW + path, f"sha256 {published}, {paths.SOURCES} says {digest}")
    filed = set(listed.digests.values())
    for path, digest in bundle.digests.items():
        if path.startswith(paths.RAW) and path.removeprefix(paths.RAW) not in listed.digests and digest not in filed:
            yield Fault("source-unlisted", path, f"{paths.SOURCES} does not list it")


def _root_faults(
    checkpoint: Checkpoint, log: Log | None, root: bytes | None, statement: Provenance | None
) -> Iterator[Fault]:
    """Checkpoint, log and provenance agree on size, root and origin."""
    if statement is not None and statement.origin != checkpoint.origin:
        message = f"expected {statement.origin!r} (provenance.json), got {checkpoint.origin!r}"
        yield Fault("checkpoint-origin", paths.CHECKPOINT, message)
    if log is None or root is None:
        return
    if len(log.entries) != checkpoint.size:
        message = f"says {checkpoint.size} entries, the log has {len(log.entries)}"
        yield Fault("log-size", paths.CHECKPOINT, message)
    elif root != checkpoint.root:
        message = f"says root {_b64(checkpoint.root)}, the log has {_b64(root)}"
        yield Fault("log-root", paths.CHECKPOINT, message)


def _statement_faults(bundle: Bundle, statement: Provenance, root: bytes | None) -> Iterator[Fault]:
    """The subjects of the provenance are this content and this log; its sources are those of sources.txt."""
    content = content_digest(manifest_lines(bundle.digests))
    if statement.content != content:
        message = f"says content {statement.content}, the manifest makes it {content}"
        yield Fault("provenance-content", paths.PROVENANCE, message)
    if bundle.sources is not None:
        sources = hex_digest(bundle.sources)
        if statement.sources != sources:
            message = f"says sources {statement.sources}, sources.txt has {sources}"
            yield Fault("provenance-sources", paths.PROVENANCE, message)
    if bundle.log is not None and statement.log:
        log = hex_digest(bundle.log)
        if statement.log != log:
            yield Fault("provenance-log", paths.PROVENANCE, f"says log {statement.log}, log.jsonl has {log}")
    if root is not None and statement.log_root != root.hex():
        message = f"says root {statement.log_root}, the log has {root.hex()}"
        yield Fault("provenance-log", paths.PROVENANCE, message)


def _stamp_faults(
    bundle: Bundle, expected: Expectations, statement: Provenance | None, checkpoint: Checkpoint | None, log: Log | None
) -> Iterator[Fault]:
    if bundle.stamp is None:
        yield Fault("stamp-missing", paths.STAMP, "is not there; `record stamp` issues one")
        return
    try:
        stamp, wrong = parse_stamp(bundle.stamp), None
    except ValueError as complaint:
        stamp, wrong = None, str(complaint)
    if expected.key is not None:
        issued = stamp.sequence if stamp is not None else None
        yield from _signature_faults(bundle.stamp, bundle.signature, expected.key, issued)
    if stamp is None:
        yield Fault("stamp-syntax", paths.STAMP, wrong or "")
        return
    yield from _binding_faults(bundle, stamp, statement)
    yield from _clock_faults(stamp, expected.now)
    if expected.last is not None:
        yield from _last_faults(bundle.stamp, stamp, expected, checkpoint, log)


def _tile_faults(digests: Mapping[str, str], log: Log) -> Iterator[Fault]:
    """A client that reads tiles sees the log that others read as lines; sites of earlier versions have none."""
    given = {path: digest for path, digest in digests.items() if path.startswith(f"{paths.TLOG}tile/")}
    wanted = {paths.TLOG + path: digest for path, digest in tile_digests(log.leaves).items()} if given else {}
    for path in sorted(given.keys() | wanted.keys()):
        if path not in given:
            yield Fault("tiles-missing", path, "is not in the manifest; clients need every tile of the log")
        elif given[path] != wanted.get(path):
            message = f"expected sha256 {wanted.get(path, '(none)')}, got {given[path]}"
            yield Fault("tiles-differ", path, message)


def note_faults(bundle: Bundle, expected: Expectations) -> Iterator[Fault]:
    """The note is of this checkpoint, by the key that is published and the key that was given, and cosigned by the
    witnesses asked for."""
    if bundle.tlog_note != bundle.note:
        yield Fault("note-copy", paths.TLOG_NOTE, f"expected the bytes of {paths.NOTE}, got others or none")
    if bundle.note is None:
        if expected.witnesses:
            yield Fault("note-missing", paths.NOTE, "is not there; the log has no signed note")
        return
    try:
        parsed = parse_note(bundle.note)
    except ValueError as wrong:
        yield Fault("note-syntax", paths.NOTE, str(wrong))
        return
    if bundle.checkpoint is not None and parsed.text != bundle.checkpoint:
        yield Fault("note-checkpoint", paths.NOTE, f"expected the text of {paths.CHECKPOINT}, got another")
    if bundle.verifier_key is not None and not is_of_key(parsed, bundle.verifier_key.decode("utf-8", "replace")):
        yield Fault("note-key", paths.VERIFIER_KEY, f"is not the key by which {paths.NOTE} is signed")
    if expected.key is not None or expected.witnesses:
        # Only then: cryptography takes 60 ms to import.
        from loomworks_record.bundle.note import cosigned_faults  # noqa: PLC0415

        latest = expected.now + SKEW
        yield from cosigned_faults(parsed, expected.key, expected.witnesses, expected.quorum, latest)


def _signature_faults(stamp: bytes, signature: bytes | None, key: Path, issued: int | None) -> Iterator[Fault]:
    # Only with a key: what it needs to run ssh-keygen takes a tenth of the time of a whole check to import.
    from loomworks_record.bundle.sshsig import allowed_signers, signature_faults  # noqa: PLC0415

    allowed_signers(key)  # what is not a key is the caller's mistake, whether there is a signature or not
    if signature is None:
        yield Fault("signature-missing", paths.SIGNATURE, f"expected a signature by a key of {key.name}")
    else:
        yield from signature_faults(stamp, signature, key, name=paths.SIGNATURE, issued=issued)


def _binding_faults(bundle: Bundle, stamp: Stamp, statement: Provenance | None) -> Iterator[Fault]:
    """The stamp is of this manifest, checkpoint, sources and commit, not of another generation's."""
    manifest = hex_digest(bundle.manifest)
    if stamp.manifest != manifest:
        yield Fault("stamp-manifest", paths.STAMP, f"is of manifest {stamp.manifest}, got {manifest}")
    if bundle.checkpoint is not None:
        checkpoint = hex_digest(bundle.checkpoint)
        if stamp.checkpoint != checkpoint:
            yield Fault("stamp-checkpoint", paths.STAMP, f"is of checkpoint {stamp.checkpoint}, got {checkpoint}")
    if statement is not None:
        if stamp.sources != statement.sources:
            message = f"names sources {stamp.sources}, provenance.json {statement.sources}"
            yield Fault("stamp-sources", paths.STAMP, message)
        if stamp.commit != statement.commit:
            message = f"names commit {stamp.commit}, provenance.json {statement.commit}"
            yield Fault("stamp-commit", paths.STAMP, message)


def _clock_faults(stamp: Stamp, now: int) -> Iterator[Fault]:
    """The stamp holds now."""
    if stamp.expires <= stamp.sequence:
        message = f"expires {utc(stamp.expires)}, before it was issued ({utc(stamp.sequence)})"
        yield Fault("stamp-period", paths.STAMP, message)
    elif now >= stamp.expires:
        message = f"expired {utc(stamp.expires)}, it is {utc(now)}; publish again or run `record stamp`"
        yield Fault("stamp-expired", paths.STAMP, message)
    if stamp.sequence > now + SKEW:
        message = f"was issued {utc(stamp.sequence)}, it is {utc(now)}; check this machine's clock"
        yield Fault("stamp-future", paths.STAMP, message)


def _last_faults(
    data: bytes, stamp: Stamp, expected: Expectations, checkpoint: Checkpoint | None, log: Log | None
) -> Iterator[Fault]:
    """Nothing went back since what was accepted last: not the clock, not the sequence, not the log."""
    assert expected.last is not None
    accepted = accepted_view(expected.last)
    last = accepted.stamp
    if last is None:
        if checkpoint is not None and log is not None:
            own = View("this log", checkpoint.origin, len(log.entries), checkpoint.root, log.leaves)
            yield from _history_faults(related(accepted, own))
        return
    if expected.now < last.sequence - SKEW:
        message = f"it is {utc(expected.now)}, but a stamp of {utc(last.sequence)} was accepted; set the clock"
        yield Fault("clock-set-back", paths.STAMP, message)
    if stamp.sequence < last.sequence:
        message = (
            f"stamp {stamp.sequence}, but {last.sequence} was accepted before: an older bundle; whether its log is the"
            " beginning of the accepted one cannot be told from a stamp (`record log compare` takes both logs)"
        )
        yield Fault("rollback", paths.STAMP, message)
        return
    if stamp.sequence == last.sequence and data != expected.last:
        yield Fault("sequence-reused", paths.STAMP, f"another stamp {stamp.sequence} was accepted before")
    if checkpoint is not None and log is not None and not extends(checkpoint.origin, log.leaves, last.checkpoint):
        message = f"no beginning of it has the checkpoint {last.checkpoint} that was accepted before"
        yield Fault("log-not-extended", paths.LOG, message)


def _history_faults(relation: Relation) -> Iterator[Fault]:
    """``relation``: of what was accepted to what is here."""
    if relation.kind == FORKED:
        yield Fault("log-forked", paths.LOG, relation.words)
    elif relation.kind == OTHER:
        yield Fault("checkpoint-origin", paths.CHECKPOINT, relation.words)
    elif relation.kind in (SHRUNK, UNKNOWN):
        yield Fault("rollback", paths.LOG, relation.words)


def _b64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")
