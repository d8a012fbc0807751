"""Names that carry the hash of their content, and may therefore be cached for ever."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from loomworks_record.bundle.faults import Fault

FOLDER = "assets/"
HEX_DIGITS = 10
HASHED = re.compile(rf"\.([0-9a-f]{{{HEX_DIGITS}}})\.[A-Za-z0-9]+$")


def hashed_name(path: str, data: bytes) -> str:
    """``assets/record.css`` → ``assets/record.0123456789.css``, by the sha256 of ``data``."""
    stem, ending = posixpath.splitext(path)
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:HEX_DIGITS]}{ending}"


def hashed_assets(digests: Mapping[str, str]) -> list[str]:
    """The assets among ``path → sha256`` whose names carry their own content hash."""
    found = []
    for path, digest in digests.items():
        match = HASHED.search(path) if path.startswith(FOLDER) else None
        if match is not None and digest.startswith(match[1]):
            found.append(path)
    return sorted(found)


def asset_faults(digests: Mapping[str, str], immutable: Iterable[str]) -> Iterator[Fault]:
    """What is served as immutable carries its own content hash."""
    for path in immutable:
        match = HASHED.search(path)
        digest = digests.get(path)
        if digest is not None and (match is None or not digest.startswith(match[1])):
            message = f"is served as immutable, but its name does not carry its hash {digest[:HEX_DIGITS]}"
            yield Fault("asset-name", path, message)
