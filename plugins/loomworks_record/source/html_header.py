"""Headers of HTML documents: from label lines, from a line such as ``v0.2·2026-05-21·Working draft``, or the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from loomworks_record.source.dates import first_date
from loomworks_record.source.header import Header
from loomworks_record.source.label_lines import Field, known_label, split_labels
from loomworks_record.source.version import parse_version

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_H1 = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head|template|svg)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
# A term and its value stand in elements of their own: they are one line of the header.
_PAIR = re.compile(r"[:.]?\s*</(dt|th)\s*>\s*<(dd|td)\b[^>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:address|article|aside|br|div|dd|dl|dt|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)"
    r"\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_VERSION = re.compile(r"\bv\d+\.\d+(?:\.\d+)?\b", re.ASCII)
_PARTED = re.compile(r"\s*[·|•]\s*")
_SENTENCE = re.compile(r"(?:\S+\s+){4}\S+[.!?]$")
_HEAD_CHARACTERS = 65_536  # of the file, in which a header is looked for
_HEAD_LINES = 60
_STAMP_LINES = 20  # a version further down is one that the text speaks of


@dataclass(frozen=True, slots=True)
class _Line:
    """A visible line of text, and its 1-based line in the file."""

    text: str
    number: int


def parse_html_header(text: str) -> Header:
    """The facts of an HTML document. ``body_line`` is 1: an HTML document is shown whole."""
    head = text[:_HEAD_CHARACTERS]
    lines = _lines(head)
    fields = [field for line in lines for field in _labelled(line)]
    known = {field.key for field in fields}
    fields += [field for field in _stamped(_stamp_lines(head, lines)) if field.key not in known]
    found = _H1.search(_blanked(head)) or _TITLE.search(head)
    return Header(title=_text(found[1]) or None if found else None, fields=tuple(fields))


def _lines(head: str) -> list[_Line]:
    """The first visible lines. A line of the file ends one only where a label begins the next."""
    visible = _PAIR.sub(lambda pair: ": " + "\n" * pair.group().count("\n"), _blanked(head))
    found: list[_Line] = []
    number = 1
    for piece in _BREAK.split(visible):
        found += _split(piece, number)
        number += piece.count("\n")
        if len(found) >= _HEAD_LINES:
            break
    return found[:_HEAD_LINES]


def _split(piece: str, number: int) -> Iterator[_Line]:
    gathered, start = "", number
    for at, source_line in enumerate(piece.split("\n"), number):
        text = _text(source_line)
        if gathered and known_label(text):
            yield _Line(gathered, start)
            gathered = ""
        if text:
            start = start if gathered else at
            gathered = f"{gathered} {text}".strip()
    if gathered:
        yield _Line(gathered, start)


def _labelled(line: _Line) -> Iterator[Field]:
    for field in split_labels(line.text, line.number) if known_label(line.text) else ():
        if field.value:
            yield Field(field.label, field.key, field.value, field.line)


def _stamped(lines: list[_Line]) -> Iterator[Field]:
    """Version, date and status from the first line that holds a version; what it lacks, from the lines after it."""
    first = next((line for line in lines if _VERSION.search(line.text)), None)
    version = _VERSION.search(first.text) if first else None
    after = lines[lines.index(first) :] if first else lines
    dated = [line for line in after if first_date(line.text)]
    if first and version:
        yield Field("Version", "version", str(parse_version(version.group())), first.number)
        first = next((line for line in dated if version.group() in line.text), first)
    day = first if first in dated else next(iter(dated), None)
    if day:
        yield Field("Date", "date", str(first_date(day.text)), day.number)
    last = _PARTED.split(first.text)[-1] if first and _PARTED.search(first.text) else ""
    if first and last and not _VERSION.search(last) and first_date(last) is None:
        yield Field("Status", "status", last, first.number)


def _stamp_lines(head: str, lines: list[_Line]) -> list[_Line]:
    """The lines that may say which document this is: of the page, its title, and sentences last."""
    first = lines[:_STAMP_LINES]
    prose = [line for line in first if _SENTENCE.search(line.text)]
    found = _TITLE.search(head)
    title = [_Line(_text(found[1]), head.count("\n", 0, found.start()) + 1)] if found else []
    return [*(line for line in first if line not in prose), *title, *prose]


def _blanked(head: str) -> str:
    """Without what is not shown; lines stay where they are."""
    return _HIDDEN.sub(lambda hidden: "\n" * hidden.group().count("\n"), head)


def _text(markup: str) -> str:
    return " ".join(unescape(_TAG.sub("", markup)).split())
