"""Keys: what a value was made from, as one digest. Whatever can change the value stands in its key."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

_PACKAGE = Path(__file__).resolve().parents[1]
# What has a part in the bytes of a page; that of search has its own version in its keys.
LIBRARIES = ("jinja2", "lxml", "markdown", "markupsafe", "msgspec", "nh3", "pygments", "pymdown-extensions", "pyyaml")
_SIZE = 20  # bytes

_encoder = msgspec.msgpack.Encoder()


def digest(*values: Any) -> bytes:
    """One digest of plain values (dataclasses, tuples, mappings in their order, texts, bytes, numbers, dates)."""
    return hashlib.blake2b(_encoder.encode(values), digest_size=_SIZE).digest()


@cache
def ground() -> bytes:
    """What every value stands on: our own code, the libraries that render, and Python."""
    made = hashlib.blake2b(digest_size=_SIZE)
    for file in sorted(_PACKAGE.rglob("*.py")):
        made.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        made.update(hashlib.sha256(file.read_bytes()).digest())
    made.update(repr([(name, version(name)) for name in LIBRARIES]).encode())
    made.update(platform.python_version().encode())
    return made.digest()
