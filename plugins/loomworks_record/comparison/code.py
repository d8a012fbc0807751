"""Code compared line by line; inside a line that changed, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loomworks_record.comparison.alignment import Effort, align_by_size, gaps, heaviest_chain
from loomworks_record.comparison.elements import code_holder, lines
from loomworks_record.comparison.marks import without_ids
from loomworks_record.comparison.nodes import Element, Node, element, text_of
from loomworks_record.comparison.similarity import candidates, likeness, profile
from loomworks_record.comparison.tokens import side
from loomworks_record.comparison.words import joined, marked

Line = tuple[Node, ...]

LINE_MARK = "r-codeline"  # class of a mark around whole lines
_LEAST = 0.5  # likeness from which two lines are one line that changed


def merged_code(old: Element, new: Element, effort: Effort, most: int) -> Element | None:
    """Both code blocks as one with marks, or None when one is not code. Only the text counts: an unchanged line
    keeps the colours of the new side, a line in which words changed has none."""
    before, after = code_holder(old), code_holder(new)
    if before is None or after is None:
        return None
    merged = _lines(lines(before.children), lines(after.children), effort, most)
    return _replaced(new, after, after.holding(joined(list(merged))))


def _lines(old: list[Line], new: list[Line], effort: Effort, most: int) -> Iterator[Node]:
    found = align_by_size(list(map(_text, old)), list(map(_text, new)), effort)
    for at, (old_from, old_to, new_from, new_to) in enumerate(gaps(found, len(old), len(new))):
        yield from _gap(old[old_from:old_to], new[new_from:new_to], effort, most)
        if at < len(found):
            _, other, size = found[at]
            yield from (node for line in new[other : other + size] for node in line)


def _gap(old: Sequence[Line], new: Sequence[Line], effort: Effort, most: int) -> Iterator[Node]:
    before, after = ([profile(_text(line)) for line in side] for side in (old, new))
    weights = {}
    for one, other in candidates(before, after, most):
        alike = likeness(before[one], after[other])
        if alike >= _LEAST and before[one].size:
            weights[one, other] = alike * (before[one].size + after[other].size)
    old_at = new_at = 0
    for one, other in [*heaviest_chain(weights), (len(old), len(new))]:
        yield from _whole(old[old_at:one], "del")
        yield from _whole(new[new_at:other], "ins")
        if one < len(old):
            yield from marked(side([_text(old[one])]), side([_text(new[other])]), effort)
        old_at, new_at = one + 1, other + 1


def _whole(found: Sequence[Line], mark: str) -> Iterator[Element]:
    for line in found:
        nodes = tuple(map(without_ids, line)) if mark == "del" else line
        yield element(mark, *nodes, css=LINE_MARK)


def _text(line: Line) -> str:
    return "".join(map(text_of, line))


def _replaced(tree: Element, old: Element, new: Element) -> Element:
    if tree is old:
        return new
    return tree.holding(
        tuple(child if isinstance(child, str) else _replaced(child, old, new) for child in tree.children)
    )
