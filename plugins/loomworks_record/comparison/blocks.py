"""Blocks of a rendered body: what a comparison aligns.

What a block holds (``BlockContent``) is one value however often it stands in the bodies that are compared; what follows
from it (its text, its words, its HTML) is worked out when first asked for, and once. So the nine tenths that two
versions share cost next to nothing from the second comparison on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from loomworks_record.comparison.elements import (
    HEADINGS,
    NUMBER,
    code_holder,
    comparable,
    is_block,
    texts_joined,
    trimmed,
)
from loomworks_record.comparison.nodes import (
    SPACE,
    Element,
    Node,
    collapse,
    serialise,
    text_of,
    words_of,
)
from loomworks_record.comparison.similarity import Profile, Sentences, profile, sentences
from loomworks_record.comparison.tally import MARKS, Unit, units
from loomworks_record.comparison.tidying import tidy
from loomworks_record.comparison.tokens import TokenSide, side
from loomworks_record.comparison.values import SectionName

Kind = Literal["heading", "text", "container", "table", "code", "other"]


@dataclass(frozen=True, eq=False)
class BlockContent:
    """What a block holds."""

    element: Element

    @cached_property
    def kind(self) -> Kind:
        item = self.element
        if item.tag in HEADINGS:
            return "heading"
        if item.tag == "table":
            return "table"
        if code_holder(item) is not None:
            return "code"
        if item.tag == "hr":
            return "other"
        return "text" if self.is_inline else "container"

    @cached_property
    def key(self) -> str:
        """The HTML without ids: equal keys are equal blocks to a reader. Of code it is the text: colours are not part
        of it."""
        return serialise(_bare(self.element))

    @cached_property
    def shape(self) -> object:
        """What two blocks must share to be shown as one."""
        return self.kind if self.kind == "code" else comparable(self.element)

    @cached_property
    def text(self) -> str:
        """What a reader sees as words, in one line; the texts of inner blocks are kept apart."""
        return collapse((words_of if self.kind in ("container", "table") else text_of)(self.element)).strip(SPACE)

    @cached_property
    def profile(self) -> Profile:
        return profile(self.text)

    @cached_property
    def sentences(self) -> Sentences:
        return sentences(self.text)

    @cached_property
    def is_inline(self) -> bool:
        return not any(map(is_block, self.element.children))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All ids in the block, in order."""
        return tuple(ids_in(self.element))

    @cached_property
    def name(self) -> SectionName:
        """As a heading, by itself: the number that hangs beside it, and the rest."""
        first = self.element.children[0] if self.element.children else ""
        if isinstance(first, Element) and NUMBER in first.classes:
            number = text_of(first).strip(SPACE)
            return SectionName(number, self.text.removeprefix(number).strip(SPACE))
        return SectionName("", self.text)

    @property
    def only_text(self) -> str:
        """The text of a block that holds nothing else; "" for other blocks."""
        children = self.element.children
        return children[0] if len(children) == 1 and isinstance(children[0], str) else ""

    @cached_property
    def inner(self) -> tuple[Block, ...]:
        """The blocks inside."""
        return blocks(self.element.children)

    @cached_property
    def side(self) -> TokenSide:
        """The words inside."""
        return side(self.element.children)

    @cached_property
    def plain(self) -> str | None:
        """The HTML as every page shows it; None where that depends on the page (ids, tables, code, headings)."""
        return serialise(self.element) if self.kind == "text" and not self.ids else None

    @cached_property
    def marked(self) -> str | None:
        """The HTML of a paragraph of mere text and marks; None for other blocks."""
        tag, attributes, children = self.element
        return serialise(self.element) if tag == "p" and not attributes and all(map(_is_text, children)) else None

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """What the block counts as."""
        return tuple(units(self.element))


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block where it stands: the same content elsewhere is another block. ``heading`` is what it is called as one."""

    content: BlockContent
    heading: SectionName | None = None

    @property
    def kind(self) -> Kind:
        return self.content.kind

    @property
    def element(self) -> Element:
        return self.content.element

    @property
    def key(self) -> str:
        return self.content.key

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def name(self) -> SectionName:
        """The number, identifier and title of a heading."""
        return self.heading or self.content.name

    @property
    def level(self) -> int:
        """1 to 6 for a heading, else 0."""
        return int(self.element.tag[1]) if self.element.tag in HEADINGS else 0


def blocks(nodes: Iterable[Node]) -> tuple[Block, ...]:
    """The blocks among tidied ``nodes``."""
    return tuple(map(Block, contents(nodes)))


def contents(parts: Iterable[BlockContent | Node]) -> Iterator[BlockContent]:
    """What the blocks among tidied nodes hold, some of which may be read already; inline nodes between blocks are taken
    together as one, where they are more than space."""
    inline: list[Node] = []
    for part in parts:
        if isinstance(part, BlockContent) or is_block(part):
            yield from _of_inline(inline)
            inline = []
            yield part if isinstance(part, BlockContent) else BlockContent(part)
        else:
            inline.append(part)
    yield from _of_inline(inline)


def _of_inline(inline: list[Node]) -> Iterator[BlockContent]:
    if nodes := trimmed(texts_joined(inline, preformatted=False)):
        yield BlockContent(Element("", (), nodes))


def canonical(nodes: Iterable[Node]) -> str:
    """Tidied nodes as a string: equal for documents that a reader sees as equal."""
    return "\n".join(block.key for block in blocks(tidy(nodes)))


def ids_in(item: Element) -> Iterator[str]:
    yield from (value for name, value in item.attributes if name == "id")
    for child in item.children:
        if not isinstance(child, str):
            yield from ids_in(child)


def _is_text(node: Node) -> bool:
    """Text, or a mark around text."""
    if isinstance(node, str):
        return True
    return node.tag in MARKS and not node.attributes and len(node.children) == 1 and isinstance(node.children[0], str)


def _bare(item: Element) -> Element:
    """Without ids and without the page's own classes, all the way down; a heading's number is plain text."""
    holder = code_holder(item) if item.tag in ("pre", "div") else None
    if holder is not None:
        return Element("pre", (), (text_of(holder),))
    children = tuple([child if isinstance(child, str) else _bare(child) for child in item.children])
    if item.tag == "span" and NUMBER in item.classes:
        return Element("", (), children)
    return Element(item.tag, comparable(item)[1], children)
