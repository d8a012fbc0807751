"""Sealing: writes every integrity file of a finished site."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from msgspec import Struct, field

from loomworks_record.bundle import hosts, paths, statements
from loomworks_record.bundle.faults import UNREAD, CheckError, Fault, refused
from loomworks_record.bundle.files import (
    File,
    Sign,
    digest_files,
    read_bounded,
    remove_leftovers,
    sign_of,
    walk_published,
    write_atomic,
)
from loomworks_record.bundle.headers import ACTIVE, format_headers, hashed_assets, header_rules, is_active
from loomworks_record.bundle.log import parse_log
from loomworks_record.bundle.manifest import addresses_of, content_digest, format_addresses, format_manifest
from loomworks_record.bundle.merkle import tiles
from loomworks_record.bundle.provenance import Inputs, format_provenance, provenance, sources_digest
from loomworks_record.bundle.sshsig import sign


class SealSettings(Struct, frozen=True):
    """The part of the configuration that sealing needs; ``redirects``: old → new address within the site, ``base``: the
    path of the host below which the site stands, "" or as "/records". ``moves``: path of a page that leads on for good
    → path of the page that it leads to."""

    origin: str
    host: str = "none"
    redirects: Mapping[str, str] = field(default_factory=dict)
    key: Path | None = None
    days: int = statements.DEFAULT_DAYS
    base: str = ""
    filed_html: str = "sandboxed"
    moves: Mapping[str, str] = field(default_factory=dict)


class Seal(Struct, frozen=True):
    """What was sealed: sha256 (hex) per listed path, the sign of each file, the bytes of manifest and checkpoint, and
    the stamp."""

    digests: Mapping[str, str]
    signs: Mapping[str, Sign]
    manifest: bytes
    checkpoint: bytes
    stamp: statements.Stamp


def seal(
    site: Path,
    *,
    log: bytes,
    inputs: Inputs,
    settings: SealSettings,
    issued: int,
    known: Mapping[str, File] = MappingProxyType({}),
    are_as_known: bool = False,
) -> Seal:
    """Write ``integrity/``, ``_headers`` and ``_redirects`` into a finished site, replacing what is there of them.

    ``log``: the bytes of ``record.log.jsonl`` (empty if there is none). ``issued``: seconds since 1970 UTC, for the
    stamp alone. ``known``: files that the caller hashed or wrote; one that has another sign now is read, as any other
    file is. ``are_as_known``: nobody has written these since.
    Raises LogError, ContentError (a name or redirect that cannot be published), UsageError (no such host profile or
    key), CheckError (the stamp cannot be signed).
    """
    profile = hosts.host_profile(settings.host)
    parsed = parse_log(log)
    (site / paths.FOLDER).mkdir(exist_ok=True)
    remove_seal(site)
    digests, signs = _content(site, known, are_as_known)
    for found in (digests, signs):
        found.pop(paths.UNSEALED, None)
    written = _rule_files(digests, settings)
    written |= {paths.LOG: log, paths.SOURCES: format_manifest(inputs.sources)}
    if settings.key is not None:
        written |= _beside_the_note(settings.origin, settings.key, parsed.leaves)
    digests |= _write(site, written)
    checkpoint = statements.checkpoint_of(settings.origin, parsed.leaves)
    unstated = "0" * 64  # of the provenance, which names the digest of the others
    lines = format_manifest(digests | {paths.PROVENANCE: unstated})
    statement = provenance(
        inputs,
        content=content_digest(lines),
        log=log,
        log_root=checkpoint.root,
        origin=settings.origin,
        host=profile.name,
    )
    digests |= _write(site, {paths.PROVENANCE: format_provenance(statement)})
    stated = digests[paths.PROVENANCE]
    manifest = lines.replace(f"{unstated}  {paths.PROVENANCE}".encode(), f"{stated}  {paths.PROVENANCE}".encode())
    _write(site, {paths.MANIFEST: manifest, paths.CHECKPOINT: bytes(checkpoint)})
    stamp = statements.issue(
        manifest=manifest,
        checkpoint=bytes(checkpoint),
        sources=sources_digest(inputs.sources),
        commit=inputs.commit,
        issued=issued,
        days=settings.days,
    )
    write_stamp(site, stamp, settings.key)
    (site / paths.UNSEALED).unlink(missing_ok=True)
    for path in (digests.keys() | {paths.MANIFEST, paths.CHECKPOINT}) - signs.keys():  # those that were written here
        signs[path] = sign_of((site / path).lstat())
    return Seal(digests, signs, manifest, bytes(checkpoint), stamp)


def remove_seal(site: Path) -> None:
    """Take away what an earlier sealing wrote; a page of the site may stand in the same folder."""
    for name in paths.SEALED | paths.NOT_SERVED:
        (site / name).unlink(missing_ok=True)
    shutil.rmtree(site / paths.TLOG, ignore_errors=True)


def list_unsealed(site: Path) -> None:
    """Take away what an earlier sealing wrote, and list what is there: it was built, and nothing names it."""
    remove_seal(site)
    names = [path for path in walk_published(site)[0].files if path != paths.UNSEALED and not paths.is_unsafe(path)]
    digests = digest_files(site, names)
    write_atomic(site / paths.UNSEALED, format_manifest({path: made for path, made in digests.items() if made}))


def write_stamp(site: Path, stamp: statements.Stamp, key: Path | None) -> None:
    """Put a stamp, signed if there is a key, into a sealed site; where that fails, what was there stays.

    The signature goes first: whoever reads in between sees a signature that does not fit, never an unsigned stamp.
    """
    signature = sign(bytes(stamp), key) if key is not None else None
    names = (paths.STAMP, paths.SIGNATURE, paths.NOTE, paths.TLOG_NOTE)
    before = {name: read_bounded(site / name, statements.MAX_STAMP) for name in names}
    try:
        _put(site / paths.SIGNATURE, signature or before[paths.SIGNATURE])
        _write_note(site, key)
        write_atomic(site / paths.STAMP, bytes(stamp))
        _put(site / paths.SIGNATURE, signature)
    except BaseException:
        for name, data in before.items():
            with suppress(OSError):
                _put(site / name, data)
        raise


def _put(file: Path, data: bytes | None) -> None:
    """Have ``data`` in a file, or no file."""
    if data is None:
        file.unlink(missing_ok=True)
    elif read_bounded(file, statements.MAX_STAMP) != data:
        write_atomic(file, data)
    remove_leftovers(file)


def write_note(site: Path, note: statements.Note) -> None:
    """Put a signed note under both of its names."""
    (site / paths.TLOG).mkdir(parents=True, exist_ok=True)
    for name in (paths.NOTE, paths.TLOG_NOTE):
        write_atomic(site / name, bytes(note))


def read_note(site: Path) -> statements.Note | None:
    """The note of a site; None if there is none that can be read."""
    try:
        return statements.parse_note(read_bounded(site / paths.NOTE, statements.MAX_STAMP) or b"")
    except ValueError:
        return None


def _write_note(site: Path, key: Path | None) -> None:
    """Sign the checkpoint as a note, where the key can do that; one of another checkpoint goes."""
    text, before = (site / paths.CHECKPOINT).read_bytes(), read_note(site)
    if key is not None:
        from loomworks_record.bundle.note import log_key, sign_note  # noqa: PLC0415 - cryptography: 60 ms, with a key only

        found = log_key(statements.parse_checkpoint(text).origin, key)
        if found is not None:
            sealed = read_bounded(site / paths.VERIFIER_KEY, statements.MAX_STAMP)
            if sealed not in (None, f"{found[0]}\n".encode()):
                raise CheckError(
                    f"{paths.VERIFIER_KEY} of the site is of another key than {key}; sign with that one, or set"
                    " signing_key and build again"
                )
            write_note(site, sign_note(text, *found, before))
            return
    if before is None or before.text != text:
        for name in (paths.NOTE, paths.TLOG_NOTE):
            (site / name).unlink(missing_ok=True)


def _beside_the_note(origin: str, key: Path, leaves: Sequence[bytes]) -> dict[str, bytes]:
    """What clients of C2SP logs need besides the note: its key, and the tiles; nothing where the key can sign none."""
    from loomworks_record.bundle.note import log_key  # noqa: PLC0415 - as above

    found = log_key(origin, key)
    if found is None:
        return {}
    read = {paths.TLOG + path: data for path, data in tiles(leaves).items()}
    return {paths.VERIFIER_KEY: f"{found[0]}\n".encode(), **read}


def _content(site: Path, known: Mapping[str, File], are_as_known: bool) -> tuple[dict[str, str], dict[str, Sign]]:
    signs: dict[str, Sign] = {}
    tree, _ = walk_published(site, signs, known if are_as_known else {})
    faults = [*tree.faults]
    found: dict[str, str | None] = {}
    for path in tree.files:
        file = known.get(path)
        found[path] = file.digest if file and file.sign == signs.get(path) else None
    found |= digest_files(site, [path for path, digest in found.items() if digest is None])
    faults += (Fault("file-unreadable", path, UNREAD) for path, digest in found.items() if not digest)
    if faults:
        raise refused(faults)
    return {path: digest for path, digest in found.items() if digest is not None}, signs


def _as_text(digests: Mapping[str, str], settings: SealSettings) -> set[str]:
    """Where filed HTML is served as text: its own address, and the one that a host moves it to."""
    if settings.filed_html != "text":
        return set()
    filed = {form for path in digests if is_active(path) for form in (path, quote(path))}
    if not hosts.host_profile(settings.host).strips_html:
        return {f"raw/*{ending}" for ending in ACTIVE if any(path.lower().endswith(ending) for path in filed)}
    return filed | {path.removesuffix(".html") for path in filed}


def _rule_files(digests: Mapping[str, str], settings: SealSettings) -> dict[str, bytes]:
    rules = header_rules(hashed_assets(digests), _as_text(digests, settings))
    declared = hosts.declared_redirects(settings.redirects, digests, settings.moves)
    moved = hosts.moved_redirects(settings.moves, declared)
    kept = hosts.fitting(declared, moved, hosts.host_profile(settings.host), settings.base)
    headers, redirects = format_headers(rules, settings.base), hosts.format_redirects(kept, settings.base)
    return {
        paths.HEADERS: headers,
        paths.REDIRECTS: redirects,
        paths.HEADERS_COPY: headers,
        paths.REDIRECTS_COPY: redirects,
        paths.ADDRESSES: format_addresses(addresses_of(digests, [source for source, _, _ in kept])),
        paths.NGINX: hosts.format_nginx(rules, (*declared, *moved), settings.base),
    }


def _write(site: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    for folder in {(site / path).parent for path in files}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        (site / path).write_bytes(data)
    return {path: statements.hex_digest(data) for path, data in files.items()}
