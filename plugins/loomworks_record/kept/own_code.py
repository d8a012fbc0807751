"""The digest of our own code: what a kept value depends on besides what it was made from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from loomworks_record.kept.memo import key_of


@cache
def code_digest(*packages: str, libraries: tuple[str, ...] = (), versions: tuple[str, ...] = ()) -> bytes:
    """Of the source of ``packages`` (dotted names, with all below them), of Python, of the versions of ``libraries``
    (their distributions' names), and of ``versions`` that are known. Python's version stands for its Unicode tables
    and patterns too.

    Raises importlib.metadata.PackageNotFoundError for a library that is not installed.
    """
    parts: list[bytes | str] = [sys.implementation.name, sys.version, *versions]
    for package in packages:
        parts.append(package)
        for name, data in _sources(files(package), ""):
            parts += (name, data)
    if libraries:
        # Imported when needed: it costs a tenth of a command's start-up time.
        from importlib.metadata import version  # noqa: PLC0415

        for library in libraries:
            parts += (library, version(library))
    return key_of(*parts)


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield prefix + entry.name, entry.read_bytes()
