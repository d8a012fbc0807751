"""Headers of HTML documents: from label lines, from a line such as ``v0.2·2026-05-21·Working draft``, or the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.dates import first_date
from loomworks_record.source.header import Header
from loomworks_record.source.labels import Field, known_label, split_labels
from loomworks_record.source.version import said_version

_HIDDEN = lazy.regex(r"<(?P<name>!--|(?:script|style|head|template|svg)\b)", re.IGNORECASE)
# A term and its value stand in elements of their own: they are one line of the header.
_PAIR = lazy.regex(r"[:.]?\s{0,99}</(?:dt|th)\s{0,99}>\s{0,99}<(?:dd|td)\b[^<>]*>", re.IGNORECASE)
_BREAK = lazy.regex(
    r"</?(?:address|article|aside|br|div|dd|dl|dt|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = lazy.regex(r"<[^<>]*>")
_VERSION = lazy.regex(r"\b(?:v|version\s)\d+\.\d+(?:\.\d+)?\b", re.ASCII | re.IGNORECASE)
_WITH_SECTION = lazy.regex(rf"{_VERSION.pattern}\s*,?\s*(?:§|section\s)", re.ASCII | re.IGNORECASE)
_AND = lazy.regex(r"\band\b", re.ASCII | re.IGNORECASE)
_PARTED = lazy.regex(r"\s*[·|•]\s*")
_HEAD_CHARACTERS = 65_536  # of the file, in which a header is looked for
_HEAD_LINES = 60
_STAMP_LINES = 20  # a version further down is one that the text speaks of


class _Line(Struct, frozen=True):
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
    title = _inner(_blanked(head), "h1") or _inner(head, "title")
    return Header(title=title.text if title else None, fields=tuple(fields))


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
    first = next((line for line in lines if _VERSION.search(line.text) and not _cites(line.text)), None)
    version = _VERSION.search(first.text) if first else None
    after = lines[lines.index(first) :] if first else lines
    dated = [line for line in after if first_date(line.text)]
    if first and version:
        yield Field("Version", "version", str(said_version(version.group())), first.number)
        first = next((line for line in dated if version.group() in line.text), first)
    day = first if first in dated else next(iter(dated), None)
    if day:
        yield Field("Date", "date", str(first_date(day.text)), day.number)
    last = _PARTED.split(first.text)[-1] if first and _PARTED.search(first.text) else ""
    if first and last and not _VERSION.search(last) and first_date(last) is None and ":" not in last:
        yield Field("Status", "status", last, first.number)


def _cites(text: str) -> bool:
    """Whether the words cite: a version with its section, or several versions in one sentence."""
    first = _VERSION.search(text)
    joined = _AND.search(text, first.end()) if first else None
    return bool(_WITH_SECTION.search(text) or (joined and _VERSION.search(text, joined.end())))


def _stamp_lines(head: str, lines: list[_Line]) -> list[_Line]:
    """The lines that may say which document this is: of the page, its title, and sentences last."""
    first = lines[:_STAMP_LINES]
    prose = [line for line in first if line.text.endswith((".", "!", "?")) and len(line.text.split(None, 5)) > 4]
    title = _inner(head, "title")
    return [*(line for line in first if line not in prose), *([title] if title else []), *prose]


def _inner(head: str, name: str) -> _Line | None:
    """The text of the first element of this name, or None where it is missing or empty."""
    opened = re.search(rf"<{name}\b[^<>]*>", head, re.IGNORECASE)
    closed = re.compile(rf"</{name}\b", re.IGNORECASE).search(head, opened.end()) if opened else None
    if opened is None or closed is None:
        return None
    text = _text(head[opened.end() : closed.start()])
    return _Line(text, head.count("\n", 0, opened.start()) + 1) if text else None


def _blanked(head: str) -> str:
    """Without what is not shown, up to the first such part that does not end; lines stay where they are."""
    parts: list[str] = []
    at = 0
    while opened := _HIDDEN.search(head, at):
        name = opened["name"]
        closing = re.compile("-->" if name == "!--" else rf"</{name}\s*>", re.IGNORECASE)
        closed = closing.search(head, opened.end())
        if closed is None:
            break
        parts += [head[at : opened.start()], "\n" * head.count("\n", opened.start(), closed.end())]
        at = closed.end()
    return "".join([*parts, head[at:]])


def _text(markup: str) -> str:
    return " ".join(unescape(_TAG.sub("", markup)).split())
