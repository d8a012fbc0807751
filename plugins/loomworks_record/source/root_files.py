"""Files that others look for at the root of a site, by name, with a table of the user's."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

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
