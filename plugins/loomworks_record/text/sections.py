"""Sections: the places of a document that can be cited, each with an anchor that comes from its own number.

The anchors of a page are made from its blocks by the same function (``sections_of``), so that text and page
agree. ``#s7-2`` stays what it is when the title of §7.2 changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from loomworks_record import lazy
from loomworks_record.source.document import Document
from loomworks_record.source.folding import FoldedText, fold, folded
from loomworks_record.text.anchors import FreeAnchors, GithubAnchors, id_of, title_anchor
from loomworks_record.text.flat import OBJECT, Flat
from loomworks_record.text.flatten import flatten_html, flatten_inline, flatten_markdown
from loomworks_record.text.identifiers import IdentifierGrammar, anchor_of, identifier_grammar
from loomworks_record.text.sets import NUMBER

SectionKind = Literal["heading", "row", "label", "anchor"]

_NUMBER = lazy.regex(
    rf"(?P<written>(?P<mark>§\s*|[Ss]ection\s+)?(?P<number>{NUMBER}))"
    r"(?P<point>[.:)]?)(?=\s|$|[—–])\s*[—–:-]?\s*(?P<title>.*)$",
    re.DOTALL,
)
_LETTERED = lazy.regex(r"(?P<number>\d{1,2}[a-z])\.\s+(?P<title>\S.*)$", re.DOTALL)
_PARTING = lazy.regex(r"\s*(?:[—–:]|\.(?=\s|$)|-\s)\s*")
_PLAIN_END = lazy.regex(r"\s*[—–:]\s")
_BOLD_END = lazy.regex(r"\s*[—–.:]?\s*")
_RUN_IN_END = lazy.regex(r"\s*(?:[.:—–]|$)")
# "## Title {#id}", as Pandoc and kramdown write it.
_SET_ID = lazy.regex(r"\s*\{#(?P<id>[^\s{}]+)(?:\s[^{}]*)?\}$")
_ATX, _SETEXT = re.compile(r"[\s>]*#{1,6}\s"), re.compile(r"[\s>]*(?:=+|-+)\s*$")
_RUN_IN_LIMIT = 120  # characters: a longer paragraph that begins with "§6" is prose
_TITLE_LIMIT = 160


class Section(NamedTuple):
    """One place that can be cited.

    ``anchor`` is the HTML id, without "#". ``number`` is the section's own ("7.2", "3.A", "4a") or "", ``written`` how
    it is written there ("§7.2"). ``identifier`` is what is defined here ("Gate 5b") or "". ``level`` is the heading's,
    7 for rows and labels. ``line`` is 1-based in the filed text, ``block`` the block of the flat text. ``aliases`` are
    the other anchors that lead here. Of kind "anchor" is what an author set in HTML, beside no heading; its ``block``
    is its number among those of the flat text.
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
    written: str = ""
    aliases: tuple[str, ...] = ()


class SectionIndex:
    """The sections of one document, found by number, identifier or title."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self.sections = tuple(sections)

    @cached_property
    def by_anchor(self) -> dict[str, Section]:
        return {section.anchor: section for section in self.sections}

    @cached_property
    def _by_alias(self) -> dict[str, Section]:
        folded = {section.anchor.casefold(): section for section in reversed(self.sections)}
        return folded | {alias: section for section in self.sections for alias in section.aliases}

    def addressed(self, fragment: str) -> Section | None:
        """The section that the fragment of a link leads to: by our anchor, one that its author set, or GitHub's."""
        name = fragment.removeprefix("user-content-")
        found = self.by_anchor.get(name) or self._by_alias.get(name)
        return found or self._by_alias.get(name.casefold())

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
        name = asked.partition(" ")[0]
        if best is None and any(sign.isdigit() for sign in name):  # "§KG3 for the whole" of "KG3 — Labels"
            best = next((section for title, section in self.by_title if title.startswith(f"{name} ")), None)
        return best


def flatten_body(document: Document) -> Flat:
    """The flat text of what comes after the header; see ``flatten_markdown``."""
    if document.form == "html":
        return flatten_html(document.text)
    return flatten_markdown(document.body, document.header.body_line)


def without_set_id(heading: str) -> tuple[str, tuple[str, ...]]:
    """The words of a heading without the id that its author set at their end; and that id."""
    found = _SET_ID.search(heading) if "{#" in heading else None
    return (heading[: found.start()], (found["id"],)) if found else (heading, ())


def _words(text: str) -> str:
    return " ".join(text.replace(OBJECT, "").split())


@dataclass(slots=True)
class _FoundHeading:
    number: str
    title: str
    level: int
    kind: SectionKind
    name: str
    name_kind: str
    block: int
    written: str = ""
    words: str = ""  # all words of a heading
    aliases: tuple[str, ...] = ()
    anchor: str = ""


