"""Markdown to safe HTML: one function, with the extensions that the record adds."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension

from loomworks_record.render.code import CodeExtension
from loomworks_record.render.dialect import DialectExtension, in_fence
from loomworks_record.render.raw_html import SIGN, RawHtmlExtension
from loomworks_record.render.sanitise import sanitise, without_invisible
from loomworks_record.render.shortcuts import ShortcutsExtension

EXTENSIONS = ("tables", "footnotes", "def_list", "sane_lists", "pymdownx.superfences", "pymdownx.tilde",
              "pymdownx.tasklist", "pymdownx.betterem")  # fmt: skip
SETTINGS: dict[str, dict[str, Any]] = {
    "pymdownx.tilde": {"subscript": False},
    "footnotes": {"BACKLINK_TEXT": "back"},
}
OF_CODE: dict[str, Any] = {"use_pygments": True, "guess_lang": False, "anchor_linenums": False}
# Inline patterns are quadratic in the length of one run: a text with a longer one is shown as it is written.
LONGEST_RUN = 200_000  # characters
MOST_BRACKETS = 1_000  # of one run: a link is looked for at each
DEEPEST_QUOTE = 40  # levels; browsers and the parser give up far below what a hostile text can nest
_OWN_RUN = re.compile(r"\s*(?:[-*+|]|\d{1,9}[.)]\s)| {4}|\t")
_QUOTE_MARKS = re.compile(r"^(?:\s{0,3}>){" + str(DEEPEST_QUOTE) + r",}", re.MULTILINE)
# A value such as "1. Draft" or "# 3" is no list and no heading.
_BLOCK_SIGN = re.compile(r"^(\s*)(\d*)([#>+\-*|.)])(?=\s)")
_DEEPEST_INDENT = " " * 160
_DEEP_INDENT = re.compile(r"^[ \t]{160,}(?=\S)", re.MULTILINE)
# One line of words, without anything that Markdown reads: most values of a header.
_WORDS = re.compile(r"[^\W_](?:[^\W_]|[ ,.;:()/—–’-](?! *$))*[.)]?")


Change = Callable[[Element], bool]


class Renderer:
    """Renders texts one after another. ``extensions`` come after the record's own (anchors, references, linking).

    Making a parser costs as much as a page of text: one serves many documents, in one thread.
    """

    def __init__(self, extensions: Sequence[Extension] = ()) -> None:
        self._extensions = extensions
        self._parser: Markdown | None = None

    def body(self, text: str) -> str:
        """A document's body as a fragment of safe HTML.

        A text that the parser cannot take in time (nesting past its depth, a run past ``LONGEST_RUN``) is given
        whole, as it is written, in a ``pre``.
        """
        return self.forms(text)[0]

    def inline(self, text: str) -> str:
        """One line of text (a fact's value) as inline HTML: the paragraph around it is taken off."""
        return self.inline_forms(text)[0]

    def inline_forms(self, text: str, change: Change | None = None) -> tuple[str, str]:
        """The same in both forms of ``forms``."""
        plain, changed = self.forms(_BLOCK_SIGN.sub(r"\1\2\\\3", text), change)
        return (_unwrapped(plain),) * 2 if changed is plain else (_unwrapped(plain), _unwrapped(changed))

    def forms(self, text: str, change: Change | None = None) -> tuple[str, str]:
        """A body as it is, and as ``change`` makes it, from one parse. The same string twice where it changes nothing.

        ``change`` is given the tree when everything else is done to it; it says whether it did anything.
        """
        visible = as_visible(text)
        if any(size > LONGEST_RUN or brackets > MOST_BRACKETS for size, brackets in _runs(visible)):
            return (_as_written(visible),) * 2
        parser, self._parser = self._parser or self._made(), None  # given up where anything is raised half-way
        try:
            made = _forms(parser, _less_deep(visible), change)
        except RecursionError:
            return (_as_written(visible),) * 2
        self._parser = parser
        return made

    def _made(self) -> Markdown:
        own = (CodeExtension(**OF_CODE), DialectExtension(), RawHtmlExtension(), ShortcutsExtension())
        return Markdown(
            extensions=[*EXTENSIONS, *own, *self._extensions],
            extension_configs=SETTINGS,
            output_format="html",
            tab_length=4,
        )


def as_visible(text: str) -> str:
    """A text as it is parsed: what nobody sees made visible, and our own sign too."""
    return without_invisible(text).replace(SIGN, "⟦U+0001⟧")


def _less_deep(text: str) -> str:
    if text.count(">") >= DEEPEST_QUOTE:
        text = _QUOTE_MARKS.sub("> " * DEEPEST_QUOTE, text)
    if "\t" in text or _DEEPEST_INDENT in text:
        text = _DEEP_INDENT.sub(_DEEPEST_INDENT, text)
    return text


def _forms(parser: Markdown, text: str, change: Change | None) -> tuple[str, str]:
    """What ``Markdown.convert`` does, step by step: its tree is written twice."""
    if not text.strip():
        return "", ""
    parser.reset()
    root = _blocks(parser, text)
    for step in parser.treeprocessors:
        made = step.run(root)
        root = root if made is None else made
    stash = list(parser.htmlStash.rawHtmlBlocks)  # writing changes it
    plain = _written(parser, root)
    if change is None or not change(root):
        return plain, plain
    parser.htmlStash.rawHtmlBlocks[:] = stash
    return plain, _written(parser, root)


def _blocks(parser: Markdown, text: str) -> Element:
    if _WORDS.fullmatch(text):
        root = Element(parser.doc_tag)
        SubElement(root, "p").text = text
        return root
    lines = text.split("\n")
    for before in parser.preprocessors:
        lines = before.run(lines)
    parsed = parser.parser.parseDocument(lines).getroot()
    assert parsed is not None  # a parsed document has one
    return parsed


def _written(parser: Markdown, root: Element) -> str:
    markup = parser.serializer(root)
    outer = f"<{parser.doc_tag}>", f"</{parser.doc_tag}>"
    markup = markup[markup.index(outer[0]) + len(outer[0]) : markup.rindex(outer[1])].strip()
    for after in parser.postprocessors:
        markup = after.run(markup)
    return sanitise(markup.strip()).replace(SIGN, "&lt;")


def _unwrapped(rendered: str) -> str:
    rendered = rendered.strip()
    inner = re.fullmatch(r"<p>(.*)</p>", rendered, re.DOTALL)
    return inner[1] if inner and "<p>" not in inner[1] else rendered


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """(characters, opening brackets) of each stretch of text in which inline marks are looked for together.

    A table's row, a list's item and a line of code begin a stretch of their own; a blank line ends one.
    """
    if len(text) <= LONGEST_RUN and text.count("[") <= MOST_BRACKETS:
        return
    lines = text.split("\n")
    size = brackets = 0
    for line, is_code in zip(lines, in_fence(lines), strict=True):
        if is_code or not line.strip() or _OWN_RUN.match(line):
            yield size, brackets
            size = brackets = 0
        if not is_code:
            size += len(line)
            brackets += line.count("[")
    yield size, brackets


def _as_written(text: str) -> str:
    return f'<pre class="r-verbatim" tabindex="0">{html.escape(text, quote=False)}</pre>'
