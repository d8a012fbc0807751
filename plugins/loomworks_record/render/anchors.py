"""Sections of a page: their ids, the numbers that hang beside their titles, and what the page lists of them.

One pass over the tree gives each section all that is said of it; what else says something of a section (the contents,
a comparison, the search) says what this pass found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal
from xml.etree.ElementTree import Element

from msgspec import Struct

from loomworks_record.render.marking import ADDED, ALL
from loomworks_record.text.anchors import id_of, is_id
from loomworks_record.text.flat import OBJECT
from loomworks_record.text.sections import Section, without_set_id
from loomworks_record.text.tree import TextPiece, Tree

_AFTER_NUMBER = re.compile(r"[.:)]?(?=\s|$|[—–])\s*[—–:.-]?\s*")


class Heading(Struct, frozen=True):
    """A heading of a rendered body: its id, level (1–6), its number as it is written or "", and its other words."""

    anchor: str
    level: int
    number: str
    text: str


def name_sections(tree: Tree, sections: tuple[Section, ...]) -> tuple[Heading, ...]:
    """Set the ids of ``sections``, those of the tree (``#s7-2``, ``#step-2b``, ``#p57-d7``), and hang the number of a
    heading beside its title: ``<h2 id="s3"><a class="secno" href="#s3">§3</a> Construction decisions</h2>``. The
    headings, in order.

    A body has no heading of level 1 (the page's title is it): levels move down where a document uses one.
    """
    _set_ids(tree, sections)
    _keep_ids(tree, sections)
    _move_down(tree)
    headings = [section for section in sections if section.kind == "heading"]
    for section in headings:
        _cut_set_id(tree.elements[section.block])
    listed = tuple(_heading(tree, section) for section in headings)
    moved = dict(_hang(tree.elements[section.block], section) for section in headings)
    tree.pieces[:] = [_follow(each, moved[each.element]) if each.element in moved else each for each in tree.pieces]
    return listed


def add_aliases(tree: Tree, sections: Sequence[Section]) -> None:
    """Put the other anchors of headings beside their ids, as elements without words. They are notes of the page, as
    those beside mentions are: no part of the text."""
    kept = {id_of(each.name) for each in tree.flat.ids}
    aliases = {
        section.block: [name for name in section.aliases if is_id(name) and name not in kept]
        for section in sections
        if section.kind == "heading" and section.aliases
    }
    for block, names in aliases.items():
        if names:
            heading = tree.elements[block]
            notes = [heading.makeelement("i", {ADDED: ALL, "class": "m-note", "id": name}) for name in names]
            notes[-1].tail, heading.text = heading.text, None
            heading[0:0] = notes


def _keep_ids(tree: Tree, sections: Sequence[Section]) -> None:
    """The ids that an author set in HTML stand on the page, each once, but for those that a section of ours has; and a
    heading in HTML without one has the one that its section says."""
    made = {each.block: each.anchor for each in sections if each.kind == "anchor"}
    free = {id_of(each.name) for each in tree.flat.ids} - {each.anchor for each in sections if each.kind != "anchor"}
    for number, (each, raw) in enumerate(zip(tree.flat.ids, tree.raws, strict=True)):
        if not each.name:
            raw.set("headings", f"{raw.get('headings', '')}{made.get(number, '')}\n")
        elif id_of(each.name) in free:
            free.remove(id_of(each.name))
            raw.set("ids", f"{raw.get('ids', '')}{each.name}\n")


def _cut_set_id(heading: Element) -> None:
    """An id that the author set is not part of the words."""
    last = heading[-1] if len(heading) else None
    words = (heading.text if last is None else last.tail) or ""
    kept, names = without_set_id(words.rstrip())
    if names and last is None:
        heading.text = kept
    elif names and last is not None:
        last.tail = kept


def _set_ids(tree: Tree, sections: Sequence[Section]) -> None:
    rows = {cell: row for row in tree.root.iter("tr") for cell in row}
    for section in sections:
        if section.kind == "anchor":
            continue
        element = tree.elements[section.block]
        if section.kind == "row":
            element = rows.get(element, element)
        element.set("id", section.anchor)


def _move_down(tree: Tree) -> None:
    levels = {at: block.level for at, block in enumerate(tree.flat.blocks) if block.level}
    if 1 in levels.values():
        for at, level in levels.items():
            tree.elements[at].tag = f"h{min(6, level + 1)}"


def _heading(tree: Tree, section: Section) -> Heading:
    words, _ = without_set_id(tree.flat.block_text(section.block).replace(OBJECT, "").rstrip())
    level = int(tree.elements[section.block].tag[1])
    return Heading(section.anchor, level, section.written, " ".join(words[_end_of_number(words, section) :].split()))


class _WordsMove(Struct, frozen=True):
    """The words of an element from the place ``gone`` on are now in ``element``, from the place ``base`` on."""

    element: Element
    attribute: Literal["text", "tail"]
    gone: int
    base: int


def _hang(heading: Element, section: Section) -> tuple[Element, _WordsMove]:
    """The number moves into a link; a heading without one gets a sign that shows on focus. The element whose words
    moved, and where to."""
    link = heading.makeelement("a", {"class": "secno", "href": f"#{section.anchor}"})
    holder = heading
    while not (holder.text or "").strip() and len(holder):
        holder = holder[0]  # the number may be in bold, or code
    words = holder.text or ""
    end = _end_of_number(words, section)
    if end:
        link.text, holder.text = section.written, words[end:]
    else:
        link.set("aria-label", "Address of this section")
        link.text = "#"
    rest = (heading.text or "").lstrip()
    link.tail = f" {rest}"
    heading.text = None
    heading.insert(0, link)
    if holder is heading:
        return heading, _WordsMove(link, "tail", len(words) - len(rest), 1)
    return holder, _WordsMove(holder, "text", end, 0)


def _follow(piece: TextPiece, moved: _WordsMove) -> TextPiece:
    """Where a piece of a heading's words is now; nothing is marked in its number."""
    if piece.attribute != "text":
        return piece
    start = min(piece.end, piece.start + max(0, moved.gone - piece.offset))
    offset = piece.offset + start - piece.start - moved.gone + moved.base
    return TextPiece(start, piece.end, moved.element, moved.attribute, offset)


def _end_of_number(words: str, section: Section) -> int:
    """Where the title begins after the number of a section that ``words`` begin with; 0 where they do not."""
    if not section.written:
        return 0
    if words.startswith(section.written):  # nearly always
        place = len(section.written)
    else:
        place = 0
        for part in section.written.split():
            place += len(words[place:]) - len(words[place:].lstrip())
            if not words.startswith(part, place):
                return 0
            place += len(part)
    found = _AFTER_NUMBER.match(words, place)
    return found.end() if found else 0
