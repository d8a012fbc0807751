"""Lookalikes: what looks like a version in a name or in a text, and is not read as one.

In a name it is told with the name that would be read. In a text (a title, a footer, a badge, a sentence, a table of
revisions) it is told and not taken: it may be that of what the document is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.folding import fold, fold_markdown
from loomworks_record.source.names import OF_FOLDER, OF_OTHERS, Name
from loomworks_record.source.version import IN_TEXT, Version, said_version, same_version, version_key, whole_version

# At the end of a stem, after the v: zeros before a number, hyphens between two, four numbers, a mark of a copy after.
_NUMBERS_AT_END = r"(?P<numbers>\d{1,6}(?:[._]\d{1,6}){1,3}|\d{1,6}(?:-\d{1,3}){1,2}|\d{1,6})"
_COPY = r" ?\(\d{1,3}\)|[-_ ]copy(?:[-_ ]?\d+)?|\.sync-conflict-[\w-]+"
_AT_END = lazy.regex(
    rf"(?:^|[-_. ])v(?:{_NUMBERS_AT_END}(?:|[-_ ]\d{{1,2}}|{_COPY}|[-_.]\d{{4}}-\d\d-\d\d)"
    r"|(?P<canonical>\d+_\d+(?:_\d+)?)-[a-z]+)\Z",
    re.IGNORECASE | re.ASCII,
)
# Without a v: revisions, three numbers, drafts of the IETF, editions, "final", second downloads and copies.
_OTHERWISE = (
    lazy.regex(r"[-_ .](?P<seen>r(?:ev(?:ision)?)?[-_. ]?(?P<numbers>\d{1,3}))\Z", re.IGNORECASE | re.ASCII),
    lazy.regex(r"[-_ ](?P<seen>(?P<numbers>\d{1,2}\.\d{1,2}\.\d{1,3}))\Z", re.ASCII),
    lazy.regex(r"^draft-.*-(?P<seen>(?P<numbers>\d\d))\Z", re.IGNORECASE | re.ASCII),
    lazy.regex(
        r"(?<!phase)(?<!step)(?<!stage)(?<!part)(?<!gate)[-_ ](?P<seen>(?P<numbers>\d{1,2})(?:e|ed|edition))\Z",
        re.IGNORECASE | re.ASCII,
    ),
    lazy.regex(rf"(?P<seen>[-_ ]final|{_COPY})\Z", re.IGNORECASE | re.ASCII),  # where what was copied is held
    lazy.regex(r"^(?P<seen>(?:copy|kopie|copia|copie) (?:of|von|de|di) )", re.IGNORECASE),
)
# Numbers at the end, which are a version where a document's subject stands before them.
_NUMBERED = lazy.regex(
    r"[-_. (\[]+(?P<seen>(?:v(?:er(?:sion)?)?[-_. ]?|(?=\d+[._,]\d))(?P<numbers>\d{1,3}(?:[._,]\d{1,3})?))[\])]?\Z",
    re.IGNORECASE | re.ASCII,
)
_INSIDE = lazy.regex(rf"(?:^|[-_. (])(?P<seen>{IN_TEXT}|v\d{{1,4}}(?![._,]\d))(?=[\W_])", re.IGNORECASE | re.ASCII)


class Lookalike(Struct, frozen=True):
    """``seen`` is what looks like a version; ``subject`` the stem without it; ``version`` what it would mean, if known.

    ``inside``: it stands within the name, so it may as well be that of what the document is about.
    """

    seen: str
    subject: str
    version: Version | None
    inside: bool = False

    def proposed(self, name: Name, said: Version | None = None) -> str:
        """The name that would be read; ``said`` is the version that the header says."""
        version = said or self.version
        return f"{self.subject}-{version.slug if version else 'v<major>_<minor>'}{name.extension or '.md'}"


def version_lookalike(name: Name) -> Lookalike | None:
    """What in a name looks like the document's version and is not read, or None."""
    stem = fold(name.stem)
    copied = _OTHERWISE[-1].match(stem)
    if name.version is not None:
        if copied and name.subject:
            return Lookalike(copied["seen"].strip(), name.subject[copied.end() :], name.version)
        return None
    found = _AT_END.search(stem)
    if found is not None and not OF_OTHERS.search(stem[: found.start()]):
        numbers = found["numbers"] or found["canonical"]
        return Lookalike(stem[found.start() :].lstrip("-_. "), stem[: found.start()], _meant(numbers))
    for pattern in _OTHERWISE:
        found = pattern.search(stem)
        numbers = found.groupdict().get("numbers") if found else None
        if found and (numbers or not _INSIDE.search(stem)):
            subject = stem[: found.start("seen")] + stem[found.end("seen") :]
            return Lookalike(found["seen"].strip(), subject.strip("-_. "), _meant(numbers) if numbers else None)
    inside = (place for place in _INSIDE.finditer(stem) if not OF_OTHERS.search(stem[: place.start()]))
    *_, last = [None, *inside]
    if last is None:
        return None
    subject = (stem[: last.start()] + stem[last.end() :]).strip("-_. ")
    return Lookalike(last["seen"], subject, _meant(last["seen"][1:]), inside=True)


def numbered(name: Name) -> Lookalike | None:
    """The numbers at the end of a name, for who knows whether what stands before them is a document's subject."""
    stem = fold(name.stem)
    found = _NUMBERED.search(stem)
    return Lookalike(found["seen"], stem[: found.start()], _meant(found["numbers"])) if found else None


def _meant(numbers: str) -> Version | None:
    parts = [str(int(part)) for part in re.split(r"[-._,]", numbers)]
    return whole_version(".".join(parts[:3]))


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


def header_lookalike(text: str, title: str | None, name: Name) -> tuple[int, str, Version | None] | None:
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
