"""Bytes to text: UTF-8, else by byte order mark or as HTML declares it, else not at all (never a guess)."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

from loomworks_record import lazy

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# HTML Standard §13.2.3.2: a declaration stands within the first 1024 bytes.
_DECLARES = 1024
_DECLARED = lazy.regex(
    rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*(?:iso-8859-1|latin-?1|windows-1252|us-ascii)",
    re.IGNORECASE,
)


class DecodedText(Struct, frozen=True):
    """``text`` with LF line ends, and the encoding it was read in; both None when it cannot be read."""

    text: str | None
    encoding: str | None


def decode(data: bytes) -> DecodedText:
    """Read ``data`` as text. Text with a NUL byte does not count as text."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig" or not _DECLARED.search(data[:_DECLARES]):
            return DecodedText(None, None)
        encoding = "windows-1252"  # what HTML means by ISO-8859-1 (WHATWG Encoding Standard §4.2)
        text = data.decode(encoding, "replace")
    if "\0" in text:
        return DecodedText(None, None)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return DecodedText(text, "utf-8" if encoding == "utf-8-sig" else encoding)