def heading_above(document: Document) -> str:
    """The words of a document's title, where that is a heading above the body; else ""."""
    title, end = document.header.title, document.header.body_line - 1
    if not title or end < 1:
        return ""
    lines = document.text.split("\n", end)[:end]
    if lines[0].rstrip() == "---":  # front matter has none
        lines = lines[next((at for at, line in enumerate(lines) if at and line.rstrip() in ("---", "...")), 0) :]
    pairs = zip(lines, (*lines[1:], ""), strict=True)
    is_heading = any(title in line and (_ATX.match(line) or _SETEXT.match(under)) for line, under in pairs)
    return flatten_inline(title).block_text(0) if is_heading else ""


def sections_of(flat: Flat, grammar: IdentifierGrammar | None = None, above: str = "") -> tuple[Section, ...]:
    """The sections of a flat text; ``above`` are the words of a heading above it. An identifier is defined once: by a
    heading, else a row, else a label."""
    known = grammar or identifier_grammar()
    found = list(_found(flat, known))
    rank = {"heading": 0, "row": 1, "label": 2}
    home: dict[str, _FoundHeading] = {}
    for each in found:
        if each.name and (each.name not in home or rank[each.kind] < rank[home[each.name].kind]):
            home[each.name] = each
    kept = [each for each in found if each.kind == "heading" or each.number or home.get(each.name) is each]
    alone = list(_set_alone(flat, {each.block: each for each in kept if each.kind == "heading"})) if flat.ids else []
    free, on_github = _name_anchors(flat, kept, home, above)
    lines = flat.lines_at(flat.starts[each.block] for each in kept)
    sections = [
        Section(each.anchor, each.number, each.title, each.level, line, each.kind,
                each.name if home.get(each.name) is each else "",
                each.name_kind if home.get(each.name) is each else "", each.block, each.written, each.aliases)
        for each, line in zip(kept, lines, strict=True)
    ]  # fmt: skip
    return _with_anchors(flat, sections, alone, on_github, free) if alone else tuple(sections)


def _set_alone(flat: Flat, headings: Mapping[int, _FoundHeading]) -> Iterator[int]:
    """The numbers of the anchors that an author set beside no heading; the others become aliases: those in one, or
    directly above."""
    for number, each in enumerate(flat.ids):
        block = flat.block_at(each.place - (not each.is_block))
        follows = not each.is_block or (each.leads and block >= 0 and flat.starts[block] == each.place)
        while follows and block in range(len(flat.blocks)) and block not in headings:
            follows = not flat.block_text(block).replace(OBJECT, "").strip()
            block += 1
        heading = headings.get(block) if follows and not each.heading else None
        if heading is None:
            yield number
        else:
            heading.aliases = (*heading.aliases, each.name, id_of(each.name))


def _with_anchors(
    flat: Flat, sections: list[Section], alone: Iterable[int], on_github: Mapping[int, str], free: FreeAnchors
) -> tuple[Section, ...]:
    placed = [((flat.starts[each.block], 1), each) for each in sections]
    for number in alone:
        each = flat.ids[number]
        name = each.name or on_github[number]
        anchor = id_of(name)
        if free.take_alias(anchor):
            aliases = (name,) if name != anchor else ()
            section = Section(anchor, "", each.heading, 7, each.line, "anchor", block=number, aliases=aliases)
            placed.append(((each.place, 0), section))
    return tuple(section for _, section in sorted(placed, key=lambda pair: pair[0]))


def _found(flat: Flat, grammar: IdentifierGrammar) -> Iterator[_FoundHeading]:
    parent = ""  # the identifier of the heading that we are under
    headings: tuple[str, ...] = ()
    is_plain = fold(flat.text) is flat.text
    for at, (block, words) in enumerate(zip(flat.blocks, flat.block_texts(), strict=True)):
        if block.kind == "cell" and block.column and not block.head:
            continue
        text = words.strip()
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
            named = grammar.in_table(text if is_plain else fold(text), headings)
            if named:
                yield _FoundHeading("", _row_title(flat, at), 7, "row", named.name, named.kind, at)
        else:
            seen = None if is_plain else folded(text)
            label = _label(text, seen, block.bold if is_plain else fold(block.bold), at, parent, grammar)
            if label:
                parent = label.name if label.name and label.kind == "label" and not label.number else parent
                yield label


def _heading(text: str, level: int, at: int, parent: str, grammar: IdentifierGrammar) -> _FoundHeading:
    words, names = without_set_id(_words(text))
    heading = folded(words)
    number = written = ""
    place = 0  # where the title begins
    found = _NUMBER.match(heading.text)
    if found and _is_number(found):
        number, written = found["number"], heading.as_filed(0, found.end("written"))
        place = found.start("title")
    named = grammar.at_start(heading.text[place:])
    if named:
        end = place + named.end
        parted = _PARTING.match(heading.text, end)
        if end == len(heading.text) or parted or heading.text.startswith(" (", end):
            rest = heading.as_filed(parted.end() if parted else end).strip()
            title = rest or heading.as_filed(place)
            return _FoundHeading(number, title, level, "heading", named.name, named.kind, at, written, words, names)
    child = grammar.child(parent, number) if number else None
    name, kind = (child.name, child.kind) if child else ("", "")
    return _FoundHeading(
        number, heading.as_filed(place).strip(), level, "heading", name, kind, at, written, words, names
    )


