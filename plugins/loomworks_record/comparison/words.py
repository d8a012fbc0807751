"""Words marked inside one block: what was removed stands in ``<del>``, what was added in ``<ins>``.

The result is a tree from which both sides come back exactly: an element that both sides share is kept once, with
the marks inside; everything else stands whole in a mark.

Between two versions a paragraph mostly keeps its beginning and its end. Of mere text only what lies between is cut into
words, with some words around it that a change may slide into. Where it would slide further, both texts are cut whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import groupby

from loomworks_record.comparison.alignment import Effort, Run, align, common_head, gaps, with_ends
from loomworks_record.comparison.blocks import BlockContent
from loomworks_record.comparison.elements import comparable, trimmed
from loomworks_record.comparison.nodes import Element, Node, element, parse, plain_lines, serialise
from loomworks_record.comparison.tidying import tidy
from loomworks_record.comparison.tokens import Level, TokenSide, is_space, side

_CHANCE = 7  # words between two changes count as equal by chance when both changes are this many times longer
_INLINE_DEPTH = 50  # levels of elements in a fact; deeper ones are compared as text
_INLINE_CELLS = 100_000_000  # pairs of words; see Effort
_AROUND = 48  # characters beside what differs that are cut too: some words
_LEAST = 80  # characters; a shorter end is not worth leaving out
_SENTENCE_ENDS = frozenset(".!?")
_CLAUSE_ENDS = frozenset(";:,)–—")
_OPENINGS = frozenset("(“‘[")

Span = tuple[int, int, int]  # first node in old, first node in new, how many are the same


def marked(old: TokenSide, new: TokenSide, effort: Effort) -> tuple[Node, ...]:
    """The inline nodes of both sides as one, with marks. Whole marks where ``effort`` does not allow more."""
    found = align(old.keys, new.keys, effort)
    return joined(marked_along(settled(found, old, new) or found, old, new))


def marked_along(found: list[Run], old: TokenSide, new: TokenSide) -> Iterable[Node]:
    """Both sides as one with marks; ``found`` are the runs of words that are the same."""
    kept = _without_chance(found, old.words, new.words)
    if old.level.has_elements or new.level.has_elements:
        return _merged(old.level, new.level, kept)
    return _merged_texts(old.level, new.level, kept)


def mark_inline(old_html: str, new_html: str) -> str:
    """Two pieces of inline HTML as one, with marks: a fact of a header, a title."""
    sides = [side(trimmed(tidy(parse(html, _INLINE_DEPTH) or plain_lines(html)))) for html in (old_html, new_html)]
    return "".join(map(serialise, marked(sides[0], sides[1], Effort(_INLINE_CELLS, _INLINE_CELLS))))


def joined(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Neighbouring texts made one."""
    found: list[Node] = []
    for kind, group in groupby(nodes, type):
        if kind is str:
            found.append("".join(group))  # type: ignore[arg-type] # texts alone
        else:
            found += group
    return tuple(found)


def settled(
    found: list[Run], old: TokenSide, new: TokenSide, cut: tuple[bool, bool] = (False, False)
) -> list[Run] | None:
    """Slides each pure insertion or removal to where a reader would put it: at the start of a sentence.

    ``cut`` says that more equal words stand before the first run, and after the last. None where a change could
    slide in among those.
    """
    runs = list(found)
    for at, (old_from, old_to, new_from, new_to) in enumerate(gaps(found, len(old.keys), len(new.keys))):
        if not 0 < at < len(runs) or (old_from == old_to) == (new_from == new_to):
            continue
        changed, start, end = (new, new_from, new_to) if old_from == old_to else (old, old_from, old_to)
        least, most = _room(changed.keys, start, end, (runs[at - 1][2], runs[at][2]))
        if (cut[0] and at == 1 and 1 - least >= runs[0][2]) or (
            cut[1] and at == len(runs) - 1 and most + 1 >= runs[at][2]
        ):
            return None
        shift = _best_shift(changed.words, start, least, most)
        before, after = runs[at - 1], runs[at]
        runs[at - 1] = (before[0], before[1], before[2] + shift)
        runs[at] = (after[0] + shift, after[1] + shift, after[2] - shift)
    return runs


