"""Sections of a page: their ids, the numbers that hang beside their titles, and what the page lists of them.

One pass over the tree gives each section all that is said of it; what else says something of a section (the contents,
a comparison, the search) says what this pass found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from loomworks_record.render.blocks import Tree, flatten_tree
from loomworks_record.text.flat import OBJECT
from loomworks_record.text.identifiers import IdentifierGrammar
from loomworks_record.text.sections import Section, sections_of

_AFTER_NUMBER = r"[.:)]?(?=\s|$|[—–])\s*[—–:.-]?\s*"
_LEVELS = {f"h{level}" for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a rendered body: its id, level (1–6), its number as it is written or "", and its other words."""

    anchor: str
    level: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class NamedSections:
    """All sections of a tree, and what of them are headings, in order."""

    sections: tuple[Section, ...] = ()
    headings: tuple[Heading, ...] = ()


class AnchorsExtension(Extension):
    """Sets the ids that ``text/sections.py`` names (``#s7-2``, ``#step-2b``, ``#p57-d7``), and hangs the number of a
    heading beside its title: ``<h2 id="s3"><a class="secno" href="#s3">§3</a> Construction decisions</h2>``.

    ``grammar`` are the identifiers of the configuration, the defaults where it is None. Other ids of headings are
    replaced. A body has no heading of level 1 (the page's title is it): levels move down where a document uses one.
    ``named`` are the sections of the text that was rendered last.
    """

    def __init__(self, grammar: IdentifierGrammar | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grammar = grammar
        self.named = NamedSections()

    def extendMarkdown(self, md: Markdown) -> None:
        # After inline markup (20) and a table of contents (5).
        md.treeprocessors.register(_Anchors(md, self), "record_anchors", 4)


class _Anchors(Treeprocessor):
    def __init__(self, md: Markdown, options: AnchorsExtension) -> None:
        super().__init__(md)
        self.options = options

    def run(self, root: Element) -> None:
        self.options.named = name_sections(root, self.options.grammar)


def name_sections(root: Element, grammar: IdentifierGrammar | None) -> NamedSections:
    """Gives the sections of a tree their ids and hangs their numbers."""
    tree = flatten_tree(root)
    sections = sections_of(tree.flat, grammar)
    _set_ids(root, tree, sections)
    _move_down(root)
    headings = [section for section in sections if section.kind == "heading"]
    named = NamedSections(sections, tuple(_heading(tree, section) for section in headings))
    for section in headings:
        _hang(tree.elements[section.block], section)
    return named


def _set_ids(root: Element, tree: Tree, sections: Sequence[Section]) -> None:
    rows = {id(cell): row for row in root.iter("tr") for cell in row}
    for section in sections:
        element = tree.elements[section.block]
        if section.kind == "row":
            element = rows.get(id(element), element)
        element.set("id", section.anchor)


def _move_down(root: Element) -> None:
    headings = [element for element in root.iter() if element.tag in _LEVELS]
    if any(heading.tag == "h1" for heading in headings):
        for heading in headings:
            heading.tag = f"h{min(6, int(heading.tag[1]) + 1)}"


def _heading(tree: Tree, section: Section) -> Heading:
    words = tree.flat.block_text(section.block).replace(OBJECT, "")
    level = int(tree.elements[section.block].tag[1])
    return Heading(section.anchor, level, section.written, " ".join(words[_end_of_number(words, section) :].split()))


def _hang(heading: Element, section: Section) -> None:
    """The number moves into a link; a heading without one gets a sign that shows on focus."""
    link = heading.makeelement("a", {"class": "secno", "href": f"#{section.anchor}"})
    holder = heading
    while not (holder.text or "").strip() and len(holder):
        holder = holder[0]  # the number may be in bold, or code
    end = _end_of_number(holder.text or "", section)
    if end:
        link.text, holder.text = section.written, (holder.text or "")[end:]
    else:
        link.set("aria-label", "Address of this section")
        link.text = "#"
    link.tail = " " + (heading.text or "").lstrip()
    heading.text = None
    heading.insert(0, link)


def _end_of_number(words: str, section: Section) -> int:
    """Where the title begins after the number of a section that ``words`` begin with; 0 where they do not."""
    if not section.written:
        return 0
    number = r"\s*".join(map(re.escape, section.written.split()))
    found = re.match(rf"\s*{number}{_AFTER_NUMBER}", words)
    return found.end() if found else 0
