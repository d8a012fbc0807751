"""Bytes put aside: they come back as they were, from memory or from a file without a name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.kept.spool import InFile, InMemory, Keeper, KeptBytes, KeptBytesError
from loomworks_record.source.kept_documents import read_documents
from loomworks_record.source.kinds import KindTable
from support.memo import DictMemo

FILES = [(f"notes/note-{number}.md", f"# Note {number}\n\nText {number}.\n".encode()) for number in range(5)]


def in_file(kept: KeptBytes) -> InFile:
    assert isinstance(kept, InFile)
    return kept


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(0, 200))
def test_every_piece_comes_back(pieces: list[bytes], room: int) -> None:
    keeper = Keeper(room)
    kept = [keeper.keep(piece) for piece in pieces]
    assert [each.read() for each in reversed(kept)] == pieces[::-1]
    assert [each.size for each in kept] == [len(piece) for piece in pieces]
    assert sum(each.size for each in kept if isinstance(each, InMemory)) <= room


def test_what_is_in_the_file_has_no_name_and_goes_with_its_last_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = in_file(Keeper(0).keep(b"bytes"))
    assert list(tmp_path.iterdir()) == []
    descriptor = kept._file.fileno()
    assert kept.read() == b"bytes"  # its keeper is gone
    del kept
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_threads_read_at_once() -> None:
    keeper = Keeper(0)
    kept = [keeper.keep(bytes([number]) * 9_000) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert [data[0] for data in pool.map(lambda each: each.read(), kept)] == list(range(200))


@pytest.mark.parametrize("fails", ["open", "write"])
def test_without_room_on_the_disk_bytes_stay_in_memory(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*{"open": (tempfile, "TemporaryFile"), "write": (os, "pwrite")}[fails], full)
    keeper = Keeper(0)
    assert [keeper.keep(data).read() for data in (b"one", b"two")] == [b"one", b"two"]


def test_half_a_write_is_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: pwrite(file, data[:3], at))
    keeper = Keeper(0)
    kept = [keeper.keep(data) for data in (b"seven b", b"more")]
    assert [each.read() for each in kept] == [b"seven b", b"more"]


def test_a_file_that_cannot_be_read_back_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = in_file(Keeper(0).keep(b"bytes"))
    os.ftruncate(kept._file.fileno(), 2)
    with pytest.raises(KeptBytesError, match=r"cut short.*TMPDIR") as said:
        kept.read()
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("memo", [NO_MEMO, DictMemo()], ids=["no memo", "memo"])
def test_documents_are_the_same_wherever_their_bytes_are(memo: Memo) -> None:
    at_hand = read_documents(FILES, KindTable(), memo)
    for _ in ("read", "kept"):
        put_aside = read_documents(FILES, KindTable(), memo, Keeper(0))
        assert put_aside == at_hand
        assert [(each.document.data, each.document.size) for each in put_aside] == [
            (data, len(data)) for _, data in FILES
        ]
        assert all(isinstance(each.document.filed, InFile) for each in put_aside)
        assert [hash(each.document) for each in put_aside] == [hash(each.document) for each in at_hand]


def test_few_files_are_held_while_documents_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loomworks_record.source.kept_documents._AT_ONCE", 2)
    read: list[str] = []
    monkeypatch.setattr(Keeper, "keep", lambda self, data: read.append("kept") or InMemory(data))

    def files() -> Iterator[tuple[str, bytes]]:
        for path, data in FILES:
            read.append("read")
            yield path, data

    read_documents(files(), KindTable())
    assert read == ["read", "read", "kept", "kept"] * 2 + ["read", "kept"]


def test_a_document_is_not_packed_by_mistake() -> None:
    """As a part of a page's values: that page's key would be made of all its bytes."""
    for keeper in (Keeper(), Keeper(0)):
        document = read_documents(FILES[:1], KindTable(), NO_MEMO, keeper)[0].document
        with pytest.raises(TypeError):
            msgspec.msgpack.encode(document)
