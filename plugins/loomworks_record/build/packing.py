"""How parts and pages are kept: MessagePack and HTML, compressed."""

from __future__ import annotations

import zlib

import msgspec

from loomworks_record.build.keys import digest
from loomworks_record.pages.changes import Changes
from loomworks_record.render.text import RenderedText

# Kinds of what is kept.
TEXT, COMPARISON, CONTENT, PAGE, DIGEST = "text", "comparison", "content", "page", "digest"
_LEVEL = 1  # a page in a quarter of its size for a quarter of a millisecond
_TEXTS = msgspec.msgpack.Decoder(RenderedText)
_COMPARISONS = msgspec.msgpack.Decoder(Changes)


def pack(data: bytes) -> bytes:
    return zlib.compress(data, _LEVEL)


def unpack(packed: bytes) -> bytes:
    """Raises ValueError for what was not packed."""
    try:
        return zlib.decompress(packed)
    except zlib.error as wrong:
        raise ValueError(str(wrong)) from None


def packed_part(part: RenderedText | Changes) -> bytes:
    return pack(msgspec.msgpack.encode(part))


def unpacked_text(packed: bytes) -> RenderedText:
    """Raises ValueError for what is no packed text."""
    return _TEXTS.decode(unpack(packed))


def unpacked_comparison(packed: bytes) -> Changes:
    """Raises ValueError for what is no packed comparison."""
    return _COMPARISONS.decode(unpack(packed))


def content_digest(text: RenderedText) -> bytes:
    """Of what of a text is searched: nothing that linking added."""
    return digest(text.unlinked, [fact.unlinked for fact in text.facts], text.lines)
