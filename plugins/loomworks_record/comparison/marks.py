"""Marks around whole elements, and what they leave when one side is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from loomworks_record.comparison.blocks import canonical
from loomworks_record.comparison.elements import ADDED, FIXED, REMOVED, is_block
from loomworks_record.comparison.nodes import Element, Node, element, parse

Side = Literal["old", "new"]

BLOCK_MARK = "r-whole"  # class of a mark around whole blocks
_MARK = {"old": "del", "new": "ins"}
_OTHER: dict[Side, Side] = {"old": "new", "new": "old"}
_CLASS = {"old": REMOVED, "new": ADDED}
_UNLIMITED = 2000  # levels; what a comparison makes of its input nests little deeper than the input


def one_sided(item: Element, side: Side) -> Element:
    """An element that only ``side`` has, in its mark. Old elements lose their ids: the new ones keep theirs."""
    kept = without_ids(item) if side == "old" else item
    assert isinstance(kept, Element)
    mark = _MARK[side]
    if not kept.tag:
        return element(mark, *kept.children)
    if kept.tag == "tr":
        return kept.with_class(_CLASS[side]).holding(tuple(_inside(cell, mark) for cell in kept.children))
    if kept.tag in FIXED:
        marked = _inside(kept, mark)
        assert isinstance(marked, Element)
        return marked.with_class(_CLASS[side])
    return element(mark, kept, css=BLOCK_MARK)


def filler(side: Side) -> Element:
    """An empty cell that keeps a row of the other side as wide as the table; it goes with ``side``."""
    return Element("td", (), ()).with_class(_CLASS[side])


def without_ids(node: Node) -> Node:
    if isinstance(node, str):
        return node
    return node.with_attribute("id", "").holding(tuple(map(without_ids, node.children)))


def reconstruct(html: str, side: Side) -> str:
    """The document of ``side`` that a comparison holds, in canonical form: marks of the other side dropped.

    ``html`` is what the items of a comparison hold, joined. The result equals ``canonical_html`` of the body
    that was compared.
    """
    return canonical(of_side(parse(html, _UNLIMITED) or (), side))


def of_side(nodes: Iterable[Node], side: Side) -> Iterator[Node]:
    """Marked nodes as ``side`` had them: without the marks, and without what only the other side has."""
    return _dropped(nodes, _OTHER[side])


def canonical_html(html: str) -> str:
    """A rendered body in the form that ``reconstruct`` gives: whitespace, ids and the page's additions aside."""
    return canonical(parse(html, _UNLIMITED) or ())


def one_side(node: Node, side: Side) -> tuple[Node, ...]:
    """What ``side`` has of a marked tree; its own marks stay."""
    return tuple(_dropped((node,), _OTHER[side], unwrap=False))


def standing_together(
    old: Iterable[Element], new: Iterable[Element], both: Iterable[Element]
) -> Iterator[tuple[Element | None, Element | None, Element]]:
    """Each of the rows or items of ``both`` sides as one, with what it is on either."""
    before, after = iter(old), iter(new)
    for item in both:
        one = None if ADDED in item.classes else next(before, None)
        other = None if REMOVED in item.classes else next(after, None)
        yield one, other, item


def _inside(node: Node, mark: str) -> Node:
    if isinstance(node, str) or not node.children:
        return node
    css = BLOCK_MARK if any(map(is_block, node.children)) else ""
    return node.holding((element(mark, *node.children, css=css),))


def _dropped(nodes: Iterable[Node], side: Side, unwrap: bool = True) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif node.tag == _MARK[side] or _CLASS[side] in node.classes:
            continue
        elif unwrap and node.tag in _MARK.values():
            yield from _dropped(node.children, side, unwrap)
        else:
            children = tuple(_dropped(node.children, side, unwrap))
            if node.tag == "pre" and _starts_with_line_end(node, children):
                children = ("\n", *children)
            yield node.holding(children)


def _starts_with_line_end(pre: Element, children: tuple[Node, ...]) -> bool:
    """Whether the first line end, which stood in a mark, is now the one that a reader of HTML drops."""
    was, now = (next(iter(nodes), None) for nodes in (pre.children, children))
    return not isinstance(was, str) and isinstance(now, str) and now.startswith("\n")
