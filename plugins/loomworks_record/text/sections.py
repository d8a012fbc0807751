"""Sections: the places of a document that can be cited, each with an anchor that comes from its own number.

The anchors of a page are made from its blocks by the same function (``sections_of``), so that text and page
agree. ``#s7-2`` stays what it is when the title of §7.2 changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from loomworks_record.source.document import Document
from loomworks_record.text.flat import Flat
from loomworks_record.text.flatten import flatten_html, flatten_markdown
from loomworks_record.text.identifiers import IdentifierGrammar, anchor_of, identifier_grammar

SectionKind = Literal["heading", "row", "label"]

# Ids of the page around the text; a section never takes one of them.
RESERVED = frozenset(
    {"cites", "cited-by", "not-held", "provenance", "cite", "facts", "versions", "content", "toc", "top", "main"}
)

_NUMBER = re.compile(
    r"(?P<mark>§\s*|[Ss]ection\s+)?(?P<number>\d{1,3}(?:\.\d{1,3})*(?:\.[A-Z](?![A-Za-z]))?(?:\.\d{1,3})*[a-z]?)"
    r"(?P<point>[.:)]?)(?=\s|$|[—–])\s*[—–:-]?\s*(?P<title>.*)$",
    re.DOTALL,
)
_LETTERED = re.compile(r"(?P<number>\d{1,2}[a-z])\.\s+(?P<title>\S.*)$", re.DOTALL)
_PARTING = re.compile(r"\s*(?:[—–:]|\.(?=\s|$)|-\s)\s*")
_PLAIN_END = re.compile(r"\s*[—–:]\s")
_BOLD_END = re.compile(r"\s*[—–.:]?\s*")
_RUN_IN_LIMIT = 120  # characters: a longer paragraph that begins with "§6" is prose
_TITLE_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Section:
    """One place that can be cited.

    ``anchor`` is the HTML id, without "#". ``number`` is the section's own ("7.2", "3.A", "4a") or "".
    ``identifier`` is what is defined here ("Gate 5b") or "". ``level`` is the heading's, 7 for rows and
    labels. ``line`` is 1-based in the filed text, ``block`` the block of the flat text.
    """

    anchor: str
    number: str
    title: str
    level: int
    line: int
    kind: SectionKind = "heading"
    identifier: str = ""
    identifier_kind: str = ""
    block: int = 0


class SectionIndex:
    """The sections of one document, found by number, identifier or title."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self.sections = tuple(sections)

    @cached_property
    def by_anchor(self) -> dict[str, Section]:
        return {section.anchor: section for section in self.sections}

    @cached_property
    def by_number(self) -> dict[str, Section]:
        return {section.number: section for section in reversed(self.sections) if section.number}

    @cached_property
    def by_identifier(self) -> dict[str, Section]:
        return {section.identifier: section for section in reversed(self.sections) if section.identifier}

    @cached_property
    def headings(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.kind != "row")

    @cached_property
    def by_title(self) -> list[tuple[str, Section]]:
        return [(_folded(section.title), section) for section in self.headings if section.title]

    def number(self, number: str) -> Section | None:
        return self.by_number.get(number) or self.by_number.get(number.rstrip("."))

    def titled(self, words: str) -> Section | None:
        """The section whose title the words begin with, or that begins with the words."""
        asked = _folded(words)
        best = None
        for title, section in self.by_title:
            if title == asked:
                return section
            if best is None and (asked.startswith(title + " ") or title.startswith(asked + " ")):
                best = section
        return best

    def around(self, block: int) -> Section | None:
        """The heading under which a block stands."""
        found = None
        for section in self.headings:
            if section.block > block:
                break
            if section.kind == "heading" or section.number:
                found = section
        return found


def sections(document: Document, grammar: IdentifierGrammar | None = None) -> tuple[Section, ...]:
    """The sections of a document's body, in order. Of an HTML document none: its page is its own."""
    if document.form == "html":
        return ()
    return sections_of(flatten_body(document), grammar)


def flatten_body(document: Document) -> Flat:
    """The flat text of what comes after the header."""
    if document.form == "html":
        return flatten_html(document.text)
    return flatten_markdown(document.body, document.header.body_line)


@dataclass(slots=True)
class _Found:
    number: str
    title: str
    level: int
    kind: SectionKind
    name: str
    name_kind: str
    block: int
    anchor: str = ""


def sections_of(flat: Flat, grammar: IdentifierGrammar | None = None) -> tuple[Section, ...]:
    """The sections of a flat text. An identifier is defined once: by a heading, else a row, else a label."""
    known = grammar or identifier_grammar()
    found = list(_found(flat, known))
    rank = {"heading": 0, "row": 1, "label": 2}
    home: dict[str, _Found] = {}
    for each in found:
        if each.name and (each.name not in home or rank[each.kind] < rank[home[each.name].kind]):
            home[each.name] = each
    kept = [each for each in found if each.kind == "heading" or each.number or home.get(each.name) is each]
    _name_anchors(kept, home)
    lines = flat.lines_at(flat.starts[each.block] for each in kept)
    return tuple(
        Section(each.anchor, each.number, each.title, each.level, line, each.kind,
                each.name if home.get(each.name) is each else "",
                each.name_kind if home.get(each.name) is each else "", each.block)
        for each, line in zip(kept, lines, strict=True)
    )  # fmt: skip


