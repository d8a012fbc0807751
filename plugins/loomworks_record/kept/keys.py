"""Keys: what a value was made from, as one digest, our own code among it. Whatever can change the value stands in its
key."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from loomworks_record.kept.memo import KEY_SIZE, key_of


@cache
def code_digest(*packages: str, libraries: tuple[str, ...] = (), versions: tuple[str, ...] = ()) -> bytes:
    """Of the source and the tables of ``packages`` (dotted names, with all below them), of Python, of the versions of
    ``libraries`` (their distributions' names), and of ``versions`` that are known. Python's version stands for its
    Unicode tables and patterns too.

    Raises importlib.metadata.PackageNotFoundError for a library that is not installed.
    """
    parts: list[bytes | str] = [sys.implementation.name, sys.version, *versions]
    for package in packages:
        parts.append(package)
        for name, data in _sources(str(Path(import_module(package).__file__ or "").parent), ""):
            parts += (name, data)
    for library in libraries:
        parts += (library, _version(library))
    return key_of(*parts)


def _version(library: str) -> str:
    """As the folder beside a package names it, which is at hand; else as its metadata has it."""
    if found := _installed().get(library):
        return found
    import importlib.metadata  # noqa: PLC0415 - a twentieth of a command's start, and seldom needed

    return importlib.metadata.version(library)


@cache
def _installed() -> dict[str, str]:
    """The version of each distribution that has a folder ``<name>-<version>.dist-info``, the first on the path."""
    found: dict[str, str] = {}
    for place in reversed(sys.path):
        with suppress(OSError):
            for entry in os.scandir(place):
                if entry.name.endswith(".dist-info"):
                    name, _, version = entry.name.removesuffix(".dist-info").rpartition("-")
                    found[name.replace("_", "-").lower()] = version
    return found


def _sources(folder: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry.path, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".json")):
            yield prefix + entry.name, Path(entry.path).read_bytes()


# What has a part in the bytes of a page; the search has its own version in its keys.
LIBRARIES = ("jinja2", "lxml", "markupsafe", "msgspec", "nh3", "pygments", "pyromark")

_encoder = msgspec.msgpack.Encoder()


def digest(*values: Any) -> bytes:
    """One digest of plain values (dataclasses, tuples, mappings in their order, texts, bytes, numbers, dates)."""
    return hashlib.blake2b(_encoder.encode(values), digest_size=KEY_SIZE).digest()


def ground() -> bytes:
    """What every value stands on: our own code, the libraries that render, and Python."""
    return code_digest("loomworks_record", libraries=LIBRARIES)
