"""Markdown to safe HTML: one function, with the extensions that the record adds."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from loomworks_record.render.dialect import DialectExtension
from loomworks_record.render.sanitise import sanitise, without_invisible

_EXTENSIONS = ("tables", "footnotes", "def_list", "sane_lists", "pymdownx.superfences", "pymdownx.highlight",
               "pymdownx.tilde", "pymdownx.tasklist", "pymdownx.betterem")  # fmt: skip
_SETTINGS: dict[str, dict[str, Any]] = {
    "pymdownx.highlight": {"use_pygments": True, "guess_lang": False, "anchor_linenums": False},
    "pymdownx.tilde": {"subscript": False},
    "footnotes": {"BACKLINK_TEXT": "back"},
}
# Inline patterns are quadratic in the length of one block: a longer one is shown as it is written.
LONGEST_BLOCK = 200_000  # characters
DEEPEST_QUOTE = 40  # levels; browsers and the parser give up far below what a hostile text can nest
_HEADING = re.compile(r'<h(?P<level>[1-6])[^>]*\bid="(?P<id>[^"]+)"[^>]*>(?P<inner>.*?)</h(?P=level)>', re.DOTALL)
_NUMBER = re.compile(r'\s*<a[^>]*class="secno"[^>]*>(?P<number>.*?)</a>')
_QUOTE_MARKS = re.compile(r"^(?:\s{0,3}>){" + str(DEEPEST_QUOTE) + r",}", re.MULTILINE)
_DEEP_INDENT = re.compile(r"^[ \t]{160,}(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a rendered body: its id, level (1–6), the section's own number or "", and plain text."""

    anchor: str
    level: int
    number: str
    text: str


def render_body(text: str, extensions: Sequence[Extension] = ()) -> str:
    """A document's body as a fragment of safe HTML.

    ``extensions`` come after the record's own (anchors, references, linking). A text that the parser cannot
    take (nesting past its depth) is given whole, as it is written, in a ``pre``.
    """
    visible = without_invisible(text)
    if any(len(block) > LONGEST_BLOCK for block in _blocks_past(visible)):
        return _as_written(visible)
    visible = _DEEP_INDENT.sub(" " * 160, _QUOTE_MARKS.sub("> " * DEEPEST_QUOTE, visible))
    try:
        return sanitise(_parser(extensions).convert(visible))
    except RecursionError:
        return _as_written(visible)


def render_inline(text: str, extensions: Sequence[Extension] = ()) -> str:
    """One line of text (a fact's value) as inline HTML: the paragraph around it is taken off."""
    # A value such as "1. Draft" or "# 3" is no list and no heading.
    escaped = re.sub(r"^(\s*)([#>+\-*|]|\d+[.)])(?=\s)", r"\1\\\2", text)
    escaped = re.sub(r"^(\s*\d+)\\?([.)])", r"\1\\\2", escaped) if re.match(r"^\s*\\?\d+[.)]\s", escaped) else escaped
    rendered = render_body(escaped, extensions).strip()
    inner = re.fullmatch(r"<p>(.*)</p>", rendered, re.DOTALL)
    return inner[1] if inner and "<p>" not in inner[1] else rendered


def headings(body: str) -> list[Heading]:
    """The headings of a rendered body that have an id, in order."""
    return [_heading(found) for found in _HEADING.finditer(body)]


def _heading(found: re.Match[str]) -> Heading:
    numbered = _NUMBER.match(found["inner"])
    number = _plain(numbered["number"]) if numbered else ""
    inner = found["inner"][numbered.end() :] if numbered else found["inner"]
    return Heading(html.unescape(found["id"]), int(found["level"]), "" if number == "#" else number, _plain(inner))


def _parser(extensions: Sequence[Extension]) -> Markdown:
    return Markdown(
        extensions=[*_EXTENSIONS, DialectExtension(), *extensions],
        extension_configs=_SETTINGS,
        output_format="html",
        tab_length=4,
    )


def _blocks_past(text: str) -> list[str]:
    return [text] if len(text) <= LONGEST_BLOCK else re.split(r"\n\s*\n", text)


def _as_written(text: str) -> str:
    return f'<pre class="r-verbatim" tabindex="0">{html.escape(text, quote=False)}</pre>'


def _plain(markup: str) -> str:
    without_notes = re.sub(r'<span class="m-note[^"]*">.*?</span>', "", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", without_notes)).split())
