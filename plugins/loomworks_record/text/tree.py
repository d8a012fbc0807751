"""The tree of a text, and how it is built: its elements, and the flat text of its blocks with the place and the line of
every word."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from loomworks_record.text.addresses import bare_addresses, may_hold_address
from loomworks_record.text.anchors import is_empty, set_ids
from loomworks_record.text.flat import OBJECT, SEPARATOR, BlockKind, Flat, FlatBlock, FlatLink, SetAnchor
from loomworks_record.text.footnotes import Footnotes
from loomworks_record.text.masks import PARTING, UNMASKED

RAW = "raw"  # the tag of an element whose text is HTML as it was filed


class TextPiece(NamedTuple):
    """``start:end`` of the flat text is in the ``text`` or ``tail`` of ``element``, from ``offset`` on."""

    start: int
    end: int
    element: Element
    attribute: Literal["text", "tail"]
    offset: int


@dataclass
class Tree:
    """One parsed text. ``root`` holds elements named as in HTML, and two that are not: ``RAW``, and ``pre``, whose text
    is code and whose attribute ``lang`` is its language. ``elements[n]`` is the element of the n-th block of ``flat``,
    ``anchors[n]`` that of its n-th link or image, ``raws[n]`` that of the n-th anchor that its author set.

    The tree is its owner's to change; ``flat`` stays what the text says.
    """

    root: Element
    flat: Flat
    pieces: list[TextPiece]
    elements: list[Element]
    anchors: list[Element]
    raws: list[Element] = field(default_factory=list)


DEEPEST = 100  # elements within one another; browsers and readers of HTML give up at some hundreds
_WHOLES = {
    "li": ("ol", "ul"), "thead": ("table",), "tbody": ("table",), "tr": ("thead", "tbody"),
    "th": ("tr",), "td": ("tr",),
}  # fmt: skip
_NEWLINE = re.compile(b"\n")

_block = lru_cache(maxsize=4096)(FlatBlock)  # most are like others
_piece = partial(tuple.__new__, TextPiece)  # as Piece(…), without a call in Python


class TreeBuilder:
    """What is built of one text. ``source`` is what the parser reads, ``line`` the 1-based line at which it begins.
    Places are byte offsets in the source. ``is_flat``: only its flat text is wanted, elements hold nothing."""

    def __init__(self, source: bytes, line: int, is_flat: bool = False) -> None:
        self.source, self.line, self.is_flat = source, line, is_flat
        # One sign is found at the speed of memchr; two are not.
        self.is_masked = b"\xef" in source and b"\xef\xb7" in source
        self.newlines = [found.start() for found in _NEWLINE.finditer(source)]
        if b"\t" in source and PARTING in source:
            parting = {found.end() - 1 for found in re.finditer(re.escape(PARTING), source)}
            self.newlines = [place for place in self.newlines if place not in parting]
        self.root = self.top = Element("div")
        self.stack = [self.root]
        self.out: list[str] = []
        self.length = 0
        self.blocks: list[FlatBlock] = []
        self.elements: list[Element] = []
        self.pieces: list[TextPiece] = []
        self.links: list[FlatLink] = []
        self.anchors: list[Element] = []
        self.has_addresses = may_hold_address(source)
        self.places: list[int] = []  # in the flat text, each with
        self.sources: list[int] = []  # its place in the source
        self.inside = False  # whether a block of the flat text is open
        self.begun = self.begun_at = 0  # where its words begin, in the flat text and in the source
        self.fresh: Element | None = None  # an item that nothing stands in yet
        self.bold = -1  # where the bold words begin that the block begins with
        self.opened: list[tuple[int, str]] = []  # links: their place in the flat text, and URL
        self.alt: list[str] | None = None  # the words of the image that we are in
        self.code: list[str] | None = None
        self.row = self.column = 0
        self.head = False
        self.footnotes = Footnotes()
        self.ids: list[SetAnchor] = []
        self.raws: list[Element] = []  # in which they are

    def tree(self) -> Tree:
        self.footnotes.append_to(self.root)
        flat = Flat("".join(self.out), tuple(self.blocks), tuple(self.links), self.line,
                    (self.places, self.sources), self.newlines, tuple(self.ids))  # fmt: skip
        return Tree(self.root, flat, self.pieces, self.elements, self.anchors, self.raws)

    def push(self, tag: str, attributes: dict[str, str] | None = None) -> Element:
        top, stack = self.top, self.stack
        if len(stack) < DEEPEST - 4 or self._has_room(tag):
            if self.is_flat:
                top = Element(tag, attributes) if attributes else Element(tag)
            else:
                top = SubElement(top, tag, attributes) if attributes else SubElement(top, tag)
            self.top = top
        stack.append(top)
        return top

    def _has_room(self, tag: str) -> bool:
        """In the deepest levels nothing begins that has parts, and a part stands in its whole."""
        whole = _WHOLES.get(tag)
        return len(self.stack) < DEEPEST and (self.top.tag in whole if whole else tag not in ("ol", "table", "ul"))

    def pop(self) -> Element:
        gone = self.stack.pop()
        self.top = self.stack[-1]
        return gone

    def begin(self, element: Element, kind: BlockKind, place: int, level: int = 0) -> None:
        if kind == "cell":
            self.blocks.append(_block(kind, 0, "", self.row, self.column, self.head))
        else:
            self.blocks.append(_block(kind, level))
        self.elements.append(element)
        length = self.length
        self.places.append(length)
        self.sources.append(place)
        self.out.append(SEPARATOR)
        self.length = self.begun = length + 1
        self.begun_at = place
        self.inside, self.fresh, self.bold = True, None, -1

    def mark_line(self, place: int) -> None:
        """What comes next in the flat text stands at ``place`` of the source."""
        self.places.append(self.length)
        self.sources.append(place)

    def loose(self, place: int) -> None:
        """Words that stand in no block of their own: those of a tight item."""
        kind: BlockKind = "item" if self.fresh is self.top else "paragraph"
        self.begin(self.top, kind, place)

    def put(self, words: str) -> None:
        self.out.append(words)
        self.length += len(words)

    def text(self, words: str, place: int) -> None:
        if self.is_masked:
            words = words.translate(UNMASKED)
        if self.alt is not None:
            self.alt.append(words)
        elif self.code is not None:
            self.code.append(words)
        else:
            if not self.inside:
                self.loose(place)
            if self.has_addresses and not self.opened and may_hold_address(words.encode()):
                self._with_addresses(words)
            else:
                self.words(words)

    def words(self, words: str) -> None:
        top = self.top
        flat = words.replace(SEPARATOR, " ")
        end = self.length + len(flat)
        if self.is_flat:
            pass
        elif len(top):
            element = top[-1]
            before = element.tail or ""
            self.pieces.append(_piece((self.length, end, element, "tail", len(before))))
            element.tail = before + words
        else:
            before = top.text or ""
            self.pieces.append(_piece((self.length, end, top, "text", len(before))))
            top.text = before + words
        self.out.append(flat)
        self.length = end

    def _with_addresses(self, words: str) -> None:
        last = 0
        for start, end, url in bare_addresses(words):
            if start > last:
                self.words(words[last:start])
            at = self.length
            element = self.push("a", {"href": url})
            self.words(words[start:end])
            self.pop()
            self.link(at, url, element)
            last = end
        if last < len(words):
            self.words(words[last:])

    def link(self, start: int, url: str, element: Element, image: bool = False) -> None:
        self.links.append(FlatLink(start, self.length, url, image))
        self.anchors.append(element)

    def object(self, place: int) -> None:
        if not self.inside:
            self.loose(place)
        self.put(OBJECT)

    def note_bold(self) -> None:
        words = self._flat_since(self.begun)
        self.blocks[-1] = _with_bold(self.blocks[-1], " ".join(words.replace(OBJECT, "").split()))
        self.bold = 1 << 30

    def _flat_since(self, place: int) -> str:
        size, parts = self.length - place, []
        for part in reversed(self.out):
            if size <= 0:
                break
            parts.append(part)
            size -= len(part)
        return "".join(reversed(parts))[-(self.length - place) :] if self.length > place else ""

    def raw(self, html: str, place: int, is_block: bool) -> None:
        """Raw HTML at ``place`` of the source, with the anchors that it sets."""
        element = SubElement(self.top, RAW)
        element.text = html
        for name, heading in set_ids(html):
            line = self.line + bisect_left(self.newlines, place)
            leads = is_block and is_empty(html)
            self.ids.append(SetAnchor(self.length, name, line, heading, is_block, leads))
            self.raws.append(element)

    def block_starts(self) -> None:
        self.inside, self.fresh = False, None


def _with_bold(block: FlatBlock, bold: str) -> FlatBlock:
    return _block(block.kind, block.level, bold, block.row, block.column, block.head)
