"""Header blocks: the title, the labelled facts after it, and where the body begins.

Read left to right over blocks of lines: a heading, a rule, code, a table or a paragraph that is not a label
ends the header. Nothing is dropped: what is not a fact stays in the body. How labels are told from prose
stands in ``labels``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.dates import first_date
from loomworks_record.source.labels import (
    Field,
    field_of,
    is_item,
    is_label_item,
    is_label_line,
    known_label,
    looks_like_label,
    split_labels,
)

__all__ = ["Field", "Header", "parse_header"]


class Header(Struct, frozen=True):
    """What stands before the body. ``body_line`` is the 1-based line at which the body begins.

    ``banner`` is what stands in headings above the title, where a document has several. ``start`` is how many
    lines the front matter takes; ``front_matter_error`` is why one could not be read.
    """

    title: str | None = None
    banner: str | None = None
    fields: tuple[Field, ...] = ()
    body_line: int = 1
    start: int = 0
    front_matter_error: str | None = None

    def first(self, key: str) -> str | None:
        return next((field.value for field in self.fields if field.key == key and field.value), None)

    def all(self, key: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.key == key)


_HEADING = lazy.regex(r"^(?P<marks>#{1,6})\s+(?P<text>\S.*)$")
_UNDERLINE = lazy.regex(r"^=+\s*$")
_RULE = lazy.regex(r"^\s{0,3}([-*_])(?:[ \t]*\1){2,}\s*$")
_HARD_START = lazy.regex(r"^\s{0,3}(?:#{1,6}\s|```|~~~|\||>|<(?!br\b))")
_INDENTED = lazy.regex(r"^ {4,}\S|^\t")
_LATER_ITEM = lazy.regex(r"^\s{0,3}(?!1[.)])\d{1,9}[.)]\s")
_PRODUCED = lazy.regex(r"^(?P<mark>[*_]{0,3})Produced\s+(?=\S)")
_NUMBERED = lazy.regex(r"^(?:§|\d+[.)]?\s)")
# What stands under a label that is not in the table where no known one is beside it: a number, a date, a name.
_FACT = lazy.regex(r"(?![a-z])\S{1,40}(?<![a-z]\.)|[#v]?\d\S*(?:\s+\S+){1,3}(?<![a-z]\.)")
_SAYS_NUMBER = lazy.regex(r"CR-\d{4}-\d{3,4}\b")
_SAYS_WHICH = frozenset({"version", "date", "cr_number"})
_RUN_IN_LIMIT = 300  # characters: a longer paragraph under an unknown bold label is prose with a run-in head
_USUAL = 60  # lines: few headers are longer, and a text need not be split whole for those that are not
_MARGIN = 40  # lines that may be looked at beyond a header
_MOST_UNKNOWN = 20  # labels that are not in the table, one after the other
_MOST_HEADINGS = 3  # banner, number, title


@dataclass(slots=True)
class _Cursor:
    """The lines of a text, and how far the header has been read (0-based)."""

    lines: list[str]
    at: int = 0

    def skip_blank(self) -> None:
        while self.at < len(self.lines) and not self.lines[self.at].strip():
            self.at += 1

    @property
    def line(self) -> str:
        return self.lines[self.at] if self.at < len(self.lines) else ""

    def block(self) -> list[str]:
        """The lines from here to the next blank line or the start of another block; does not move."""
        taken: list[str] = []
        for at in range(self.at, len(self.lines)):
            line = self.lines[at]
            if not line.strip() or (taken and _starts_block(line)):
                break
            taken.append(line)
        return taken

    def block_after(self, lines: int) -> list[str]:
        """The block that follows ``lines`` more lines and what is blank after them; does not move."""
        ahead = _Cursor(self.lines, self.at + lines)
        ahead.skip_blank()
        return ahead.block()


def parse_header(text: str, start: int = 0, fields: tuple[Field, ...] = ()) -> Header:
    """Read the header of a Markdown text from its 0-based line ``start`` on.

    ``fields`` are facts already known (from front matter); they come first.
    """
    lines = text.split("\n", start + _USUAL)
    header = _parsed(lines, start, fields)
    is_cut = len(lines) > start + _USUAL and header.body_line > len(lines) - _MARGIN
    return _parsed(text.split("\n"), start, fields) if is_cut else header


def _parsed(lines: list[str], start: int, fields: tuple[Field, ...]) -> Header:
    cursor = _Cursor(lines, start)
    banner, title = _titles(cursor)
    begin, labelled = cursor.at, list(_labelled(cursor))
    if not any(field_of(each.label) for each in labelled) and not all(_FACT.fullmatch(each.value) for each in labelled):
        cursor.at, labelled = begin, []  # "**Token**: what one signs in with": the entries of a glossary
    found = [*fields, *labelled]
    cursor.skip_blank()
    if title is None and found and cursor.line.startswith("# "):
        banner, title = _titles(cursor)
        found += _labelled(cursor)
        cursor.skip_blank()
    if found and _RULE.match(cursor.line):
        cursor.at += 1
    return Header(title, banner, tuple(found), cursor.at + 1)


def _titles(cursor: _Cursor) -> tuple[str | None, str | None]:
    """(banner, title). Of headings that follow each other the last is the title, where the header's labels
    follow it, or where both are of the first level; else the first is."""
    run: list[tuple[int, str]] = []
    places = [cursor.at]
    while len(run) < _MOST_HEADINGS and (heading := _take_heading(cursor)):
        run.append(heading)
        text = heading[1]
        places.append(cursor.at)
        if len(run) > 1 and run[0][0] == 1 and _begins_header(text, cursor.block_after(0)) and _is_banner(run):
            return " / ".join(above for _, above in run[:-1]), text
    if not run:
        cursor.at = places[0]
        return None, None
    if [level for level, _ in run[:2]] == [1, 1]:
        cursor.at = places[2]
        return run[0][1], run[1][1]
    cursor.at = places[1]
    return None, run[0][1]


def _is_banner(run: list[tuple[int, str]]) -> bool:
    """Whether the first of some headings stands above the title: of the same level, in capitals, or before a number.

    "Decision log" above "DL-2 …" is the title, and what follows is the first entry.
    """
    (level, first), (last_level, last) = run[0], run[-1]
    return last_level == level or first.isupper() or "·" in first or _SAYS_NUMBER.match(last) is not None


def _take_heading(cursor: _Cursor) -> tuple[int, str] | None:
    """(level, text) of the heading at the cursor, which moves past it."""
    cursor.skip_blank()
    found = _HEADING.match(cursor.line)
    if found:
        cursor.at += 1
        text = found["text"].rstrip()
        bare = text.rstrip("#")  # "# Title #" closes itself; "# C#" does not
        return len(found["marks"]), bare.rstrip() if bare != text and bare[-1:].isspace() else text
    following = cursor.lines[cursor.at + 1] if cursor.at + 1 < len(cursor.lines) else ""
    if cursor.line.strip() and _UNDERLINE.match(following) and not _starts_block(cursor.line):
        text = cursor.line.strip()
        cursor.at += 2
        return 1, text
    return None


def _labelled(cursor: _Cursor) -> Iterator[Field]:
    """The facts from the cursor on, which moves past them (and past a rule before them)."""
    previous: Field | None = None
    _skip_rule(cursor)
    while True:
        blank_from = cursor.at
        cursor.skip_blank()
        found = list(_facts(cursor, previous))
        if found:
            if previous is not None:
                yield previous
            yield from found[:-1]
            previous = found[-1]
        elif previous is not None and _continues(cursor, previous):
            items = _take_list(cursor)
            previous = Field(previous.label, previous.key, _joined(previous.value, items), previous.line)
        else:
            cursor.at = blank_from
            if previous is not None:
                yield previous
            return


def _facts(cursor: _Cursor, previous: Field | None) -> Iterator[Field]:
    """The facts of the block at the cursor, which moves past it; none when it holds none."""
    block = cursor.block()
    line = cursor.at + 1
    if previous is None and block and is_label_item(block[0]):
        while is_label_item(cursor.line):
            yield from split_labels(cursor.line, cursor.at + 1)
            cursor.at += 1
    elif _is_label_block(block) and not _is_run_in_prose(block, previous):
        cursor.at += len(block)
        yield from split_labels("\n".join(block), line)
    elif _is_production(block):
        cursor.at += len(block)
        yield _produced(block, line)
    elif previous is not None and _stands_between_labels(cursor):
        cursor.at += len(block)
        yield from split_labels("\n".join(block), line, unknown=True)


def _skip_rule(cursor: _Cursor) -> None:
    ahead = _Cursor(cursor.lines, cursor.at)
    ahead.skip_blank()
    if _RULE.match(ahead.line) and _is_known_block(ahead.block_after(1)):
        cursor.at = ahead.at + 1


def _is_production(block: list[str]) -> bool:
    """ "Produced 2026-05-24 by CC.": a sentence that stands for labels."""
    return bool(block) and bool(_PRODUCED.match(block[0])) and first_date(block[0][:120]) is not None


def _produced(block: list[str], line: int) -> Field:
    text = " ".join(" ".join(block).split())
    found = _PRODUCED.match(text)
    mark = found["mark"] if found else ""
    return Field("Produced", "produced", _PRODUCED.sub("", text).removesuffix(mark), line)


def _is_label_block(block: list[str]) -> bool:
    return bool(block) and is_label_line(block[0])


def _is_known_block(block: list[str]) -> bool:
    return bool(block) and (known_label(block[0]) or is_label_item(block[0]))


def _begins_header(heading: str, block: list[str]) -> bool:
    """Whether labels (or a sentence) that say which document this is follow a heading that is not a section's."""
    if _NUMBERED.match(heading):
        return False
    if _is_production(block):
        return True
    return _is_known_block(block) and any(field.key in _SAYS_WHICH for field in split_labels("\n".join(block), 0))


