"""Addresses that lead on, as ``_redirects`` and as part of the nginx file: renames declared under ``redirects:`` in the
configuration, and versions whose page was published below ``archive/``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import quote, unquote

from loomworks_record.bundle.faults import ContentError
from loomworks_record.bundle.hosts import HostProfile

STATUS = 301
MOVED = 308

Redirect = tuple[str, str, int]  # from, decoded; to, as it travels; status

_ODD = re.compile(r"[\x00-\x20\x7f\"'`$;\\{}*<>|^]")
_SAFE = "/-._~!()+,=:@&"


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
    return quote(address, safe=_SAFE)


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
