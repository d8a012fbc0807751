"""Names inside a bundle: which are safe, which collide, and where the integrity files lie."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from loomworks_record.bundle.faults import Fault

FOLDER = "integrity"
MANIFEST = f"{FOLDER}/manifest-sha256.txt"
LOG = f"{FOLDER}/log.jsonl"
SOURCES = f"{FOLDER}/sources.txt"
PROVENANCE = f"{FOLDER}/provenance.json"
NGINX = f"{FOLDER}/nginx.conf"
HEADERS_COPY = f"{FOLDER}/headers.txt"
REDIRECTS_COPY = f"{FOLDER}/redirects.txt"
ADDRESSES = f"{FOLDER}/addresses.txt"
CHECKPOINT = f"{FOLDER}/checkpoint"
STAMP = f"{FOLDER}/stamp.json"
SIGNATURE = f"{FOLDER}/stamp.json.sig"
NOTE = f"{FOLDER}/checkpoint.note"
VERIFIER_KEY = f"{FOLDER}/verifier-key.txt"
TLOG = f"{FOLDER}/tlog/"  # what clients of C2SP tlog-tiles read, who expect the note under this name:
TLOG_NOTE = f"{TLOG}checkpoint"
UNSEALED = f"{FOLDER}/unsealed"  # there while a build is at work, or after one that was stopped
HEADERS = "_headers"
REDIRECTS = "_redirects"
NOT_FOUND = "404.html"
RAW = "raw/"

# What sealing writes, and so removes before it writes again.
SEALED = frozenset(
    (MANIFEST, LOG, SOURCES, PROVENANCE, NGINX, HEADERS_COPY, REDIRECTS_COPY, ADDRESSES, CHECKPOINT, STAMP, SIGNATURE,
     NOTE, TLOG_NOTE, VERIFIER_KEY)
)  # fmt: skip

# They state the manifest's digest, or come after it: listing them would be a circle. The note is of the checkpoint
# alone, but signed with a key that not everybody has, and cosigned later, with times: like the stamp, it is not part of
# a rebuild.
NOT_LISTED = frozenset({MANIFEST, CHECKPOINT, STAMP, SIGNATURE, NOTE, TLOG_NOTE})
REQUIRED = (
    "index.html", NOT_FOUND, HEADERS, REDIRECTS, LOG, SOURCES, PROVENANCE, HEADERS_COPY, REDIRECTS_COPY, ADDRESSES,
)  # fmt: skip
# Read by the host, not served by it; their copies under integrity/ are.
COPIES = {HEADERS: HEADERS_COPY, REDIRECTS: REDIRECTS_COPY}
NOT_SERVED = frozenset(COPIES)

# What version control, its services and a publisher to a branch keep at the top of the folder, and hosts do not serve:
# no part of the bundle. Not what a server obeys, such as .htaccess.
PUBLISHERS = re.compile(
    r"\.(?:(?:git|hg)[\w.-]*|svn|bzr|forgejo|circleci|(?:travis|woodpecker)\.ya?ml|woodpecker|mailmap|domains|nojekyll)"
)
# Set on the host, and written into the branch by it: the name under which it is served.
CNAME = "CNAME"

_UNSAFE = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|[\x00-\x1f\x7f\\]")
# The same of many, with LF before and behind each: two expressions that begin with a set, which is looked for fast.
_UNSAFE_PART = re.compile(r"[/\n]\.{0,2}[/\n]")
_UNSAFE_SIGN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\\]")


def is_unsafe(path: str) -> bool:
    """Absolute, climbing, with an empty part, a backslash or a control character, or not encodable."""
    return _UNSAFE.search(path) is not None or not _encodable(path)


def are_safe(paths: Collection[str]) -> bool:
    """Whether none of them ``is_unsafe``: asked of all at once, since that is nearly always so."""
    text = "\n".join(paths)
    return (
        _UNSAFE_PART.search(f"\n{text}\n") is None
        and _UNSAFE_SIGN.search(text) is None
        and text.count("\n") == max(len(paths) - 1, 0)
        and _encodable(text)
    )


def shown(path: str) -> str:
    """The path as it can be printed anywhere: what a terminal would obey, and bytes that are not UTF-8, as escapes."""
    if path.isprintable():
        return path
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in path)


def said(text: str, most: int = 200) -> str:
    """What somebody else's program said, so that it can be printed anywhere: escaped, and of bounded length."""
    return shown(text[:most]) + ("…" if len(text) > most else "")


def path_faults(paths: Iterable[str]) -> Iterator[Fault]:
    """Paths are safe, in NFC, and differ by more than case or Unicode form."""
    given = list(paths)
    if _all_well(given):
        return
    first_of: dict[str, str] = {}
    for path in given:
        if is_unsafe(path):
            yield Fault("path-unsafe", shown(path), "expected a relative path of plain names; remove the file")
            continue
        if unicodedata.normalize("NFC", path) != path:
            yield Fault("path-not-nfc", path, "expected Unicode form NFC; rename the file")
        first = first_of.setdefault(folded(path), path)
        if first != path:
            yield Fault("path-collision", path, f"equal to {first!r} where case is ignored; rename one of them")


def folded(path: str) -> str:
    """The path, or several with LF between them, as a host sees it that ignores case and Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _all_well(paths: list[str]) -> bool:
    """Whether nothing is wrong with any path."""
    text = "\n".join(paths)
    return (
        are_safe(paths) and unicodedata.is_normalized("NFC", text) and len(set(folded(text).split("\n"))) == len(paths)
    )


def _encodable(path: str) -> bool:
    if path.isascii():
        return True
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
