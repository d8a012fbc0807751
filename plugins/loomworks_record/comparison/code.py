"""Code compared line by line; inside a line that changed, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loomworks_record.comparison.alignment import Effort, Pair, chain_of, matched
from loomworks_record.comparison.elements import code_holder, lines, replaced
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
    return replaced(new, after, after.holding(joined(merged)))


def _lines(old: list[Line], new: list[Line], effort: Effort, most: int) -> Iterator[Node]:
    for one, other in matched(old, new, _text, lambda left, right: _alike(left, right, most), effort):
        if one is None or other is None:
            line = tuple(map(without_ids, one)) if one is not None else other or ()
            yield element("ins" if one is None else "del", *line, css=LINE_MARK)
        elif _text(one) == _text(other):
            yield from other
        else:
            yield from marked(side([_text(one)]), side([_text(other)]), effort)


def _alike(old: Sequence[Line], new: Sequence[Line], most: int) -> list[Pair]:
    before, after = ([profile(_text(line)) for line in side] for side in (old, new))

    def weight(one: int, other: int) -> float:
        alike = likeness(before[one], after[other])
        return alike * (before[one].size + after[other].size) if alike >= _LEAST and before[one].size else 0.0

    return chain_of(candidates(before, after, most), weight)


def _text(line: Line) -> str:
    return "".join(map(text_of, line))
