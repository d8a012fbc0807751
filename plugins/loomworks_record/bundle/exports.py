"""The record for archives, in a new folder: as a BagIt bag (RFC 8493: the filed bytes, the log, and if wanted the built
site), or as an OCFL 1.1 storage root (Oxford Common File Layout: each chain an object, each held version a version of
it; twins are two files of one state, and a file that two versions share is stored once).

Apart from ``files``, which a check of a site starts with.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from loomworks_record import __version__
from loomworks_record.bundle.faults import CheckError, ContentError, refused
from loomworks_record.bundle.files import digest_files, place, sync_tree, walk
from loomworks_record.bundle.paths import is_unsafe
from loomworks_record.bundle.statements import hex_digest
from loomworks_record.errors import UsageError

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_HIDDEN = re.compile(r"(?:^|/)\.(?!well-known(?:/|$))")
_INVENTORY = "https://ocfl.io/1.1/spec/#inventory"
_LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
_LAYOUT_CONFIG = {"extensionName": _LAYOUT, "digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3}
_LAYOUT_WORDS = "three folders of the sha256 of an object's id, then the id, percent-encoded"
_PLAIN = re.compile(r"[A-Za-z0-9_-]")
_MAX_NAME = 100

Json = Mapping[str, object]


def export_bag(target: Path, payload: Mapping[str, Path], *, epoch: int | None, info: Mapping[str, str | None]) -> int:
    """Write a bag into ``target``, which must not exist yet; returns the number of payload files.

    ``payload``: name below ``data/`` → file or folder; files whose names begin with a dot stay out. ``epoch`` (seconds
    since 1970 UTC) is the bagging date, so that two exports of one commit are equal; None leaves it out. ``info`` are
    further lines of ``bag-info.txt``, but for those whose value is None or "". UsageError if ``target`` is there,
    ContentError for symlinks, and for names that readers of bags read differently.
    """
    with exported_folder(target) as staging:
        (staging / "data").mkdir(parents=True)
        for name, source in payload.items():
            _copy(source, staging / "data" / name)
        return _write_tags(staging, epoch, info)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return
    tree = walk(source, besides=_HIDDEN.search)
    faults = [fault for fault in tree.faults if not _HIDDEN.search(fault.path)]
    if faults:
        raise refused(faults)
    for path in tree.files:
        if _HIDDEN.search(path):
            continue  # no sources: a repository's configuration, an editor's notes, secrets of a program
        place(target, path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place(source, path), place(target, path))


def _write_tags(bag: Path, epoch: int | None, more: Mapping[str, str | None]) -> int:
    files = walk(bag / "data").files
    sizes = sum(place(bag / "data", path).stat().st_size for path in files)
    day = None if epoch is None else dt.datetime.fromtimestamp(epoch, dt.UTC).date().isoformat()
    info = {
        **more,
        "Bagging-Date": day,
        "Bag-Software-Agent": f"loomworks-record {__version__}",
        "Payload-Oxum": f"{sizes}.{len(files)}",
    }
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in info.items() if value).encode("utf-8"),
        "manifest-sha256.txt": _manifest(bag, [f"data/{path}" for path in files]),
    }
    for name, data in tags.items():
        (bag / name).write_bytes(data)
    digests = "".join(f"{hex_digest(data)}  {name}\n" for name, data in sorted(tags.items()))
    (bag / "tagmanifest-sha256.txt").write_text(digests, encoding="utf-8", newline="\n")
    return len(files)


def _manifest(bag: Path, paths: list[str]) -> bytes:
    for path in paths:
        # RFC 8493 §2.1.3 writes % as %25, which common readers of bags do not undo: no name that needs it.
        # They also take away the blanks at the end of a line, and take some signs for the end of one.
        if "%" in path or is_unsafe(path) or path != path.rstrip() or len(path.splitlines()) != 1:
            raise ContentError(f"{path!r}: this name is read differently by readers of bags; rename the file")
    lines = (f"{digest}  {path}\n" for path, digest in digest_files(bag, paths).items())
    return "".join(lines).encode("utf-8")


@contextmanager
def exported_folder(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` to write into; it becomes ``target``, on the disk and whole, or nothing is left.

    UsageError if ``target`` is there, CheckError where the disk refuses.
    """
    if target.exists():
        raise UsageError(f"{target}: is there already; name a folder that does not exist yet")
    staging = target.with_name(f".{target.name}.writing")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        yield staging
        sync_tree(staging)
        staging.rename(target)
    except OSError as wrong:
        raise CheckError(f"{target}: {wrong.strerror or wrong}; nothing was exported") from wrong
    finally:
        shutil.rmtree(staging, ignore_errors=True)


