"""Which members of two sequences correspond: longest common subsequences, and chains of weighted pairs.

The longest common subsequence is found with one bit per pair of members (Hyyrö 2004, "Bit-parallel LCS-length
computation revisited"): exact, and bounded by the product of the lengths whatever the content. Sequences past
the bound are cut at members that occur once in each ("patience"); what is left then stays unmatched, and is
counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import ne
from typing import TypeVar

_T = TypeVar("_T")

Run = tuple[int, int, int]  # first index in old, first index in new, how many follow each other
Pair = tuple[int, int]

_MOST_EQUAL = 50_000  # equal pairs up to which the heaviest alignment is looked for


@dataclass(slots=True)
class Effort:
    """What one comparison may still spend, in cells (pairs of members looked at); deterministic, not time.

    ``most`` bounds one alignment (its memory is one bit per cell). ``asked`` counts the alignments, ``given_up``
    those that were left unfinished because of the bounds, and ``refused`` how often these were met: what was done
    without might have come out otherwise with them further away.
    """

    left: int
    most: int
    asked: int = 0
    given_up: int = 0
    refused: int = 0

    def take(self, cells: int) -> bool:
        if cells > self.most or cells > self.left:
            self.refused += 1
            return False
        self.left -= cells
        return True

    def since(self, before: Effort) -> Effort:
        """What was spent: ``left`` is what it took."""
        return Effort(
            before.left - self.left,
            self.most,
            self.asked - before.asked,
            self.given_up - before.given_up,
            self.refused - before.refused,
        )

    def take_again(self, spent: Effort) -> bool:
        """Spend the same once more, under the same bounds, if that is left."""
        if spent.most != self.most or spent.left > self.left:
            return False
        self.left -= spent.left
        self.asked += spent.asked
        return True


def align(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[Run]:
    """Runs of equal members, in order: a longest common subsequence as long as ``effort`` allows."""
    effort.asked += 1
    head = common_head(old, new)
    tail = _common_tail(old, new, head)
    pairs = _between(old, new, (head, len(old) - tail, head, len(new) - tail), effort)
    return with_ends(head, runs(pairs), tail, old, new)


def align_by_size(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[Run]:
    """Runs of equal texts, in order, that keep the most characters: of two neighbours that were exchanged, the
    longer one counts as staying. Where too many texts repeat for that, as many texts as ``align`` finds."""
    head = common_head(old, new)
    tail = _common_tail(old, new, head)
    places: dict[str, list[int]] = defaultdict(list)
    for index in range(head, len(new) - tail):
        places[new[index]].append(index)
    equal = sum(len(places.get(old[index], ())) for index in range(head, len(old) - tail))
    if equal > _MOST_EQUAL:
        return align(old, new, effort)
    weights = {
        (index, other): len(old[index]) + 1.0
        for index in range(head, len(old) - tail)
        for other in places.get(old[index], ())
    }
    return with_ends(head, runs(heaviest_chain(weights)), tail, old, new)


def matched(
    old: Sequence[_T],
    new: Sequence[_T],
    key: Callable[[_T], str],
    pairs: Callable[[Sequence[_T], Sequence[_T]], Iterable[Pair]],
    effort: Effort,
) -> Iterator[tuple[_T | None, _T | None]]:
    """The members of both sides in order: those of equal ``key`` together, and between these what ``pairs`` says of the
    members that are left; the others alone."""
    found = align_by_size(list(map(key, old)), list(map(key, new)), effort)
    for at, (old_from, old_to, new_from, new_to) in enumerate(gaps(found, len(old), len(new))):
        left, right = old[old_from:old_to], new[new_from:new_to]
        old_at = new_at = 0
        for one, other in (*(pairs(left, right) if left and right else ()), (len(left), len(right))):
            yield from ((member, None) for member in left[old_at:one])
            yield from ((None, member) for member in right[new_at:other])
            if one < len(left):
                yield left[one], right[other]
            old_at, new_at = one + 1, other + 1
        if at < len(found):
            one, other, size = found[at]
            yield from zip(old[one : one + size], new[other : other + size], strict=True)


def runs(pairs: Iterable[Pair]) -> list[Run]:
    """Pairs of indices, in order, as runs of neighbours."""
    found: list[Run] = []
    for old, new in pairs:
        if found and (old, new) == (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]):
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + 1)
        else:
            found.append((old, new, 1))
    return found


def with_ends(
    head: int, inner: Iterable[Run], tail: int, old: Sequence[Hashable], new: Sequence[Hashable]
) -> list[Run]:
    """The ``inner`` runs with the ``head`` and the ``tail`` that are equal before and after them."""
    found = [(0, 0, head)] if head else []
    for run in (*inner, (len(old) - tail, len(new) - tail, tail)):
        if found and run[:2] == (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]):
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + run[2])
        elif run[2]:
            found.append(run)
    return found


def gaps(found: Iterable[Run], old_size: int, new_size: int) -> list[tuple[int, int, int, int]]:
    """What lies before, between and after the runs: (old start, old end, new start, new end), one more than runs."""
    result = []
    old_at = new_at = 0
    for old, new, size in found:
        result.append((old_at, old, new_at, new))
        old_at, new_at = old + size, new + size
    return [*result, (old_at, old_size, new_at, new_size)]


def heaviest_chain(weights: dict[Pair, float]) -> list[Pair]:
    """The pairs with the greatest total weight in which both indices increase."""
    ordered = sorted(weights, key=lambda pair: (pair[0], -pair[1]))
    ranks = {new: rank + 1 for rank, new in enumerate(sorted({new for _, new in ordered}))}
    best: list[tuple[float, Pair | None]] = [(0.0, None)] * (len(ranks) + 1)  # a Fenwick tree of prefix maxima
    before: dict[Pair, Pair | None] = {}
    for pair in ordered:
        rank = ranks[pair[1]]
        total, previous = _prefix_best(best, rank - 1)
        before[pair] = previous
        _raise(best, rank, (total + weights[pair], pair))
    last = _prefix_best(best, len(ranks))[1]
    chain: list[Pair] = []
    while last is not None:
        chain.append(last)
        last = before[last]
    return chain[::-1]


def chain_of(pairs: Iterable[Pair], weight: Callable[[int, int], float]) -> list[Pair]:
    """The heaviest chain of the pairs that weigh anything."""
    return heaviest_chain({pair: found for pair in pairs if (found := weight(*pair))})


def _prefix_best(tree: list[tuple[float, Pair | None]], rank: int) -> tuple[float, Pair | None]:
    best: tuple[float, Pair | None] = (0.0, None)
    while rank > 0:
        if tree[rank][0] > best[0]:
            best = tree[rank]
        rank -= rank & -rank
    return best


def _raise(tree: list[tuple[float, Pair | None]], rank: int, entry: tuple[float, Pair | None]) -> None:
    while rank < len(tree):
        if entry[0] > tree[rank][0]:
            tree[rank] = entry
        rank += rank & -rank


def common_head(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    size = min(len(old), len(new))
    return next(compress(range(size), map(ne, old, new)), size)


def _common_tail(old: Sequence[Hashable], new: Sequence[Hashable], head: int) -> int:
    size = min(len(old), len(new)) - head
    return next(compress(range(size), map(ne, reversed(old), reversed(new))), size)


def _between(
    old: Sequence[Hashable], new: Sequence[Hashable], part: tuple[int, int, int, int], effort: Effort
) -> list[Pair]:
    if part[0] == part[1] or part[2] == part[3]:
        return []
    found: list[Pair] = []
    open_parts = [part]
    finished = True
    while open_parts:
        old_from, old_to, new_from, new_to = open_parts.pop()
        common = set(old[old_from:old_to]) & set(new[new_from:new_to])
        left = [index for index in range(old_from, old_to) if old[index] in common]
        right = [index for index in range(new_from, new_to) if new[index] in common]
        if not left:
            continue
        if effort.take(len(left) * len(right)):
            pairs = _longest([old[index] for index in left], [new[index] for index in right])
            found += [(left[one], right[other]) for one, other in pairs]
            continue
        anchors = _anchors(old, new, left, right)
        if not anchors:
            finished = False
            continue
        found += anchors
        inner = gaps(runs(anchors), old_to, new_to)
        first = inner[0]
        open_parts += [(old_from, first[1], new_from, first[3]), *inner[1:]]
    effort.given_up += not finished
    return sorted(found)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], left: list[int], right: list[int]) -> list[Pair]:
    """Members that occur once on either side, as far as their order is the same."""
    once_old = {member for member, times in Counter(old[index] for index in left).items() if times == 1}
    counted = Counter(new[index] for index in right)
    place = {new[index]: index for index in right if counted[new[index]] == 1 and new[index] in once_old}
    return _increasing([(index, place[old[index]]) for index in left if old[index] in place])


def _increasing(pairs: list[Pair]) -> list[Pair]:
    """The longest part of ``pairs`` (sorted by their first index) whose second indices increase."""
    ends: list[int] = []
    end_pairs: list[int] = []
    before: list[int] = []
    for index, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        before.append(end_pairs[length - 1] if length else -1)
        ends[length : length + 1] = [new]
        end_pairs[length : length + 1] = [index]
    chain: list[Pair] = []
    index = end_pairs[-1] if end_pairs else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    masks: dict[Hashable, int] = {}
    for index, member in enumerate(new):
        masks[member] = masks.get(member, 0) | (1 << index)
    full = row = (1 << len(new)) - 1
    rows: list[int] = []
    for member in old:
        hit = row & masks.get(member, 0)
        row = ((row + hit) | (row - hit)) & full
        rows.append(row)
    return _trace(rows, len(old), len(new))


def _trace(rows: list[int], old: int, new: int) -> list[Pair]:
    """Back through the rows: a bit that is 0 says that the sequence grew at this column."""
    found: list[Pair] = []
    while old and new:
        if rows[old - 1] >> (new - 1) & 1:
            new -= 1
        elif old > 1 and not rows[old - 2] >> (new - 1) & 1:
            old -= 1
        else:
            old, new = old - 1, new - 1
            found.append((old, new))
    return found[::-1]
