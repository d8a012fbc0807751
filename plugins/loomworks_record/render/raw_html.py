"""Raw HTML in Markdown: what is meant as HTML stays HTML, and what is not (``<YYYY-MM-DD>``) is shown as text.

Without this a placeholder is a tag that nobody knows and vanishes, and an unclosed ``<script>`` or ``<title>``
in a sentence takes the rest of the document with it.
"""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from loomworks_record.render.sanitise import KNOWN_TAGS

SIGN = "\x01"  # stands for a "<" that is text, from before parsing until after cleaning
_OWN_LOOK = re.compile(r"""\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_OPENING = re.compile(
    # The address of a link, [text](<a file.md>) or [label]: <file.md>, is no tag.
    r"(?P<address>\]\(\s*<[^<>\n]*>|\]:[ \t]*<[^\s<>]+>)"
    r"|<(?:(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])|(?P<comment>!--)|[!?])(?P<rest>[^<>]*)"
)
_CLOSING = re.compile(r"</(?P<name>[A-Za-z][A-Za-z0-9-]*)\s*>|(?P<comment>-->)")
# HTML lets these end without a closing tag (html.spec.whatwg.org §13.1.2.4), or they have none.
_UNPAIRED = frozenset({
    "br", "hr", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "caption", "colgroup",
    "rp", "rt",
})  # fmt: skip
_BY_ATTRIBUTES = frozenset(("img", "input", "col"))  # without any they say and show nothing


class RawHtmlExtension(Extension):
    """Tags that are none become text; those that are lose class and id: a document cannot dress as the page."""

    def extendMarkdown(self, md: Markdown) -> None:
        # After fenced code (25) has been put away, before raw HTML (20) is.
        md.preprocessors.register(_Tags(md), "record_tags", 22)
        # Before raw HTML is put back (30).
        md.postprocessors.register(_Attributes(md), "record_raw_attributes", 31)


def tags_as_text(text: str) -> str:
    """``text`` with SIGN for each ``<`` that does not begin HTML that this record shows as HTML."""
    if "<" not in text:
        return text
    last = {found["name"].lower() if found["name"] else "!--": found.start() for found in _CLOSING.finditer(text)}

    def shown(found: re.Match[str]) -> str:
        name = (found["name"] or found["comment"] or "").lower()
        return (
            found.group() if found["address"] or _is_html(found, name, last.get(name, -1)) else SIGN + found.group()[1:]
        )

    return _OPENING.sub(shown, text)


def _is_html(found: re.Match[str], name: str, closed: int) -> bool:
    if found["comment"]:
        return closed > found.start()
    if name not in KNOWN_TAGS:
        return False
    if name in _BY_ATTRIBUTES:
        return "=" in found["rest"]
    return bool(found["end"]) or name in _UNPAIRED or closed > found.start()


class _Tags(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return tags_as_text("\n".join(lines)).split("\n")


class _Attributes(Postprocessor):
    """Raw HTML keeps neither class nor id: it may not look like, or stand in for, a part of the page."""

    def run(self, text: str) -> str:
        stash = self.md.htmlStash.rawHtmlBlocks
        for at, block in enumerate(stash):
            if isinstance(block, str) and not block.startswith('<div class="highlight">'):
                stash[at] = _OWN_LOOK.sub("", block)
        return text