def _found(flat: Flat, grammar: IdentifierGrammar) -> Iterator[_Found]:
    parent = ""  # the identifier of the heading that we are under
    headings: tuple[str, ...] = ()
    for at, block in enumerate(flat.blocks):
        if block.kind == "cell" and block.column and not block.head:
            continue
        text = flat.block_text(at).strip()
        if block.kind == "heading":
            each = _heading(text, block.level, at, parent, grammar)
            if each.name and not grammar.child(parent, each.number):
                parent = each.name
            elif block.level <= 2:
                parent = ""
            yield each
        elif block.kind == "cell":
            if block.head:
                headings = (*headings, text.casefold())[:2] if block.column else (text.casefold(),)
                continue
            named = grammar.in_table(text, headings)
            if named:
                yield _Found("", _row_title(flat, at), 7, "row", named.name, named.kind, at)
        else:
            label = _label(text, block.bold, at, parent, grammar)
            if label:
                parent = label.name if label.name and label.kind == "label" and not label.number else parent
                yield label


def _heading(text: str, level: int, at: int, parent: str, grammar: IdentifierGrammar) -> _Found:
    number, title = "", " ".join(text.split())
    found = _NUMBER.match(title)
    if found and _is_number(found):
        number, title = found["number"], found["title"].strip()
    named = grammar.at_start(title)
    if named and (named.end == len(title) or _PARTING.match(title, named.end) or title[named.end :].startswith(" (")):
        rest = _PARTING.sub("", title[named.end :], count=1).strip()
        return _Found(number, rest or title, level, "heading", named.name, named.kind, at)
    child = grammar.child(parent, number) if number else None
    return _Found(number, title, level, "heading", child.name if child else "", child.kind if child else "", at)


def _is_number(found: re.Match[str]) -> bool:
    """ "## 3 halts in one day" has no number; "## 3. Halts", "## §3 halts" and "## 7.2 Halts" have one."""
    title = found["title"]
    marked = found["mark"] or found["point"] or "." in found["number"]
    return bool(marked or not title or title[0].isupper())


def _label(text: str, bold: str, at: int, parent: str, grammar: IdentifierGrammar) -> _Found | None:
    """What a paragraph or list item defines by the words that it begins with."""
    head = text[:200]
    first = head[:1]
    if first == "§":
        found = _NUMBER.match(head)
        short = "\n" not in text and len(text) <= _RUN_IN_LIMIT and not text.endswith((".", ":", ";", ","))
        if found and (short or bold.startswith("§")):
            title = bold[found.start("title") :].strip(" .") if bold else found["title"]
            return _Found(found["number"], _shortened(title), 7, "label", "", "", at)
        return None
    if first.isdigit():
        lettered = _LETTERED.match(head)
        child = grammar.child(parent, lettered["number"]) if lettered else None
        if lettered and child:
            return _Found(lettered["number"], _shortened(lettered["title"]), 7, "label", child.name, child.kind, at)
        return None
    named = grammar.at_start(head)
    if named is None:
        return None
    run_in = bold.rstrip(" .:") == head[: named.end] or (len(bold) > named.end and _PARTING.match(bold, named.end))
    parted = (_BOLD_END if run_in else _PLAIN_END).match(head, named.end)
    if parted is None:
        return None
    title = text[parted.end() :]
    return _Found("", _shortened(title), 7, "label", named.name, named.kind, at)


def _row_title(flat: Flat, at: int) -> str:
    """The text of the cell after the one that defines."""
    following = at + 1
    if following < len(flat.blocks) and flat.blocks[following].row == flat.blocks[at].row:
        return _shortened(flat.block_text(following))
    return ""


def _name_anchors(found: list[_Found], home: dict[str, _Found]) -> None:
    """Numbers and identifiers take their anchors first, so that no title can take one away from them."""
    taken = set(RESERVED)
    for each in found:
        if each.number and not (each.name and grammar_child(each)):
            each.anchor = _free("s" + anchor_of(each.number), taken)
        elif each.name and home[each.name] is each:
            each.anchor = _free(anchor_of(each.name), taken)
    for each in found:
        if not each.anchor:
            each.anchor = _free(_slug(each.title), taken)


def grammar_child(found: _Found) -> bool:
    """Whether the number is the identifier's own ("4a" of "Sub-arc 4a")."""
    return found.name.endswith(" " + found.number)


def _free(anchor: str, taken: set[str]) -> str:
    # An underscore, which no anchor of ours has otherwise: a second §7 must not become §7.2.
    free, count = anchor, 1
    while free in taken:
        count += 1
        free = f"{anchor}_{count}"
    taken.add(free)
    return free


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return re.sub(r"[^\w]+", "-", letters).replace("_", "-").strip("-")[:80].strip("-") or "section"


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= _TITLE_LIMIT:
        return words
    return words[:_TITLE_LIMIT].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
