"""RFC 8785 (JCS) for the values that bundles hold: ASCII keys; strings, integers, null and nestings of them.

For that subset the standard library's writer gives the same bytes as a full implementation (held by a test against
the package ``rfc8785``), at a tenth of the time, which counts when every line of a long log is compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Value = str | int | None | Sequence["Value"] | Mapping[str, "Value"]


def canonical(value: Value) -> bytes:
    """The one serialisation of ``value``, without a final LF."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in ``data``; ValueError if it is anything else, is not UTF-8, or names a key twice."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except RecursionError as wrong:
        raise ValueError("nested too deeply") from wrong
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, got {type(value).__name__}")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found
