"""Blocks of a rendered body: what a comparison aligns.

Reading a body also tidies it: what the record adds to a filed text (notes beside mentions, links of headings,
scroll regions) is no part of the document and goes; an author's own ``<ins>`` and ``<del>`` become ``<u>`` and
``<s>``, so that these two elements say one thing only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from loomworks_record.render.comparison.nodes import (
    SPACE,
    Element,
    Node,
    collapse,
    element,
    serialise,
    text_of,
    words_of,
)

Kind = Literal["heading", "text", "container", "table", "code", "other"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose parent admits nothing else: a mark cannot stand around them, only inside.
FIXED = frozenset(
    ("li", "dt", "dd", "tr", "td", "th", "summary", "figcaption", "caption", "legend", "thead", "tbody", "tfoot")
)
ADDED, REMOVED = "is-add", "is-rem"  # classes of such elements when they stand on one side only
NUMBER = "secno"  # class of the number of a heading
ADDITIONS_OF_PAGE = frozenset({"m-note", "headerlink", "footnote-backref", "r-ui", "r-copy"})

_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "br", "button", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
     "input", "ins", "kbd", "label", "mark", "picture", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OWN_MARKS = {"ins": "u", "del": "s"}
_GROUPS = frozenset({"div", "section", "article", "main", "header", "footer"})
_NOT_COMPARED = frozenset({"id", "style", "align", "scope"})
_OF_REGIONS = frozenset({"role", "tabindex", "aria-labelledby", "aria-describedby"})


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``key`` is its HTML without ids: equal keys are equal blocks to a reader. Of code it is the text:
    colours are no part of it."""

    kind: Kind
    element: Element
    key: str

    @property
    def shape(self) -> object:
        """What two blocks must share to be shown as one."""
        return self.kind if self.kind == "code" else comparable(self.element)

    @property
    def level(self) -> int:
        """1 to 6 for a heading, else 0."""
        return int(self.element.tag[1]) if self.kind == "heading" else 0

    @property
    def text(self) -> str:
        """What a reader sees as words, in one line; the texts of inner blocks are kept apart."""
        return collapse((words_of if self.kind in ("container", "table") else text_of)(self.element)).strip(SPACE)


def blocks(nodes: Iterable[Node]) -> tuple[Block, ...]:
    """The blocks among tidied ``nodes``; inline nodes between blocks are taken together as one."""
    found: list[Block] = []
    inline: list[Node] = []
    for node in nodes:
        if isinstance(node, str) or node.tag in _INLINE or not node.tag:
            inline.append(node)
            continue
        found += _inline_block(inline)
        inline = []
        found.append(_block(node))
    return (*found, *_inline_block(inline))


