"""Headings that carry their address: the section's own number hangs beside the title and links to it."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_NUMBER = re.compile(
    r"^\s*(?P<number>§\s?[\dA-Z]+(?:\.[\dA-Z]+)*|\d+(?:\.[\dA-Z]+)*\.?|\d+[a-z]\.)(?=\s)\s*[—–:.-]?\s*"
)
_LEVELS = {f"h{level}" for level in range(1, 7)}


class HangingExtension(Extension):
    """After ids are set: ``<h2 id="s3"><a class="secno" href="#s3">§3</a> Construction decisions</h2>``.

    A body has no heading of level 1 (the page's title is it): levels move down where a document uses one.
    """

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Hanging(md), "record_hanging", 1)


class _Hanging(Treeprocessor):
    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in _LEVELS]
        if any(heading.tag == "h1" for heading in headings):
            for heading in headings:
                heading.tag = f"h{min(6, int(heading.tag[1]) + 1)}"
        for heading in headings:
            if heading.get("id"):
                _hang(heading)


def _hang(heading: Element) -> None:
    """The number moves into a link; a heading without one gets a sign that shows on focus."""
    found = _NUMBER.match(heading.text or "")
    link = Element("a", {"class": "secno", "href": f"#{heading.get('id')}"})
    if found and heading.text:
        link.text = found["number"].rstrip(".")
        link.tail = " " + heading.text[found.end() :]
    else:
        link.set("aria-label", "Address of this section")
        link.text = "#"
        link.tail = " " + (heading.text or "").lstrip()
    heading.text = None
    heading.insert(0, link)
