"""The lists of a bundle. The manifest: one line ``<64 hex> <path>`` per file, as ``sha256sum`` writes them, sorted
by bytes, LF. ``integrity/addresses.txt``: every address that somebody may hold, so that a later site can be asked
for each, one a line; behind those of a document stands the sha256 of its bytes, by which it is found when it was
renamed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import ContentError, Fault
from loomworks_record.bundle.files import read_bounded
from loomworks_record.bundle.hosts import encoded, serves
from loomworks_record.bundle.log import Log
from loomworks_record.bundle.paths import NOT_LISTED, SEALED, TLOG, are_safe, is_unsafe
from loomworks_record.bundle.statements import hex_digest
from loomworks_record.errors import UsageError
from loomworks_record.source.names import without_archive

MAX_MANIFEST = 64 * 1024 * 1024

_LINE = lazy.regex(r"([0-9a-f]{64})  ([^\x00-\x1f\x7f\\]+)")
_HEX = b"0123456789abcdef"
_SIGNS = bytes({*range(0x20), 0x7F, 0x5C} - {0x0A})  # that no line has
_SEALED_LINE = lazy.regex(
    r"^.{{64}}  (?:{}|{}.*)\n".format("|".join(map(re.escape, sorted(SEALED))), re.escape(TLOG)).encode(), re.MULTILINE
)
_LOOSE_LINE = lazy.regex(r"([0-9a-fA-F]+) [ *](.+)")
Addresses = Mapping[str, str]  # address, decoded, with its "/" → sha256 (hex) of the document there, or ""

# What pages load for themselves, what changes with every build, and lists of what waits: nobody cites these.
_OF_PAGES = lazy.regex(
    r"(?:assets|pagefind|integrity|api/dashboard)/|documents/[^/]*\.json$|(?:404\.html|_headers|_redirects)$"
)
_LOADED = (".css", ".js", ".map", ".woff", ".woff2")
_ADDRESS_LINE = lazy.regex(r"(/\S*)(?: ([0-9a-f]{64}))?")


class Manifest(Struct, frozen=True):
    """What a manifest's bytes say: digest per path, and what is wrong with its form."""

    digests: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


def format_manifest(digests: Mapping[str, str]) -> bytes:
    """The manifest of ``path → sha256``; ContentError for a path that cannot stand in one."""
    for path in () if are_safe(digests.keys()) else digests:
        if is_unsafe(path):
            raise ContentError(f"{path!r}: this name cannot be published safely; rename the file")
    return manifest_lines(digests)


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


def content_digest(lines: bytes) -> str:
    """sha256 over those of ``manifest_lines`` that are of no file which sealing writes: what the provenance speaks of.
    """
    return hex_digest(_SEALED_LINE.sub(b"", lines))


def _well_formed(data: bytes) -> dict[str, str] | None:
    """The digests of a manifest in which nothing is wrong, read in few steps; None to look at it line by line."""
    try:
        *lines, rest = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    digests = {line[66:]: line[:64] for line in lines}
    if not NOT_LISTED.isdisjoint(digests) or "" in digests or len(data.translate(None, _SIGNS)) != len(data):
        return None
    if rest or "".join(digests.values()).encode().translate(None, _HEX) or any(line[64:66] != "  " for line in lines):
        return None
    return digests if len(digests) == len(lines) and list(digests) == sorted(digests) else None


def manifest_lines(digests: Mapping[str, str]) -> bytes:
    """The lines of a manifest, whatever names stand in it."""
    # Code points sort as their UTF-8 bytes do, so sorting text is sorting bytes.
    return "".join([f"{sha256}  {path}\n" for path, sha256 in sorted(digests.items())]).encode("utf-8")


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


def addresses_of(digests: Mapping[str, str], led: Iterable[str]) -> Addresses:
    """Of a site with these files (path → sha256, hex), whose host leads on from the addresses ``led`` (decoded)."""
    found: dict[str, str] = dict.fromkeys(led, "")
    for path, sha256 in digests.items():
        if path.endswith(_LOADED) or _OF_PAGES.match(path):
            continue
        document = paths.RAW + path[len("view/") :].removesuffix(".html") if path.startswith("view/") else ""
        found["/" + path] = sha256 if path.startswith(paths.RAW) else digests.get(document, "")
    return found


def format_addresses(addresses: Addresses) -> bytes:
    """The file: percent-encoded, sorted by bytes, LF."""
    lines = (f"{encoded(address)} {sha256}".rstrip() for address, sha256 in addresses.items())
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def parse_addresses(data: bytes) -> Addresses:
    """The inverse of ``format_addresses``; ValueError names the first line that is not an address."""
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8").splitlines(), 1):
        read = _ADDRESS_LINE.fullmatch(line)
        if read is None:
            raise ValueError(f"line {number}: expected an address, and the sha256 of a document, got {line[:80]!r}")
        found[unquote(read[1])] = read[2] or ""
    return found


def listing_faults(data: bytes | None, digests: Mapping[str, str], led: Iterable[str]) -> Iterator[Fault]:
    """The list is that of this site, where there is one: a missing file is reported as such."""
    if data is not None and data != format_addresses(addresses_of(digests, led)):
        yield Fault("addresses-differ", paths.ADDRESSES, "is not the list that the manifest and the redirects make")


def gone(before: Addresses, digests: Mapping[str, str], led: Mapping[str, str], log: Log) -> Iterator[Fault]:
    """Every address of ``before`` that this site neither serves nor leads on from, and that is of nothing withdrawn.
    ``led``: from, decoded → to, as it travels."""
    forms = {form for path in log.withdrawn for form in (path, without_archive(path))}
    withdrawn = {address for form in forms for address in (f"/{paths.RAW}{form}", f"/view/{form}.html")}
    now = {sha256: path for path, sha256 in sorted(digests.items()) if path.startswith(paths.RAW)}
    for address, sha256 in sorted(before.items()):
        there = address[1:] in digests or serves(led.get(address, encoded(address)), digests)
        if there or led.get(address, "").startswith("https://") or address in withdrawn:
            continue
        remedy = _remedy(address, now.get(sha256) if sha256 else None)
        yield Fault("address-gone", address, f"was published before and is not answered now; {remedy}")


def accepted_addresses(folder: Path) -> Addresses | None:
    """The addresses of the site whose ``addresses.txt``, or at least manifest, lies in a folder; None without both."""
    file = folder / Path(paths.ADDRESSES).name
    listed = read_bounded(file, MAX_MANIFEST)
    try:
        if listed is not None:
            return parse_addresses(listed)
    except ValueError as wrong:
        raise UsageError(f"{file}: {wrong}; expected that of the site accepted last") from wrong
    manifest = read_bounded(folder / Path(paths.MANIFEST).name, MAX_MANIFEST)
    return addresses_of(parse_manifest(manifest, name=paths.MANIFEST).digests, ()) if manifest is not None else None


def _remedy(address: str, renamed: str | None) -> str:
    if renamed is None:
        return "restore what was there, withdraw it with a reason, or name its new address under 'redirects:'"
    new = f"/{renamed}" if address.startswith(f"/{paths.RAW}") else f"/view/{renamed.removeprefix(paths.RAW)}.html"
    return f"the document has another name now: add '{address}: {new}' to 'redirects:'"
