"""Relative links and images in documents: rewritten to where the record publishes what they name."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

# path relative to content/ → the address to write, or None when nothing is filed there
Locate = Callable[[str], str | None]


class ReferencesExtension(Extension):
    """``locate`` answers for filed paths; what it does not know loses its link and keeps its text.

    One parser can serve many documents: ``path`` and ``locate`` may be set before each. ``filed`` are the links of
    the text that was rendered last that were rewritten, with their URLs as filed.
    """

    def __init__(self, path: str, locate: Locate, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.locate = locate
        self.filed: dict[Element, str] = {}

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_References(md, self), "record_references", 2)


class _References(Treeprocessor):
    def __init__(self, md: Markdown, options: ReferencesExtension) -> None:
        super().__init__(md)
        self.options = options

    def run(self, root: Element) -> None:
        self.options.filed.clear()
        for element in root.iter():
            if element.tag == "a" and "m" not in (element.get("class") or "").split():
                self._link(element)
            elif element.tag == "img":
                self._image(element)

    def _link(self, element: Element) -> None:
        href = element.get("href") or ""
        target = filed_path(self.options.path, href)
        if target is None:
            return
        address = self.options.locate(target)
        self.options.filed[element] = href
        if address is not None:
            fragment = urlsplit(href).fragment
            element.set("href", f"{address}#{fragment}" if fragment else address)
            return
        element.tag = "span"
        element.attrib.pop("href", None)
        element.set("class", "m m--unresolved")
        element.set("title", f"Nothing is filed at {target}")

    def _image(self, element: Element) -> None:
        target = filed_path(self.options.path, element.get("src") or "")
        if target is None:
            return
        address = self.options.locate(target)
        if address is not None:
            element.set("src", address)
            return
        element.tag = "span"
        element.text = f"[Image not filed: {element.get('alt') or target}]"
        element.attrib.clear()
        element.set("class", "m m--unresolved")


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
