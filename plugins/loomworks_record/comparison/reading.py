"""Bodies read for comparison. A body takes part in several pairs, and versions share most of their blocks.

The bodies read last are kept; and as long as one of them holds a block, the same block of another body is known by
its HTML, without being read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakValueDictionary

from lxml import etree
from lxml.etree import _Element as LxmlElement

from loomworks_record.comparison.blocks import Block, BlockContent, contents
from loomworks_record.comparison.elements import HEADINGS, is_block
from loomworks_record.comparison.nodes import Element, Node, nesting, node_of, parsed_body, plain_lines, serialise
from loomworks_record.comparison.sections import ComparedSection, sections
from loomworks_record.comparison.tidying import tidied
from loomworks_record.comparison.values import Anchors, Limits, SectionName

KEPT = 8  # bodies: a chain is compared in pairs, one pair after the other
_ONE_BLOCK = HEADINGS | {"p", "ul", "ol", "table", "pre", "blockquote", "hr"}  # each is one block as it is written
_LARGEST_KEPT = 300_000  # characters of HTML; with ``KEPT`` this bounds the memory


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ReadPiece:
    """What one element of a body became: blocks, and inline nodes between them."""

    parts: tuple[BlockContent | Node, ...]


@dataclass(slots=True)
class Body:
    """A body as it is compared. ``depth`` is how deep its elements nest; past the limit there are no ``pieces``."""

    depth: int
    pieces: tuple[ReadPiece | str, ...] = ()
    contents: tuple[BlockContent, ...] = ()
    _names: list[SectionName | None] = field(default_factory=list)
    _sections: list[ComparedSection] = field(default_factory=list)

    def sections(self, anchors: Anchors) -> list[ComparedSection]:
        """Its sections; the same ones for the next comparison, if that calls their headings the same."""
        names = [_name(content, anchors) for content in self.contents]
        if not self._sections or names != self._names:
            self._names, self._sections = names, sections(tuple(map(Block, self.contents, names)))
        return self._sections


_known: WeakValueDictionary[str, ReadPiece] = WeakValueDictionary()


def read(html: str, depth: int) -> Body:
    """The fragment ``html``; ``depth`` is the nesting up to which it is read."""
    return _kept(html, depth) if len(html) <= _LARGEST_KEPT else _read(html, depth)


def block_pages(html: str) -> list[str]:
    """The HTML of each block of a fragment, as they are compared; none where elements nest too deep."""
    body = parsed_body(html) if nesting(html) <= Limits().depth else None
    children = list(body) if body is not None else []
    if all(_is_one_block(child) for child in children):  # a tenth of the time that reading them takes
        return [etree.tostring(child, encoding="unicode", method="html", with_tail=False) for child in children]
    return [serialise(content.element) for content in read(html, Limits().depth).contents]


def _is_one_block(child: LxmlElement) -> bool:
    framed = child.tag == "div" and child.get("class") in ("r-scroll", "highlight")  # a table, or code
    return (framed or child.tag in _ONE_BLOCK) and not (child.tail or "").strip()


def _name(content: BlockContent, anchors: Anchors) -> SectionName | None:
    known = anchors.get(content.element.get("id")) if content.kind == "heading" else None
    return known.name if known else None


def flat_sections(html: str) -> Sequence[ComparedSection]:
    """The text alone, a paragraph for every block that had any."""
    return sections([Block(BlockContent(Element("p", (), (line,)))) for line in plain_lines(html)])


def _read(html: str, depth: int) -> Body:
    nested = nesting(html)
    if nested > depth:
        return Body(nested)
    pieces = tuple(_pieces(html))
    parts = (part for piece in pieces for part in ((piece,) if isinstance(piece, str) else piece.parts))
    return Body(nested, pieces, tuple(contents(parts)))


_kept = lru_cache(maxsize=KEPT)(_read)


def _pieces(html: str) -> Iterator[ReadPiece | str]:
    body = parsed_body(html)
    if body is None:
        return
    if body.text:
        yield body.text
    for child in body:
        name = etree.tostring(child, encoding="unicode", with_tail=False)
        piece = _known.get(name)
        if piece is None:
            parts = tidied((node_of(child),), preformatted=False)
            piece = _known[name] = ReadPiece(tuple(BlockContent(p) if is_block(p) else p for p in parts))
        yield piece
        if child.tail:
            yield child.tail
