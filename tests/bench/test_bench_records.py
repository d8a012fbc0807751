"""The records to measure with: as many as asked for, edited by a tenth, in words as frequent as those of a language."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest
import realistic
from benchmark.projects import edits, largest
from realistic import generate


@pytest.fixture(scope="module")
def filed() -> dict[str, str]:
    return dict(generate(300, 25_000, 1))


def versions(filed: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each version and the next one."""
    by_name = {path.rpartition("/")[2]: text for path, text in filed.items()}
    for name, text in by_name.items():
        stem, _, number = name.removesuffix(".md").rpartition("_")
        if after := by_name.get(f"{stem}_{int(number) + 1}.md"):
            yield text, after


def said(text: str) -> Counter[str]:
    """The sentences of the paragraphs."""
    paragraphs = [line for line in text.split("\n") if line[:1].isalpha() and not line.startswith("def ")]
    return Counter(sentence for line in paragraphs for sentence in re.split(r"(?<=[.]) (?=[A-Z])", line))


@pytest.mark.parametrize("documents", [1, 2, 3, 40, 41])
def test_as_many_as_asked_for_and_always_the_same(documents: int) -> None:
    found = dict(generate(documents, 3000, 1))
    assert len(found) == documents
    assert found == dict(generate(documents, 3000, 1))
    assert found != dict(generate(documents, 3000, 2))


def test_the_newest_version_alone_is_current(filed: dict[str, str]) -> None:
    current = [path.rpartition("_")[0] for path in filed if "/archive/" not in path]
    assert len(current) == len(set(current))
    assert {path.replace("/archive", "").rpartition("_")[0] for path in filed} == set(current)


def test_a_tenth_of_the_sentences_is_edited(filed: dict[str, str]) -> None:
    pairs = list(versions(filed))
    assert len(pairs) > 100
    edited = sum((said(after) - said(before)).total() for before, after in pairs)
    assert 0.09 < edited / sum(said(after).total() for _, after in pairs) < 0.11


def test_sizes_are_about_as_asked(filed: dict[str, str]) -> None:
    sizes = sorted(map(len, filed.values()))
    assert 24_000 < sizes[0] <= sizes[-1] < 28_000


def test_words_follow_a_natural_frequency_curve(filed: dict[str, str]) -> None:
    """By Zipf's law the logarithms of rank and frequency lie on a line that falls by one."""
    words = Counter(word.lower() for text in filed.values() for word in re.findall(r"[A-Za-z]+", text))
    assert 15_000 < len(words) < 22_000
    often = [number for _, number in words.most_common()]
    assert 0.8 < log(often[20] / often[5000]) / log(5000 / 20) < 1.2


def test_the_vocabulary_has_so_many_words() -> None:
    words = realistic.vocabulary(random.Random(1))
    assert len(set(words)) == len(words) == realistic.WORDS == 20_000


def test_an_edit_changes_one_sentence_of_a_current_document(tmp_path: Path) -> None:
    realistic.write_record(tmp_path / "content", 30, 4000)
    before = {file: file.read_text() for file in (tmp_path / "content").rglob("*.md")}
    for edit, _ in zip(edits(tmp_path / "content"), range(5), strict=False):
        file = tmp_path / "content" / edit.path
        old, new = before[file], file.read_text()
        assert file.parent.name != "archive"
        assert (said(new) - said(old)).total() == 1
        assert [line.count(edit.word) for line in new.split("\n") if edit.word in line] == [1]
        assert {path for path in before if path.read_text() != before[path]} == {file}
        before[file] = new
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content"]


def test_the_largest_current_document_is_found(tmp_path: Path) -> None:
    for path, size in (("a/archive/x.md", 30), ("a/y.md", 20), ("z.md", 10)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x" * size)
    assert largest(tmp_path) == "a/y.md"
