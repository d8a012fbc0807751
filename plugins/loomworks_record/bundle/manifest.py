"""The manifest: one line ``<64 hex>  <path>`` per file, as ``sha256sum`` writes them, sorted by bytes, LF."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from loomworks_record.bundle.faults import ContentError, Fault
from loomworks_record.bundle.paths import NOT_LISTED, SEALED, TLOG, is_unsafe

MAX_BYTES = 64 * 1024 * 1024

_LINE = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\x7f\\]+)")
_LINES = re.compile(rf"^{_LINE.pattern}$", re.MULTILINE)
_LOOSE_LINE = re.compile(r"([0-9a-fA-F]+) [ *](.+)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest's bytes say: digest per path, and what is wrong with its form."""

    digests: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


def format_manifest(digests: Mapping[str, str]) -> bytes:
    """The manifest of ``path → sha256``; ContentError for a path that cannot stand in one."""
    for path in digests:
        if is_unsafe(path):
            raise ContentError(f"{path!r}: this name cannot be published safely; rename the file")
    return _lines(digests)


def parse_manifest(data: bytes, *, name: str) -> Manifest:
    """Read a manifest as far as it can be read, with every fault of its form (``name``: where it lies)."""
    well_formed = _well_formed(data)
    if well_formed is not None:
        return Manifest(well_formed)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        message = f"expected UTF-8, got byte {data[wrong.start]:#04x} at offset {wrong.start}"
        return Manifest({}, (Fault("manifest-encoding", name, message),))
    faults: list[Fault] = []
    if text.startswith("\ufeff"):
        faults.append(Fault("manifest-encoding", name, "expected no byte order mark at its start"))
        text = text[1:]
    if "\r\n" in text:
        message = "expected LF line endings, got CRLF (a checkout with autocrlf?)"
        faults.append(Fault("manifest-line-endings", name, message))
        text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    if lines.pop():
        faults.append(Fault("manifest-syntax", name, "expected a LF after the last line: is it cut short?"))
    digests: dict[str, str] = {}
    paths: list[str] = []
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            faults.append(_line_fault(name, number, line))
            match = _LOOSE_LINE.fullmatch(line)
            if match is None:
                continue
        digests[match[2]] = match[1].lower()
        paths.append(match[2])
    faults.extend(_order_faults(name, paths))
    return Manifest(digests, tuple(faults))


def content_digest(digests: Mapping[str, str]) -> str:
    """sha256 over the manifest lines of all that sealing does not write: what the provenance speaks of."""
    content = {path: digest for path, digest in digests.items() if path not in SEALED and not path.startswith(TLOG)}
    return hashlib.sha256(_lines(content)).hexdigest()


def _well_formed(data: bytes) -> dict[str, str] | None:
    """The digests of a manifest in which nothing is wrong, read in one step; None to look at it line by line."""
    try:
        found = _LINES.findall(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    digests = {path: digest for digest, path in found}
    if len(digests) != len(found) or not NOT_LISTED.isdisjoint(digests):
        return None
    return digests if _lines(digests) == data else None


def _lines(digests: Mapping[str, str]) -> bytes:
    # Code points sort as their UTF-8 bytes do, so sorting text is sorting bytes.
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode("utf-8")


def _line_fault(name: str, number: int, line: str) -> Fault:
    digest, gap, path = line[:64], line[64:66], line[66:]
    if gap == "  " and path and not is_unsafe(path):
        message = f"line {number}: expected 64 lower-case hexadecimal digits, got {digest[:16]!r}…"
        return Fault("manifest-hex", name, message)
    if gap == "  " and path:
        return Fault("path-unsafe", name, f"line {number}: {path[:80]!r} is not a relative path of plain names")
    return Fault("manifest-syntax", name, f"line {number}: expected '<digest>  <path>', got {line[:80]!r}")


def _order_faults(name: str, paths: list[str]) -> Iterator[Fault]:
    for before, path in pairwise(paths):
        if path < before:
            message = f"{path!r} stands after {before!r}; expected the order of bytes"
            yield Fault("manifest-order", name, message)
            break
    for path, times in Counter(paths).items() if len(set(paths)) != len(paths) else ():
        if times > 1:
            yield Fault("manifest-duplicate", path, f"listed {times} times")
    for path in NOT_LISTED.intersection(paths):
        yield Fault("manifest-excluded", path, "is listed, which it cannot be: it states the manifest's digest")
