"""Marks stay close to what really changed, on edit pairs whose changes are labelled."""

from __future__ import annotations

from collections import Counter

import pytest
from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import canonical_html, reconstruct
from lxml.html import fragments_fromstring

from compare.labelled import LabelledPair, labelled_pairs, left_over, squeezed, visible

PAIRS = labelled_pairs()
MOST = 1.3  # marked characters for each that really changed
KINDS = {
    "word changed", "sentence moved", "row inserted", "section inserted", "identifier renumbered", "code line added",
    "list reordered", "table column added",
}  # fmt: skip


def test_enough_pairs_of_each_kind() -> None:
    counted = Counter(pair.kind for pair in PAIRS)
    assert len(PAIRS) >= 40
    assert all(counted[kind] >= 5 for kind in KINDS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_labels_say_what_changed(pair: LabelledPair) -> None:
    assert pair.size > 0
    assert left_over(visible(pair.old), pair.removed) == left_over(visible(pair.new), pair.added)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_marks_little_more_than_changed(pair: LabelledPair) -> None:
    html = compare(pair.old, pair.new).html
    assert reconstruct(html, "old") == canonical_html(pair.old)
    assert reconstruct(html, "new") == canonical_html(pair.new)
    assert 0 < marked(html) <= MOST * pair.size


def marked(html: str) -> int:
    """Characters without white space inside ``ins`` and ``del``."""
    marks = (mark for part in fragments_fromstring(f"<div>{html}</div>") for mark in part.iter("ins", "del"))
    outer = (mark for mark in marks if not any(above.tag in ("ins", "del") for above in mark.iterancestors()))
    return sum(len(squeezed("".join(mark.itertext()))) for mark in outer)
