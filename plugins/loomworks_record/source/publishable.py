"""Paths of what is filed: how a name on the disk becomes one, which are published, and which at the root of the site,
where others look for them by name."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase

from loomworks_record import lazy

WELL_KNOWN = ".well-known"
# RFC 9309 (robots.txt), RFC 8615 (.well-known), hosts' own names, and how search engines have a site's owner prove it.
ROOT_FILES = (
    "CNAME",
    "ads.txt",
    "app-ads.txt",
    "apple-touch-icon.png",
    "favicon.ico",
    "humans.txt",
    "robots.txt",
    "security.txt",
    "BingSiteAuth.xml",
    "baidu_verify_*.html",
    "google[0-9a-f]*.html",
    "naver[0-9a-f]*.html",
    "pinterest-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f].html",
    "yandex_[0-9a-f]*.html",
)


# What the site has at its root itself.
_TAKEN = ("index.html", "404.html", "sitemap.xml", "feed.atom", "llms.txt", "_headers", "_redirects")


def is_root_file(path: str, further: Sequence[str] = ()) -> bool:
    """Whether the file at ``path``, relative to ``content/``, is published at the root of the site, at the same path.
    ``further``: patterns of the user's for names at the top of ``content/``."""
    if path.startswith(f"{WELL_KNOWN}/"):
        return True
    return "/" not in path and any(fnmatchcase(path, pattern) for pattern in (*ROOT_FILES, *further))


def root_pattern_fault(pattern: str) -> str:
    """What would be expected of a pattern of the user's that cannot be one; "" where nothing is wrong with it."""
    if "/" in pattern:
        return "a name, or a pattern of names, at the top of docs_dir"
    taken = next((name for name in _TAKEN if fnmatchcase(name, pattern)), None)
    return f"a pattern that does not take in {taken}, which the site has itself" if taken else ""


LONGEST_NAME = 200  # bytes of one name; the longest page made of it must stay within 255
DEEPEST = 100  # folders on the way to a file
UNPUBLISHABLE = lazy.regex(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")


def path_of(named: str) -> str:
    """The path of what lies at ``named`` below the content folder: NFC, and U+FFFD for bytes that are not UTF-8."""
    if named.isascii():
        return named
    return unicodedata.normalize("NFC", named.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def is_publishable(path: str) -> bool:
    """Whether a regular file at ``path`` (relative to a content folder) is published: none of its names is hidden,
    too long, or holds what no address can, and it does not lie too deep."""
    hidden = f"/{path.removeprefix(f'{WELL_KNOWN}/')}".count("/.")
    if hidden or UNPUBLISHABLE.search(path) or path.count("/") > DEEPEST:
        return False
    return len(path) <= LONGEST_NAME // 4 or all(len(os.fsencode(name)) <= LONGEST_NAME for name in path.split("/"))
