"""Counting: how many paragraphs, items, rows … of a marked tree are the same, changed, added, removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from loomworks_record.comparison.elements import ADDED, HEADINGS, REMOVED, code_holder
from loomworks_record.comparison.nodes import SPACE, Element, Node, text_of
from loomworks_record.comparison.values import Tally, UnitKind

State = Literal["same", "changed", "added", "removed", "moved", "renumbered"]
Unit = tuple[UnitKind, State]
Counts = Counter[Unit]

MOVED = "is-moved"
_KINDS: tuple[UnitKind, ...] = get_args(UnitKind)
STATES: tuple[State, ...] = get_args(State)  # in the order in which a tally has them
_PARAGRAPHS = frozenset({"p", "dt", "dd", "summary", "figcaption", "address"})
MARKS = ("ins", "del")


def tallies(counts: Counts) -> tuple[Tally, ...]:
    """One tally per kind that occurs, in a fixed order."""
    occurring = {kind for (kind, _), count in counts.items() if count}
    found = _KINDS if len(occurring) > 1 else occurring
    return tuple([Tally(kind, *[counts[kind, state] for state in STATES]) for kind in found if kind in occurring])


def units(node: Node, state: State = "same") -> Iterator[Unit]:
    """The units of one node; ``state`` is that of what it stands in."""
    if isinstance(node, str):
        if node.strip(SPACE):
            yield "paragraph", state
        return
    state = _state(node, state)
    if node.tag == "del" and MOVED in node.classes:
        return  # counted where it stands now
    kind = _kind(node)
    if kind is not None:
        yield kind, _own_state(node, state)
    if node.tag == "li":
        yield from (unit for child in _lists(node) for unit in units(child, state))
    elif not node.tag and state == "same":
        yield "paragraph", "changed" if has_marks(node.children) else "same"
    elif kind is None:
        yield from (unit for child in node.children for unit in units(child, state))


def _state(node: Element, state: State) -> State:
    if state != "same":
        return state
    classes = node.classes
    if node.tag == "ins" and MOVED in classes:
        return "moved"
    if node.tag == "ins" or ADDED in classes:
        return "added"
    return "removed" if node.tag == "del" or REMOVED in classes else "same"


def _kind(node: Element) -> UnitKind | None:
    if node.tag in HEADINGS:
        return "heading"
    if node.tag in _PARAGRAPHS:
        return "paragraph"
    if node.tag == "li":
        return "item"
    if node.tag == "tr":
        heads = any(isinstance(child, Element) and child.tag == "th" for child in node.children)
        return "head" if heads and not any(map(_is_full_cell, node.children)) else "row"
    if code_holder(node) is not None:
        return "code"
    return "other" if node.tag == "hr" else None


def _is_full_cell(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "td" and bool(text_of(node).strip(SPACE))


def _own_state(node: Element, state: State) -> State:
    if state != "same":
        return state
    if node.tag == "tr" and is_renumbered(node):
        return "renumbered"
    own = [child for child in node.children if child not in _lists(node)] if node.tag == "li" else node.children
    return "changed" if has_marks(own) else "same"


def is_renumbered(row: Element) -> bool:
    """Whether nothing of a row changed but its first cell."""
    return len(row.children) > 1 and [at for at, cell in enumerate(row.children) if has_marks((cell,))] == [0]


def has_marks(nodes: Iterable[Node]) -> bool:
    """Whether words were added or removed anywhere in ``nodes``."""
    return any(node.tag in MARKS or has_marks(node.children) for node in nodes if isinstance(node, Element))


def _lists(item: Element) -> list[Node]:
    """The lists inside a list item, marked or not: their items count for themselves."""
    found: list[Node] = []
    for child in item.children:
        if isinstance(child, Element):
            inner = child.children[0] if child.tag in MARKS and child.children else child
            if isinstance(inner, Element) and inner.tag in ("ul", "ol"):
                found.append(child)
    return found
