"""Markdown to a tree: CommonMark 0.31.2 with GitHub's tables, task lists, strikethrough, bare addresses, footnotes and
alerts.

Source: pulldown-cmark (by pyromark), whose events come in the order of the text with their places in it. What this
adds, and where it leaves GitHub's reading on purpose, is told in docs/markdown.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import SubElement

import pyromark

from loomworks_record.text.flat import OBJECT, BlockKind
from loomworks_record.text.masks import UNMASKED, masked, tabs_of_fences, with_masks
from loomworks_record.text.tables import Tables
from loomworks_record.text.tags import OPENING, closings, is_endless, is_shown, with_others_as_text
from loomworks_record.text.tree import Tree

_ROUNDS = 8  # a text in which something is masked is parsed again
_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
_MARKDOWN = pyromark.Markdown(options=_OPTIONS)
# A value such as "1. Draft" or "# 3" is neither a list nor a heading.
_BLOCK_SIGN = re.compile(r"^(\s*)(\d*)([#>+\-*|.)])(?=\s|$)")
_MAY_BE_RULE = re.compile(rb"-(?: ?\||:)")
# "<host:port>" is a word in brackets, not an address.
_SCHEME = re.compile(r"(?:mailto:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)


def parse(text: str, line: int = 1, *, is_flat: bool = False) -> Tree:
    """The tree of a Markdown text that begins at the 1-based ``line`` of its file; its flat text alone, for who wants
    no more."""
    words = masked(text)
    for last in range(_ROUNDS, 0, -1):
        try:
            events = _MARKDOWN.events_with_range(words, merge_text=True)
        except UnicodeEncodeError:  # half a surrogate pair
            words = words.encode("utf-8", "replace").decode()
            events = _MARKDOWN.events_with_range(words, merge_text=True)
        reader = _Reader(words.encode(), line, last == 1, is_flat)  # the parser has made the bytes of them
        reader.run(events)
        if not reader.masks:
            break
        words = with_masks(reader.source, reader.masks).decode()
    return reader.tree()


def parse_value(text: str, line: int = 1, *, is_flat: bool = False) -> Tree:
    """The tree of one short Markdown text, a header field's value: a paragraph, whatever sign it begins with."""
    return parse(_BLOCK_SIGN.sub(r"\1\2\\\3", text.strip()), line, is_flat=is_flat)


