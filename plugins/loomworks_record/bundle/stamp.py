"""The stamp: the time-dependent statement of which bundle this is, from which sources, and until when it holds."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

from loomworks_record.bundle.canonical import canonical, parse_object

FORMAT = "record-stamp/1"
DAY = 86_400
DEFAULT_DAYS = 14
MAX_BYTES = 64 * 1024

_HEX = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stamp:
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
        manifest=hashlib.sha256(manifest).hexdigest(),
        checkpoint=hashlib.sha256(checkpoint).hexdigest(),
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
