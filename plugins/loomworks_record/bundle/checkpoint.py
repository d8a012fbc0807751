"""The checkpoint: origin, log size and base64 Merkle root, one per line (the body of a C2SP tlog checkpoint)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from loomworks_record.bundle.merkle import prefix_roots, root

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's state: whose it is, how many entries, and the RFC 6962 root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __bytes__(self) -> bytes:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def checkpoint_of(origin: str, leaves: Sequence[bytes]) -> Checkpoint:
    return Checkpoint(origin, len(leaves), root(leaves))


def parse_checkpoint(data: bytes) -> Checkpoint:
    """The inverse of ``bytes(checkpoint)``; ValueError says what is not as expected."""
    lines = data.decode("utf-8").split("\n")
    if len(lines) != 4 or lines[3]:
        raise ValueError(f"expected three lines that end in LF, got {len(data)} bytes in {len(lines) - 1}")
    origin, size, encoded, _ = lines
    if not origin or origin != origin.strip():
        raise ValueError(f"expected an origin in line 1, got {origin!r}")
    if _SIZE.fullmatch(size) is None:
        raise ValueError(f"expected the log size in line 2, got {size[:40]!r}")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except binascii.Error as wrong:
        raise ValueError(f"expected a base64 root in line 3, got {encoded[:60]!r}") from wrong
    found = Checkpoint(origin, int(size), digest)
    if len(digest) != 32 or bytes(found) != data:
        raise ValueError(f"expected the base64 of 32 bytes in line 3, got {encoded[:60]!r}")
    return found


def extends(origin: str, leaves: Sequence[bytes], accepted: str) -> bool:
    """Whether some prefix of the log has the checkpoint whose sha256 (hex) is ``accepted``.

    A stamp keeps only the digest of its checkpoint. Trying every prefix (two hashes each) finds it again, so the
    last accepted stamp is all that a reader has to keep in order to notice a rewritten log.
    """
    states = (Checkpoint(origin, size, found) for size, found in enumerate(prefix_roots(leaves)))
    return any(hashlib.sha256(bytes(state)).hexdigest() == accepted for state in states)
