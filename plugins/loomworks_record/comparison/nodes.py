"""A small tree of plain values for rendered HTML: read, written, and asked for its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element as LxmlElement

from loomworks_record import lazy

SPACE = " \t\n\r\f"  # what HTML collapses; a no-break space is a character like others
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])

_SPACES = lazy.regex(f"[{SPACE}]+")
_UNEVEN = lazy.regex(f"  |[{SPACE[1:]}]")
_TAG = lazy.regex(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_MARKUP = lazy.regex(r"<[^>]*>")
# Text that the parser hands back as it is: no markup, no references, nothing that it would drop or write otherwise.
_TEXT_ALONE = lazy.regex(r"[!-%'-;=-~][ -%'-;=-~\u00a1-\u1fff\u2010-\u2027\u3000-\ud7ff]*")
_BLOCK_END = lazy.regex(r"</(?:p|div|li|h[1-6]|tr|pre|blockquote|td|th)\s*>|<br\s*/?>", re.IGNORECASE)


class Element(NamedTuple):
    """One element. A ``tag`` of "" is a run of inline nodes that stands between blocks without a parent.

    A tuple, because trees are made and compared by the thousand.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...]

    def get(self, name: str) -> str:
        for key, value in self.attributes:
            if key == name:
                return value
        return ""

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    def holding(self, children: tuple[Node, ...]) -> Element:
        """The same element with other children."""
        return Element(self.tag, self.attributes, children)

    def with_attribute(self, name: str, value: str) -> Element:
        """The same element with one attribute set; "" takes the attribute away."""
        kept = tuple(pair for pair in self.attributes if pair[0] != name)
        return Element(self.tag, (*kept, (name, value)) if value else kept, self.children)

    def with_class(self, name: str) -> Element:
        return self if name in self.classes else self.with_attribute("class", " ".join([*self.classes, name]))


Node = Element | str


def element(tag: str, *children: Node, css: str = "", **attributes: str) -> Element:
    """A new element; ``css`` is its class."""
    classes = (("class", css),) if css else ()
    return Element(tag, (*classes, *attributes.items()), children)


def parse(html: str, depth: int) -> tuple[Node, ...] | None:
    """The nodes of a fragment, or None when its elements nest deeper than ``depth``.

    The parser would cut deeper documents silently, so depth is counted before it sees them.
    """
    if _TEXT_ALONE.fullmatch(html):
        return (html,)
    if nesting(html) > depth:
        return None
    body = parsed_body(html)
    return _children(body) if body is not None else ()


def parsed_body(html: str) -> LxmlElement | None:
    """The fragment as the parser's own tree, in a ``<body>``; comments and processing instructions are left out."""
    # Not the parser of lxml.html: that one looks up a class for every element that is touched.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    return etree.fromstring(f"<html><body>{html}</body></html>", parser).find("body")


def node_of(parsed: LxmlElement) -> Element:
    """One element of the parser's tree, without the text after it."""
    attributes = tuple([(str(name), str(value)) for name, value in parsed.attrib.items()])
    return Element(str(parsed.tag), attributes, _children(parsed))


def nesting(html: str) -> int:
    """How deep the elements of ``html`` nest at most."""
    deepest = level = 0
    for found in _TAG.finditer(html):
        if found[2].lower() in VOID:
            continue
        level += -1 if found[1] else 1
        deepest = max(deepest, level)
    return deepest


def plain_lines(html: str) -> list[str]:
    """The text of a fragment without its markup, one entry per block that holds any."""
    pieces = (unescape(_MARKUP.sub("", piece)) for piece in _BLOCK_END.split(html))
    return [text for piece in pieces if (text := collapse(piece).strip(SPACE))]


def collapse(text: str) -> str:
    # Most texts have single blanks: to see that costs a fraction of writing each of them anew.
    if text.isprintable():  # no whitespace but blanks
        return _SPACES.sub(" ", text) if "  " in text else text
    return _SPACES.sub(" ", text) if _UNEVEN.search(text) else text


def text_of(node: Node) -> str:
    return node if isinstance(node, str) else "".join(texts(node))


def texts(node: Element) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        else:
            yield from texts(child)


def words_of(node: Node) -> str:
    """The text with a space around every element, so that the words of two cells or items stay apart."""
    return node if isinstance(node, str) else " ".join(map(words_of, node.children))


def elements(nodes: tuple[Node, ...]) -> Iterator[Element]:
    return (node for node in nodes if not isinstance(node, str))


def serialise(node: Node) -> str:
    """HTML, every text and value escaped anew."""
    pieces: list[str] = []
    _write(node, pieces)
    return "".join(pieces)


def _write(node: Node, pieces: list[str]) -> None:
    if isinstance(node, str):
        pieces.append(escaped(node))
        return
    tag, attributes, children = node
    if tag:
        values = "".join([f' {name}="{_escaped_value(value)}"' for name, value in attributes])
        pieces.append(f"<{tag}{values}>")
    if tag in VOID:
        return
    if tag == "pre" and children and isinstance(children[0], str) and children[0].startswith("\n"):
        pieces.append("\n")  # a reader of HTML drops the first line end of a pre
    for child in children:
        _write(child, pieces)
    if tag:
        pieces.append(f"</{tag}>")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped_value(text: str) -> str:
    return escaped(text).replace('"', "&quot;")


def _children(parent: LxmlElement) -> tuple[Node, ...]:
    found: list[Node] = [parent.text] if parent.text else []
    for child in parent:
        found.append(node_of(child))
        if child.tail:
            found.append(child.tail)
    return tuple(found)
