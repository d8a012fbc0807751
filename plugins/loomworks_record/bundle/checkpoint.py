"""The checkpoint: origin, log size and base64 Merkle root, one per line (the body of a C2SP tlog checkpoint); and what
a signed note of it says, read without checking a signature: light, since every check of a bundle reads one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from loomworks_record.bundle.merkle import prefix_roots, root

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
NAME = re.compile(r"[^\s+]+")  # of a key: C2SP signed-note allows neither blanks nor "+"
MAX_LINES = 100
_DASH = "\u2014 "


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


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signed: the key's name, the first four bytes of its digest, and the signature (with a time for witnesses)."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def time(self) -> int:
        """Of a cosignature: seconds since 1970 UTC."""
        return int.from_bytes(self.signature[:8])

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in LF, and its signatures."""

    text: bytes
    signatures: tuple[SignatureLine, ...]

    def __bytes__(self) -> bytes:
        return self.text + b"\n" + "".join(map(str, self.signatures)).encode()


def parse_note(data: bytes) -> Note:
    """The inverse of ``bytes(note)``; ValueError says what is not as expected."""
    text, gap, rest = data.rpartition(b"\n\n")
    if not gap or not text:
        raise ValueError("expected a text, an empty line and signatures")
    lines = rest.decode("utf-8").split("\n")
    if lines.pop() or not lines or len(lines) > MAX_LINES:
        raise ValueError(f"expected 1 to {MAX_LINES} signature lines that end in LF, got {len(lines)}")
    note = Note(text + b"\n", tuple(map(parse_line, lines)))
    if any(char < " " for char in text.decode("utf-8").replace("\n", "")) or bytes(note) != data:
        raise ValueError("expected no control characters, and base64 in its one form")
    return note


def is_of_key(note: Note, verifier_key: str) -> bool:
    """Whether a line of the note says that it is by this key, ``name+hex(key id)+base64(type, public key)``."""
    name, _, material = [*verifier_key.strip().split("+", 2), "", ""][:3]
    try:
        key = base64.b64decode(material, validate=True)
    except binascii.Error:
        return False
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    is_signed = any((line.name, line.key_id) == (name, key_id) for line in note.signatures)
    return is_signed and verifier_key.startswith(f"{name}+{key_id.hex()}+")


def parse_line(line: str) -> SignatureLine:
    """One signature line, without its LF; ValueError says what is not as expected."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error as wrong:
        raise ValueError(f"expected base64 in a signature line, got {encoded[:40]!r}") from wrong
    if not line.startswith(_DASH) or NAME.fullmatch(name) is None or len(data) < 5:
        raise ValueError(f"expected a signature line, got {line[:60]!r}")
    return SignatureLine(name, data[:4], data[4:])
