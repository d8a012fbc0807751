"""Renames declared under ``redirects:`` in the configuration, as ``_redirects`` and as part of the nginx file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import quote, unquote

from loomworks_record.bundle.faults import ContentError

STATUS = 301

_ODD = re.compile(r"[\x00-\x20\x7f\"'`$;\\{}*<>|^]")
_SAFE = "/-._~!()+,=:@&"


def redirect_pairs(redirects: Mapping[str, str], files: Collection[str]) -> tuple[tuple[str, str], ...]:
    """``(from, to)``: from decoded, to as it travels; sorted. ContentError lists every rename that cannot work.

    A source that ends in ``.html`` also moves without it, since hosts strip it. ``files``: paths of the site.
    """
    complaints = [complaint for source in redirects for complaint in _complaints(source, redirects, files)]
    if complaints:
        raise ContentError("\n".join(complaints))
    pairs = dict(redirects)
    for source, target in redirects.items():
        if source.endswith(".html"):
            pairs.setdefault(source.removesuffix(".html"), target)
    return tuple(sorted((unquote(source), quote(target, safe=f"{_SAFE}%#?")) for source, target in pairs.items()))


def format_redirects(pairs: Collection[tuple[str, str]], base: str = "") -> bytes:
    """``_redirects`` as Cloudflare Pages and Netlify read it, at the root of the host: one ``from to 301`` per line.
    ``base``: the path below which the site stands there, "" or as "/records"."""
    return "".join(
        f"{encoded(base + source)} {based(target, base)} {STATUS}\n" for source, target in pairs
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


def _complaints(source: str, redirects: Mapping[str, str], files: Collection[str]) -> Iterator[str]:
    target = redirects[source]
    where = f"redirects: {source} → {target}"
    if not source.startswith("/") or source.startswith("//") or _ODD.search(unquote(source)) or "#" in source:
        yield f"{where}: expected an address of this site that begins with '/' and has no odd characters"
    elif serves(source, files):
        yield f"{where}: there is a page at this address; only renamed ones may move"
    if _ODD.search(target) or not target.startswith(("/", "https://")) or target.startswith("//"):
        yield f"{where}: expected an address that begins with '/' or 'https://'"
    elif target.partition("#")[0] in redirects:
        yield f"{where}: the target moves on itself; name its last address"
    elif target.startswith("/") and not serves(target, files):
        yield f"{where}: there is no page at the target"
