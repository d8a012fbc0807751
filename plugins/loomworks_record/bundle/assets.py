"""Content hashes in the names of our own static assets, and the references to them."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from loomworks_record.bundle.faults import ContentError
from loomworks_record.bundle.files import place, walk
from loomworks_record.bundle.hashed import FOLDER, HASHED, HEX_DIGITS
from loomworks_record.bundle.paths import RAW

# Where a URL can stand: in each match, the one group that took part is the URL.
_IN_TAG = re.compile(r"""\s(?:href|src|poster|data-[\w-]+|content)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=`]+))""")
_TAG = re.compile(r"<[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_IN_CSS = re.compile(r"""url\(\s*(?:"([^"()]*)"|'([^'()]*)'|([^\s"'()]+))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""")
_IN_JS = re.compile(r"""(?<!\\)(?:"(\.{1,2}/[^"\\\n]*)"|'(\.{1,2}/[^'\\\n]*)'|`(\.{1,2}/[^`\\\n$]*)`)""")


def hashed_name(path: str, data: bytes) -> str:
    """``assets/record.css`` → ``assets/record.0123456789.css``, by the sha256 of ``data``."""
    stem, ending = posixpath.splitext(path)
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:HEX_DIGITS]}{ending}"


def hash_assets(site: Path, patterns: Iterable[str]) -> dict[str, str]:
    """Rename the assets that match ``patterns`` (``assets/record/*``) and rewrite the references to them.

    Returns ``old path → new path``. Only relative and root-relative URLs in HTML, CSS and JavaScript are rewritten;
    nothing below ``raw/`` is touched. ContentError if assets refer to each other in a circle.
    """
    wanted = tuple(patterns)
    files = [path for path in walk(site).files if not path.startswith(RAW)]
    ours = [path for path in files if _matches(path, wanted) and HASHED.search(path) is None]
    renamed: dict[str, str] = {}
    for path in _referred_first(site, ours):
        data = rewrite(path, place(site, path).read_bytes(), renamed)
        renamed[path] = hashed_name(path, data)
        place(site, renamed[path]).write_bytes(data)
        place(site, path).unlink()
    if renamed:
        for path in files:
            if path not in renamed:
                _rewrite_file(place(site, path), path, renamed)
    return renamed


def rewrite(path: str, data: bytes, renamed: Mapping[str, str]) -> bytes:
    """``data`` of the file at ``path`` with each URL of a renamed asset replaced; anything else is left alone."""
    replacer = _REWRITERS.get(posixpath.splitext(path)[1])
    plain = {posixpath.basename(old) for old in renamed}
    names = {form.encode() for name in plain for form in (name, quote(name))}
    if replacer is None or not any(name in data for name in names):
        return data
    # Latin-1 maps every byte to one character and back: bytes of any encoding around the URLs are kept.
    return replacer(partial(_url, path, renamed), data.decode("latin-1")).encode("latin-1")


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return path.startswith(FOLDER) and any(fnmatchcase(path, pattern) for pattern in patterns)


def _rewrite_file(file: Path, path: str, renamed: Mapping[str, str]) -> None:
    if posixpath.splitext(path)[1] in _REWRITERS:
        before = file.read_bytes()
        after = rewrite(path, before, renamed)
        if after != before:
            file.write_bytes(after)


def _referred_first(site: Path, paths: list[str]) -> list[str]:
    """Assets in an order in which each comes after those that it refers to."""
    refers = {path: _references(site, path, set(paths)) for path in paths}
    ordered: list[str] = []
    while len(ordered) < len(paths):
        ready = [path for path in paths if path not in ordered and refers[path] <= set(ordered)]
        if not ready:
            circle = ", ".join(path for path in paths if path not in ordered)
            raise ContentError(f"these assets refer to each other in a circle, so none can be hashed: {circle}")
        ordered += ready
    return ordered


def _references(site: Path, path: str, among: set[str]) -> set[str]:
    met: set[str] = set()

    def note(url: str) -> str:
        met.add(_resolved(path, url))
        return url

    replacer = _REWRITERS.get(posixpath.splitext(path)[1])
    if replacer is not None:
        replacer(note, place(site, path).read_bytes().decode("latin-1"))
    return met & among


def _url(path: str, renamed: Mapping[str, str], url: str) -> str:
    target = renamed.get(_resolved(path, url))
    if target is None:
        return url
    address, mark, rest = _parts(url)
    folder, slash, _ = address.rpartition("/")
    return folder + slash + quote(posixpath.basename(target)) + mark + rest


def _parts(url: str) -> tuple[str, str, str]:
    cut = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    return url[:cut], url[cut : cut + 1], url[cut + 1 :]


def _resolved(path: str, url: str) -> str:
    address = unquote(_parts(url)[0].encode("latin-1").decode("utf-8", "replace"))
    if not address or address.startswith("//") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address):
        return ""
    if address.startswith("/"):
        return posixpath.normpath(address)[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def _substitute(pattern: re.Pattern[str], change: Callable[[str], str], text: str) -> str:
    def one(match: re.Match[str]) -> str:
        group = match.lastindex
        if group is None:
            return match[0]
        start, end = (position - match.start() for position in match.span(group))
        return match[0][:start] + change(match[group]) + match[0][end:]

    return pattern.sub(one, text)


def _html(change: Callable[[str], str], text: str) -> str:
    return _TAG.sub(lambda tag: _substitute(_IN_TAG, change, tag[0]), text)


def _css(change: Callable[[str], str], text: str) -> str:
    return _substitute(_IN_CSS, change, text)


def _js(change: Callable[[str], str], text: str) -> str:
    return _substitute(_IN_JS, change, text)


_REWRITERS: dict[str, Callable[[Callable[[str], str], str], str]] = {
    ".html": _html,
    ".css": _css,
    ".js": _js,
    ".mjs": _js,
}
