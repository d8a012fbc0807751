"""Words marked in two plain texts, as ``words.marked`` marks them, without cutting what is equal at both ends.

Between two versions a paragraph mostly keeps its beginning and its end. Only what lies between is cut into words,
with some words around it that a change may slide into. Where it would slide further, both texts are cut whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from loomworks_record.comparison.alignment import Effort, Run, align, common_head
from loomworks_record.comparison.blocks import BlockContent
from loomworks_record.comparison.nodes import Node
from loomworks_record.comparison.tokens import TokenSide, side
from loomworks_record.comparison.words import joined, marked, marked_along, settled

_AROUND = 48  # characters beside what differs that are cut too: some words
_LEAST = 80  # characters; a shorter end is not worth leaving out


def marked_contents(old: BlockContent, new: BlockContent, effort: Effort) -> tuple[Node, ...]:
    """The inline nodes of two blocks as one, with marks."""
    one, other = old.only_text, new.only_text
    head, tail = _equal_ends(one, other) if one and other else (0, 0)
    if not head and not tail:
        return marked(old.side, new.side, effort)
    ends = len(one) - tail, len(other) - tail
    left, right = side((one[head : ends[0]],)), side((other[head : ends[1]],))
    if tail and common_head(left.keys, right.keys) == min(len(left.keys), len(right.keys)):
        # Whole, the texts may have more words in common at their beginning, and fewer at their end.
        return marked(old.side, new.side, effort)
    found = align(left.keys, right.keys, effort)
    kept = settled(found, left, right, cut=(head > 0, tail > 0)) if _spans(found, left, right, head, tail) else None
    if kept is None:
        return _marked_whole(old, new, found, len(side((other[:head],)).keys), len(side((other[ends[1] :],)).keys))
    before, after = (other[:head],) * bool(head), (other[ends[1] :],) * bool(tail)
    return joined((*before, *marked_along(kept, left, right), *after))


def _equal_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters both texts share at their beginning and at their end, without those beside what differs.
    The first end after a blank, the second begin with one: no word, and no whitespace, reaches over a cut."""
    head = _common_start(old, new)
    tail = _common_end(old, new, min(len(old), len(new)) - head)
    start = new.rfind(" ", 0, max(0, head - _AROUND)) + 1
    end = new.find(" ", len(new) - tail + _AROUND) if tail > _AROUND else -1
    left_out = len(new) - end if end >= 0 else 0
    return (start if start >= _LEAST else 0), (left_out if left_out >= _LEAST else 0)


def _common_start(old: str, new: str) -> int:
    """How many characters both begin with."""
    least, most = 0, min(len(old), len(new))
    while least < most:
        middle = (least + most + 1) // 2
        if new.startswith(old[least:middle], least):
            least = middle
        else:
            most = middle - 1
    return least


def _common_end(old: str, new: str, most: int) -> int:
    """How many characters both end with, up to ``most``."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if old[len(old) - middle : len(old) - least] == new[len(new) - middle : len(new) - least]:
            least = middle
        else:
            most = middle - 1
    return least


def _spans(found: Sequence[Run], old: TokenSide, new: TokenSide, head: int, tail: int) -> bool:
    """Whether the runs begin and end where something equal was left out."""
    if not found or (head and found[0][:2] != (0, 0)):
        return False
    one, other, size = found[-1]
    return not tail or (one + size, other + size) == (len(old.keys), len(new.keys))


def _marked_whole(
    old: BlockContent, new: BlockContent, found: Sequence[Run], before: int, after: int
) -> tuple[Node, ...]:
    """As if nothing had been left out; ``before`` and ``after`` are the words that were."""
    one, other = old.side, new.side
    runs: list[Run] = []
    shifted = ((start + before, to + before, size) for start, to, size in found)
    for run in ((0, 0, before), *shifted, (len(one.keys) - after, len(other.keys) - after, after)):
        last = runs[-1] if runs else None
        if last and run[:2] == (last[0] + last[2], last[1] + last[2]):
            runs[-1] = (*last[:2], last[2] + run[2])
        elif run[2]:
            runs.append(run)
    kept = settled(runs, one, other)
    return joined(marked_along(runs if kept is None else kept, one, other))
