"""Notes in a rendered body that depend on other chains: they are put in when the page is made, not when the text is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from msgspec import Struct
from msgspec.structs import replace

Note = tuple[tuple[str, str], ...]  # its parts, each with where it leads, or ""

_SUPERSEDED = re.compile(
    r'(?P<link><a\s[^>]*?href="(?P<href>[^"]+)"[^>]*>(?:(?!<a\s).)*?</a>)'
    r'<span class="m-note m-note--superseded"> superseded, now(?:&nbsp;|\u00a0)<a [^>]*>[^<]*</a></span>',
    re.DOTALL,
)


def with_notes(body: str, notes: Mapping[str, Note]) -> str:
    """``body`` with the note beside each mention that leads to one of these addresses in place of the plain one."""

    def noted(found: re.Match[str]) -> str:
        note = notes.get(found["href"].replace("&amp;", "&"))
        if note is None:
            return found.group()
        return f'{found["link"]}<span class="m-note m-note--superseded"> superseded, {_written(note)}</span>'

    return _SUPERSEDED.sub(noted, body) if notes else body


def _written(note: Note) -> str:
    return "".join(f'<a href="{escape(href)}">{escape(text)}</a>' if href else escape(text) for text, href in note)


class SideNote(Struct, frozen=True):
    """What stands beside a heading, a row or a label (its ``kind``) at ``anchor``, and where it leads, or "". ``here``:
    it is new in this version, or changed in it."""

    anchor: str
    words: str
    href: str
    kind: str
    here: bool


_SHARE = 0.09  # of a body, and of the page around it, that its marks may weigh
_LISTED = 50  # characters that what is new or changed here takes in the contents, twice
_AROUND = 8_000  # characters: the least that a page has around its text
_PLACE = re.compile(r'<(?P<tag>h[1-6]|tr|p|li)\b[^>]*?\sid="(?P<anchor>[^"]+)"[^>]*>')


def with_marks(body: str, marks: Sequence[SideNote]) -> str:
    """``body`` with as much of its marks as fits into a tenth of the page: where they weigh more, those of rows and
    labels are written without their links, then those of what is neither new nor changed here, then all; then only
    headings have any, then only those that are new or changed."""
    most = _SHARE * (len(body) + _AROUND) - _LISTED * sum(mark.here and mark.kind == "heading" for mark in marks)
    bare = [replace(mark, href="") for mark in marks]
    forms = (
        marks,
        [mark if mark.kind == "heading" else plain for mark, plain in zip(marks, bare, strict=True)],
        [mark if mark.kind == "heading" and mark.here else plain for mark, plain in zip(marks, bare, strict=True)],
        bare,
        [mark for mark in bare if mark.kind == "heading"],
        [mark for mark in bare if mark.kind == "heading" and mark.here],
    )
    for form in forms:
        written = {mark.anchor: _mark(mark) for mark in form}
        if sum(map(len, written.values())) <= most:
            return _marked(body, written) if written else body
    return body


def _mark(mark: SideNote) -> str:
    inner = f'<a href="{escape(mark.href)}">{escape(mark.words)}</a>' if mark.href else escape(mark.words)
    tag = "p" if mark.kind == "heading" else "small"
    return f'<{tag} class="r-since">{inner}</{tag}>'


def _marked(body: str, written: Mapping[str, str]) -> str:
    pieces, at = list[str](), 0
    for found in _PLACE.finditer(body):
        mark = written.get(found["anchor"])
        if mark is None:
            continue
        tag, place = found["tag"], found.end()
        if tag == "tr":
            ends = (body.find(cell, place) for cell in ("</td>", "</th>"))
            place = min((end for end in ends if end >= 0), default=-1)
        elif tag[0] == "h":
            place = body.find(f"</{tag}>", place) + len(tag) + 3
        if place >= found.end():
            pieces += (body[at:place], mark)
            at = place
    return "".join((*pieces, body[at:]))
