"""How parts and pages are kept: MessagePack and HTML, compressed."""

from __future__ import annotations

import msgspec

from loomworks_record.comparison.values import Fates
from loomworks_record.kept.keys import digest
from loomworks_record.pages.changes import Changes
from loomworks_record.render.text import RenderedText
from loomworks_record.zstd import zstd

# Kinds of what is kept: packed, beside what is asked of it more often. That is of a text the digest of what of it is
# searched; of a comparison what became of the sections, packed, or b"" where nobody followed it.
TEXT, COMPARISON = "text", "comparison"
PartKey = tuple[str, bytes]  # of a part of a page: its kind, and its key
_LEVEL = 1  # a page in a fifth of its size, in less than a tenth of a millisecond
_LARGEST = 1 << 30  # bytes of one value; a frame that holds more was not written by us
_TEXTS = msgspec.msgpack.Decoder(RenderedText)
_FATES = msgspec.msgpack.Decoder(Fates | None)
_COMPARISONS = msgspec.msgpack.Decoder(Changes)


def pack(data: bytes) -> bytes:
    packed: bytes = zstd.compress(data, _LEVEL)
    return packed


def unpack(packed: bytes) -> bytes:
    """Raises ValueError for what was not packed."""
    frame = zstd.ZstdDecompressor()
    try:
        data: bytes = frame.decompress(packed, _LARGEST)
    except zstd.ZstdError as wrong:
        raise ValueError(str(wrong)) from None
    if not frame.eof or frame.unused_data:
        raise ValueError("larger than anything that is kept, or not one whole frame")
    return data


def packed_part(part: RenderedText | Changes) -> bytes:
    return pack(msgspec.msgpack.encode(part))


def unpacked_text(packed: bytes) -> RenderedText:
    """Raises ValueError if it is not a packed text."""
    return _TEXTS.decode(unpack(packed))


def unpacked_comparison(packed: bytes) -> Changes:
    """Raises ValueError if it is not a packed comparison."""
    return _COMPARISONS.decode(unpack(packed))


def packed_fates(fates: Fates | None) -> bytes:
    return pack(msgspec.msgpack.encode(fates))


def unpacked_fates(packed: bytes) -> Fates | None:
    """Raises ValueError for anything else."""
    found: Fates | None = _FATES.decode(unpack(packed))
    return found


def content_digest(text: RenderedText) -> bytes:
    """Of what of a text is searched: nothing that linking added."""
    return digest(text.unlinked, [fact.unlinked for fact in text.facts], text.lines)
