"""How tables are set on a narrow page: prose wraps or becomes blocks, figures keep to their columns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.render.body import render_body

SENTENCE = "The route opens, and the banner of the phase before shows"
TABLES = {
    "figures": ("r-table", ["n", "size", "time"], ["1", "12 kB", "0.3 s"]),
    "words": ("r-table", ["Gate", "State"], ["Gate 5b", "open"]),
    "two-columns": ("r-table r-wraps", ["Decision", "Text"], ["P57-D1", SENTENCE]),
    "three-columns": ("r-table r-wraps", ["#", "Gate", "Verified"], ["5", SENTENCE, "Step 2b"]),
    "prose-beside-figures": ("r-table r-wraps", ["n", "Size", "Remark"], ["1", "12", SENTENCE]),
    "four-of-prose": ("r-table r-apart", ["Question", "Found", "Expected", "Remark"], [SENTENCE] * 4),
    "many-with-one-of-prose": ("r-table r-apart", ["Surface", "Before", "v0.1", "v0.2", "Why", "Where"],
                               ["Operator", "149 passed", "unchanged", "rewritten", SENTENCE, "§7 of it"]),
    "a-long-path": ("r-table r-wraps", ["Name", "What"], ["a/very/long/path/that/never/ends-" * 3, SENTENCE]),
    "long-code": ("r-table r-wraps", ["Name", "What"], ["`" + "a_name_of_code" * 3 + "`", SENTENCE]),
    "a-long-word": ("r-table r-apart", ["Name", "What"], ["a_word_that_nothing_breaks" * 3, SENTENCE]),
    "mostly-short": ("r-table", ["A", "B"], ["yes", "no"]),
}  # fmt: skip


def table(head: list[str], *rows: list[str]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def look(markdown: str) -> str:
    found = re.search(r'<table class="([^"]*)"', render_body(markdown))
    assert found
    return found[1]


@pytest.mark.parametrize("name", TABLES)
def test_the_cells_decide(name: str) -> None:
    expected, head, row = TABLES[name]
    assert look(table(head, row, row)) == expected


def test_one_sentence_among_figures_is_no_column_of_prose() -> None:
    assert look(table(["n", "Note"], ["1", SENTENCE], *[["2", "none"]] * 4)) == "r-table"
    assert look(table(["n", "Note"], ["1", SENTENCE], *[["2", ""]] * 4)) == "r-table r-wraps"


@given(st.lists(st.lists(st.sampled_from(["", "1", "a", SENTENCE]), max_size=6), max_size=4))
def test_any_table_has_a_look(rows: list[list[str]]) -> None:
    assert look(table(["A", "B", "C"], *rows)) in ("r-table", "r-table r-wraps", "r-table r-apart")
