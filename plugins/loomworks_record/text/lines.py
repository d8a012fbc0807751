"""Lines of Markdown to marked text: where blocks begin, with the marks of headings, lists and tables taken off.

One line in, one line out, so that places keep their line. Block structure is that of the rendered page
(``render/dialect.py``): a list may interrupt a paragraph, a table needs a header row and a rule, four spaces
make code outside lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from loomworks_record.text.flat import SEPARATOR, Block, BlockKind

_FENCE = re.compile(r"[ ]{0,12}(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_BULLET = re.compile(r"(?P<indent>[ ]*)(?:[*+-]|\d{1,9}\.)[ \t]+(?=\S)")
_INTERRUPTING = re.compile(r"[ ]{0,3}(?:[-*+]|1[.)])\s+\S")
_DEFINITION = re.compile(r"[ ]{0,3}:[ ]{1,3}(?=\S)")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<text>.*?)\s*#*\s*$")
_RULE = re.compile(r"[ ]{0,3}(?:(?:\*[ ]*){3,}|(?:-[ ]*){3,}|(?:_[ ]*){3,})$")
_TABLE_RULE = re.compile(r"[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_REFERENCE = re.compile(r"[ ]{0,3}\[(?P<id>[^\[\]]+)\]:[ ]*<?(?P<url>[^\s<>]+)>?(?:[ ]+[\"'(].*)?$")
_HTML_BLOCK = re.compile(
    r"<(?:/?(?:address|article|aside|blockquote|body|center|dd|details|dir|div|dl|dt|fieldset|figcaption|figure|"
    r"footer|form|h[1-6]|header|hr|html|iframe|li|main|menu|nav|noscript|ol|p|pre|section|script|style|summary|"
    r"table|tbody|td|tfoot|th|thead|tr|ul|video)\b|!--)",
    re.IGNORECASE,
)
_CELL_CODE = re.compile(r"(`+).+?(?<!`)\1(?!`)")
_BOLD = ("**", "__")


@dataclass
class Marked:
    """The marked text, its blocks in order, the texts of code blocks, and link references (id → URL)."""

    text: str = ""
    blocks: tuple[Block, ...] = ()
    fenced: tuple[str, ...] = ()
    references: dict[str, str] = field(default_factory=dict)


def mark_lines(lines: list[str]) -> Marked:
    """Mark every line; the result has as many lines as were given."""
    marker = _Marker(lines)
    at = 0
    while at < len(lines):
        at += marker.take(at)
    return Marked("\n".join(marker.out), tuple(marker.blocks), tuple(marker.fenced), marker.references)


class _Marker:
    """Goes through the lines once; ``take`` handles one construct and says how many lines it took."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.out: list[str] = []
        self.blocks: list[Block] = []
        self.fenced: list[str] = []
        self.references: dict[str, str] = {}
        self.after_blank = True
        self.depth = 0  # indentation levels of the list that we are in; 0 for none
        self.quoted = False
        self.row = 0

    def take(self, at: int) -> int:
        line = self.lines[at]
        stripped = line.strip()
        if not stripped:
            return self._blank()
        if stripped[0] == ">":
            line, stripped = self._unquote(stripped)
            if not stripped:
                return self._blank(quoted=True)
        elif self.quoted and self.after_blank:
            self.quoted = False
        indent = len(line) - len(line.lstrip(" \t"))
        return self._construct(at, line, stripped, indent) or self._text(at, line, stripped, indent)

    def _construct(self, at: int, line: str, stripped: str, indent: int) -> int:
        """What begins with a sign of its own; 0 where it is text after all."""
        first = stripped[0]
        if first in "`~" and _FENCE.match(line) and (taken := self._fence(at, line)):
            return taken
        if first == "#" and (not indent or (self.depth and self.after_blank)):
            return self._heading(stripped)
        if self._is_code(line, indent):
            return self._code(at)
        if "|" in stripped and (taken := self._table(at)):
            return taken
        if first == "<" and indent < 4 and _HTML_BLOCK.match(stripped):
            return self._html(at)
        if first == "[" and _REFERENCE.match(line):
            return self._reference(line)
        return self._rule() if first in "-*_" and _RULE.match(line) else 0

    def _blank(self, quoted: bool = False) -> int:
        self.out.append("")
        self.after_blank = True
        self.quoted = quoted
        return 1

    def _unquote(self, stripped: str) -> tuple[str, str]:
        if not self.quoted:
            self.after_blank = True
        self.quoted = True
        inner = re.sub(r"^(?:>[ ]?)+", "", stripped)
        return inner, inner.strip()

    def _fence(self, at: int, line: str) -> int:
        """A fenced block up to its closing fence; 0 when it never closes (then it is text)."""
        opening = _FENCE.match(line)
        assert opening is not None  # the caller matched
        mark = opening["mark"]
        for end in range(at + 1, len(self.lines)):
            closing = self.lines[end].strip().lstrip("> ")
            if closing.startswith(mark) and not closing.strip(mark[0]):
                self.fenced.append("\n".join(self.lines[at + 1 : end]))
                self.out += [""] * (end - at + 1)
                self.after_blank = True
                return end - at + 1
        return 0

    def _heading(self, stripped: str) -> int:
        found = _HEADING.match(stripped)
        assert found is not None  # it begins with #
        self._begin(found["text"], "heading", level=len(found["marks"]))
        self.after_blank = True
        self.depth = 0
        return 1

    def _is_code(self, line: str, indent: int) -> bool:
        if not self.after_blank or not (indent >= 4 or line[0] == "\t"):
            return False
        if not self.depth:
            return True
        return indent >= 4 * (self.depth + 1) and not _BULLET.match(line)

    def _code(self, at: int) -> int:
        end, kept = at, []
        while end < len(self.lines):
            line = self.lines[end]
            if line.strip() and not line.startswith(("    ", "\t")):
                break
            kept.append(line)
            end += 1
        self.fenced.append("\n".join(kept))
        self.out += [""] * (end - at)
        self.after_blank = True
        return end - at

    def _table(self, at: int) -> int:
        """A header row, its rule and its rows; 0 when the next line is no rule. Another header ends it."""
        if not self._starts_table(at):
            return 0
        end = at
        while end < len(self.lines) and "|" in self.lines[end] and self.lines[end].strip():
            if end > at + 1 and self._starts_table(end):
                break
            if end == at + 1:
                self.out.append("")
            else:
                self._row(self.lines[end], head=end == at)
            end += 1
        self.after_blank = True
        self.depth = 0 if not self.lines[at].startswith(" ") else self.depth
        return end - at

    def _starts_table(self, at: int) -> bool:
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        return "|" in following and "-" in following and "|" in self.lines[at] and bool(_TABLE_RULE.match(following))

    def _row(self, line: str, head: bool) -> None:
        self.row += 1
        pieces = []
        for column, cell in enumerate(split_row(line)):
            self.blocks.append(Block("cell", 0, bold_lead(cell), self.row, column, head))
            pieces.append(SEPARATOR + cell)
        self.out.append("".join(pieces))

    def _html(self, at: int) -> int:
        end = at
        while end < len(self.lines) and self.lines[end].strip():
            end += 1
        self.out += [""] * (end - at)
        self.after_blank = True
        return end - at

    def _reference(self, line: str) -> int:
        found = _REFERENCE.match(line)
        assert found is not None  # the caller matched
        self.references[" ".join(found["id"].split()).casefold()] = found["url"]
        self.out.append("")
        return 1

    def _rule(self) -> int:
        if not self.after_blank and self.out and self.out[-1].startswith(SEPARATOR):
            # A line of dashes under the first line of a paragraph makes it a heading.
            self.blocks[-1] = Block("heading", 2)
        self.out.append("")
        self.after_blank = True
        return 1

    def _text(self, at: int, line: str, stripped: str, indent: int) -> int:
        bullet = _BULLET.match(line)
        if bullet and (self.after_blank or self.depth or self._interrupts(at, line)):
            self.depth = indent // 4 + 1
            self._begin(line[bullet.end() :].strip(), "item")
        elif definition := _DEFINITION.match(line):
            self._begin(line[definition.end() :].strip(), "paragraph")
        elif self.after_blank or not self.blocks:
            if indent < 2:
                self.depth = 0
            self._begin(stripped, "paragraph")
        elif stripped.startswith("===") and not stripped.strip("=") and self.out[-1].startswith(SEPARATOR):
            self.blocks[-1] = Block("heading", 1)
            self.out.append("")
            self.after_blank = True
            return 1
        else:
            self.out.append(stripped)
        self.after_blank = False
        return 1

    def _interrupts(self, at: int, line: str) -> bool:
        """A list may follow a paragraph's line directly; a numbered one only from 1 on."""
        before = self.lines[at - 1] if at else ""
        if before.startswith(("  ", "\t", "#", ">", "|")):
            return False
        return bool(_INTERRUPTING.match(line))

    def _begin(self, text: str, kind: BlockKind, level: int = 0) -> None:
        self.blocks.append(Block(kind, level, bold_lead(text)))
        self.out.append(SEPARATOR + text)


def bold_lead(text: str) -> str:
    """The bold words that a block begins with, without their marks; "" for none."""
    if not text.startswith(_BOLD):
        return ""
    end = text.find(text[:2], 2)
    return text[2:end].replace("`", "").replace("*", "").strip() if end > 0 else ""


def split_row(line: str) -> list[str]:
    """The cells of a table row: bars in code spans and escaped bars do not part them."""
    row = line.strip()
    if "`" in row:
        row = _CELL_CODE.sub(lambda found: found.group().replace("|", "\x1f"), row)
    if "\\|" in row:
        row = row.replace("\\|", "\x1f")
    row = row.removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\x1f", "|") for cell in row.split("|")]
