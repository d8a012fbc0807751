"""How a text is read: names and questions alike, whatever is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.asking.look import look
from loomworks_record.asking.table import NameEntry, NamesTable
from loomworks_record.asking.words import distance, read
from support.asked import NO_INVENTORY, real_names
from support.site import INVENTORY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P57 b10", ["p57", "b10"]),
        ("v0_3", ["v0.3"]),
        ("v03", ["v0.3"]),
        ("V 0.20", ["v0.20"]),
        ("version 2.0", ["v2"]),
        ("v0\\_2", ["v0.2"]),
        ("phase-06 CRs", ["phase6", "cr"]),
        ("phase57", ["phase57"]),
        ("gate5b", ["gate", "5b"]),
        ("https://x.example/view/phases/phase-6/archive/a-b-v0_1.md.html#s7-2", ["a", "b", "v0.1"]),
        ("compare/notes/a-v0_1-to-v0_2.html", ["a", "v0.2"]),
        ("compare/notes/a/v0.1...v0.2", ["a", "v0.2"]),
        ("/search/?q=a%20b+v0.1&kind=note", ["a", "b", "v0.1"]),
        ("/a/%C3%89t%C3%A9.md", ["ete"]),
        ("/a/%ff.md", ["ff"]),
        ("v0.1 / v0.2", ["v0.1", "v0.2"]),
        ("CR\u2011\u2060Fee", ["cr", "fee"]),
    ],
)
def test_a_text_is_read(text: str, words: list[str]) -> None:
    assert list(read(text).words) == words


def test_a_section_is_read_beside_what_it_is_of() -> None:
    for text in ("CR v0.3 §7.2", "cr v0.3 section 7.2", "§7.2 cr v0.3"):
        assert (read(text).key, read(text).section) == ("cr v0.3", "7.2")


@given(st.text())
def test_any_text_is_read_into_words_without_blanks(text: str) -> None:
    asked = read(text)
    assert all(word and not any(map(str.isspace, word)) for word in (*asked.words, *asked.folders))
    assert asked.joined == "" or not any(map(str.isspace, asked.joined))


@given(st.lists(st.sampled_from(["alpha", "beta", "v0.3", "phase 5", "p7-b2", "note"]), min_size=1, unique=True))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    table = NamesTable.of([NameEntry("chain", "A", "/a", (" ".join(words),), "", (0,))])
    assert look(table, " ".join(reversed(words))).ranks == (0,)


@pytest.mark.parametrize(
    ("one", "other", "far"), [("manifset", "manifest", 1), ("note", "notes", 1), ("abcd", "wxyz", 3)]
)
def test_the_distance_counts_letters_changed_about_as_one(one: str, other: str, far: int) -> None:
    assert distance(one, other, 2) == far


@pytest.mark.skipif(not INVENTORY.is_file(), reason=NO_INVENTORY)
def test_each_real_name_is_found_however_it_is_written(tmp_path: Path) -> None:
    table, questions = real_names(tmp_path)
    wrong = []
    for text, path in questions:
        found = look(table, text)
        first = table.entries[found.ranks[0]].path if found.ranks else ""
        if _stem(first) != _stem(path):  # twins have their stem in common
            wrong.append((text, first, found.sure))
    assert wrong == []
    assert len(questions) > 600


def _stem(path: str) -> str:
    return path.replace("archive/", "").rpartition(".")[0]
