"""Headers of HTML documents: from the title, or from a line such as ``v0.2·2026-05-21·Working draft``."""

from __future__ import annotations

import re
from html import unescape

from loomworks_record.source.dates import first_date
from loomworks_record.source.header import Field, Header
from loomworks_record.source.labels import field_of
from loomworks_record.source.version import parse_version

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_H1 = re.compile(r"<h1[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head|template)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(
    r"<(?:br|/p|/div|/li|/h[1-6]|/dt|/dd|/tr|/header|/section|/td|/th|p|div|li|h[1-6])\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_LABEL = re.compile(r"^(?P<label>[A-Z][A-Za-z ()]{0,40})[.:]\s+(?P<value>\S.*)$")
_STAMP = re.compile(r"\bv\d+\.\d+(?:\.\d+)?\b")
_HEAD_BYTES = 65_536  # characters of the file in which a header is looked for
_HEAD_LINES = 60


def parse_html_header(text: str) -> Header:
    """The facts of an HTML document. ``body_line`` is 1: an HTML document is shown whole."""
    head = text[:_HEAD_BYTES]
    lines = _lines(head)
    fields = [field for line, number in lines for field in _labelled(line, number)]
    if not any(field.key == "version" for field in fields):
        fields += _stamped(lines)
    found = _H1.search(head) or _TITLE.search(head)
    return Header(title=_text(found[1]) if found else None, fields=tuple(fields))


def _lines(head: str) -> list[tuple[str, int]]:
    """The first visible lines, each with its 1-based line in the file."""
    visible = _HIDDEN.sub(lambda hidden: "\n" * hidden.group().count("\n"), head)
    found: list[tuple[str, int]] = []
    for number, source_line in enumerate(visible.split("\n"), 1):
        for piece in _BREAK.split(source_line):
            text = _text(piece)
            if text:
                found.append((text, number))
        if len(found) >= _HEAD_LINES:
            break
    return found


def _labelled(line: str, number: int) -> list[Field]:
    found = _LABEL.match(line)
    key = field_of(found["label"]) if found else None
    return [Field(found["label"], key, found["value"], number)] if found and key else []


def _stamped(lines: list[tuple[str, int]]) -> list[Field]:
    """Version, date and status from the first line that holds a version, and what stands between the dots."""
    for text, number in lines[:20]:
        stamp = _STAMP.search(text)
        version = parse_version(stamp.group()) if stamp else None
        if version is None:
            continue
        fields = [Field("Version", "version", str(version), number)]
        day = first_date(text)
        if day:
            fields.append(Field("Date", "date", day.isoformat(), number))
        last = re.split(r"\s*[·|]\s*", text)[-1]
        if re.search(r"[·|]", text) and not _STAMP.search(last) and first_date(last) is None:
            fields.append(Field("Status", "status", last, number))
        return fields
    return []


def _text(markup: str) -> str:
    return " ".join(unescape(_TAG.sub("", markup)).split())