def _is_number(found: re.Match[str]) -> bool:
    """ "## 3 halts in one day" has no number; "## 3. Halts", "## §3 halts" and "## 7.2 Halts" have one."""
    title = found["title"]
    marked = found["mark"] or found["point"] or "." in found["number"]
    return bool(marked or not title or title[0].isupper())


def _label(
    text: str, seen: FoldedText | None, bold: str, at: int, parent: str, grammar: IdentifierGrammar
) -> _FoundHeading | None:
    """What a paragraph or list item defines by the words that it begins with; ``seen`` is it, folded, where that is
    another text."""
    head = seen.text[:200] if seen else text[:200]
    first = head[:1]
    if first == "§":
        return _numbered_label(seen.text if seen else text, head, bold, at)
    if first.isdigit():
        lettered = _LETTERED.match(head)
        child = grammar.child(parent, lettered["number"]) if lettered else None
        if lettered and child:
            return _FoundHeading(
                lettered["number"], shortened(lettered["title"]), 7, "label", child.name, child.kind, at
            )
        return _run_in(head, bold, at)
    named = grammar.at_start(head)
    if named is None:
        return None
    run_in = bold.rstrip(" .:") == head[: named.end] or (len(bold) > named.end and _PARTING.match(bold, named.end))
    parted = (_BOLD_END if run_in else _PLAIN_END).match(head, named.end)
    if parted is None:
        return None
    title = seen.as_filed(parted.end()) if seen else text[parted.end() :]
    return _FoundHeading("", shortened(title), 7, "label", named.name, named.kind, at)


def _numbered_label(text: str, head: str, bold: str, at: int) -> _FoundHeading | None:
    """ "§6 What this does not deliver", in a line of its own or in bold."""
    found = _NUMBER.match(head)
    short = "\n" not in text and len(text) <= _RUN_IN_LIMIT and not text.endswith((".", ":", ";", ","))
    if found is None or not (short or bold.startswith("§")):
        return None
    title = bold[found.start("title") :].strip(" .") if bold else found["title"]
    return _FoundHeading(found["number"], shortened(title), 7, "label", "", "", at, found["written"])


def _run_in(head: str, bold: str, at: int) -> _FoundHeading | None:
    """ "**4.4.3a Term binding.** Its text": bold from its number to the end of its title."""
    found = _NUMBER.match(bold)
    if found is None or not found["title"][:1].isupper() or found["number"].isdigit():
        return None
    if not (bold.endswith((".", ":")) or _RUN_IN_END.match(head, len(bold))):
        return None
    return _FoundHeading(
        found["number"], shortened(found["title"].strip(" .:")), 7, "label", "", "", at, found["written"]
    )


def _row_title(flat: Flat, at: int) -> str:
    """The text of the cell after the one that defines."""
    following = at + 1
    if following < len(flat.blocks) and flat.blocks[following].row == flat.blocks[at].row:
        return shortened(flat.block_text(following))
    return ""


def _name_anchors(
    flat: Flat, found: list[_FoundHeading], home: dict[str, _FoundHeading], above: str
) -> tuple[FreeAnchors, dict[int, str]]:
    """Numbers and identifiers take their anchors first, so that no title can take one away from them; then come those
    that GitHub would make, where they are others. Those of headings in HTML are told by the numbers of these."""
    free, on_github = FreeAnchors(), GithubAnchors(filter(None, (above,)))
    for each in found:
        if each.number and not (each.name and _is_own_number(each)):
            each.anchor = free.take("s" + anchor_of(each.number))
        elif each.name and home[each.name] is each:
            each.anchor = free.take(anchor_of(each.name))
    for each in found:
        if not each.anchor:
            each.anchor = free.take(title_anchor(each.title))
    in_html = [(number, each) for number, each in enumerate(flat.ids) if not each.name]
    made: dict[int, str] = {}
    for each in found:
        if each.kind == "heading":
            while len(made) < len(in_html) and in_html[len(made)][1].place <= flat.starts[each.block]:
                number, heading = in_html[len(made)]
                made[number] = on_github.next(heading.heading)
            names = (*each.aliases, on_github.next(each.words))
            each.aliases = tuple(name for name in names if free.take_alias(name))
    return free, made | {number: on_github.next(heading.heading) for number, heading in in_html[len(made) :]}


def _is_own_number(found: _FoundHeading) -> bool:
    """Whether the number is the identifier's own ("4a" of "Sub-arc 4a")."""
    return found.name.endswith(" " + found.number)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text).casefold()).strip()


@lru_cache(maxsize=64)  # one of a long heading is asked for by each mention in it
def shortened(text: str) -> str:
    """The words of a title where it is named again: the first of them, where it is very long."""
    words = _words(text)
    if len(words) <= _TITLE_LIMIT:
        return words
    return words[:_TITLE_LIMIT].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
