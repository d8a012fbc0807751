"""The usual tables, each a file of plain data in this folder: kinds, identifiers, labels, codes of problems."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")


def table(name: str, of: type[T]) -> T:
    """The table ``name``, which is part of the program: it is what the type says."""
    return msgspec.json.decode(Path(__file__).with_name(f"{name}.json").read_bytes(), type=of)
