"""The small statements of a bundle, and the one form of JSON that they are written in.

The stamp is the time-dependent statement of which bundle this is, from which sources, and until when it holds. The
checkpoint is origin, log size and base64 Merkle root, one per line (the body of a C2SP tlog checkpoint); what a signed
note of it says is read here without checking a signature: light, since every check of a bundle reads one.

JSON is RFC 8785 (JCS) for the values that bundles hold: ASCII keys; strings, integers, null and nestings of them. For
that subset the standard library's writer gives the same bytes as a full implementation (held by a test against the
package ``rfc8785``), at a tenth of the time, which counts when every line of a long log is compared.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from loomworks_record.bundle.merkle import prefix_roots, root

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
NAME = re.compile(r"[^\s+]+")  # of a key: C2SP signed-note allows neither blanks nor "+"
MAX_LINES = 100
_DASH = "\u2014 "
Value = str | int | None | Sequence["Value"] | Mapping[str, "Value"]
FORMAT = "record-stamp/1"
DAY = 86_400
DEFAULT_DAYS = 14
MAX_STAMP = 64 * 1024

_HEX = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def hex_digest(data: bytes) -> str:
    """sha256, as the statements of a bundle write it."""
    return hashlib.sha256(data).hexdigest()


class Checkpoint(Struct, frozen=True):
    """A log's state: whose it is, how many entries, and the RFC 6962 root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def digest(self) -> str:
        """What a stamp says of it."""
        return hex_digest(bytes(self))

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
    except ValueError as wrong:
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
    return any(state.digest == accepted for state in states)


class SignatureLine(Struct, frozen=True):
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


class Note(Struct, frozen=True):
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
    except ValueError:  # not base64, or not ASCII
        return False
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    is_signed = any((line.name, line.key_id) == (name, key_id) for line in note.signatures)
    return is_signed and verifier_key.startswith(f"{name}+{key_id.hex()}+")


def parse_line(line: str) -> SignatureLine:
    """One signature line, without its LF; ValueError says what is not as expected."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        data = base64.b64decode(encoded, validate=True)
    except ValueError as wrong:
        raise ValueError(f"expected base64 in a signature line, got {encoded[:40]!r}") from wrong
    if not line.startswith(_DASH) or NAME.fullmatch(name) is None or len(data) < 5:
        raise ValueError(f"expected a signature line, got {line[:60]!r}")
    return SignatureLine(name, data[:4], data[4:])


def canonical(value: Value) -> bytes:
    """The one serialisation of ``value``, without a final LF."""
    return _ENCODER.encode(value).encode("utf-8")


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in ``data``; ValueError if it is anything else, is not UTF-8, or names a key twice."""
    try:
        value = _DECODER.decode(data.decode("utf-8"))
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


# One of each: a log has thousands of lines, and making a coder takes as long as a line.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


class Stamp(Struct, frozen=True):
    """Digests are sha256 (hex); times are seconds since 1970 UTC; ``sequence`` is the time of issue."""

    sequence: int
    expires: int
    manifest: str
    checkpoint: str
    sources: str
    commit: str | None

    def __bytes__(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "sequence": self.sequence,
                "manifest": self.manifest,
                "checkpoint": self.checkpoint,
                "sources": self.sources,
                "commit": self.commit,
                "issued": utc(self.sequence),
                "expires": utc(self.expires),
            }
        )


def issue(
    *, manifest: bytes, checkpoint: bytes, sources: str, commit: str | None, issued: int, days: int = DEFAULT_DAYS
) -> Stamp:
    """A stamp for these bytes of manifest and checkpoint, that holds ``days`` days from ``issued``."""
    return Stamp(
        sequence=issued,
        expires=issued + days * DAY,
        manifest=hex_digest(manifest),
        checkpoint=hex_digest(checkpoint),
        sources=sources,
        commit=commit,
    )


def parse_stamp(data: bytes) -> Stamp:
    """The inverse of ``bytes(stamp)``; ValueError says what is not as expected."""
    fields = parse_object(data)
    if fields.get("format") != FORMAT:
        raise ValueError(f"expected format {FORMAT!r}, got {fields.get('format')!r}")
    for name in ("manifest", "checkpoint", "sources"):
        if not isinstance(fields.get(name), str) or _HEX.fullmatch(fields[name]) is None:
            raise ValueError(f"{name}: expected 64 lower-case hexadecimal digits, got {fields.get(name)!r}")
    commit = fields.get("commit")
    if commit is not None and (not isinstance(commit, str) or _COMMIT.fullmatch(commit) is None):
        raise ValueError(f"commit: expected a git commit or null, got {commit!r}")
    if type(fields.get("sequence")) is not int or not 0 <= fields["sequence"] < 2**53:
        raise ValueError(f"sequence: expected a natural number, got {fields.get('sequence')!r}")
    stamp = Stamp(
        fields["sequence"], _seconds(fields, "expires"), fields["manifest"], fields["checkpoint"],
        fields["sources"], commit,
    )  # fmt: skip
    if _seconds(fields, "issued") != stamp.sequence:
        raise ValueError(f"issued: expected {utc(stamp.sequence)} (the sequence), got {fields['issued']}")
    if bytes(stamp) != data:
        raise ValueError("expected the canonical form (RFC 8785) of the stamp, and no other field")
    return stamp


def utc(seconds: int) -> str:
    """``2026-11-20T09:14:00Z``; ValueError past the year 9999."""
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError) as wrong:
        raise ValueError(f"{seconds} seconds is not a valid time") from wrong


def _seconds(fields: dict[str, object], name: str) -> int:
    text = fields.get(name)
    if isinstance(text, str):
        try:
            return int(dt.datetime.fromisoformat(text).timestamp())  # the exact form is compared at the end
        except (ValueError, OverflowError):
            pass
    raise ValueError(f"{name}: expected a UTC time like 2026-11-20T09:14:00Z, got {text!r}")