def _room(keys: Sequence[Hashable], start: int, end: int, room: tuple[int, int]) -> tuple[int, int]:
    """How far the change at ``start`` to ``end`` can move; ``room`` is what is equal before and after it."""
    least = most = 0
    while -least < room[0] - 1 and keys[start + least - 1] == keys[end + least - 1]:
        least -= 1
    while most < room[1] - 1 and keys[start + most] == keys[end + most]:
        most += 1
    return least, most


def _best_shift(words: Sequence[str], start: int, least: int, most: int) -> int:
    """How far the change at ``start`` moves."""
    if least == most:
        return 0
    return max(range(least, most + 1), key=lambda shift: (_edge(words, start + shift), -abs(shift)))


def _edge(words: Sequence[str], at: int) -> int:
    """How natural it is that a change begins before this word."""
    before = words[at - 1] if at else "."
    if before in _SENTENCE_ENDS:
        return 4
    if words[at] in _OPENINGS:
        return 3
    if before in _CLAUSE_ENDS:
        return 2
    return 1 if before[0].isalnum() and words[at][0].isalnum() else 0


def _without_chance(found: list[Run], old: list[str], new: list[str]) -> list[Run]:
    """Drops short runs of equal words that lie between two much longer changes, so that a rewritten sentence
    reads as one change. It adds at most two sevenths to what is marked."""
    between = gaps(found, len(old), len(new))
    if len(found) <= 2 and between[0] == (0, 0, 0, 0) and between[-1][:1] + between[-1][2:3] == (len(old), len(new)):
        return found  # nothing before the first run, nothing after the last
    sizes = [
        _size(old[old_from:old_to]) + _size(new[new_from:new_to]) for old_from, old_to, new_from, new_to in between
    ]
    return [
        run
        for at, run in enumerate(found)
        if _size(old[run[0] : run[0] + run[2]]) * _CHANCE > min(sizes[at], sizes[at + 1])
    ]


def _size(words: list[str]) -> int:
    return sum(map(len, words))


def _merged(old: Level, new: Level, found: Sequence[Run]) -> Iterator[Node]:
    old_at = new_at = 0
    for one, other, size in _spans(old, new, found):
        yield from _changed(old.nodes[old_at:one], new.nodes[new_at:other])
        if size > 1:
            yield from new.nodes[other : other + size]
        else:
            yield _both(old, new, one, other, found)
        old_at, new_at = one + size, other + size
    yield from _changed(old.nodes[old_at:], new.nodes[new_at:])


def _merged_texts(old: Level, new: Level, found: Sequence[Run]) -> Iterator[Node]:
    """The same for levels without elements, where every node is a word or a space."""
    left, right = old.nodes, new.nodes
    old_at = new_at = 0
    for start, other_start, size in found:
        one, one_end = old.places[start], old.places[start + size - 1] + 1
        other, other_end = new.places[other_start], new.places[other_start + size - 1] + 1
        kept = right[other:other_end]
        if left[one:one_end] == kept:
            yield from _changed(left[old_at:one], right[new_at:other])
            yield "".join(kept)  # type: ignore[arg-type] # words and spaces alone
            old_at, new_at = one_end, other_end
            continue
        words = zip(old.places[start : start + size], new.places[other_start : other_start + size], strict=True)
        for one, other in words:
            yield from _changed(left[old_at:one], right[new_at:other])
            yield right[other]
            old_at, new_at = one + 1, other + 1
    yield from _changed(left[old_at:], right[new_at:])


def _both(old: Level, new: Level, one: int, other: int, found: Sequence[Run]) -> Node:
    node = new.nodes[other]
    if isinstance(node, str) or other not in new.inner:
        return node
    return node.holding(joined(_merged(old.inner[one], new.inner[other], found)))


