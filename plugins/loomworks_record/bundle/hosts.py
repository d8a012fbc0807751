"""What a host takes and what it drops: one profile per ``host:`` of the configuration. And what it is told: addresses
that lead on, as ``_redirects`` (renames declared under ``redirects:``, and versions whose page was published below
``archive/``); and for nginx headers and redirects in a file to ``include`` in a ``server`` block that sets ``root``.

Figures of Cloudflare Pages: developers.cloudflare.com/pages/platform/limits and …/configuration/{headers,redirects}, as
of January 2026 (100,000 files on paid plans since then). Of GitHub Pages: "GitHub Pages limits" in its documentation (1
GB a site), and git pushes no file of more than 100 MiB to GitHub.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.bundle.faults import ContentError, Fault
from loomworks_record.bundle.headers import TYPES, HeaderRule, expression, headers_of, sample
from loomworks_record.bundle.paths import HEADERS, NGINX, NOT_SERVED, REDIRECTS, shown
from loomworks_record.errors import UsageError

STATUS = 301
MOVED = 308

Redirect = tuple[str, str, int]  # from, decoded; to, as it travels; status

_ODD = lazy.regex(r"[\x00-\x20\x7f\"'`$;\\{}*<>|^]")
_SAFE = "/-._~!()+,=:@&"
_TRAVELS = lazy.regex(r"[A-Za-z0-9/._~!()+,=:@&-]*")  # as it is: quoting thousands of these takes a while
_HEAD = "# Made with the site; see docs/verify.md."
_TRY = "try_files $uri $uri.html $uri/ =404;"


class HostProfile(Struct, frozen=True):
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


# What hosts drop is looked for in paths with LF before and behind each: what begins with a set is looked for fast.
_CLOUDFLARE_DROPS = lazy.regex(r"\n(?:_worker\.js|_routes\.json|functions|\.assetsignore)[/\n]")


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
_DROPPED_EVERYWHERE = lazy.regex(r"[/\n](?:\.(?!well-known[/\n])[^/\n]*|node_modules|Thumbs\.db|[^/\n]*~)[/\n]")


def host_profile(name: str) -> HostProfile:
    profile = PROFILES.get(name)
    if profile is None:
        raise UsageError(f"host: expected one of {', '.join(PROFILES)}, got {name!r}")
    return profile


def name_faults(paths: Iterable[str], profile: HostProfile) -> Iterator[Fault]:
    """No path has a name that the host leaves out; no two share an address once ``.html`` is stripped."""
    listed = set(paths)
    for pattern in filter(None, (_DROPPED_EVERYWHERE, profile.dropped)):
        if pattern.search("\n".join(["", *listed, ""])):  # asked of all at once, since it is nearly never so
            yield from _dropped_faults(listed, pattern)
    for path in listed if profile.strips_html else ():
        if path.endswith(".html") and path[: -len(".html")] in listed:
            message = f"shares its address with {path[: -len('.html')]!r}; rename one of them"
            yield Fault("path-shadowed", path, message)


def _dropped_faults(paths: Iterable[str], pattern: re.Pattern[str]) -> Iterator[Fault]:
    for path in paths:
        dropped = pattern.search(f"\n{path}\n")
        if dropped:
            name = dropped[0].strip("/\n")
            yield Fault("path-dropped", shown(path), f"hosts leave out {name!r}; rename it")


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


def declared_redirects(
    redirects: Mapping[str, str], files: Collection[str], moving: Collection[str] = ()
) -> tuple[Redirect, ...]:
    """Those of the configuration, sorted. ContentError lists every rename that cannot work.

    A source that ends in ``.html`` also moves without it, since hosts strip it. ``files``: paths of the site, of
    which ``moving`` only lead on.
    """
    own = set(files) - set(moving)
    complaints = [complaint for source in redirects for complaint in _complaints(source, redirects, files, own)]
    if complaints:
        raise ContentError("\n".join(complaints))
    pairs = dict(redirects)
    for source, target in redirects.items():
        if source.endswith(".html"):
            pairs.setdefault(source.removesuffix(".html"), target)
    found = ((unquote(source), quote(target, safe=f"{_SAFE}%#?"), STATUS) for source, target in pairs.items())
    return tuple(sorted(found))


def moved_redirects(moves: Mapping[str, str], declared: Sequence[Redirect]) -> tuple[Redirect, ...]:
    """Of pages that lead on by themselves: path of the page → path of the one that it leads to. With a rule the host
    leads on before a page is loaded. What a rule cannot name is left to the page, what is ``declared`` goes before."""
    taken = {source for source, _, _ in declared}
    found: list[Redirect] = []
    for source, target in sorted(moves.items()):
        path, mark, anchor = target.partition("#")
        if not _ODD.search(source + target):
            to = encoded(f"/{path.removesuffix('index.html') if f'/{path}'.endswith('/index.html') else path}")
            froms = [source.removesuffix("index.html")] if source.endswith("/index.html") else [source]
            froms += [source.removesuffix(".html")] if source.endswith(".html") and froms == [source] else []
            found += [(f"/{each}", f"{to}{mark}{anchor}", MOVED) for each in froms if f"/{each}" not in taken]
    return tuple(found)


def fitting(
    declared: Sequence[Redirect], moved: Sequence[Redirect], profile: HostProfile, base: str
) -> tuple[Redirect, ...]:
    """What of both the host takes: all that is declared, and as many of the others as there is room for. Behind each
    of those stands a page that leads on where the rule is left out."""
    lines, size = len(declared), len(format_redirects(declared, base))
    kept = list(declared)
    for redirect in moved:
        line = len(format_redirects([redirect], base))
        lines, size = lines + 1, size + line
        if _over(lines, profile.max_redirects) or _over(size, profile.max_redirects_bytes):
            break
        if not _over(line, profile.max_redirect_line):
            kept.append(redirect)
    return tuple(kept)


def format_redirects(redirects: Collection[Redirect], base: str = "") -> bytes:
    """``_redirects`` as Cloudflare Pages and Netlify read it, at the root of the host: one ``from to status`` per line.
    ``base``: the path below which the site stands there, "" or as "/records"."""
    return "".join(
        f"{encoded(base + source)} {based(target, base)} {status}\n" for source, target, status in redirects
    ).encode("utf-8")


def based(target: str, base: str) -> str:
    """A target within the site as an address of the host; one elsewhere is what it was."""
    return base + target if target.startswith("/") else target


def parse_redirects(data: bytes, base: str = "") -> tuple[tuple[str, str, int], ...]:
    """``(from, to, status)`` of every line, as addresses within the site, which stands below ``base``. ValueError for a
    line of another form."""
    found = []
    for line in data.decode("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        if len(parts) != 3 or not parts[2].isdecimal():
            raise ValueError(f"expected 'from to status', got {line[:80]!r}")
        found.append((parts[0].removeprefix(base), parts[1].removeprefix(base), int(parts[2])))
    return tuple(found)


def encoded(address: str) -> str:
    """A path as it travels in a request: percent-encoded UTF-8."""
    return address if _TRAVELS.fullmatch(address) else quote(address, safe=_SAFE)


def serves(address: str, files: Collection[str]) -> bool:
    """Whether a site of ``files`` answers a path, as itself, as a folder, or with ``.html`` added."""
    path = unquote(address.partition("#")[0].partition("?")[0]).removeprefix("/")
    folder = f"{path.rstrip('/')}/index.html".removeprefix("/")
    return path in files or folder in files or f"{path}.html" in files


def _over(found: int, allowed: int | None) -> bool:
    return allowed is not None and found > allowed


def _complaints(
    source: str, redirects: Mapping[str, str], files: Collection[str], own: Collection[str]
) -> Iterator[str]:
    target = redirects[source]
    where = f"redirects: {source} → {target}"
    if not source.startswith("/") or source.startswith("//") or _ODD.search(unquote(source)) or "#" in source:
        yield f"{where}: expected an address of this site that begins with '/' and has no odd characters"
    elif serves(source, own):
        yield f"{where}: there is a page at this address; only renamed ones may move"
    if _ODD.search(target) or not target.startswith(("/", "https://")) or target.startswith("//"):
        yield f"{where}: expected an address that begins with '/' or 'https://'"
    elif target.partition("#")[0] in redirects:
        yield f"{where}: the target moves on itself; name its last address"
    elif target.startswith("/") and not serves(target, files):
        yield f"{where}: there is no page at the target"


def format_nginx(rules: Sequence[HeaderRule], redirects: Collection[Redirect], base: str = "") -> bytes:
    """nginx locations that have the effect of ``_headers`` and ``_redirects``; the first matching regex wins.

    ``base``: the path below which the site stands, "" or as "/records". All then stands in one location, so that
    what else the server has keeps its own.
    """
    if not base:
        use = "server { listen …; root …; include …/nginx.conf; }"
        return "\n".join((f"{_HEAD} Use:  {use}", *_nginx_lines(rules, redirects, base), "")).encode("utf-8")
    use = f"server {{ listen …; root R; include R{base}/{NGINX}; }}  where R{base} is this site."
    inner = (f"    {line}" for line in _nginx_lines(rules, redirects, base))
    outside = (f"location = {base} {{ return {STATUS} {base}/; }}", f"location {base}/ {{")
    return "\n".join((f"{_HEAD} Use:  {use}", *outside, *inner, "}", "")).encode("utf-8")


def _nginx_lines(rules: Sequence[HeaderRule], redirects: Collection[Redirect], base: str) -> Iterator[str]:
    yield from (
        "index index.html;",
        "absolute_redirect off;",
        f"error_page 404 {base}/404.html;",
        "charset utf-8;",
        "charset_types text/plain text/css text/javascript application/json application/xml;",
        "default_type application/octet-stream;",
        "types {",
        *(f"    {kind} {endings};" for kind, endings in TYPES.items()),
        "}",
        f"location = {base}/_headers {{ return 404; }}",
        f"location = {base}/_redirects {{ return 404; }}",
        *(
            f'location = "{base}{source}" {{ return {status} "{based(target, base)}"; }}'
            for source, target, status in redirects
        ),
    )
    yield from _nginx_location(f"= {base}/404.html", headers_of(rules, "/404.html"), internal=True)
    for rule in reversed(rules):
        found = headers_of(rules, sample(rule.pattern))
        pattern = base + rule.pattern
        if rule.pattern != "/*":
            match = f'~ "^{expression(pattern).pattern}$"' if "*" in pattern else f'= "{pattern}"'
            yield from _nginx_location(match, found)
        elif base:
            yield from _effect(found)
        else:
            yield from _nginx_location("/", found)


def _nginx_location(match: str, headers: dict[str, str], *, internal: bool = False) -> Iterator[str]:
    yield f"location {match} {{"
    if internal:
        yield "    internal;"
    yield from (f"    {line}" for line in _effect(headers))
    yield "}"


def _effect(headers: dict[str, str]) -> Iterator[str]:
    for name, value in headers.items():
        if name == "Content-Type":
            yield "types { }"
            yield f'default_type "{value}";'
        else:
            yield f'add_header {name} "{value}" always;'
    yield _TRY