def _is_run_in_prose(block: list[str], previous: Field | None) -> bool:
    """A long paragraph under a bold head that is not a known label, and holds no known one, belongs to the body."""
    if known_label(block[0]) or sum(len(line) for line in block) <= _RUN_IN_LIMIT:
        return False
    return previous is not None or not any(field_of(field.label) for field in split_labels("\n".join(block), 0))


def _stands_between_labels(cursor: _Cursor) -> bool:
    """A paragraph "Reviewer. Someone" between plain labels is a fact under a label that is not in the table."""
    ahead = _Cursor(cursor.lines, cursor.at)
    for _ in range(_MOST_UNKNOWN):
        if known_label(ahead.line) or not looks_like_label(ahead.line):
            break
        ahead.at += len(ahead.block())
        ahead.skip_blank()
    return ahead.at > cursor.at and known_label(ahead.line) and ahead.line[:1] not in "*_-+"


def _continues(cursor: _Cursor, field: Field) -> bool:
    """Whether the list at the cursor belongs to the field: it has no value yet, or labels follow the list."""
    if not is_item(cursor.line):
        return False
    if not field.value or field.value.endswith(":"):
        return True
    ahead = _Cursor(cursor.lines, cursor.at)
    _take_list(ahead)
    return _is_known_block(ahead.block_after(0))


