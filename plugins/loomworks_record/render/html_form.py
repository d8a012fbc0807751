"""HTML documents as bodies that can be compared: what a reader sees of them, sanitised; and as flat text of the same
shape as that of Markdown (``text/parse.py``), so that their sections are found by the same rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, cast
from xml.etree.ElementTree import Element

from lxml import etree
from msgspec import Struct

from loomworks_record.comparison.nodes import nesting, parsed_body
from loomworks_record.render.anchors import name_sections
from loomworks_record.render.sanitise import sanitise
from loomworks_record.source.folding import without_invisible
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.text.flat import OBJECT, SEPARATOR, BlockKind, Flat, FlatBlock
from loomworks_record.text.identifiers import identifier_grammar
from loomworks_record.text.sections import Section, sections_of
from loomworks_record.text.tree import TextPiece, Tree

_BODY = re.compile(r"<body\b[^>]*>(?P<inner>.*?)(?:</body\s*>|$)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b.*?(?:</head\s*>|$)|<!doctype[^>]*>|</?html\b[^>]*>", re.IGNORECASE | re.DOTALL)
_DEEPEST = 100  # levels of elements; what nests deeper has no sections
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEAVES = frozenset({"p", "td", "th", "dt", "dd", "li", "summary", "figcaption", "caption", *_HEADINGS})
_CONTAINERS = frozenset({
    "div", "blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "section", "details", "figure",
})  # fmt: skip
_OBJECTS = frozenset({"img", "input", "svg", "video", "audio", "sup"})
_SKIPPED = frozenset({"pre", "script", "style"})


class HtmlForm(Struct, frozen=True):
    """An HTML document as a safe fragment, its headings numbered as those of rendered Markdown; and its sections."""

    body: str
    sections: tuple[Section, ...] = ()


def visible_html(text: str) -> str:
    """The body of a whole HTML document as a safe fragment. Its own look and scripts are left out."""
    found = _BODY.search(text)
    return sanitise(without_invisible(found["inner"] if found else _HEAD.sub("", text)), is_raw=True)


def html_form(text: str, identifiers: Sequence[IdentifierKind]) -> HtmlForm:
    """A whole HTML document as it is compared."""
    clean = visible_html(text)
    root = parsed_body(clean) if nesting(clean) <= _DEEPEST else None
    if root is None:
        return HtmlForm(clean)
    # Both kinds of trees have the parts of an Element that are used.
    tree = tree_of_html(cast(Element, root))
    sections = sections_of(tree.flat, identifier_grammar(tuple(identifiers)))
    name_sections(tree, sections)
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return HtmlForm((root.text or "") + inner, sections)


def tree_of_html(root: Element) -> Tree:
    """The flat text of all blocks below ``root``, in order, and where it stands. Links are not told apart."""
    walk = _Walk()
    walk.container(root)
    flat = Flat("".join(walk.out), tuple(walk.blocks))
    return Tree(root, flat, walk.pieces, walk.elements, [])


class _Walk:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.blocks: list[FlatBlock] = []
        self.pieces: list[TextPiece] = []
        self.elements: list[Element] = []
        self.row = self.column = 0
        self.head = False

    def container(self, element: Element) -> None:
        """An element that holds blocks; loose text in it is a paragraph."""
        if element.text and element.text.strip():
            self._begin(element, "paragraph")
            self._text(element, "text")
        self._children(element)

    def _children(self, element: Element) -> None:
        inside = False  # whether loose inline content has begun a paragraph of its own
        for child in element:
            if child.tag in _SKIPPED:
                inside = False
            elif child.tag in _LEAVES or child.tag in _CONTAINERS:
                self._block(child)
                inside = False
            else:
                if not inside and (child.tail or "").strip() + "".join(child.itertext()).strip():
                    self._begin(element, "paragraph")
                    inside = True
                self._inline(child)
            if child.tail and child.tail.strip():
                if not inside:
                    self._begin(element, "paragraph")
                    inside = True
                self._text(child, "tail")

    def _block(self, element: Element) -> None:
        tag = str(element.tag)
        if tag == "tr":
            self.row += 1
            self.column = 0
            self.head = all(cell.tag == "th" for cell in element)
        if tag in _CONTAINERS:
            self.container(element)
        elif any(child.tag in _LEAVES or child.tag in _CONTAINERS or child.tag in _SKIPPED for child in element):
            self._mixed(element)
        else:
            self._begin(element, _kind(tag), _HEADINGS.get(tag, 0))
            self._words(element)

    def _mixed(self, element: Element) -> None:
        """A list item with paragraphs or lists in it: its first text is the item."""
        children = list(element)
        at = 0
        first = children[0].tag if children else ""
        starts_inline = bool((element.text or "").strip()) or first not in _LEAVES | _CONTAINERS
        if starts_inline:
            self._begin(element, "item")
            self._text(element, "text")
            while at < len(children) and children[at].tag not in _LEAVES | _CONTAINERS | _SKIPPED:
                self._inline(children[at])
                self._text(children[at], "tail")
                at += 1
        for child in children[at:]:
            if child is children[0] and child.tag == "p":
                self._begin(child, "item")
                self._words(child)
            elif child.tag not in _SKIPPED:
                self._one(child)

    def _one(self, child: Element) -> None:
        if child.tag in _LEAVES or child.tag in _CONTAINERS:
            self._block(child)
        else:
            self._begin(child, "paragraph")
            self._inline(child)
        if child.tail and child.tail.strip():
            self._begin(child, "paragraph")
            self._text(child, "tail")

    def _begin(self, element: Element, kind: BlockKind, level: int = 0) -> None:
        row = column = 0
        if kind == "cell":
            row, column = self.row, self.column
            self.column += 1
        head = kind == "cell" and self.head
        self.blocks.append(_block(kind, level, _bold_lead(element), row, column, head))
        self.elements.append(element)
        self._put(SEPARATOR)

    def _inline(self, element: Element) -> None:
        if element.tag in _OBJECTS:
            self._put(OBJECT)
        else:
            self._words(element)

    def _words(self, element: Element) -> None:
        self._text(element, "text")
        for child in element:
            self._inline(child)
            self._text(child, "tail")

    def _text(self, element: Element, attribute: Literal["text", "tail"]) -> None:
        text = element.text if attribute == "text" else element.tail
        if text:
            self.pieces.append(TextPiece(self.length, self.length + len(text), element, attribute, 0))
            self._put(text.replace(SEPARATOR, " "))

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)


_block = lru_cache(maxsize=4096)(FlatBlock)  # most are like others


def _kind(tag: str) -> BlockKind:
    if tag in _HEADINGS:
        return "heading"
    if tag in ("td", "th"):
        return "cell"
    return "item" if tag == "li" else "paragraph"


def _bold_lead(element: Element) -> str:
    first = next(iter(element), None)
    if first is None or first.tag not in ("strong", "b") or (element.text or "").strip():
        return ""
    return " ".join("".join(first.itertext()).split())
