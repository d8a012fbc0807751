"""A small tree of plain values for rendered HTML: read, written, and asked for its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lxml import html as lxml_html
from lxml.etree import _Element as LxmlElement

SPACE = " \t\n\r\f"  # what HTML collapses; a no-break space is a character like others
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])

_SPACES = re.compile(f"[{SPACE}]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_MARKUP = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|pre|blockquote|td|th)\s*>|<br\s*/?>", re.IGNORECASE)
_TEXT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_VALUE_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@dataclass(frozen=True, slots=True)
class Element:
    """One element. A ``tag`` of "" is a run of inline nodes that stands between blocks without a parent."""

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

    Comments and processing instructions are left out. The parser would cut deeper documents silently,
    so depth is counted before it sees them.
    """
    if nesting(html) > depth:
        return None
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    body = lxml_html.document_fromstring(f"<html><body>{html}</body></html>", parser=parser).find("body")
    return _children(body) if body is not None else ()


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
    return _SPACES.sub(" ", text)


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
        pieces.append(node.translate(_TEXT_ESCAPES))
        return
    if node.tag:
        values = "".join(f' {name}="{value.translate(_VALUE_ESCAPES)}"' for name, value in node.attributes)
        pieces.append(f"<{node.tag}{values}>")
    if node.tag in VOID:
        return
    first = node.children[0] if node.children else ""
    if node.tag == "pre" and isinstance(first, str) and first.startswith("\n"):
        pieces.append("\n")  # a reader of HTML drops the first line end of a pre
    for child in node.children:
        _write(child, pieces)
    if node.tag:
        pieces.append(f"</{node.tag}>")


def _children(parent: LxmlElement) -> tuple[Node, ...]:
    found: list[Node] = [parent.text] if parent.text else []
    for child in parent:
        attributes = tuple((str(name), str(value)) for name, value in child.attrib.items())
        found.append(Element(str(child.tag), attributes, _children(child)))
        if child.tail:
            found.append(child.tail)
    return tuple(found)
