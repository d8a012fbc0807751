"""Filed text to flat text: the blocks of a Markdown or HTML document, their inline markup taken off."""

from __future__ import annotations

import re
from html import unescape

from loomworks_record import lazy
from loomworks_record.text.flat import SEPARATOR, Flat, FlatBlock, one_block

# What is not closed hides all that follows, as in browsers; </head> may be left out.
_HIDDEN = lazy.regex(
    r"<!--.*?(?:-->|\Z)|<(script|style|title|template)\b.*?(?:</\1\s*>|\Z)|<head\b(?:(?!<head\b).)*?</head\s*>",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK_TAG = lazy.regex(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|thead|tbody|section|article|header|footer|nav|main|"
    r"aside|figure|figcaption|blockquote|hr|body|html)\b[^>]*(?:>|\Z)",
    re.IGNORECASE,
)
_PRE = lazy.regex(r"<pre\b[^>]*(?:>|\Z)(.*?)(?:</pre\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ANCHOR = lazy.regex(r"<a\b[^>]*(?:>|\Z)|</a\s*>", re.IGNORECASE)
_TAG = lazy.regex(r"</?[a-z!?][^>]*(?:>|\Z)|<[^<>]*>", re.IGNORECASE)
_WORDS = lazy.regex(r"[A-Za-z0-9§](?:[A-Za-z0-9§.,:;()'/ –—-]*[A-Za-z0-9§.,:;()])?")


def flatten_markdown(text: str, line: int = 1) -> Flat:
    """The flat text of a Markdown body that begins at the 1-based ``line`` of its file."""
    # The parser is loaded by who parses: what was kept is not parsed again.
    from loomworks_record.text.parse import parse  # noqa: PLC0415

    return parse(text, line, is_flat=True).flat


def flatten_inline(text: str, line: int = 1) -> Flat:
    """The flat text of one short Markdown text: a header field's value."""
    if is_words(text):
        return one_block(text, line=line)
    from loomworks_record.text.parse import parse_value  # noqa: PLC0415 - as above

    return parse_value(text, line, is_flat=True).flat


def is_words(value: str) -> bool:
    """Whether a header field's value says what it is: it has no sign that Markdown or HTML reads, or that a page shows
    otherwise."""
    return _WORDS.fullmatch(value) is not None and "www." not in value and "://" not in value


def markdown_parser() -> str:
    """What Markdown is parsed with, and its version."""
    from pyromark import __version__  # noqa: PLC0415 - as above

    return f"pyromark {__version__}"


def flatten_html(text: str) -> Flat:
    """The flat text of an HTML document: its visible blocks, as paragraphs. Links are not told apart."""

    def keep_lines(found: re.Match[str]) -> str:
        return "\n" * found.group().count("\n")

    visible = _PRE.sub(keep_lines, _HIDDEN.sub(keep_lines, text.replace(SEPARATOR, " ")))
    blocks = _BLOCK_TAG.sub(lambda found: keep_lines(found) + SEPARATOR, visible)
    plain = unescape(_TAG.sub(keep_lines, _ANCHOR.sub("", blocks)))
    from_block = SEPARATOR + plain
    return Flat(from_block, (FlatBlock("paragraph"),) * from_block.count(SEPARATOR))