def _take_list(cursor: _Cursor) -> list[str]:
    """The items of the list at the cursor, with their numbers; the cursor moves past it."""
    items: list[str] = []
    while True:
        at = cursor.at
        cursor.skip_blank()
        line = cursor.line
        if is_item(line):
            items.append(re.sub(r"^\s*[-*+]\s+", "", line).strip())
        elif items and _goes_on(line, at == cursor.at):
            items[-1] += " " + line.strip()
        else:
            cursor.at = at
            return items
        cursor.at += 1


def _goes_on(line: str, directly: bool) -> bool:
    """Whether a line belongs to the list item before it: indented, or directly after it and no block of its own."""
    if _INDENTED.match(line):
        return True
    return directly and bool(line.strip()) and not (_HARD_START.match(line) or _RULE.match(line) or is_label_line(line))


def _starts_block(line: str) -> bool:
    if _HARD_START.match(line) or _INDENTED.match(line) or _RULE.match(line):
        return True
    # Of numbered items only one that begins a list may follow a paragraph directly (CommonMark 0.31.2 §5.2).
    return is_item(line) and not _LATER_ITEM.match(line)


def _joined(value: str, items: list[str]) -> str:
    listed = "; ".join(item.rstrip(";") for item in items)
    return f"{value} {listed}".strip()