class OcflState(Struct, frozen=True):
    """One version: its files (name → bytes), the time that it is said to be of (RFC 3339), and what it is called."""

    files: Mapping[str, bytes]
    created: str
    message: str


class Agent(Struct, frozen=True):
    """Who keeps the record, and an address of theirs, as every version names them."""

    name: str
    address: str | None


def export_ocfl(target: Path, objects: Iterable[tuple[str, Iterable[OcflState]]], agent: Agent) -> int:
    """Write a storage root into ``target``, which must not exist yet, and return the number of objects.

    ``objects``: id and versions, oldest first. UsageError if ``target`` is there.
    """
    count = 0
    with exported_folder(target) as staging:
        _write_root(staging)
        for identifier, states in objects:
            _write_object(staging / object_folder(identifier), identifier, states, agent)
            count += 1
    return count


def object_folder(identifier: str) -> str:
    """Where an object lies below the root, as the layout says."""
    digest = hex_digest(identifier.encode())
    name = "".join(_encoded(identifier))
    if len(name) > _MAX_NAME:
        name = f"{name[:_MAX_NAME]}-{digest}"
    return f"{digest[:3]}/{digest[3:6]}/{digest[6:9]}/{name}"


def _encoded(identifier: str) -> Iterator[str]:
    for char in identifier:
        yield char if _PLAIN.fullmatch(char) else "".join(f"%{byte:02x}" for byte in char.encode())


def _write_root(root: Path) -> None:
    extension = root / "extensions" / _LAYOUT
    extension.mkdir(parents=True)
    (root / "0=ocfl_1.1").write_bytes(b"ocfl_1.1\n")
    (root / "ocfl_layout.json").write_bytes(_ocfl_json({"extension": _LAYOUT, "description": _LAYOUT_WORDS}))
    (extension / "config.json").write_bytes(_ocfl_json(_LAYOUT_CONFIG))


def _write_object(folder: Path, identifier: str, states: Iterable[OcflState], agent: Agent) -> None:
    folder.mkdir(parents=True)
    (folder / "0=ocfl_object_1.1").write_bytes(b"ocfl_object_1.1\n")
    manifest: dict[str, list[str]] = {}
    versions: dict[str, Json] = {}
    user = {"name": agent.name} | ({"address": agent.address} if agent.address else {})
    for number, state in enumerate(states, 1):
        head = f"v{number}"
        held: dict[str, list[str]] = {}
        for name, data in sorted(state.files.items()):
            digest = hashlib.sha512(data).hexdigest()
            held.setdefault(digest, []).append(name)
            if digest not in manifest:
                manifest[digest] = [f"{head}/content/{name}"]
                (folder / head / "content").mkdir(parents=True, exist_ok=True)
                (folder / head / "content" / name).write_bytes(data)
        versions[head] = {"created": state.created, "message": state.message, "user": user, "state": held}
        inventory: Json = {
            "id": identifier,
            "type": _INVENTORY,
            "digestAlgorithm": "sha512",
            "head": head,
            "manifest": manifest,
            "versions": versions,
        }
        (folder / head).mkdir(exist_ok=True)
        for where in (folder / head, folder):
            _write_inventory(where, _ocfl_json(inventory))


def _write_inventory(folder: Path, data: bytes) -> None:
    (folder / "inventory.json").write_bytes(data)
    sidecar = f"{hashlib.sha512(data).hexdigest()} inventory.json\n"
    (folder / "inventory.json.sha512").write_bytes(sidecar.encode())


def _ocfl_json(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