class _Reader(Tables):
    """Builds the tree of one text from the events of the parser."""

    def __init__(self, source: bytes, line: int, is_last: bool, is_flat: bool) -> None:
        super().__init__(source, line, is_last, is_flat)
        self.closed = closings(source)
        self.may_have_rules = _MAY_BE_RULE.search(source) is not None
        self.html: list[str] = []
        self.images = 0  # images that we are in, within another

    def run(self, events: Any) -> None:
        is_plain = not self.is_masked and not self.has_addresses
        for event, where in events:  # thousands in a text: each step here counts
            if type(event) is str:
                _SIMPLE[event](self, where["start"])
                continue
            name, value = event.popitem()
            if name == "Text":
                if is_plain and self.inside and self.alt is None and self.code is None:
                    self.words(value)
                else:
                    self.text(value, where["start"])
            elif name == "Start":
                tag, given = (value, None) if type(value) is str else value.popitem()
                _STARTS[tag](self, given, where["start"], where["end"])
            elif name == "End":
                _ENDS[value if type(value) is str else next(iter(value))](self, where)
            else:
                _LEAVES[name](self, value, where)

    # Events without a range of their own

    def _soft_break(self, place: int) -> None:
        self.text("\n", place)

    def _hard_break(self, place: int) -> None:
        if self.alt is not None:
            self.alt.append("\n")
            return
        if not self.inside:
            self.loose(place)
        SubElement(self.top, "br").tail = "\n"
        self.put("\n")

    def _rule(self, place: int) -> None:
        self.block_starts()
        SubElement(self.top, "hr")

    # Leaves

    def _code(self, words: str, where: Any) -> None:
        if self.is_masked:
            words = words.translate(UNMASKED)
        if self.alt is not None:
            self.alt.append(words)
            return
        if not self.inside:
            self.loose(where["start"])
        self.push("code")
        at = self.length
        self.words(words)
        self.pop()
        source = self.source[where["start"] : where["end"]]
        if b"\n" in source:
            self._lines_of_code(words, at, source, where["start"])

    def _lines_of_code(self, words: str, at: int, source: bytes, place: int) -> None:
        """The parser makes a line end within code a blank: each line is found by the words that it begins with."""
        first_line = bisect_left(self.newlines, place) - 1
        found = 0
        for number, line in enumerate(source.split(b"\n")):
            first = line.strip(b" \t>`").decode("utf-8", "replace").translate(UNMASKED).partition(" ")[0]
            at_line = words.find(first, found) if first else -1
            if at_line >= 0:
                found = at_line + len(first)
                if number:
                    self.places.append(at + at_line)
                    self.sources.append(self.newlines[first_line + number] + 1)
        self.mark_line(place + len(source))

    def _inline_html(self, html: str, where: Any) -> None:
        found = OPENING.match(self.source, where["start"])
        if found is None or not is_shown(found, where["start"], self.closed):
            self.text(html, where["start"])
            return
        if self.alt is not None:
            return
        self.object(where["start"])
        self.raw(html.translate(UNMASKED) if self.is_masked else html, where["start"], is_block=False)
        if "\n" in html:
            self.mark_line(where["end"])

    def _html(self, html: str, where: Any) -> None:
        self.html.append(html)

    def _footnote_reference(self, label: str, where: Any) -> None:
        if self.alt is not None:
            return
        self.object(where["start"])
        self.footnotes.refer(self.top, label)

    def _task(self, checked: bool, where: Any) -> None:
        item = next((element for element in reversed(self.stack) if element.tag == "li"), None)
        if item is not None:
            item.set("class", "task-list-item")
            listed = self.stack[-2] if self.stack[-1] is item else self.stack[-3]
            listed.set("class", "task-list")
        box = SubElement(self.top, "input", {"type": "checkbox"})
        if checked:
            box.set("checked", "")
        box.tail = " "

    # What holds other things

    def _emphasis(self, given: Any, start: int, end: int) -> None:
        self._inline("em", start)

    def _strikethrough(self, given: Any, start: int, end: int) -> None:
        self._inline("del", start)

    def _strong(self, given: Any, start: int, end: int) -> None:
        self._inline("strong", start)
        if self.length == self.begun and self.bold < 0 and self.alt is None:
            self.bold = len(self.stack)

    def _inline(self, tag: str, place: int) -> None:
        if self.alt is None:
            if not self.inside:
                self.loose(place)
            self.push(tag)

    def _inline_ends(self, where: Any) -> None:
        if self.alt is None:
            self.pop()

    def _strong_ends(self, where: Any) -> None:
        if self.alt is None:
            if self.bold == len(self.stack):
                self.note_bold()
            self.pop()

    def _paragraph(self, given: Any, start: int, end: int) -> None:
        kind: BlockKind = "item" if self.fresh is self.top and self.top.tag == "li" else "paragraph"
        self.begin(self.push("p"), kind, start)

    def _words_end(self, where: Any) -> None:
        """The end of a paragraph, or of a tight item with words of its own."""
        if self.inside and self.may_have_rules and not self.is_last:
            self.check_paragraph(self.begun_at, where["end"])
        self.stack.pop()
        self.top = self.stack[-1]
        self.inside = False

    def _heading(self, given: Any, start: int, end: int) -> None:
        level = int(given["level"][1])
        self.begin(self.push(f"h{level}"), "heading", start, level)

    def _quote(self, alert: str | None, start: int, end: int) -> None:
        self.block_starts()
        quote = self.push("blockquote")
        if alert and quote.tag == "blockquote" and not len(quote):
            quote.set("class", f"r-alert r-alert--{alert.lower()}")
            SubElement(quote, "p", {"class": "r-alert-title"}).text = alert

    def _code_block(self, kind: Any, start: int, end: int) -> None:
        self.block_starts()
        info = kind["Fenced"] if isinstance(kind, dict) else ""
        self.push("pre", {"lang": info.split()[0].translate(UNMASKED)} if info.strip() else None)
        self.code = []

    def _code_block_ends(self, where: Any) -> None:
        code = "".join(self.code or ())
        start, end = where["start"], where["end"]
        if "\t" in code and not self.is_last:
            tabs = tabs_of_fences(self.source[start:end])
            self.masks.update((start + place, b"\t") for place in tabs)
        self.code = None
        element = self.pop()
        if element.tag == "pre":
            element.text = code
        else:
            SubElement(element, "pre").text = code

    def _list(self, start: int | None, place: int, end: int) -> None:
        self.block_starts()
        if start is None:
            self.push("ul")
        else:
            self.push("ol", {"start": str(start)} if start != 1 else None)

    def _item(self, given: Any, start: int, end: int) -> None:
        self.inside = False
        self.fresh = self.push("li")

    def _leaf_ends(self, where: Any) -> None:
        self.pop()
        self.inside = False

    def _html_block(self, given: Any, start: int, end: int) -> None:
        self.block_starts()
        self.html = []

    def _html_block_ends(self, where: Any) -> None:
        start, end = where["start"], where["end"]
        html = "".join(self.html).translate(UNMASKED) if self.is_masked else "".join(self.html)
        found = OPENING.search(self.source, start, end)
        if found is not None and is_shown(found, found.start(), self.closed):
            kept = with_others_as_text(html.encode(), start, self.closed).decode()
            self.raw(kept, start, is_block=True)
        elif found is not None and not self.is_last and is_endless(self.source[found.start() : end]):
            self.masks[found.start()] = b"<"
        else:
            self.begin(self.push("p"), "paragraph", start)
            self.words(html.strip("\n"))
            self.pop()
            self.inside = False

    def _footnote(self, label: str, start: int, end: int) -> None:
        self.block_starts()
        self.top = self.footnotes.define(label)
        self.stack.append(self.top)

    def _link_starts(self, given: Any, start: int, end: int) -> None:
        if self.alt is not None:
            return
        if not self.inside:
            self.loose(start)
        url, kind = given["dest_url"].translate(UNMASKED), given["link_type"]
        if kind == "Autolink" and not _SCHEME.match(url):
            self.opened.append((-1, ""))
            self.stack.append(self.top)
            self.words("<")
            return
        attributes = {"href": f"mailto:{url}" if kind == "Email" else url}
        if given["title"]:
            attributes["title"] = given["title"].translate(UNMASKED)
        self.push("a", attributes)
        self.opened.append((self.length, attributes["href"]))

    def _link_ends(self, where: Any) -> None:
        if self.alt is not None:
            return
        start, url = self.opened.pop()
        element = self.pop()
        if start < 0:
            self.words(">")
            return
        self.link(start, url, element)
        self._after_lines(where)

    def _after_lines(self, where: Any) -> None:
        """An address or a title may go on over the end of a line."""
        if b"\n" in self.source[where["start"] : where["end"]]:
            self.mark_line(where["end"])

    def _image(self, given: Any, start: int, end: int) -> None:
        if self.alt is not None:
            self.images += 1
            return
        if not self.inside:
            self.loose(start)
        attributes = {"src": given["dest_url"].translate(UNMASKED), "alt": ""}
        if given["title"]:
            attributes["title"] = given["title"].translate(UNMASKED)
        self.push("img", attributes)
        self.alt = []

    def _image_ends(self, where: Any) -> None:
        if self.images:
            self.images -= 1
            return
        element = self.pop()
        words, self.alt = "".join(self.alt or ()), None
        at = self.length
        if element.tag == "img":
            element.set("alt", words)
            self.put(OBJECT)
            self.link(at, element.get("src") or "", element, image=True)
        else:
            self.words(words)
        self._after_lines(where)


