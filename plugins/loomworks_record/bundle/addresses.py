"""``integrity/addresses.txt``: every address that somebody may hold, so that a later site can be asked for each.

One a line. Behind the addresses of a document stands the sha256 of its bytes, by which it is found when it was renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.files import read_bounded
from loomworks_record.bundle.log import Log
from loomworks_record.bundle.manifest import MAX_BYTES as MAX_MANIFEST
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.bundle.redirects import encoded, serves
from loomworks_record.errors import UsageError
from loomworks_record.source.names import without_archive

Addresses = Mapping[str, str]  # address, decoded, with its "/" → sha256 (hex) of the document there, or ""

# What pages load for themselves, what changes with every build, and lists of what waits: nobody cites these.
_OF_PAGES = re.compile(
    r"(?:assets|pagefind|integrity|api/dashboard)/|documents/[^/]*\.json$|(?:404\.html|_headers|_redirects)$"
    r"|.*\.(?:css|js|map|woff2?)$"
)
_LINE = re.compile(r"(/\S*)(?: ([0-9a-f]{64}))?")


def addresses_of(digests: Mapping[str, str], led: Iterable[str]) -> Addresses:
    """Of a site with these files (path → sha256, hex), whose host leads on from the addresses ``led`` (decoded)."""
    found: dict[str, str] = dict.fromkeys(led, "")
    for path, sha256 in digests.items():
        if not _OF_PAGES.match(path):
            document = f"{paths.RAW}{path.removeprefix('view/').removesuffix('.html')}"
            of_document = sha256 if path.startswith(paths.RAW) else digests.get(document, "")
            found["/" + path] = of_document if path.startswith(("view/", paths.RAW)) else ""
    return found


def format_addresses(addresses: Addresses) -> bytes:
    """The file: percent-encoded, sorted by bytes, LF."""
    lines = (f"{encoded(address)} {sha256}".rstrip() for address, sha256 in addresses.items())
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def parse_addresses(data: bytes) -> Addresses:
    """The inverse of ``format_addresses``; ValueError names the first line that is not an address."""
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8").splitlines(), 1):
        read = _LINE.fullmatch(line)
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