def tidy(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """``nodes`` with only what belongs to the document, whitespace as a reader sees it."""
    return _joined(_tidied(nodes, preformatted=False), preformatted=False)


def comparable(item: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What two elements must share to be shown as one: all but ids, alignment, scope and the page's own classes."""
    return item.tag, tuple(pair for pair in map(_own_value, item.attributes) if pair[1])


def code_holder(item: Element) -> Element | None:
    """The element of a code block that holds its lines (the code in the pre, else the pre), or None."""
    pre: Element | None = item
    while pre is not None and pre.tag == "div":
        pre = _only_child(pre)
    if pre is None or pre.tag != "pre":
        return None
    inner = _only_child(pre)
    return inner if inner is not None and inner.tag == "code" else pre


def is_block(node: Node) -> bool:
    return not isinstance(node, str) and bool(node.tag) and node.tag not in _INLINE


def canonical(nodes: Iterable[Node]) -> str:
    """Tidied nodes as a string: equal for documents that a reader sees as equal."""
    return "\n".join(block.key for block in blocks(tidy(nodes)))


def _block(item: Element) -> Block:
    return Block(_kind(item), item, serialise(_bare(item)))


def _kind(item: Element) -> Kind:
    if item.tag in HEADINGS:
        return "heading"
    if item.tag == "table":
        return "table"
    if code_holder(item) is not None:
        return "code"
    if item.tag == "hr":
        return "other"
    return "container" if any(is_block(child) for child in item.children) else "text"


def _only_child(item: Element) -> Element | None:
    """The one element in ``item`` that has text, when no other text stands beside it."""
    full = [child for child in item.children if text_of(child).strip(SPACE)]
    return full[0] if len(full) == 1 and isinstance(full[0], Element) else None


def _inline_block(inline: list[Node]) -> list[Block]:
    nodes = trimmed(tuple(inline))
    if not nodes:
        return []
    run = Element("", (), nodes)
    return [Block("text", run, serialise(_bare(run)))]


def _bare(item: Element) -> Element:
    """Without ids and without the page's own classes, all the way down; a heading's number is plain text."""
    holder = code_holder(item) if item.tag in ("pre", "div") else None
    if holder is not None:
        return Element("pre", (), (text_of(holder),))
    children = tuple(child if isinstance(child, str) else _bare(child) for child in item.children)
    if item.tag == "span" and NUMBER in item.classes:
        return Element("", (), children)
    return Element(item.tag, comparable(item)[1], children)


def _own_value(pair: tuple[str, str]) -> tuple[str, str]:
    name, value = pair
    if name in _NOT_COMPARED:
        return name, ""
    if name == "class":
        return name, " ".join(word for word in value.split() if not word.startswith("r-"))
    return pair if value else (name, name)  # an empty value stays a value


def _tidied(nodes: Iterable[Node], preformatted: bool) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, str):
            yield node
            continue
        classes = node.classes
        if ADDITIONS_OF_PAGE.intersection(classes):
            continue
        inside = preformatted or node.tag == "pre"
        children = _joined(_tidied(node.children, inside), inside)
        if _is_wrapper(node, classes) or _is_bare_group(node, children):
            yield from children
        elif NUMBER in classes:
            if children != ("#",):  # the sign of a heading without a number
                yield element("span", *children, css=NUMBER)
        else:
            yield _tidied_element(node, children, inside)


def _is_wrapper(node: Element, classes: list[str]) -> bool:
    if node.tag == "a" and NUMBER not in classes and node.get("href").startswith("#"):
        return True
    return (node.tag in ("a", "span") and "m" in classes) or not {"r-scroll", "r-lines-fold"}.isdisjoint(classes)


def _is_bare_group(node: Element, children: tuple[Node, ...]) -> bool:
    """A group that says nothing: no attributes, and only blocks inside."""
    bare = node.tag in _GROUPS and not any(value for _, value in map(_own_value, node.attributes))
    return bare and all(is_block(child) for child in children if not isinstance(child, str) or child.strip(SPACE))


def _tidied_element(node: Element, children: tuple[Node, ...], preformatted: bool) -> Element:
    tag = _OWN_MARKS.get(node.tag, node.tag)
    dropped = _OF_REGIONS
    if tag == "th" and not any(text_of(child).strip(SPACE) for child in children):
        tag, dropped = "td", dropped | {"scope"}  # a cell without text heads nothing
    attributes = tuple(
        pair
        for name, value in node.attributes
        if name not in dropped and not name.startswith("data-")
        for pair in _without_marks(name, value)
    )
    if not preformatted and is_block(node):
        children = _spaced(children)
    if tag == "li":
        children = _tight(children)
    if tag == "table":
        children = _table_parts(children)
    if tag == "pre" and isinstance(next(iter(node.children), None), str) and isinstance(children[0], str):
        children = (children[0].removeprefix("\n"), *children[1:])  # as every reader of HTML does
    tidied = Element(tag, attributes, children)
    holder = code_holder(tidied) if tag == "pre" else None
    return tidied if holder is None else _with_lines(tidied, holder)


def _tight(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """The first paragraph of a list item as plain text: a blank line between items, elsewhere in the list,
    turns every item into a paragraph, which no reader would call a change."""
    first, rest = children[:1], children[1:]
    if not all(isinstance(node, Element) and node.tag == "p" and not node.attributes for node in first):
        return children
    if rest and not is_block(rest[0]):
        return children
    return tuple(node for paragraph in first if isinstance(paragraph, Element) for node in paragraph.children) + rest


def _without_marks(name: str, value: str) -> list[tuple[str, str]]:
    if name != "class":
        return [(name, value)]
    kept = " ".join(word for word in value.split() if not word.startswith("is-"))
    return [(name, kept)] if kept else []


def trimmed(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Inline nodes without the whitespace at both ends."""
    kept = list(nodes)
    while kept and isinstance(kept[0], str) and not kept[0].lstrip(SPACE):
        del kept[0]
    while kept and isinstance(kept[-1], str) and not kept[-1].rstrip(SPACE):
        del kept[-1]
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(SPACE)
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(SPACE)
    return tuple(kept)


def _spaced(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Without the whitespace that stands at the edge of a block."""
    parts = [(between, tuple(group)) for between, group in groupby(children, is_block)]
    return tuple(node for between, part in parts for node in (part if between else trimmed(part)))


def _joined(nodes: Iterable[Node], preformatted: bool) -> tuple[Node, ...]:
    """Neighbouring texts made one, their whitespace as a reader sees it."""
    found: list[Node] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, str)):
        if is_text:
            text = "".join(node for node in group if isinstance(node, str))
            found += [text.replace("\r\n", "\n") if preformatted else collapse(text)] if text else []
        else:
            found += group
    return tuple(found)


def _table_parts(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """A table's rows in one body (a comparison cuts it where it folds rows), and a first row of headings in a head,
    whether its author wrote these elements or not."""
    found: list[Node] = []
    for node in children:
        last = found[-1] if found else ""
        if isinstance(node, Element) and node.tag in ("tr", "tbody"):
            rows = (node,) if node.tag == "tr" else node.children
            if isinstance(last, Element) and last.tag == "tbody":
                found[-1] = last.holding(last.children + rows)
            else:
                found.append(Element("tbody", () if node.tag == "tr" else node.attributes, rows))
        else:
            found.append(node)
    if any(isinstance(node, Element) and node.tag == "thead" for node in found):
        return tuple(found)
    return tuple(part for node in found for part in _with_head(node))


def _with_head(node: Node) -> tuple[Node, ...]:
    if isinstance(node, str) or node.tag != "tbody" or not node.children:
        return (node,)
    first = node.children[0]
    if isinstance(first, str) or not all(isinstance(cell, Element) and cell.tag == "th" for cell in first.children):
        return (node,)
    return Element("thead", (), (first,)), node.holding(node.children[1:])


def _with_lines(pre: Element, holder: Element) -> Element:
    """The same code with no element reaching over the end of a line, so that lines can be compared."""
    split = holder.holding(_joined((node for line in lines(holder.children) for node in line), True))
    if holder is pre:
        return split
    return pre.holding(tuple(split if child is holder else child for child in pre.children))


def lines(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Inline nodes cut after every line end; an element that spans lines is repeated on each."""
    found: list[list[Node]] = [[]]
    for node in nodes:
        if isinstance(node, str):
            pieces: list[Node] = [*_LINE.findall(node)]
        else:
            pieces = [node.holding(line) for line in lines(node.children)] or [node]
        for piece in pieces:
            found[-1].append(piece)
            if text_of(piece).endswith("\n"):
                found.append([])
    return [_joined(line, preformatted=True) for line in found if line]
