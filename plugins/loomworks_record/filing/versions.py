"""Places in a document that still name the version before it.

Three families may be changed on approval, place by place: the *title*, the *version line* of the header, and the
*footer*. All others are shown and never changed: a *transition* ("supersedes v0.3"), an *arrow* ("v0.3 → v0.4"), and
every other mention, taken for a *cross-reference*. The same number of another document ("scoping v0.3", another file's
name) is not a place.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.decode import decode
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.publishable import LONGEST_NAME
from loomworks_record.source.version import Version

Family = Literal["title", "version-line", "footer", "transition", "arrow", "cross-reference"]
CHANGEABLE: frozenset[Family] = frozenset({"title", "version-line", "footer"})

_EXCERPT = 100  # characters of the line that are shown around a place
_NEAR = 80  # characters on either side that say what a mention is
_LINE_END = lazy.regex(r"\r\n|\r|\n")
_ARROW = r"(?:→|⇒|⟶|➜|->|=>|&rarr;)"
_BEFORE_ARROW = lazy.regex(rf"^[\s*_`)]*{_ARROW}")
_AFTER_ARROW = lazy.regex(rf"{_ARROW}[\s*_`(]*(?:CR\s+)?$", re.IGNORECASE)
_TRANSITION_BEFORE = lazy.regex(
    r"\b(?:supersed\w+|replac\w+|succe\w+|amend\w*|absorb\w*|follow\w*|extend\w*|revis\w+|from|since|until|before|after"
    r"|prior|previous\w*|earlier|former\w*|old|predecessor|added|changed|kept|against|over|beyond)\b"
    r"(?:[\s*_(,:]+(?:in|at|to|of|than|version|the|this|CR|by|with)\b)*[\s*_(,:“\"'`]*$",
    re.IGNORECASE,
)
_TRANSITION_AFTER = lazy.regex(
    r"^[\s*_)`’”\"']*(?:to\s+(?:version\s+)?v?\d|(?:is|was|are|were)\s+(?:now\s+)?(?:supersed|replac|kept|archiv)|onwards?\b)",
    re.IGNORECASE,
)
_PART = lazy.regex(r"\s+[—–·|-]\s+|\s*[·|]\s*")
_HIDDEN = lazy.regex(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HTML_TITLE = lazy.regex(r"<(title|h1)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_HTML_FOOTER = lazy.regex(r"<footer\b[^>]*>.*?(?:</footer\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HEADING = lazy.regex(r"^#{1,6}\s")
_BLOCK = lazy.regex(r"^\s*(?:\||#{1,6}\s|>|[-*+]\s|\d{1,3}[.)]\s|```|~~~)")
_NAME_BEFORE = lazy.regex(r"([A-Za-z0-9][\w.-]*)-$")
_LABEL = lazy.regex(r"\bversion\b", re.IGNORECASE)


class VersionMention(Struct, frozen=True):
    """One mention of the version before. ``line`` and ``column`` are 1-based, in the incoming bytes.

    ``text`` is what stands there ("v0.3"), ``instead`` what would stand there, or None where a place is only
    shown. ``start`` and ``end`` are byte offsets. ``key`` names the place in a document: ``title:1``, or
    ``title:1.2`` for the second one in that line.
    """

    key: str
    family: Family
    line: int
    column: int
    text: str
    instead: str | None
    excerpt: str
    start: int
    end: int


class _Others(Struct, frozen=True):
    """Tells mentions of other documents from those of ``document``."""

    document: Document
    kinds: KindTable

    def own_name(self, subject: str) -> bool:
        return plain_subject(subject) == plain_subject(self.document.name.subject)

    def named(self, before: str) -> bool:
        """Whether ``before`` ends in what another kind, or a document of another phase, is called."""
        text = before.rstrip(" *_(`[“\"'")
        words = [(word, row.kind) for row in self.kinds.rows for word in row.words]
        ends = [
            (len(word), kind) for word, kind in words if re.search(rf"(?<!\w){re.escape(word)}$", text, re.IGNORECASE)
        ]
        if not ends:
            return False
        length, kind = max(ends)
        phase = re.search(r"\bphase\s+0*(\d+)\s*$", text[: len(text) - length], re.IGNORECASE)
        number = self.document.name.phase_number
        return kind != self.document.kind or (phase is not None and number is not None and int(phase[1]) != number)


class _Text(Struct, frozen=True):
    """A document's text with its own line ends, and what each line says of the document."""

    text: str
    lines: tuple[tuple[int, int], ...]  # (start, end) of each line, without its end
    titles: tuple[tuple[int, int], ...]
    footers: tuple[tuple[int, int], ...]
    version_line: int | None
    html: bool

    def line_of(self, at: int) -> int:
        """0-based."""
        return next(number for number, (_, end) in enumerate(self.lines) if at <= end)


