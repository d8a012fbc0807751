"""What is kept between runs never changes what is read, whatever has become of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.kept.keys import code_digest
from loomworks_record.kept.memo import NO_MEMO, Shelf, key_of
from loomworks_record.source.kinds import DEFAULT_KINDS, Kind, KindTable
from loomworks_record.source.store import Content, read_content
from support.memo import DictMemo
from support.site import PROJECT

SAMPLE = PROJECT / "content"
KEY, OTHER = key_of("one"), key_of("other")


class Pair(NamedTuple):
    words: str
    count: int


class Words(NamedTuple):
    words: tuple[str, ...]


def test_what_is_put_is_there() -> None:
    shelf = Shelf(DictMemo(), "pair", Pair)
    shelf.put_many({KEY: Pair("a", 1)})
    assert shelf.get_many([KEY, OTHER]) == {KEY: Pair("a", 1)}
    assert (shelf.get(KEY), shelf.get(OTHER)) == (Pair("a", 1), None)


def test_no_memo_keeps_nothing() -> None:
    shelf = Shelf(NO_MEMO, "pair", Pair)
    shelf.put_many({KEY: Pair("a", 1)})
    assert (shelf.keeps, shelf.get_many([KEY])) == (False, {})


def test_a_text_that_is_no_unicode_is_not_kept() -> None:
    shelf = Shelf(DictMemo(), "pair", Pair)
    shelf.put_many({KEY: Pair("\ud800", 1), OTHER: Pair("a", 1)})
    assert shelf.get_many([KEY, OTHER]) == {OTHER: Pair("a", 1)}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
        lambda data: bytes(len(data)),
        lambda data: data[16:],
    ],
    ids=["empty", "cut short", "longer", "one bit", "zeros", "unsealed"],
)
def test_what_is_damaged_is_not_there(damage: Callable[[bytes], bytes]) -> None:
    memo = DictMemo()
    shelf = Shelf(memo, "pair", Pair)
    shelf.put_many({KEY: Pair("abc", 1)})
    memo.change(lambda kind, key, data: damage(data))
    assert shelf.get(KEY) is None


def test_what_is_somebody_elses_is_not_there() -> None:
    memo = DictMemo()
    pairs, words = Shelf(memo, "pair", Pair), Shelf(memo, "pair", Words)
    pairs.put_many({KEY: Pair("a", 1)})
    assert words.get(KEY) is None  # of another type
    memo.kinds["pair"][OTHER] = memo.kinds["pair"][KEY]
    assert pairs.get(OTHER) is None  # under another key


@given(st.lists(st.text()), st.lists(st.text()))
def test_keys_differ_where_parts_do(one: list[str], other: list[str]) -> None:
    assert (key_of(*one) == key_of(*other)) is (one == other)


def test_the_digest_of_code_knows_packages_and_libraries() -> None:
    packages = ("loomworks_record.source", "loomworks_record.record")
    digests = {code_digest(), code_digest(*packages[:1]), code_digest(*packages), code_digest(libraries=("PyYAML",))}
    assert len(digests) == 4
    assert code_digest(*packages) == code_digest(*packages)


def test_the_digest_of_code_is_that_of_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "a_package" / "inner"
    package.mkdir(parents=True)
    (package / "module.py").write_text("VALUE = 1\n")
    (package.parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = code_digest.__wrapped__
    before = made("a_package")
    assert made("a_package") == before
    (package / "table.json").write_text("[]")
    with_table = made("a_package")
    assert with_table != before
    (package / "module.py").write_text("VALUE = 2\n")
    assert made("a_package") not in (before, with_table)


def kinds_of(content: Content) -> list[str]:
    return [document.kind for document in content.documents]


def test_documents_from_a_memo_are_those_that_are_read() -> None:
    memo, plain = DictMemo(), read_content(SAMPLE)
    assert read_content(SAMPLE, memo=memo) == plain
    assert memo.asked["document"].missed == len(plain.documents)
    assert read_content(SAMPLE, memo=memo) == plain
    assert memo.asked["document"].found == len(plain.documents)


def test_another_table_of_kinds_is_read_anew() -> None:
    memo = DictMemo()
    read_content(SAMPLE, memo=memo)
    table = KindTable((Kind("halt", "Halt", "halt-surface"), *DEFAULT_KINDS))
    assert kinds_of(read_content(SAMPLE, table, memo)) == kinds_of(read_content(SAMPLE, table))


def test_other_bytes_at_a_path_and_the_same_at_another_are_read_anew(tmp_path: Path) -> None:
    memo = DictMemo()
    name = tmp_path / "phases/phase-1-one/phase-1-cr-one-v0_1.md"
    name.parent.mkdir(parents=True)
    for text in ("# One\n\n**Version.** 0.1\n", "# Two\n\n**Version.** 0.3\n"):
        name.write_text(text)
        assert read_content(tmp_path, memo=memo) == read_content(tmp_path)
    name.rename(tmp_path / "phase-1-handoff-v0_2.md")
    assert read_content(tmp_path, memo=memo) == read_content(tmp_path)


def test_damaged_documents_are_read_anew() -> None:
    memo, plain = DictMemo(), read_content(SAMPLE)
    for damage in (lambda data: data[:-1], lambda data: data[:20] + b"x" + data[21:], lambda data: b"\x80"):
        read_content(SAMPLE, memo=memo)
        memo.change(lambda kind, key, data, damage=damage: damage(data))
        assert read_content(SAMPLE, memo=memo) == plain
