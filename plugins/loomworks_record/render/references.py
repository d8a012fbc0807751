"""Relative links and images in documents: rewritten to where the record publishes what they name."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

from loomworks_record.text.tree import Tree

# path relative to content/ → the address to write, or None when nothing is filed there
Locate = Callable[[str], str | None]
# (path, fragment of a link to it) → the fragment to write where it is another: "" for the top of the document
Fragments = Mapping[tuple[str, str], str]
AS_WRITTEN: Fragments = MappingProxyType({})
_SAFE = "!$&'()*+,;=:@/?-._~"  # of a fragment (RFC 3986 §3.5)


def lead_references(tree: Tree, path: str, locate: Locate, fragments: Fragments = AS_WRITTEN) -> None:
    """Rewrite the relative links and images of the document at ``path``. What ``locate`` does not know loses its link
    and keeps its text."""
    for element in tree.anchors:
        if element.tag == "a":
            _link(element, path, locate, fragments)
        elif element.tag == "img":
            _image(element, path, locate)


def _link(element: Element, path: str, locate: Locate, fragments: Fragments) -> None:
    href = element.get("href") or ""
    if href.startswith("#"):
        element.set("href", f"#{_fragment(path, href[1:], fragments)}")
        return
    target = filed_path(path, href)
    if target is None:
        return
    address = locate(target)
    if address is not None:
        fragment = _fragment(target, urlsplit(href).fragment, fragments)
        element.set("href", f"{address}#{fragment}" if fragment else address)
        return
    element.tag = "span"
    element.attrib.pop("href", None)
    element.set("class", "m m--unresolved")
    element.set("title", f"Nothing is filed at {target}")


def _fragment(path: str, written: str, fragments: Fragments) -> str:
    meant = fragments.get((path, unquote(written)))
    return written if meant is None else quote(meant, safe=_SAFE)


def _image(element: Element, path: str, locate: Locate) -> None:
    target = filed_path(path, element.get("src") or "")
    if target is None:
        return
    address = locate(target)
    if address is not None:
        element.set("src", address)
        return
    element.tag = "span"
    element.text = f"[Image not filed: {element.get('alt') or target}]"
    title = element.get("title")
    element.attrib.clear()
    element.set("class", "m m--unresolved")
    if title:
        element.set("title", title)


def filed_path(source: str, reference: str) -> str | None:
    """The path below ``content/`` that a relative reference in ``source`` names; None for other references.

    A reference that climbs out of ``content/`` gives a path that begins with "..".
    """
    try:
        parts = urlsplit(reference)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or reference.startswith(("/", "#")):
        return None
    if re.match(r"^[\x00-\x20]", reference):
        return None
    named = unicodedata.normalize("NFC", unquote(parts.path))  # as paths of the record are
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), named))


def fragment_of(source: str, reference: str) -> tuple[str, str] | None:
    """(the filed path, the fragment) of a relative reference in ``source`` that has one."""
    path = source if reference.startswith("#") else filed_path(source, reference)
    fragment = unquote(reference.partition("#")[2])
    return (path, fragment) if path and fragment else None
