"""Keys: what a value was made from, as one digest. Whatever can change the value stands in its key."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from loomworks_record.kept.memo import KEY_SIZE
from loomworks_record.kept.own_code import code_digest

# What has a part in the bytes of a page; the search has its own version in its keys.
LIBRARIES = ("jinja2", "lxml", "markupsafe", "msgspec", "nh3", "pygments", "pyromark")

_encoder = msgspec.msgpack.Encoder()


def digest(*values: Any) -> bytes:
    """One digest of plain values (dataclasses, tuples, mappings in their order, texts, bytes, numbers, dates)."""
    return hashlib.blake2b(_encoder.encode(values), digest_size=KEY_SIZE).digest()


def ground() -> bytes:
    """What every value stands on: our own code, the libraries that render, and Python."""
    return code_digest("loomworks_record", libraries=LIBRARIES)