# By function and not by bound method: a reader that held its own methods would be freed by nothing but a collector.
_SIMPLE: dict[str, Callable[[_Reader, int], None]] = {
    "SoftBreak": _Reader._soft_break,
    "HardBreak": _Reader._hard_break,
    "Rule": _Reader._rule,
}
_LEAVES: dict[str, Callable[[_Reader, Any, Any], None]] = {
    "Code": _Reader._code,
    "InlineHtml": _Reader._inline_html,
    "Html": _Reader._html,
    "FootnoteReference": _Reader._footnote_reference,
    "TaskListMarker": _Reader._task,
}
_STARTS: dict[str, Callable[[_Reader, Any, int, int], None]] = {
    "Emphasis": _Reader._emphasis,
    "Strong": _Reader._strong,
    "Strikethrough": _Reader._strikethrough,
    "Paragraph": _Reader._paragraph,
    "Heading": _Reader._heading,
    "BlockQuote": _Reader._quote,
    "CodeBlock": _Reader._code_block,
    "List": _Reader._list,
    "Item": _Reader._item,
    "Table": _Reader.table,
    "TableHead": _Reader.table_head,
    "TableRow": _Reader.table_row,
    "TableCell": _Reader.cell,
    "HtmlBlock": _Reader._html_block,
    "FootnoteDefinition": _Reader._footnote,
    "Link": _Reader._link_starts,
    "Image": _Reader._image,
}
_ENDS: dict[str, Callable[[_Reader, Any], None]] = {
    **dict.fromkeys(("Paragraph", "Item"), _Reader._words_end),
    **dict.fromkeys(("Heading", "BlockQuote", "List", "TableRow", "FootnoteDefinition"),
                    _Reader._leaf_ends),
    **dict.fromkeys(("Emphasis", "Strikethrough"), _Reader._inline_ends),
    "Strong": _Reader._strong_ends,
    "CodeBlock": _Reader._code_block_ends,
    "Table": _Reader.table_ends,
    "TableHead": _Reader.head_ends,
    "TableCell": _Reader.cell_ends,
    "HtmlBlock": _Reader._html_block_ends,
    "Link": _Reader._link_ends,
    "Image": _Reader._image_ends,
}  # fmt: skip
