"""A tree of HTML that was filed, to flat text: of the same shape as that of Markdown (``text/parse.py``), so that its
sections are found by the same rules."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal
from xml.etree.ElementTree import Element

from loomworks_record.text.flat import OBJECT, SEPARATOR, BlockKind, Flat, FlatBlock
from loomworks_record.text.tree import TextPiece, Tree

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEAVES = frozenset({"p", "td", "th", "dt", "dd", "li", "summary", "figcaption", "caption", *_HEADINGS})
_CONTAINERS = frozenset({
    "div", "blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "section", "details", "figure",
})  # fmt: skip
_OBJECTS = frozenset({"img", "input", "svg", "video", "audio", "sup"})
_SKIPPED = frozenset({"pre", "script", "style"})


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
            self._text(element, "text")
            for child in element:
                self._inline(child)
                self._text(child, "tail")

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
                self._item(child)
            elif child.tag not in _SKIPPED:
                self._one(child)

    def _item(self, paragraph: Element) -> None:
        self._begin(paragraph, "item")
        self._text(paragraph, "text")
        for inner in paragraph:
            self._inline(inner)
            self._text(inner, "tail")

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
            return
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
