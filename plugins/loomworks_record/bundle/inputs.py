"""What a build is made from: digests of what was read, the commit, and whether the two differ. And `record fresh`:
was this bundle built from these sources? Answered document by document; times do not count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from msgspec import Struct

from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import UNREAD, CheckError, ContentError, Fault
from loomworks_record.bundle.files import digest_files, place, read_bounded, read_given, walk
from loomworks_record.bundle.git import Revision, committed_files, is_blob, read_revision
from loomworks_record.bundle.log import LOG_NAME
from loomworks_record.bundle.manifest import MAX_MANIFEST, parse_manifest
from loomworks_record.bundle.paths import is_unsafe
from loomworks_record.bundle.provenance import (
    MAX_STATEMENT,
    PARTS,
    Inputs,
    Provenance,
    parse_provenance,
    sources_digest,
)
from loomworks_record.bundle.statements import MAX_STAMP, Stamp, hex_digest, parse_stamp
from loomworks_record.errors import UsageError
from loomworks_record.source.project import settings_files
from loomworks_record.source.publishable import is_publishable, path_of

Sign = tuple[int, int, int, int, int]  # device, number, size, and the times of content and state, in nanoseconds
Read = Callable[[str, int], bytes | None]

_CHANGED = {"configuration": "configuration-changed", "templates": "templates-changed", "lock": "lock-changed"}


class ProjectParts(Struct, frozen=True):
    """Where the parts of a project lie; None, or a place that does not exist: the project has no such part."""

    root: Path
    content: Path
    configuration: Path | None = None
    templates: Path | None = None
    lock: Path | None = None


@dataclass(frozen=True)
class Parts:
    """The parts of a project beside its content and log, as they stand: sha256 (hex) by the names of ``PARTS``.

    ``files``: which files these are. ``signs``: one for each, which changes with every write of it.
    """

    digests: Mapping[str, str | None]
    files: tuple[Path, ...] = field(compare=False)
    signs: Mapping[str, Sign | None]


@dataclass(frozen=True)
class Intake:
    """What a build took in. ``sources``: sha256 (hex) by path; ``data`` has the bytes of one of these again."""

    sources: Mapping[str, str]
    data: Callable[[str], bytes]
    log: bytes
    parts: Parts
    revision: Revision | None


def project_places(root: Path, content: Path) -> ProjectParts:
    """The parts of a project by the names that they always have below its root."""
    return ProjectParts(root, content, root / "mkdocs.yml", root / "overrides", root / "requirements.txt")


def gather(places: ProjectParts, builder: Mapping[str, str], *, compare: bool = True) -> Inputs:
    """Read every part of a project as it stands now. ``compare``: also say whether it differs from the commit."""
    taken = Intake(
        digest_sources(places.content),
        lambda path: place(places.content, path).read_bytes(),
        read_if_file(places.root / LOG_NAME) or b"",
        read_parts(places),
        read_revision(places.root),
    )
    return inputs_of(places, taken, builder, compare=compare)


def inputs_of(places: ProjectParts, taken: Intake, builder: Mapping[str, str], *, compare: bool = True) -> Inputs:
    """The inputs of a bundle. ``builder``: name → version of the programs that build."""
    return Inputs(
        sources=taken.sources,
        parts=taken.parts.digests,
        commit=taken.revision.commit if taken.revision else None,
        modified=compare and taken.revision is not None and _differs(places, taken, taken.revision.commit),
        builder=builder,
    )


def read_parts(places: ProjectParts) -> Parts:
    """Digest the configuration (with what it inherits), the templates and the lock file."""
    configuration = settings_files(places.configuration) if places.configuration else []
    templates = _below(places.templates) if places.templates and places.templates.is_dir() else {}
    lock = [places.lock] if places.lock and places.lock.is_file() else []
    files = (*configuration, *templates.values(), *lock)
    signs = {str(file): _sign(file) for file in files}  # first: what is written from now on is seen
    digests = {
        "configuration": digest_configuration(configuration),
        "templates": digest_tree(places.templates) if places.templates else None,
        "lock": digest_if_file(places.lock) if places.lock else None,
    }
    return Parts(digests, files, signs)


def refuse_changed_parts(places: ProjectParts, before: Parts) -> None:
    """ContentError where a part was written since ``before``: nobody can say which of its states was built."""
    now = read_parts(places)
    if now == before:
        return
    changed = [file for file in before.signs.keys() | now.signs.keys() if before.signs.get(file) != now.signs.get(file)]
    names = sorted(os.path.relpath(file, places.root) for file in changed) or ["the configuration"]
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    raise ContentError(f"{names[0]}{more}: was changed while the site was built; build again")


def digest_sources(content: Path) -> dict[str, str]:
    """sha256 (hex) of every file below a content folder that is published, by NFC path."""
    # What reading the record leaves out, and reports, is not published.
    tree = walk(content, besides=lambda path: not is_publishable(path_of(path)))
    paths = [path for path in tree.files if is_publishable(path_of(path))]
    return _digested(content, paths)


def digest_tree(folder: Path) -> str | None:
    """One sha256 (hex) over the paths and bytes below a folder; None if there is no such folder."""
    return sources_digest(_digested(folder, _below(folder))) if folder.is_dir() else None


def read_if_file(path: Path) -> bytes | None:
    """The bytes of a file; None if there is none."""
    return read_given(path) if path.is_file() else None  # a pipe would be waited for


def digest_if_file(path: Path) -> str | None:
    """sha256 (hex) of a file; None if there is none."""
    data = read_if_file(path)
    return None if data is None else hex_digest(data)


def digest_configuration(files: Sequence[Path]) -> str | None:
    """sha256 (hex) of the one file of a configuration; of several, of the list of all digests; None if there is none.

    ``files``: the configuration and what it inherits from, nearest first. Where they lie plays no part.
    """
    digests = {f"configuration/{place}": digest_if_file(file) or "" for place, file in enumerate(files, 1)}
    if len(digests) > 1:
        return sources_digest(digests)
    return next(iter(digests.values()), None)


def build_epoch(environment: Mapping[str, str], revision: Revision | None, newest: int | None) -> int | None:
    """The time a build may show: SOURCE_DATE_EPOCH, else the commit's, else the newest document's, else none."""
    given = environment.get("SOURCE_DATE_EPOCH", "").strip()
    if given:
        if not given.isdecimal() or not given.isascii():
            raise CheckError(f"SOURCE_DATE_EPOCH: expected seconds since 1970 as a number, got {given!r}")
        return int(given)
    if revision is not None:
        return revision.epoch
    return newest


def _digested(folder: Path, paths: Sequence[str] | Mapping[str, Path]) -> dict[str, str]:
    named: dict[str, str] = {}
    for path, digest in digest_files(folder, list(paths)).items():
        if digest is None:
            raise CheckError(f"{path}: {UNREAD}")
        # Two forms of one name are one address; reading the record reports them, and takes the one that has it.
        if path_of(path) == path or path_of(path) not in named:
            named[path_of(path)] = digest
    return named


def _below(folder: Path) -> dict[str, Path]:
    """Where the files of a folder of templates lie, by path; names that begin with a dot are passed over."""
    tree = walk(folder, besides=lambda path: "/." in f"/{path}")
    found = (path for path in tree.files if "/." not in f"/{path}" and not is_unsafe(path))
    return {path: place(folder, path) for path in found}


def _sign(file: Path) -> Sign | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _differs(places: ProjectParts, taken: Intake, commit: str) -> bool:
    """Whether anything that was taken in is not, byte for byte, what the commit has there."""
    root = places.root.resolve()
    content = _relative(places.content, root)
    files = [file for file in taken.parts.files if file.resolve().is_relative_to(root)]
    wanted: dict[str, Callable[[], bytes]] = {f"{content}/{path}": partial(taken.data, path) for path in taken.sources}
    wanted |= {_relative(file, root): file.read_bytes for file in files}
    if taken.log:
        wanted[LOG_NAME] = lambda: taken.log
    named = [each for each in (places.configuration, places.templates, places.lock) if each]  # there, or gone
    asked = {_relative(each, root) for each in (*named, *files) if each.resolve().is_relative_to(root)}
    held = committed_files(root, commit, [content, LOG_NAME, *sorted(asked)])
    if held is None:
        return True
    blobs = {path_of(path): blob for path, blob in held.items() if _is_taken(path, content)}
    return blobs.keys() != wanted.keys() or not all(is_blob(data(), blobs[path]) for path, data in wanted.items())


def _is_taken(path: str, content: str) -> bool:
    """Whether a build takes in such a file of the commit."""
    inside = path.removeprefix(f"{content}/")
    return is_publishable(inside) if inside != path else "/." not in path.removeprefix("../")


def _relative(file: Path, root: Path) -> str:
    return Path(os.path.relpath(file.resolve(), root)).as_posix()


class Built(Struct, frozen=True):
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
    now = hex_digest(log)
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
        if digests.get(path) != hex_digest(data):
            raise CheckError(f"{path}: differs from the manifest; run `record verify`")
    try:
        stamp = parse_stamp(need(paths.STAMP, MAX_STAMP))
        provenance = parse_provenance(statement)
    except ValueError as wrong:
        raise CheckError(f"{paths.FOLDER}: {wrong}; run `record verify`") from wrong
    if stamp.manifest != hex_digest(manifest):
        raise CheckError(f"{paths.STAMP}: is of another manifest; run `record verify`")
    listed = parse_manifest(sources, name=paths.SOURCES)
    if listed.faults:
        raise CheckError(f"{listed.faults[0]}; run `record verify`")
    return Built(listed.digests, digests.get(paths.LOG, ""), provenance, stamp)
