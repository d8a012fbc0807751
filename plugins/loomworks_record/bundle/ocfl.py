"""An OCFL 1.1 storage root (Oxford Common File Layout): each chain an object, each held version a version of it.

Twins are two files of one state. A file that two versions share is stored once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.bundle.exported import exported_folder

_INVENTORY = "https://ocfl.io/1.1/spec/#inventory"
_LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
_LAYOUT_CONFIG = {"extensionName": _LAYOUT, "digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3}
_LAYOUT_WORDS = "three folders of the sha256 of an object's id, then the id, percent-encoded"
_PLAIN = re.compile(r"[A-Za-z0-9_-]")
_MAX_NAME = 100

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OcflState:
    """One version: its files (name → bytes), the time that it is said to be of (RFC 3339), and what it is called."""

    files: Mapping[str, bytes]
    created: str
    message: str


@dataclass(frozen=True, slots=True)
class Agent:
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
    digest = hashlib.sha256(identifier.encode()).hexdigest()
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
    (root / "ocfl_layout.json").write_bytes(_json({"extension": _LAYOUT, "description": _LAYOUT_WORDS}))
    (extension / "config.json").write_bytes(_json(_LAYOUT_CONFIG))


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
        for place in (folder / head, folder):
            _write_inventory(place, _json(inventory))


def _write_inventory(folder: Path, data: bytes) -> None:
    (folder / "inventory.json").write_bytes(data)
    sidecar = f"{hashlib.sha512(data).hexdigest()} inventory.json\n"
    (folder / "inventory.json.sha512").write_bytes(sidecar.encode())


def _json(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
