"""Header blocks: the title, the labelled facts after it, and where the body begins.

Read left to right over blocks of lines: a heading, a rule, code, a table or a paragraph that is no label
ends the header. Nothing is dropped: what is not a fact stays in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loomworks_record.source.labels import field_of, known_labels, own_key


@dataclass(frozen=True, slots=True)
class Field:
    """One fact. ``label`` as filed (without its point), ``key`` the field it stands for, ``line`` 1-based."""

    label: str
    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the body. ``body_line`` is the 1-based line at which the body begins.

    ``banner`` is a heading above the title, where a document has two. ``front_matter_error`` is what
    YAML said of front matter that it could not parse (which then stays in the body).
    """

    title: str | None = None
    banner: str | None = None
    fields: tuple[Field, ...] = ()
    body_line: int = 1
    front_matter_error: str | None = None

    def first(self, key: str) -> str | None:
        return next((field.value for field in self.fields if field.key == key and field.value), None)

    def all(self, key: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.key == key)


_HEADING = re.compile(r"^(#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_RULE = re.compile(r"^\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
_LIST_ITEM = re.compile(r"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+\S")
_BLOCK_START = re.compile(r"^\s{0,3}(?:#{1,6}\s|```|~~~|\||>|<)|^ {4,}\S|^\t")
_BOLD_LABEL = re.compile(
    r"(?:(?<=\s)|^)(?:[-*+]\s+)?(?:\*\*|__)(?P<label>[^*_\n][^*\n]{0,100}?)(?:[.:](?:\*\*|__)|(?:\*\*|__)[.:])(?=\s|$)"
)
_PLAIN = "|".join(re.escape(label) for label in known_labels())
# A plain label stands at the start of a line, or on the same line after the end of the value before it.
_PLAIN_LABEL = {
    point: re.compile(
        rf"(?:^|(?<=[.;:)\d]\s))(?P<label>(?:{_PLAIN})(?:\s\([^()\n]{{1,80}}\))?){re.escape(point)}(?=\s|$)",
        re.MULTILINE,
    )
    for point in ".:"
}
_PLAIN_START = re.compile(rf"^(?:{_PLAIN})(?:\s\([^()\n]{{1,80}}\))?(?P<point>[.:])(?=\s|$)")
_PRODUCED = re.compile(r"^Produced\s+(?=\d{4}-\d{2}-\d{2}|on\s)")
_RUN_IN_LIMIT = 300  # characters: a longer paragraph under an unknown bold label is prose with a run-in head


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
        for line in self.lines[self.at :]:
            if not line.strip() or (taken and (_BLOCK_START.match(line) or _RULE.match(line) or _plain_item(line))):
                break
            taken.append(line)
        return taken


def parse_header(text: str, start: int = 0, fields: tuple[Field, ...] = ()) -> Header:
    """Read the header of a Markdown text from its 0-based line ``start`` on.

    ``fields`` are facts already known (from front matter); they come first.
    """
    cursor = _Cursor(text.split("\n"), start)
    banner, title = _titles(cursor)
    found = [*fields, *_labelled(cursor)]
    cursor.skip_blank()
    if found and _RULE.match(cursor.line):
        cursor.at += 1
    return Header(title, banner, tuple(found), cursor.at + 1)


def split_labels(block: str, line: int) -> Iterator[Field]:
    """The facts of one paragraph, ``**Label.** value`` or ``Label. value``, one or several to a line."""
    plain = _PLAIN_START.match(block)
    pattern = _PLAIN_LABEL[plain["point"]] if plain else _BOLD_LABEL
    places = list(pattern.finditer(block))
    for place, following in zip(places, [*places[1:], None], strict=True):
        end = following.start() if following else len(block)
        label = " ".join(place["label"].split()).rstrip(".:")
        value = " ".join(block[place.end() : end].split())
        yield Field(label, field_of(label) or own_key(label), value, line + block.count("\n", 0, place.start()))


def _titles(cursor: _Cursor) -> tuple[str | None, str | None]:
    """(banner, title). A second heading is the title where the header's labels follow it, not the first."""
    cursor.skip_blank()
    first = _take_heading(cursor)
    if first is None:
        return None, None
    after_first = cursor.at
    second = _take_heading(cursor)
    if second is not None:
        cursor.skip_blank()
        if first[0] == 1 and (second[0] == 1 or _is_label_block(cursor.block())):
            return first[1], second[1]
    cursor.at = after_first
    return None, first[1]


def _take_heading(cursor: _Cursor) -> tuple[int, str] | None:
    """(level, text) of the heading at the cursor, which moves past it."""
    cursor.skip_blank()
    found = _HEADING.match(cursor.line)
    if found:
        cursor.at += 1
        return len(found[1]), found["text"]
    following = cursor.lines[cursor.at + 1] if cursor.at + 1 < len(cursor.lines) else ""
    if cursor.line.strip() and re.match(r"^=+\s*$", following):
        text = cursor.line.strip()
        cursor.at += 2
        return 1, text
    return None


def _labelled(cursor: _Cursor) -> Iterator[Field]:
    previous: Field | None = None
    while True:
        blank_from = cursor.at
        cursor.skip_blank()
        block = cursor.block()
        if _is_label_block(block) and not _is_run_in_prose(block, previous):
            *early, last = split_labels("\n".join(block), cursor.at + 1)
            if previous is not None:
                yield previous
            yield from early
            previous = last
            cursor.at += len(block)
        elif previous is None and block and _PRODUCED.match(block[0]):
            text = " ".join(" ".join(block).split())
            previous = Field("Produced", "produced", _PRODUCED.sub("", text), cursor.at + 1)
            cursor.at += len(block)
        elif previous is not None and _continues(cursor, previous):
            items = _take_list(cursor)
            previous = Field(previous.label, previous.key, _joined(previous.value, items), previous.line)
        else:
            cursor.at = blank_from
            if previous is not None:
                yield previous
            return


def _is_label_block(block: list[str]) -> bool:
    return bool(block) and bool(_BOLD_LABEL.match(block[0]) or _PLAIN_START.match(block[0]))


def _is_run_in_prose(block: list[str], previous: Field | None) -> bool:
    """A long paragraph after the facts, under a bold head that is no known label, belongs to the body."""
    found = _BOLD_LABEL.match(block[0])
    if found is None or previous is None or field_of(found["label"]):
        return False
    return sum(len(line) for line in block) > _RUN_IN_LIMIT


def _continues(cursor: _Cursor, field: Field) -> bool:
    """Whether the list at the cursor belongs to the field: it has no value yet, or labels follow the list."""
    if not _LIST_ITEM.match(cursor.line):
        return False
    if not field.value or field.value.endswith(":"):
        return True
    ahead = _Cursor(cursor.lines, cursor.at)
    _take_list(ahead)
    ahead.skip_blank()
    return _is_label_block(ahead.block())


def _take_list(cursor: _Cursor) -> list[str]:
    """The items of the list at the cursor, blank lines between them allowed; the cursor moves past it."""
    items: list[str] = []
    while True:
        at = cursor.at
        cursor.skip_blank()
        line = cursor.line
        if _plain_item(line):
            items.append(re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", "", line).strip())
        elif items and at == cursor.at and line.strip() and not _is_label_block([line]):
            items[-1] += " " + line.strip()
        else:
            cursor.at = at
            return items
        cursor.at += 1


def _plain_item(line: str) -> bool:
    """A list item that is no label of its own ("- **Version:** 0.1" is one)."""
    return bool(_LIST_ITEM.match(line)) and not _BOLD_LABEL.match(line.strip())


def _joined(value: str, items: list[str]) -> str:
    listed = "; ".join(item.rstrip(";") for item in items)
    return f"{value} {listed}".strip()
