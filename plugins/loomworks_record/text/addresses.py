"""Addresses that stand bare in a text: ``www.``, ``http://``, ``https://``, ``ftp://`` and e-mail.

Source: GFM 0.29 §6.9 (extended autolinks), as cmark-gfm 0.29.0.gfm.13 reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from loomworks_record import lazy

_ADDRESS = lazy.regex(
    r"(?<![A-Za-z0-9_/.@+-])(?P<url>(?:(?:https?|ftp)://|www\.(?=[^\s<.]))[^\s<]+)"
    r"|(?<![A-Za-z0-9.+_@/-])(?P<scheme>mailto:|xmpp:)?"
    r"(?P<mail>[A-Za-z0-9.+_-]{1,256}@(?:[A-Za-z0-9_-]{1,64}\.){1,20}[A-Za-z0-9_-]{1,64})"
    r"(?P<resource>(?<=[A-Za-z0-9])/[A-Za-z0-9@.]*[A-Za-z0-9])?",
    re.IGNORECASE,
)
SCHEME, WWW = re.compile(rb"://"), re.compile(rb"www\.")
_DOMAIN = lazy.regex(r"(?:[a-z]+://)?(?P<domain>[^\s/?#:()\[\]!*~`'\"<>,;]+)", re.IGNORECASE)
_TRAILING = "?!.,:*_~'\""
_ENTITY = lazy.regex(r"&[A-Za-z0-9]+;$")


def may_hold_address(text: bytes) -> bool:
    # A pattern of letters alone is found faster than ``in`` finds them.
    return b"@" in text or SCHEME.search(text) is not None or WWW.search(text) is not None


def bare_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, URL) of each address, in order."""
    for found in _ADDRESS.finditer(text):
        if found["mail"]:
            is_chat = (found["scheme"] or "").lower() == "xmpp:"
            end = found.end() if is_chat else found.end("mail")
            if found["mail"][-1] not in "-_":
                yield found.start(), end, ("" if found["scheme"] else "mailto:") + text[found.start() : end]
            continue
        url = _without_trailing(found["url"])
        if _has_domain(url):
            yield found.start(), found.start() + len(url), url if "://" in url else f"http://{url}"


def _without_trailing(url: str) -> str:
    """Punctuation at the end belongs to the sentence, and so do brackets that were not opened within the address."""
    opened, closed = url.count("("), url.count(")")
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _TRAILING:
            end -= 1
        elif last == ")" and closed > opened:
            end, closed = end - 1, closed - 1
        elif last == ";":
            entity = _ENTITY.search(url, max(0, end - 40), end)
            if not entity:
                break
            end = entity.start()
        else:
            break
    return url[:end]


def _has_domain(url: str) -> bool:
    """The last two parts of a domain have no underscore; ``www`` needs a part after it."""
    found = _DOMAIN.match(url)
    if found is None:
        return False
    domain = found["domain"]
    parts = domain.split(".")
    return "_" not in "".join(parts[-2:]) and domain[0].isalnum() and ("://" in url or len(parts) > 1)