def _spans(old: Level, new: Level, found: Sequence[Run]) -> list[Span]:
    """Which nodes of one level are the same: equal words, and elements of one kind that share the most words.

    A run of words of which all nodes are equal, spaces and elements too, is one span; else each node is one.
    """
    spans: list[Span] = []
    shared: Counter[tuple[int, int]] = Counter()
    for run in _within(old, new, found):
        whole = _whole(old, new, run)
        if whole:
            spans.append(whole)
            continue
        start, other, size = run
        for pair in zip(old.places[start : start + size], new.places[other : other + size], strict=True):
            if isinstance(old.nodes[pair[0]], str) and isinstance(new.nodes[pair[1]], str):
                spans.append((*pair, 1))
            elif _same_kind(old.nodes[pair[0]], new.nodes[pair[1]]):
                shared[pair] += 1
    if shared:
        spans = sorted([*spans, *_best(shared)])
    return spans


def _within(old: Level, new: Level, found: Sequence[Run]) -> Iterator[Run]:
    """The parts of the runs that lie in both levels, counted from the first word of each."""
    old_end, new_end = old.first + len(old.places), new.first + len(new.places)
    for at in range(max(0, bisect_left(found, (old.first + 1,)) - 1), len(found)):
        start, other, size = found[at]
        if start >= old_end:
            return
        cut = max(0, old.first - start, new.first - other)
        left = min(size, old_end - start, new_end - other) - cut
        if left > 0:
            yield start + cut - old.first, other + cut - new.first, left


def _whole(old: Level, new: Level, run: Run) -> Span | None:
    """The nodes of a run of words, if they are equal and the run begins and ends between nodes."""
    start, other, size = run
    one, one_end = _extent(old, start, size)
    two, two_end = _extent(new, other, size)
    if one < 0 or two < 0 or old.nodes[one:one_end] != new.nodes[two:two_end]:
        return None
    return one, two, one_end - one


def _extent(level: Level, start: int, size: int) -> tuple[int, int]:
    """The nodes that words lie in, (first, end); (-1, 0) if others lie in the first or last of these as well."""
    places, end = level.places, start + size
    first, last = places[start], places[end - 1]
    if level.has_elements and ((start and places[start - 1] == first) or (end < len(places) and places[end] == last)):
        return -1, 0
    return first, last + 1


def _best(shared: Counter[tuple[int, int]]) -> Iterator[Span]:
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for one, other in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if one not in taken_old and other not in taken_new:
            yield one, other, 1
            taken_old.add(one)
            taken_new.add(other)


def _same_kind(old: Node, new: Node) -> bool:
    return isinstance(old, Element) and isinstance(new, Element) and comparable(old) == comparable(new)


def _changed(old: list[Node], new: list[Node]) -> Iterator[Node]:
    """The nodes between two equal ones: a space that both sides have at either end is not a change."""
    if not old and not new:
        return
    tail: list[Node] = []
    if old and new and old[0] == new[0] and is_space(old[0]):
        yield old[0]
        old, new = old[1:], new[1:]
    if old and new and old[-1] == new[-1] and is_space(old[-1]):
        tail = [old[-1]]
        old, new = old[:-1], new[:-1]
    if old:
        yield element("del", *joined(old))
    if new:
        yield element("ins", *joined(new))
    yield from tail


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
    kept = settled(found, left, right, cut=(head > 0, tail > 0)) if _reaches(found, left, right, head, tail) else None
    if kept is None:
        return _marked_whole(old, new, found, len(side((other[:head],)).keys), len(side((other[ends[1] :],)).keys))
    before, after = (other[:head],) * bool(head), (other[ends[1] :],) * bool(tail)
    return joined((*before, *marked_along(kept, left, right), *after))


def _equal_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters both texts share at their beginning and at their end, without those beside what differs.
    The first end after a blank, the second begin with one: no word, and no whitespace, reaches over a cut."""
    head = _common_start(old, new)
    tail = min(_common_start(old[::-1], new[::-1]), min(len(old), len(new)) - head)
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


def _reaches(found: Sequence[Run], old: TokenSide, new: TokenSide, head: int, tail: int) -> bool:
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
    shifted = ((start + before, to + before, size) for start, to, size in found)
    runs = with_ends(before, shifted, after, one.keys, other.keys)
    kept = settled(runs, one, other)
    return joined(marked_along(runs if kept is None else kept, one, other))
