"""The Markdown of records: what authors write and Python-Markdown alone would not read.

Source of the rules: CommonMark 0.31 §5.3 (a list may interrupt a paragraph) and GFM 0.29 §4.10 (so may a
table); and a table that began with a pipe ends at the first line without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.tables import TableProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_BULLET = re.compile(r"^\s{0,3}[-*+]\s+\S")
_FIRST = re.compile(r"^\s{0,3}1[.)]\s+\S")  # only a list that starts at 1 may interrupt a paragraph
_NUMBER = re.compile(r"^\s*\d{1,9}[.)]\s+\S")
_DEFINITION = re.compile(
    r"^(?P<before> {0,3}(?:(?:[-*+]|\d{1,9}[.)]) +|> ?){0,9})\[(?P<label>[^\[\]\s][^\[\]\n]*)\]:", re.MULTILINE
)
_LINE_END = re.compile(r" ?\n *")
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?!:)")
_DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")


class DialectExtension(Extension):
    """Lists and tables may follow a paragraph directly; tables are regions that scroll, with column heads."""

    def extendMarkdown(self, md: Markdown) -> None:
        # Before the fenced-code preprocessor (25) stashes code: it must see where code is.
        md.preprocessors.register(_Interruptions(md), "record_interruptions", 28)
        # After it: a definition within code is code.
        md.preprocessors.register(_Definitions(md), "record_definitions", 23)
        md.parser.blockprocessors.register(_WholeRows(md.parser, {"use_align_attribute": False}), "table", 75)
        md.treeprocessors.register(_Tables(md), "record_tables", 3)


class _Interruptions(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return list(interrupted(lines))


def interrupted(lines: list[str]) -> Iterator[str]:
    """The lines with a blank line before a list or table that follows a paragraph, and after such a table."""
    before = ""
    in_table = False
    for at, (line, is_code) in enumerate(zip(lines, in_fence(lines), strict=True)):
        if not is_code:
            following = lines[at + 1] if at + 1 < len(lines) else ""
            starts_table = "|" in line and "|" in following and bool(_DELIMITER.match(following))
            if _starts_block(line, before, starts_table) or (in_table and line.strip() and "|" not in line):
                yield ""
            in_table = (in_table or starts_table) and "|" in line
        yield line
        before = line


def in_fence(lines: Iterable[str]) -> Iterator[bool]:
    """Whether each line is fenced code, its fences included (CommonMark 0.31 §4.5: only a bare fence closes)."""
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if fence:
            closes = found is not None and found["fence"].startswith(fence) and not found["info"].strip()
            yield True
            fence = "" if closes else fence
        else:
            opens = found is not None and not (found["fence"][0] == "`" and "`" in found["info"])
            yield opens
            fence = found["fence"] if found and opens else ""


def _starts_block(line: str, before: str, starts_table: bool) -> bool:
    if not before.strip() or before.startswith((" " * 4, "\t", "#", ">", "|")):
        return False
    if starts_table:
        return True
    within_list = bool(_BULLET.match(before) or _NUMBER.match(before))
    return not within_list and bool(_BULLET.match(line) or _FIRST.match(line)) and not before.startswith("  ")


class _Definitions(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return unused_as_text("\n".join(lines)).split("\n")


def unused_as_text(text: str) -> str:
    """``[P57-B1]: settled`` is the definition of a link only where [P57-B1] is one, and only the first of its
    label (so with footnotes); of others the words are shown."""
    if "]:" not in text:
        return text
    used = {_LINE_END.sub(" ", label.strip().lower()) for label in _BRACKETED.findall(text)}
    seen: set[str] = set()

    def kept(found: re.Match[str]) -> str:
        label = found["label"].strip().lower()
        first = label not in seen
        seen.add(label)
        if first and (label in used or label.startswith("^")):
            return found.group()
        return f"{found['before']}\\[{found['label']}]:"

    return _DEFINITION.sub(kept, text)


class _WholeRows(TableProcessor):
    """A row with more cells than the head keeps them, in its last cell. (GFM 0.29 §4.10 drops them; an author who
    wrote a pipe within a cell would lose the rest of the row.)"""

    def _build_row(self, row: str, parent: Element, align: Sequence[str | None]) -> None:
        super()._build_row(row, parent, align)  # type: ignore[misc] # not in the stubs
        cells: list[str] = self._split_row(row)  # type: ignore[attr-defined] # likewise
        excess = [cell.strip(" ") for cell in cells[len(align) :]]
        if any(excess):
            last = parent[-1][-1]
            last.text = " | ".join([last.text or "", *excess])


class _Tables(Treeprocessor):
    def run(self, root: Element) -> None:
        for number, (parent, at, table) in enumerate(list(_tables(root)), 1):
            _mark_cells(table)
            table.set("class", "r-table")
            heads = [" ".join("".join(cell.itertext()).split()) for cell in table.iter("th")]
            said = ", ".join(head for head in heads if head and "\x02" not in head)[:80]
            region = Element("div", {"class": "r-scroll", "role": "region", "tabindex": "0"})
            region.set("aria-label", f"Table {number}: {said}" if said else f"Table {number}")
            region.tail, table.tail = table.tail, None
            parent.remove(table)
            region.append(table)
            parent.insert(at, region)


def _tables(root: Element) -> Iterator[tuple[Element, int, Element]]:
    for parent in root.iter():
        for at, child in enumerate(parent):
            if child.tag == "table":
                yield parent, at, child


def _mark_cells(table: Element) -> None:
    """Column heads get their scope; alignment becomes a class (styles are not allowed on pages)."""
    for cell in table.iter():
        if cell.tag in ("th", "td"):
            style = cell.attrib.pop("style", "")
            found = re.search(r"text-align:\s*(right|center)", style)
            if found:
                cell.set("class", f"r-{found[1]}")
            if cell.tag == "th" and not "".join(cell.itertext()).strip() and not len(cell):
                cell.tag = "td"  # a head without words heads nothing
            elif cell.tag == "th":
                cell.set("scope", "col")
