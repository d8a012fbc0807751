"""What the elements of a rendered body mean to a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import TypeGuard

from loomworks_record.comparison.nodes import SPACE, Element, Node, collapse, text_of

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose parent admits nothing else: a mark cannot stand around them, only inside.
FIXED = frozenset(
    ("li", "dt", "dd", "tr", "td", "th", "summary", "figcaption", "caption", "legend", "thead", "tbody", "tfoot")
)
ADDED, REMOVED = "is-add", "is-rem"  # classes of such elements when they stand on one side only
NUMBER = "secno"  # class of the number of a heading

_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "br", "button", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
     "input", "ins", "kbd", "label", "mark", "picture", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NOT_COMPARED = frozenset({"id", "style", "align", "scope"})


def is_block(node: Node) -> TypeGuard[Element]:
    return not isinstance(node, str) and bool(node.tag) and node.tag not in _INLINE


def comparable(item: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What two elements must share to be shown as one: all but ids, alignment, scope and the page's own classes."""
    if not item.attributes:
        return item.tag, ()
    return item.tag, tuple(pair for pair in map(own_value, item.attributes) if pair[1])


def own_value(pair: tuple[str, str]) -> tuple[str, str]:
    """An attribute as a reader would compare it; "" for a value that says nothing."""
    name, value = pair
    if name in _NOT_COMPARED:
        return name, ""
    if name == "class":
        return name, " ".join(word for word in value.split() if not word.startswith("r-"))
    return pair if value else (name, name)  # an empty value stays a value


def code_holder(item: Element) -> Element | None:
    """The element of a code block that holds its lines (the code in the pre, else the pre), or None."""
    pre: Element | None = item
    while pre is not None and pre.tag == "div":
        pre = _only_child(pre)
    if pre is None or pre.tag != "pre":
        return None
    inner = _only_child(pre)
    return inner if inner is not None and inner.tag == "code" else pre


def replaced(tree: Element, old: Element, new: Element) -> Element:
    """The tree with one element in the place of another."""
    if tree is old:
        return new
    return tree.holding(
        tuple(child if isinstance(child, str) else replaced(child, old, new) for child in tree.children)
    )


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
    return [texts_joined(line, preformatted=True) for line in found if line]


def texts_joined(nodes: Iterable[Node], preformatted: bool) -> tuple[Node, ...]:
    """Neighbouring texts made one, their whitespace as a reader sees it."""
    found: list[Node] = []
    for is_text, group in groupby(nodes, _is_text):
        if is_text:
            text = "".join(node for node in group if isinstance(node, str))
            found += [text.replace("\r\n", "\n") if preformatted else collapse(text)] if text else []
        else:
            found += group
    return tuple(found)


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


def _is_text(node: Node) -> bool:
    return isinstance(node, str)


def _only_child(item: Element) -> Element | None:
    """The one element in ``item`` that has text, when no other text stands beside it."""
    full = [child for child in item.children if text_of(child).strip(SPACE)]
    return full[0] if len(full) == 1 and isinstance(full[0], Element) else None
