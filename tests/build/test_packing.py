"""Values that are kept compressed: whole and of our size, or refused."""

from __future__ import annotations

import pytest
from loomworks_record.build import packing
from loomworks_record.build.packing import pack, unpack
from loomworks_record.zstd import zstd

WORDS = b"A version in force. " * 500


def test_what_was_packed_comes_back() -> None:
    assert unpack(pack(WORDS)) == WORDS
    assert unpack(pack(b"")) == b""


@pytest.mark.parametrize("packed", [b"", b"words", pack(WORDS)[:-4], pack(WORDS) + b"more", pack(WORDS) * 2])
def test_anything_else_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(packed)


def test_a_frame_that_does_not_say_its_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = zstd.ZstdCompressor()
    unsaid = frame.compress(WORDS) + frame.flush()
    assert zstd.get_frame_info(unsaid).decompressed_size is None
    monkeypatch.setattr(packing, "_LARGEST", len(WORDS) - 1)
    for packed in (unsaid, pack(WORDS)):
        with pytest.raises(ValueError):
            unpack(packed)
