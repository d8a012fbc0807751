"""Texts read by several processes, in any order: the same readings, keys and problems as when one process reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from loomworks_record.build.workers import Workers
from loomworks_record.kept.memo import NO_BULKS, NO_MEMO
from loomworks_record.kept.spool import Keeper
from loomworks_record.record.citations import readings
from loomworks_record.record.citations.cite import Citations, cite
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.store import read_content
from msgspec import structs
from support.memo import Asked, DictMemo

from citations.records import NOTE, SAMPLE, record_of
from citations.test_memo import TEXTS, told

HALF = TEXTS[NOTE] + "\n## 9. Half\n\nSee [it](half-\ud800.md).\n"  # half a surrogate pair


def backwards(work: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
    """Whatever is handed out first comes back last."""
    return iter([work(batch) for batch in batches][::-1])


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small record has several."""
    monkeypatch.setattr(readings, "_BATCH", 20_000)
    monkeypatch.setattr(readings, "_AT_ONCE", 5)
    monkeypatch.setattr("loomworks_record.record.citations.cite._AT_ONCE", 5)


@pytest.fixture
def record() -> Record:
    return Record(RecordConfig(), read_content(SAMPLE))


def keys(citations: Citations) -> list[tuple[str, bytes]]:
    return [(path, citations._readings.key(path)) for path in citations._readings.of]


def test_several_processes_read_the_same(record: Record) -> None:
    memo, alone = DictMemo(), DictMemo()
    expected = cite(record, memo=alone)
    with Workers(2) as workers:
        read = cite(record, memo=memo, share=workers.results)
    assert keys(read) == keys(expected)
    assert told(read) == told(expected) == told(cite(record, memo=NO_MEMO))
    assert memo.kinds == alone.kinds


def test_results_come_in_any_order(record: Record) -> None:
    expected = cite(record, memo=DictMemo())
    read = cite(record, memo=DictMemo(), share=backwards)
    assert keys(read) == keys(expected)
    assert list(told(read)["of"].items()) == list(told(expected)["of"].items())
    assert read.problems == expected.problems


def test_what_others_read_is_kept(record: Record) -> None:
    memo = DictMemo()
    whole = Whole(record, memo=memo, share=backwards)
    assert whole.citations.problems == Whole(record).citations.problems
    memo.asked.clear()

    def never(*_: Any) -> Any:
        pytest.fail("read again")

    def warm(work: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
        return map(never, batches)

    cite(record, memo=memo, share=warm)
    assert memo.asked["reading"] == Asked(found=len(record.documents))


def test_half_a_pair_is_read_as_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Document, "text", property(_text_with_half_a_pair))
    among, memo = record_of(TEXTS), DictMemo()
    assert told(cite(among, memo=memo, share=backwards)) == told(cite(among))
    assert memo.asked["reading"].put == len(TEXTS)


def _text_with_half_a_pair(document: Document) -> str:
    return HALF if document.path == NOTE else document.data.decode()


@pytest.mark.parametrize("share", [map, backwards], ids=["in order", "backwards"])
def test_readings_and_rows_put_aside_are_the_same(
    record: Record, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no room in memory, and with next to nothing at hand."""
    expected = told(cite(record))
    monkeypatch.setattr(Keeper.__init__, "__defaults__", (0,))
    for name in ("readings._AT_HAND", "cite._AT_HAND", "cite._MOST_KEPT"):
        monkeypatch.setattr(f"loomworks_record.record.citations.{name}", 1)
    aside: list[bytes] = []
    keep = Keeper.keep
    monkeypatch.setattr(Keeper, "keep", lambda self, data: aside.append(data) or keep(self, data))
    memo = DictMemo()
    for _ in ("cold", "warm"):
        aside.clear()
        read = cite(record, memo=memo, share=share)
        assert len(aside) == 2 * len(record.documents)
        assert told(read) == expected


def test_a_document_is_sent_with_its_bytes(record: Record) -> None:
    """Also where they are in a file of this process."""
    documents = tuple(replace(document, filed=Keeper(0).keep(document.data)) for document in record.documents)
    among = Record(record.config, structs.replace(record.content, documents=documents))
    with Workers(2) as workers:
        assert told(cite(among, memo=DictMemo(), share=workers.results)) == told(cite(record))


class Forgetful:
    """A memo that keeps nothing: a cache of no size, or one that is always too full."""

    def get_many(self, kind: str, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return {}

    get_bulks = get_many

    def put_many(self, kind: str, values: Mapping[bytes, bytes], bulks: Mapping[bytes, bytes] = NO_BULKS) -> None:
        pass


def test_nothing_is_asked_of_a_memo_that_forgets(record: Record) -> None:
    assert told(cite(record, memo=Forgetful(), share=backwards)) == told(cite(record))


def test_what_a_memo_forgets_afterwards_is_not_missed(record: Record) -> None:
    memo = DictMemo()
    cite(record, memo=memo)
    read = cite(record, memo=memo)
    memo.kinds.clear()
    assert told(read) == told(cite(record))
