"""What a host takes and what it drops: one profile per ``host:`` of the configuration.

Figures of Cloudflare Pages: developers.cloudflare.com/pages/platform/limits and …/configuration/{headers,redirects},
as of January 2026 (100,000 files on paid plans since then). Of GitHub Pages: "GitHub Pages limits" in its
documentation (1 GB a site), and git pushes no file of more than 100 MiB to GitHub.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.paths import HEADERS, NOT_SERVED, REDIRECTS, shown
from loomworks_record.errors import UsageError


@dataclass(frozen=True, slots=True)
class HostProfile:
    """Limits of one host; None: no limit. Sizes are bytes, line lengths are characters.

    ``reads_rules``: whether it does what ``_headers`` and ``_redirects`` say. ``sends``: headers in lower case that it
    adds to every answer, and that no site can change.
    """

    name: str
    max_files: int | None = None
    max_file_bytes: int | None = None
    max_bytes: int | None = None
    max_header_rules: int | None = None
    max_header_line: int | None = None
    max_redirects: int | None = None
    max_redirect_line: int | None = None
    max_redirects_bytes: int | None = None
    dropped: re.Pattern[str] | None = None
    strips_html: bool = False
    reads_rules: bool = True
    sends: frozenset[str] = frozenset()


_CLOUDFLARE_DROPS = re.compile(r"^(?:_worker\.js|_routes\.json|functions|\.assetsignore)(?:/|$)", re.MULTILINE)


def _cloudflare(name: str, max_files: int) -> HostProfile:
    return HostProfile(
        name,
        max_files=max_files,
        max_file_bytes=25 * 1024 * 1024,
        max_header_rules=100,
        max_header_line=2000,
        max_redirects=2000,
        max_redirect_line=1000,
        # Not in the table of limits: rules past this size are cut off without a word.
        max_redirects_bytes=100_000,
        dropped=_CLOUDFLARE_DROPS,
        strips_html=True,
    )


PROFILES: dict[str, HostProfile] = {
    profile.name: profile
    for profile in (
        HostProfile("none"),
        _cloudflare("cloudflare-free", 20_000),
        _cloudflare("cloudflare-paid", 100_000),
        HostProfile(
            "github-pages",
            max_file_bytes=100 * 1024 * 1024,
            max_bytes=1_000_000_000,
            reads_rules=False,
            sends=frozenset({"access-control-allow-origin"}),
        ),
        HostProfile("plain", reads_rules=False),
    )
}

# Uploaders, archivers and servers of every kind leave these out.
_DROPPED_EVERYWHERE = re.compile(
    r"(?:^|/)(?:\.(?!well-known(?:/|$))[^/\n]*|node_modules|Thumbs\.db|[^/\n]*~)(?:/|$)", re.MULTILINE
)


def host_profile(name: str) -> HostProfile:
    profile = PROFILES.get(name)
    if profile is None:
        raise UsageError(f"host: expected one of {', '.join(PROFILES)}, got {name!r}")
    return profile


def name_faults(paths: Iterable[str], profile: HostProfile) -> Iterator[Fault]:
    """No path has a name that the host leaves out; no two share an address once ``.html`` is stripped."""
    listed = set(paths)
    for pattern in filter(None, (_DROPPED_EVERYWHERE, profile.dropped)):
        if pattern.search("\n".join(listed)):  # asked of all at once, since it is nearly never so
            yield from _dropped_faults(listed, pattern)
    for path in listed if profile.strips_html else ():
        if path.endswith(".html") and path[: -len(".html")] in listed:
            message = f"shares its address with {path[: -len('.html')]!r}; rename one of them"
            yield Fault("path-shadowed", path, message)


def _dropped_faults(paths: Iterable[str], pattern: re.Pattern[str]) -> Iterator[Fault]:
    for path in paths:
        dropped = pattern.search(path)
        if dropped:
            yield Fault("path-dropped", shown(path), f"hosts leave out {dropped[0].strip('/')!r}; rename it")


def count_faults(count: int, profile: HostProfile) -> Iterator[Fault]:
    """The site has no more files than the host takes; ``_headers`` and ``_redirects`` do not count."""
    if profile.max_files is not None and count - len(NOT_SERVED) > profile.max_files:
        message = f"{count:,} files; {profile.name} takes {profile.max_files:,}"
        yield Fault("host-files", "", message)


def size_faults(root: Path, paths: Iterable[str], profile: HostProfile) -> Iterator[Fault]:
    """No file, and not all of them together, is larger than the host takes."""
    if profile.max_file_bytes is None:
        return
    total = 0
    top = os.fsencode(root) + b"/"
    for path in paths:
        try:
            size = os.lstat(top + path.encode("utf-8", "surrogateescape")).st_size
        except OSError:
            continue  # reported as missing or unreadable where files are hashed
        total += size
        if size > profile.max_file_bytes:
            yield Fault("host-size", path, f"{size:,} bytes; {profile.name} takes {profile.max_file_bytes:,}")
    if profile.max_bytes is not None and total > profile.max_bytes:
        yield Fault("host-size", "", f"{total:,} bytes in all; {profile.name} takes {profile.max_bytes:,}")


def rule_faults(headers: bytes, redirects: bytes, profile: HostProfile) -> Iterator[Fault]:
    """``_headers`` and ``_redirects`` keep to the host's numbers of rules and lengths of lines."""
    header_lines = headers.decode("utf-8", "replace").splitlines()
    rules = [line for line in header_lines if line.strip() and not line.startswith((" ", "\t", "#"))]
    yield from _limit("host-headers", HEADERS, "rules", len(rules), profile.max_header_rules)
    longest = max(map(len, header_lines), default=0)
    yield from _limit("host-headers", HEADERS, "characters in a line", longest, profile.max_header_line)
    moves = [line for line in redirects.decode("utf-8", "replace").splitlines() if line.strip()]
    yield from _limit("host-redirects", REDIRECTS, "redirects", len(moves), profile.max_redirects)
    longest = max(map(len, moves), default=0)
    yield from _limit("host-redirects", REDIRECTS, "characters in a line", longest, profile.max_redirect_line)
    yield from _limit("host-redirects", REDIRECTS, "bytes", len(redirects), profile.max_redirects_bytes)


def _limit(reason: str, path: str, what: str, found: int, allowed: int | None) -> Iterator[Fault]:
    if allowed is not None and found > allowed:
        yield Fault(reason, path, f"{found:,} {what}; the host takes {allowed:,}")
