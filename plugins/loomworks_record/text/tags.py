"""Tags of HTML in Markdown: which are shown as HTML, and which are words in angle brackets.

A placeholder such as ``<YYYY-MM-DD>`` is a tag to a parser of HTML, and would vanish; an unclosed ``<details>`` would
take the rest of the document with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# What may stand on a page.
ALLOWED_TAGS = frozenset({
    "a", "abbr", "b", "bdi", "blockquote", "br", "caption", "cite", "code", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    "var",
})  # fmt: skip
# Harmless, but not allowed: landmarks (they would stand beside the page's own), elements that HTML has given up, image
# maps, what turns the direction of text, and what says nothing without attributes that are not kept. The tags go and
# their text stays.
_ONLY_TEXT = frozenset({
    "acronym", "address", "article", "aside", "big", "button", "center", "col", "colgroup", "data", "dialog",
    "fieldset", "font", "footer", "form", "header", "hgroup", "label", "legend", "main", "nav", "rtc", "strike",
    "tfoot", "time", "tt", "wbr",
})  # fmt: skip
# Those of them that part blocks: their words would run together.
BLOCKS_OF_TEXT = frozenset({
    "address", "article", "aside", "center", "dialog", "fieldset", "footer", "form", "header", "hgroup", "legend",
    "main", "nav",
})  # fmt: skip
KNOWN_TAGS = ALLOWED_TAGS | _ONLY_TEXT
# HTML lets these end without a closing tag (html.spec.whatwg.org §13.1.2.4), or they have none.
_UNPAIRED = frozenset({
    "br", "hr", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "caption", "colgroup",
    "rp", "rt",
})  # fmt: skip
_BY_ATTRIBUTES = frozenset(("img", "input", "col"))  # without any they say and show nothing
OPENING = re.compile(
    rb"<(?:(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])|(?P<comment>!--)|[!?/]|(?=[A-Za-z]))(?P<rest>[^<>]*)"
)
_CLOSING = re.compile(rb"</(?P<name>[A-Za-z][A-Za-z0-9-]*)\s*>|(?P<comment>-->)")

_ENDLESS = re.compile(
    rb"<(?:(?P<name>script|pre|style|textarea)\b|(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<program>\?)|![A-Za-z])",
    re.IGNORECASE,
)

Closings = Mapping[bytes, int]  # the last place at which each name is closed; comments are closed by b"--"


def closings(source: bytes) -> Closings:
    """Where in ``source`` each tag is closed for the last time."""
    # One sign is found at the speed of memchr, and without an opening nobody asks what is closed.
    if b"<" not in source or (b"</" not in source and b"-->" not in source):
        return {}
    return {(found["name"] or b"--").lower(): found.start() for found in _CLOSING.finditer(source)}


def is_shown(found: re.Match[bytes], place: int, closed: Closings) -> bool:
    """Whether a match of ``OPENING`` at ``place`` of the source begins HTML that is shown as HTML."""
    if found["comment"]:
        return closed.get(b"--", -1) > place
    name = (found["name"] or b"").lower()
    if name.decode("ascii", "replace") not in KNOWN_TAGS:
        return False
    known = name.decode("ascii")
    if known in _BY_ATTRIBUTES:
        return b"=" in found["rest"]
    return bool(found["end"]) or known in _UNPAIRED or closed.get(name, -1) > place


def is_endless(block: bytes) -> bool:
    """Whether a block of HTML is of a sort that goes on over blank lines, and never ends (CommonMark 0.31 §4.6)."""
    found = _ENDLESS.match(block)
    if found is None:
        return False
    if found["name"]:
        return not re.search(rb"</(?:script|pre|style|textarea)>", block, re.IGNORECASE)
    ends = {"comment": b"-->", "cdata": b"]]>", "program": b"?>"}
    return ends.get(found.lastgroup or "", b">") not in block


def with_others_as_text(html: bytes, place: int, closed: Closings) -> bytes:
    """Raw HTML that stands at ``place`` of the source: what is not shown as HTML is shown as it is written."""

    def shown(found: re.Match[bytes]) -> bytes:
        kept = is_shown(found, place + found.start(), closed)
        return found.group() if kept else b"&lt;" + found.group()[1:]

    return OPENING.sub(shown, html)
