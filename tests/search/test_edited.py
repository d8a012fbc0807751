"""A shard of which one page was edited has the bytes of one made anew: held against Pagefind itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.search import edit as module
from loomworks_record.search.edit import edited
from loomworks_record.search.engine import CHUNK, run_pagefind
from loomworks_record.search.form import published
from loomworks_record.search.search_text import SearchFields, SearchText

_PLAIN = ["a", "gate", "gates", "Gate", "P57-B3", "creation", "engagement", "v0_2", "§5", "word" * 8, "long" * 60]
_SPELT = ["café", "cafe", "CAFÉ", "caf\u00e8", "naïve", "naive", "Ångström", "日本語", "мир", "x\u0301"]
_words = st.lists(st.sampled_from(_PLAIN + _SPELT), max_size=40)


def page(words: list[str], title: str = "Title", kind: str = "Note", date: str = "") -> str:
    half = len(words) // 2
    body = f"<h2>{' '.join(words[:half])}</h2><p>{' '.join(words[half:])}</p>"
    filters = (("standing", "Current"), ("kind", kind))
    by = SearchFields(title, "note.md", False, "v0.1", date, filters, "", (), False, "", "")
    return SearchText(by, (), body, (), ()).html().decode()


def made(pages: list[str], chunk: int) -> dict[str, bytes]:
    return published(run_pagefind(((f"/{n}", html) for n, html in enumerate(pages)), chunk=chunk), "all")


def after(pages: list[str], number: int, html: str, chunk: int) -> dict[str, bytes] | None:
    return edited(made(pages, chunk), number, run_pagefind([(f"/{number}", html)], chunk=chunk))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(_words, min_size=1, max_size=6), _words, st.integers(0, 5), st.sampled_from([4, 30, CHUNK]),
    st.sampled_from(["Title", "Other", "Café of Gates"]),
)  # fmt: skip
def test_it_is_the_shard_made_anew(texts: list[list[str]], words: list[str], at: int, chunk: int, title: str) -> None:
    pages, number = [page(each) for each in texts], at % len(texts)
    html = page(words, title)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", chunk)
        found = after(pages, number, html, chunk)
    assert found == made([*pages[:number], html, *pages[number + 1 :]], chunk)


def test_numbers_of_any_length_are_read() -> None:
    """More pages than a byte counts, positions of four bytes."""
    pages = [page(["gate", f"word{number}"]) for number in range(300)]
    pages[7] = page(["filler"] * 70_000 + ["gate", "creation"])
    html = page(["gate"] * 300)
    assert after(pages, 299, html, CHUNK) == made([*pages[:299], html], CHUNK)


@pytest.mark.parametrize("html", [page(["gate"], kind="CR"), page(["gate"], date="2026-01-01")])
def test_other_filters_and_fields_are_not_told(html: str) -> None:
    assert after([page(["gate"]), page(["gates"])], 1, html, CHUNK) is None


def test_a_word_of_more_than_255_bytes_is_not_told() -> None:
    assert after([page(["long" * 70]), page(["gates"])], 1, page(["gate"]), CHUNK) is None


def test_what_is_not_cut_as_here_is_not_told() -> None:
    """Another Pagefind may end its chunks elsewhere."""
    pages = [page([f"word{number}" for number in range(40)])] * 2
    assert after(pages, 1, page(["gate"]), 30) is None
