"""What is kept between comparisons, and what is left out of one, never changes what it says."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.comparison.alignment import Effort
from loomworks_record.comparison.blocks import BlockContent
from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.merge import _made
from loomworks_record.comparison.nodes import Element
from loomworks_record.comparison.reading import KEPT
from loomworks_record.comparison.values import Comparison, Limits
from loomworks_record.comparison.words import marked, marked_contents

from compare.documents import edited

SENTENCES = ["One word.", "The gate holds, as filed.", "No: it does not.", "A step (2b) follows.", "So it is,", "and"]
text = st.lists(st.sampled_from(SENTENCES), min_size=12, max_size=40)


def forget() -> None:
    """Compare so many other bodies that none of those before is known."""
    for number in range(KEPT):
        compare(f"<p>forget {number}</p>", f"<p>forget {number} too</p>")


def afresh(old: str, new: str, limits: Limits) -> Comparison:
    forget()
    return compare(old, new, limits=limits)


@settings(deadline=None)
@given(edited(), edited(), st.sampled_from([Limits(), Limits(cells=400, cells_at_once=80, pairs=6, shown=900)]))
def test_what_was_compared_before_changes_nothing(
    one: tuple[list[str], list[str]], other: tuple[list[str], list[str]], limits: Limits
) -> None:
    old, new = map("\n".join, one)
    longer = ["\n".join([*before, side]) for before, side in zip(other, (old, new), strict=True)]
    alone = afresh(old, new, limits)
    compare(*longer, limits=limits)
    assert compare(old, new, limits=limits) == alone
    assert compare(*longer, limits=limits) == afresh(*longer, limits)


def test_blocks_that_met_a_bound_are_compared_again_where_there_is_none() -> None:
    """The first comparison has spent so much before the paragraph that it is cut at a word that occurs once."""
    chance = random.Random(2)
    limits = Limits(cells=4500, cells_at_once=4500)
    for _ in range(20):
        before, old, new = ([f"w{chance.randrange(12)}" for _ in range(60)] for _ in range(3))
        old.insert(10, "once")
        new.insert(45, "once")
        sides = [f"<p>{' '.join(words)}</p>" for words in (old, new)]
        first = f"<p>{' '.join(before[:50])}</p><hr>", f"<p>x {' '.join(before[10:])}</p><hr>"
        alone = afresh(sides[0], sides[1], limits)
        forget()
        compare(first[0] + sides[0], first[1] + sides[1], limits=limits)
        assert compare(sides[0], sides[1], limits=limits) == alone


def test_what_was_made_goes_with_the_bodies() -> None:
    compare("<p>a paragraph to be forgotten</p>", "<p>a paragraph to be remembered</p>")
    assert any("remembered" in content.key for content in _made)
    forget()
    assert not any("remembered" in content.key for content in _made)


@settings(deadline=None, max_examples=200)
@given(text, text, st.integers(0, 40), st.integers(0, 6), st.lists(st.sampled_from(SENTENCES), max_size=6))
def test_equal_ends_left_out_change_nothing(
    old: list[str], other: list[str], at: int, taken: int, put: list[str]
) -> None:
    """Sentences repeat, so that what is put in can slide far; or both texts have little in common."""
    new = [*old[:at], *put, *old[at + taken :]]
    for pair in ((old, new), (old, other)):
        one, two = (BlockContent(Element("p", (), (" ".join(sentences),))) for sentences in pair)
        efforts = [Effort(10**9, 10**9) for _ in range(2)]
        assert marked_contents(one, two, efforts[0]) == marked(one.side, two.side, efforts[1])
        assert efforts[0] == efforts[1]
