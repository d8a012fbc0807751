"""A parsed body made tidy: only what belongs to the document, whitespace as a reader sees it.

What the record adds to a filed text (notes beside mentions, links of headings, scroll regions) goes; an author's own
``<ins>`` and ``<del>`` become ``<u>`` and ``<s>``, so that these two elements say one thing only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from loomworks_record.comparison.elements import (
    NUMBER,
    code_holder,
    is_block,
    lines,
    own_value,
    replaced,
    texts_joined,
    trimmed,
)
from loomworks_record.comparison.nodes import SPACE, Element, Node, element, text_of

ADDITIONS_OF_PAGE = frozenset({"m-note", "headerlink", "footnote-backref", "r-ui"})

_OWN_MARKS = {"ins": "u", "del": "s"}
_GROUPS = frozenset({"div", "section", "article", "main", "header", "footer"})
_OF_REGIONS = frozenset({"role", "tabindex", "aria-labelledby", "aria-describedby"})


def tidy(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """``nodes`` with only what belongs to the document, whitespace as a reader sees it."""
    return texts_joined(tidied(nodes, preformatted=False), preformatted=False)


def tidied(nodes: Iterable[Node], preformatted: bool) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, str):
            yield node
            continue
        classes = node.classes
        if ADDITIONS_OF_PAGE.intersection(classes):
            continue
        inside = preformatted or node.tag == "pre"
        children = texts_joined(tidied(node.children, inside), inside)
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
    bare = node.tag in _GROUPS and not any(value for _, value in map(own_value, node.attributes))
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


def _spaced(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Without the whitespace that stands at the edge of a block."""
    parts = [(between, tuple(group)) for between, group in groupby(children, is_block)]
    return tuple(node for between, part in parts for node in (part if between else trimmed(part)))


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
    split = holder.holding(texts_joined((node for line in lines(holder.children) for node in line), True))
    return replaced(pre, holder, split)
