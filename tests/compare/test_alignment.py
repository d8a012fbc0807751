"""Alignments against plain definitions of what they compute."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.comparison.alignment import Effort, Run, align, align_by_size, gaps, heaviest_chain

letters = st.lists(st.sampled_from("abcd"), max_size=14)
UNBOUNDED = 10**12


def effort(cells: int = UNBOUNDED) -> Effort:
    return Effort(cells, cells)


def longest(old: list[str], new: list[str]) -> int:
    """The length of a longest common subsequence, by the textbook."""
    row = [0] * (len(new) + 1)
    for member in old:
        above = row
        row = [0]
        for at, other in enumerate(new):
            row.append(above[at] + 1 if member == other else max(row[-1], above[at + 1]))
    return row[-1]


def assert_runs(found: list[Run], old: list[str], new: list[str]) -> None:
    assert all(old[one + step] == new[other + step] for one, other, size in found for step in range(size))
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(found))


@given(letters, letters)
def test_as_long_as_can_be(old: list[str], new: list[str]) -> None:
    found = align(old, new, effort())
    assert_runs(found, old, new)
    assert sum(size for _, _, size in found) == longest(old, new)


@given(letters, letters, st.integers(0, 30))
def test_bounded_effort_still_aligns(old: list[str], new: list[str], cells: int) -> None:
    bounded = effort(cells)
    assert_runs(align(old, new, bounded), old, new)
    assert bounded.left >= 0


def test_unique_members_are_enough_when_the_bound_is_met() -> None:
    old = [str(number) for number in range(1000)]
    new = [*old[:300], "put in", *old[300:500], *old[600:]]
    found = align([*old[::-1][:1], *old], ["x", *new], effort(1))
    assert sum(size for _, _, size in found) == 900


def test_gives_up_and_says_so() -> None:
    bounded = effort(3)
    assert align(list("abab"), list("baba"), bounded) == []
    assert (bounded.asked, bounded.given_up) == (1, 1)


@given(letters, letters)
def test_gaps_and_runs_cover_everything(old: list[str], new: list[str]) -> None:
    found = align(old, new, effort())
    between = gaps(found, len(old), len(new))
    assert len(between) == len(found) + 1
    covered = sum(size for _, _, size in found)
    assert sum(one_end - one for one, one_end, _, _ in between) + covered == len(old)
    assert sum(other_end - other for _, _, other, other_end in between) + covered == len(new)


@given(st.lists(st.sampled_from(["a", "bb", "cccc", "ddddd"]), max_size=7),
       st.lists(st.sampled_from(["a", "bb", "cccc", "ddddd"]), max_size=7))  # fmt: skip
def test_keeps_the_most_characters(old: list[str], new: list[str]) -> None:
    found = align_by_size(old, new, effort())
    assert_runs(found, old, new)
    kept = sum(len(old[one + step]) + 1 for one, _, size in found for step in range(size))
    assert kept == max(
        sum(len(text) + 1 for text in part)
        for size in range(len(old) + 1)
        for part in combinations(old, size)
        if longest(list(part), new) == size
    )


def test_longer_of_two_exchanged_stays() -> None:
    assert align_by_size(["long text", "short"], ["short", "long text"], effort()) == [(0, 1, 1)]


def test_repeated_texts_are_bounded() -> None:
    old, new = ["same"] * 2000, ["same", "other"] * 2000
    found = align_by_size(old, new, effort())
    assert sum(size for _, _, size in found) == 2000


pairs = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(1, 9), max_size=9)


@given(pairs)
def test_heaviest_chain(weights: dict[tuple[int, int], float]) -> None:
    chain = heaviest_chain(weights)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chain))
    best = max(
        sum(weights[pair] for pair in part)
        for size in range(len(weights) + 1)
        for part in combinations(sorted(weights), size)
        if all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(part))
    )
    assert sum(weights[pair] for pair in chain) == best