class _Mention(Struct, frozen=True):
    start: int  # characters, of the numbers alone
    end: int
    whole: int  # where the mention begins, its "v" or "Version" included
    bare: bool


def version_places(document: Document, before: Version, kinds: KindTable) -> tuple[VersionMention, ...]:
    """Every place in ``document`` that names ``before``, in order. None in bytes that are not UTF-8."""
    own = document.version
    if document.encoding != "utf-8" or own is None or decode(document.data).text is None:
        return ()
    marked = document.data.startswith(codecs.BOM_UTF8)
    read = _read(document, document.data.decode("utf-8-sig"))
    others = _Others(document, kinds)
    found = [(mention, _family(read, mention, others)) for mention in _mentions(read, before)]
    known = [(mention, family) for mention, family in found if family is not None]
    return tuple(_placed(read, known, own, offset=3 if marked else 0))


def changed(data: bytes, places: Sequence[VersionMention]) -> bytes:
    """``data`` with each of ``places`` changed, and every other byte as it was."""
    for place in sorted(places, key=lambda place: place.start, reverse=True):
        if place.instead is None:
            raise ValueError(f"{place.key} is shown only")
        data = data[: place.start] + place.instead.encode() + data[place.end :]
    return data


def _placed(
    read: _Text, found: Sequence[tuple[_Mention, Family]], own: Version, offset: int
) -> Iterator[VersionMention]:
    counted: dict[str, int] = {}
    for mention, family in found:
        line = read.line_of(mention.start)
        key = f"{family}:{line + 1}"
        counted[key] = counted.get(key, 0) + 1
        written = read.text[mention.start : mention.end]
        lead = read.text[mention.whole : mention.start]
        numbers = str(own).replace(".", "_") if "_" in written else str(own)
        start = offset + len(read.text[: mention.whole].encode())
        yield VersionMention(
            key=key if counted[key] == 1 else f"{key}.{counted[key]}",
            family=family,
            line=line + 1,
            column=mention.whole - read.lines[line][0] + 1,
            text=lead + written,
            instead=lead + numbers if family in CHANGEABLE else None,
            excerpt=_excerpt(read, line, mention),
            start=start,
            end=start + len((lead + written).encode()),
        )


