"""A version that a reader sees in a text, in a form that is not read as its header's: in a title, a footer, a badge, a
sentence, a table of revisions. It is told, not taken: it may be that of what the document is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loomworks_record import lazy
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.names import OF_FOLDER, Name
from loomworks_record.source.version import Version, said_version, same_version, version_key

_TOP = 40  # lines that are looked at, up to the second heading
_ROWS_AT = 10  # lines from the top, in which a table of versions needs no heading that says so
_END = 3  # lines at the end
_LONG = 100  # characters: a longer line is prose
_OF_FOLDER = OF_FOLDER | {"changelog", "changes", "history", "releases", "license"}  # they tell of a product's versions
_NUMBERS = r"(?P<version>v?\d+(?:[._]\d+){0,2}(?:-[a-z]+\d*)?|(?<=: )[A-Z])(?![\w%]|[.,:]\d)"
_WORD = r"(?:\bversion|\brev(?:ision|number)?\b\.?|\bver\b\.?)"
_SAID = lazy.regex(rf"(?:{_WORD}[^\w\n]{{1,12}}|\b(?=v\d+[._]\d)){_NUMBERS}", re.IGNORECASE)
_BEFORE = lazy.regex(r"\W*(?:(?:this is|the|current|document|doc|draft|final|spec(?:ification)?)\W+){0,3}", re.I)
_BADGE = lazy.regex(r"badge/v(?:ersion)?-+(?P<version>v?\d+(?:\.\d+){0,2})-", re.IGNORECASE)
_PARTING = lazy.regex(r"\s*[|•·,;–—]\s*|\s{3,}")
_HEADING, _TITLE = lazy.regex(r"#{1,6}\s|<h[1-6]\b"), lazy.regex(r"#\s|[\w\"]*title\W")
_TAG = lazy.regex(r"<[^<>!]*>")
_ROWS = lazy.regex(
    r"^(?P<heading>#{1,6}[^\n]*\b(?:revision|version|document|change)s?\W+(?:history|record|log|control)\b[^\n]*\n\s*)?"
    r"^\|[ *]*(?:version|rev(?:ision)?\.?|ver\.?)[ *]*\|[^\n]*\n(?P<rows>(?:\|[^\n]*\n?)+)",
    re.IGNORECASE | re.MULTILINE,
)


def unread_header(text: str, title: str | None, name: Name) -> tuple[int, str, Version | None] | None:
    """(line, words, version) of the first that is another than the name says, or that the name lacks."""
    if name.version is None and name.subject.casefold() in _OF_FOLDER:
        return None
    for line, words, said in _seen(text, title or "\n"):
        version = said_version(said)
        in_name = version is not None and version.slug.removeprefix("v") in name.stem.replace(".", "_")
        if in_name or (version and name.version and same_version(version, name.version)):
            return None
        return line, words, version
    return None


def _seen(text: str, title: str) -> Iterator[tuple[int, str, str]]:
    lines = text.split("\n")
    for number, line in _top(lines):
        found = _said(f"# {line}" if title in line else line)
        if found:
            yield number, " ".join(line.split()), found["version"]
    tables = _ROWS.finditer(text) if "|" in text else ()
    rows = next((each for each in tables if each["heading"] or text.count("\n", 0, each.start()) < _ROWS_AT), None)
    if rows:
        first = text.count("\n", 0, rows.start("rows")) + 1
        cells = [f"{row}||".split("|")[1].strip(" *`") for row in rows["rows"].split("\n")]
        said = [(given, number, cell) for number, cell in enumerate(cells, first) if (given := said_version(cell))]
        if said:
            version, number, newest = max(said, key=lambda each: version_key(each[0]))
            yield number, newest, str(version)
    last = [number for number, line in enumerate(lines, 1) if line.strip()][-_END:]
    for number in last if len(last) == _END else ():
        line, above = lines[number - 1], lines[number - 2]
        found = _SAID.search(line) if len(line) <= _LONG and not _HEADING.match(line) else None
        if found and _BEFORE.fullmatch(line, 0, found.start()) and not re.search(r"\w", above):
            yield number, line.strip(), found["version"]


def _top(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines up to the second heading, with the line below that where it is "Version"."""
    headings = 0
    for number, line in enumerate(lines[:_TOP], 1):
        yield number, fold_markdown(_TAG.sub("", line))
        if _HEADING.match(line.lstrip()):
            headings += 1
            if headings == 2:
                below = next((at for at in range(number, min(len(lines), _TOP)) if lines[at].strip()), number - 1)
                yield below + 1, f"{line.strip('#: ')}: {lines[below].strip()}"
                return


def _said(line: str) -> re.Match[str] | None:
    """The version of a line that says little else: it begins or ends with it, or has it as one of its parts."""
    badge = _BADGE.search(line)
    if badge or len(line) > _LONG:
        return badge
    found = list(_SAID.finditer(line))
    if len(found) != 1:
        return None
    start, end = found[0].span()
    begins = _BEFORE.fullmatch(line, 0, start) is not None
    is_last = _TITLE.match(line) or line[start - 2 : start] in (", ", "  ")
    ends = is_last and not re.search(r"\w", line[end:])
    part = any(_SAID.fullmatch(each.strip(" *_`()[]")) for each in _PARTING.split(line.strip("|# ")))
    return found[0] if begins or ends or part else None
