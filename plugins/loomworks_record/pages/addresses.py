"""Addresses of the site (published addresses must not break). All are relative to the site's root.

They are paths of files, not yet percent-encoded: ``url`` does that, ``relative`` leads from page to page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote, urlsplit

from loomworks_record.source.neighbour import Neighbour


def view(document: Neighbour) -> str:
    """The page of a version, from its filing on: archiving it later changes nothing. Always with the filed extension
    before ``.html``."""
    return view_at(document.public_path)


def raw(document: Neighbour) -> str:
    """The filed bytes of a version, from its filing on."""
    return raw_at(document.public_path)


def view_at(path: str) -> str:
    """The page of what is, or was, filed at a path below ``content/``."""
    return f"view/{path}.html"


def raw_at(path: str) -> str:
    """The bytes of what is filed at a path below ``content/``."""
    return f"raw/{path}"


def latest(chain: str) -> str:
    """Moves to the current version of a chain."""
    return f"latest/{chain}.html"


def history(chain: str) -> str:
    """All versions of a chain."""
    return f"history/{chain}.html"


def since(chain: str) -> str:
    """Since when each part of a chain's newest version reads as it does."""
    return f"since/{chain}.html"


def timemap(chain: str) -> str:
    """The versions of a chain with their times, for programs (RFC 7089)."""
    return f"timemap/{chain}.link"


def compare(chain: str, old: Neighbour, new: Neighbour) -> str:
    """The comparison of two versions of a chain, or of two forms of one version."""
    return compare_at(chain, _side(old, new), _side(new, old))


def compare_at(chain: str, old: str, new: str) -> str:
    """The same from what the address calls its two sides, as in ``v0_1``."""
    return f"compare/{chain}-{old}-to-{new}.html"


def phase(folder: str) -> str:
    return f"phases/{folder}/index.html"


def printable(folder: str) -> str:
    """What is to be read of a phase, on one page."""
    return f"phases/{folder}/print.html"


def register(slug: str) -> str:
    return f"registers/{slug}/index.html"


def documents(page: int = 1) -> str:
    """The list of all documents, in plain pages."""
    return "documents/index.html" if page == 1 else f"documents/page-{page}/index.html"


def filed(page: int = 1) -> str:
    """What was filed, newest first."""
    return "filed/index.html" if page == 1 else f"filed/page-{page}/index.html"


CHANGE_REQUESTS, NOT_HELD = "change-requests", "not-held"  # registers that no identifier makes
HALTS, MOVED, PROBLEMS = map(register, ("halts", "moved", "problems"))
HOME = "index.html"
PHASES = "phases/index.html"
REGISTERS = "registers/index.html"
SEARCH = "search/index.html"
INTEGRITY = "integrity/index.html"
NOT_FOUND = "404.html"


def url(address: str) -> str:
    """Percent-encoded, with a leading slash; a folder's index is its folder."""
    return "/" + quote(_folded(address))


def relative(address: str, page: str) -> str:
    """The way from the page at ``page`` to ``address`` (with an optional ``#anchor``), percent-encoded."""
    target, mark, anchor = _parted(address)
    if target == page and mark:
        return mark + anchor
    return _way(target, page.rpartition("/")[0]) + mark + anchor


def from_anywhere(site_url: str) -> Callable[[str, str], str]:
    """``relative``, but absolute on the not-found page: it is served for addresses of any depth."""
    prefix = urlsplit(site_url).path.rstrip("/")

    def relative_or_rooted(address: str, page: str) -> str:
        if page != NOT_FOUND:
            return relative(address, page)
        target, mark, anchor = _parted(address)
        return prefix + url(target) + mark + anchor

    return relative_or_rooted


def _parted(address: str) -> tuple[str, str, str]:
    """(address, "#" or "", anchor). A filed name may hold "#" too; an anchor holds neither "." nor "/"."""
    target, mark, anchor = address.rpartition("#")
    if not mark or "." in anchor or "/" in anchor:
        return address, "", ""
    return target, mark, anchor


@lru_cache(maxsize=4096)  # a page leads to some places several times, and so do its neighbours
def _way(target: str, folder: str) -> str:
    here = folder.split("/") if folder else []
    there = _folded(target).split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    encoded = quote("/".join([*[".."] * (len(here) - shared), *there[shared:]]))
    return encoded or "./"  # an empty reference would be the page itself


def _folded(address: str) -> str:
    return address.removesuffix("index.html") if address.rpartition("/")[2] == "index.html" else address


def _side(document: Neighbour, other: Neighbour) -> str:
    if document.version is None:
        return document.form
    slug = document.version.slug
    return f"{slug}-{document.form}" if document.version == other.version else slug