def _excerpt(read: _Text, line: int, mention: _Mention) -> str:
    start, end = read.lines[line]
    first = max(start, min(mention.whole - _EXCERPT // 2, end - _EXCERPT))
    last = min(end, first + _EXCERPT)
    text = " ".join(read.text[first:last].split())
    return ("…" if first > start else "") + text + ("…" if last < end else "")


def _mentions(read: _Text, before: Version) -> Iterator[_Mention]:
    """``v0.3``, ``v0_3``, ``Version 0.3``; the bare number too, which counts in the version line only."""
    numbers = r"[._]".join(str(before).split("."))
    pattern = re.compile(
        rf"(?<![A-Za-z0-9.])(?P<lead>v\.?\s?|version[\s.:]{{1,3}})?(?P<numbers>{numbers})(?![\d_]|\.\d)", re.IGNORECASE
    )
    hidden = [found.span() for found in _HIDDEN.finditer(read.text)] if read.html else []
    for found in pattern.finditer(read.text):
        start, end = found.span("numbers")
        if not any(first <= start < last for first, last in hidden):
            yield _Mention(start, end, found.start(), bare=found["lead"] is None)


def _family(read: _Text, mention: _Mention, others: _Others) -> Family | None:
    """None for what is not a version of this document, such as a bare number anywhere but after the header's label."""
    line = read.line_of(mention.start)
    start, end = read.lines[line]
    before, after = read.text[start : mention.whole], read.text[mention.end : end]
    near_before, near_after = before[-_NEAR:], after[:_NEAR]
    if line == read.version_line and _is_version_line(read, before, mention):
        return "version-line"
    if mention.bare:
        return None
    in_name = _NAME_BEFORE.search(before[-LONGEST_NAME:])
    if in_name and "_" in read.text[mention.start : mention.end]:
        ends = re.match(r"-\w", near_after) is None
        return "cross-reference" if ends and others.own_name(in_name[1]) else None
    if _BEFORE_ARROW.search(near_after) or _AFTER_ARROW.search(near_before):
        return "arrow"
    if _TRANSITION_BEFORE.search(near_before) or _TRANSITION_AFTER.search(near_after):
        return "transition"
    if _within(mention, read.titles):
        return "title"
    if _within(mention, read.footers) and _is_own_part(before, after):
        return "footer"
    return None if others.named(near_before) else "cross-reference"


def _is_version_line(read: _Text, before: str, mention: _Mention) -> bool:
    """The first mention after the label "Version" with nothing but marks between; else the first ``v0.3``."""
    labels = list(_LABEL.finditer(before))
    if labels:
        return re.fullmatch(r"(?:[\W_]|</?\w+[^>]*>)*v?", before[labels[-1].end() :], re.IGNORECASE) is not None
    whole = read.text[mention.whole : mention.start]
    if _LABEL.match(whole):
        return True
    return read.html and not mention.bare and re.search(r"\bv\d+[._]\d", before) is None


def _is_own_part(before: str, after: str) -> bool:
    """Whether a footer's version stands by itself, or after a word or two, between its dashes or dots."""
    own = _PART.split(before)[-1] + " " + _PART.split(after)[0]
    return len(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", own))) <= 2


def _within(mention: _Mention, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= mention.start < end for start, end in spans)


def _read(document: Document, text: str) -> _Text:
    lines = tuple(_lines(text))
    stated = next(iter(document.header.all("version")), None)
    html = document.form == "html"
    if html:
        titles = tuple(found.span(2) for found in _HTML_TITLE.finditer(text))
        footers = tuple(found.span() for found in _HTML_FOOTER.finditer(text))
    else:
        titles = tuple(_titles(document, text, lines))
        footers = tuple(_footers(text, lines))
    return _Text(text, lines, titles, footers, stated.line - 1 if stated else None, html)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _LINE_END.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _titles(document: Document, text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The headings before the body, and the title in front matter."""
    header = document.header
    own = {" ".join(title.split()) for title in (header.title, header.banner) if title}
    facts = {field.line for field in header.fields if field.key == "subject"}
    for number, (start, end) in enumerate(lines[: header.body_line - 1], 1):
        line = text[start:end]
        stripped = " ".join(re.sub(r"^#{1,6}\s+|\s+#*\s*$", "", line).split())
        if stripped and (number in facts or _HEADING.match(line) or stripped in own):
            yield start, end


def _footers(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The lines of the last paragraph; a table or a list at the end (of versions, say) is not a footer."""
    last = len(lines)
    while last and not text[slice(*lines[last - 1])].strip():
        last -= 1
    first = last
    while first and text[slice(*lines[first - 1])].strip():
        first -= 1
    if not any(_BLOCK.match(text[slice(*line)]) for line in lines[first:last]):
        yield from lines[first:last]


def plain_subject(subject: str) -> str:
    """The subject without ``loomworks-``, without zeros before the phase, in lower case."""
    return re.sub(r"^phase-0+(?=\d)", "phase-", subject.lower().removeprefix("loomworks-"))
