"""Facts that stand elsewhere than directly below the title: after a quote, an image or a subtitle, in a table or a
comment, in a code block, or as a line such as "Version 1.0, 1 March 2026".

They are read where they stand, and stay there: the body keeps every line of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from loomworks_record import lazy
from loomworks_record.source.dates import header_date
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.header import Header, parse_header
from loomworks_record.source.labels import (
    Field,
    field_of,
    is_label_item,
    known_label,
    looks_like_label,
    own_key,
    split_labels,
)
from loomworks_record.source.version import said_version

_FAR = 60  # lines from the top in which a header is looked for
_BLOCKS = 8  # paragraphs that may stand before it
_LONG = 20_000  # characters of a block in which a fact in several lines is looked for
_PROSE = 300  # characters: a longer paragraph begins the body
_TELLS = frozenset({"version", "date", "status", "supersedes", "superseded_by", "cr_number", "author"})
_HEADING = lazy.regex(r"^#{1,6}\s+\S")
_HEADING_MARKS = lazy.regex(r"^#+\s+[*_]*|[*_]+")
_FIRST_LEVEL = lazy.regex(r"^#\s+\S")
_FENCE = lazy.regex(r"^(?P<mark>`{3,}|~{3,})[\w-]*\s*$")
_HTML_TITLE = lazy.regex(r"<h1\b[^<>]*>(?P<text>.*?)</h1>", re.IGNORECASE | re.DOTALL)
_TAG = lazy.regex(r"<[^<>]*>")
_INVISIBLE = lazy.regex(r"^\s*(?:<a\s[^<>]*>\s*</a>|<[?!][^<>]*>|\[[^\]]+\]:\s*\S.*|\{%.*%\})?\s*$")
# What may stand above a title: a quote, an image, a badge, a link back, a rule, a line of its own in italics.
_ABOVE = lazy.regex(r"^\s*(?:>|!?\[|\[!\[|<|[-*_]{3,}\s*$|\*[^*]+\*\s*$|_[^_]+_\s*$|[←«‹↩]|:::)")
_STAMP = lazy.regex(
    r"^(?:[-+•]\s+(?=[*_]*(?:version|rev)))?[\s*_(>]*(?P<word>version|ver\.|rev(?:ision)?\.?|(?=v\d+\.\d))"
    r"[\s*_:.=–—→>-]*"
    r"(?P<version>v?\d+(?:\.\d+){0,2}[\w-]*)(?P<rest>.*)$",
    re.IGNORECASE,
)
# What a reader does not see of a line, or sees as another mark.
_BOLD_TAG, _CELL_TAG = re.compile(r"</?(?:b|strong)>", re.IGNORECASE), re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_ALL_BOLD = lazy.regex(r"^\s*(\*\*|__)([^*_\n]+)\1\s*\\?$")  # "**Date: 1 May 2026**", as word processors write it
_ROW_END = lazy.regex(r"</tr>|<br\s*/?>", re.IGNORECASE)
_MARK = lazy.regex(r"^\s*(?:\d{1,2}[.)]|(?![\s\\<>|*_+#`~\[(-])\W{1,3})\s+(?=\S)")
_FIELD_MARK = lazy.regex(r"^\s*(?::(?=[A-Za-z][\w -]*:\s)|#\+(?=[A-Za-z_]+:\s))")  # of reStructuredText, AsciiDoc, Org
_TERM = lazy.regex(r"^([^\n:]{1,40})\n:[ \t]+([^\n]*)", re.MULTILINE)  # of a definition list
_TABLE_ROW = lazy.regex(r"<tr\b(?:(?!<tr\b).)*?</tr>", re.IGNORECASE | re.DOTALL)


def complete(text: str, header: Header) -> Header:
    """The header with what else the top of the text says."""
    top = text.split("\n", header.start + _FAR)[: header.start + _FAR]
    begin = _first_visible(top, header.start)
    if header.title is None:
        header = _with_title(text, text.split("\n"), begin, header)
    header = _continued(top, header)
    facts = list(_more(top, header, begin))
    return replace(header, fields=(*header.fields, *facts)) if facts else header


def _continued(top: list[str], header: Header) -> Header:
    """A paragraph of labels, known or not, directly after those that were read belongs to the header."""
    at = header.body_line - 1
    while at < len(top) and not top[at].strip():
        at += 1
    end = next((n for n in range(at, len(top)) if not top[n].strip()), len(top))
    block = [line.strip() for line in top[at:end]]
    labelled = [known_label(line) or is_label_item(line) for line in block]
    if len(header.fields) == 0 or not any(labelled) or end - at > _BLOCKS * 3:
        return header
    if not all(known or _is_item_like(line) for known, line in zip(labelled, block, strict=True)):
        return header
    facts = [field for number, line in enumerate(block, at + 1) for field in _of_line(line, number)]
    if any(not field.value for field in facts):
        return header
    return replace(header, fields=(*header.fields, *facts), body_line=end + 1)


def visible_start(text: str, start: int) -> int:
    """The 0-based line of what a reader sees first, from the line ``start`` on: after comments and anchors."""
    if not text.startswith(("<", "[", "\n", " "), 0 if start == 0 else _offset(text, start)):
        return start
    return _first_visible(text.split("\n"), start)


def _offset(text: str, line: int) -> int:
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
    return at


def _first_visible(lines: list[str], start: int) -> int:
    at = start
    while at < len(lines):
        if lines[at].lstrip().startswith("<!--"):
            end = next((n for n in range(at, len(lines)) if "-->" in lines[n]), None)
            if end is None or lines[end].partition("-->")[2].strip():
                return at
            at = end + 1
        elif _INVISIBLE.match(lines[at]):
            at += 1
        else:
            return at
    return start


def _with_title(text: str, lines: list[str], begin: int, header: Header) -> Header:
    """The title below what may stand above one, or of a document that is all one code block: one without a title is
    code, whatever it says."""
    fence = _FENCE.match(lines[begin]) if begin < len(lines) else None
    if fence and _is_all(lines, begin, fence["mark"]):
        inner = parse_header(text, begin + 1)
        return _taken(header, inner) if inner.title else header
    at = next((n for n in range(begin, min(len(lines), _FAR)) if _FIRST_LEVEL.match(lines[n])), None)
    if at is None:
        found = _HTML_TITLE.search("\n".join(lines[begin:_FAR]))
        words = " ".join(_TAG.sub("", found["text"]).split()) if found else ""
        return replace(header, title=words) if words else header
    inner = parse_header(text, at)
    above = [line for line in lines[begin:at] if line.strip()]
    if all(_ABOVE.match(line) for line in above) or (
        sum(map(len, above)) < _PROSE and any(field.key in _TELLS for field in inner.fields)
    ):
        return _taken(header, inner)
    return header


def _is_all(lines: list[str], begin: int, mark: str) -> bool:
    closing = [at for at in range(begin + 1, len(lines)) if lines[at].strip() == mark]
    return bool(closing) and not any(line.strip() for line in lines[closing[-1] + 1 :]) and len(closing) % 2 == 1


def _taken(header: Header, inner: Header) -> Header:
    known = {field.key for field in header.fields}
    more = (field for field in inner.fields if field.key not in known)
    return replace(header, title=inner.title, banner=inner.banner, fields=(*header.fields, *more))


def _more(top: list[str], header: Header, begin: int) -> Iterator[Field]:
    """Facts of the paragraphs after what was read as the header, up to the first section."""
    known = {field.key for field in header.fields}
    titled = bool(header.title or header.first("subject"))  # code without a title above or in it is code
    blocks = list(_blocks(top, max(begin, header.body_line - 1), header.title, with_code=titled))
    blocks += [(0, _comment(top, header.start))] if not known & {"version", "date"} else []
    for number, block in blocks:
        fields = _most_telling(block, number)
        if any(field.key in _TELLS and field.key not in known for field in fields):
            more = [field for field in fields if field.key not in known and field.value]
            yield from more
            known |= {field.key for field in more}
        elif fields == [] and sum(map(len, block)) > _PROSE:
            return


def _blocks(top: list[str], begin: int, title: str | None, *, with_code: bool) -> Iterator[tuple[int, list[str]]]:
    """(1-based line of the first, lines) of the paragraphs, quotes, tables and code blocks before the first section."""
    at, count, seen_title = begin, 0, title is None or begin > 0
    while at < len(top) and count < _BLOCKS:
        line = top[at]
        if _HEADING.match(line):
            is_title = bool(title and title in line) or (count == 0 and _is_subtitle(top, at))
            if seen_title and _is_only_fact(top, at):
                yield at + 1, [_HEADING_MARKS.sub("", line)]
                at += 1
                continue
            if seen_title and not is_title:
                return
            seen_title, at = True, at + 1
            continue
        fence = _FENCE.match(line)
        if fence:
            end = next((n for n in range(at + 1, len(top)) if top[n].strip() == fence["mark"]), None)
            if end is None:
                return
            if with_code:
                yield at + 2, top[at + 1 : end]
            at, count = end + 1, count + 1
        elif line.strip():
            end = next((n for n in range(at, len(top)) if not top[n].strip() or _HEADING.match(top[n])), len(top))
            yield at + 1, top[at:end]
            at, count = end, count + 1
        else:
            at += 1


def _is_only_fact(top: list[str], at: int) -> bool:
    """ "## Version: 0.7": a label with its value, and no other heading begins with that label."""
    words = _HEADING_MARKS.sub("", top[at])
    facts = list(split_labels(words, at)) if known_label(words) else []
    if len(facts) != 1 or not facts[0].value or facts[0].key not in _TELLS:
        return False
    return sum(_HEADING_MARKS.sub("", line).startswith(facts[0].label) for line in top if _HEADING.match(line)) == 1


def _is_subtitle(top: list[str], at: int) -> bool:
    """Whether labels follow a heading as they follow no other of its level: else it is the first entry of a log."""
    if not _has_labels(top, at) or re.match(r"#+\s+(?:[\d§\[]|\(\d)", top[at]):
        return False
    marks = top[at].partition(" ")[0]
    text = next((n for n in range(at + 1, len(top)) if top[n].strip() and not _HEADING.match(top[n])), len(top))
    later = (n for n in range(text, len(top)) if top[n].partition(" ")[0] == marks)
    return not any(_has_labels(top, place) for place in later)


def _has_labels(top: list[str], at: int) -> bool:
    """Whether labels or a table of them follow a heading, below at most one more."""
    after = [line.strip() for line in top[at + 1 : at + _BLOCKS] if line.strip()]
    after = after[1:] if after and _HEADING.match(after[0]) else after
    if after and after[0].startswith("|"):
        return any(field.key in _TELLS for field in _of_table([line for line in after if line.startswith("|")], 0))
    return bool(after) and known_label(after[0])


def _comment(top: list[str], start: int) -> list[str]:
    """The lines of the comment that the text begins with; line numbers are those of the text, from the first line."""
    at = next((n for n in range(start, len(top)) if top[n].strip()), len(top))
    if at == len(top) or not top[at].lstrip().startswith("<!--"):
        return []
    end = next((n for n in range(at, len(top)) if "-->" in top[n]), at)
    return [line.replace("<!--", "").replace("-->", "").strip() for line in top[: end + 1]]


def _most_telling(block: list[str], number: int) -> list[Field]:
    """The facts of a paragraph as it is filed, or as it is seen where that tells more."""
    text = "\n".join(block)
    if ("\n:" in text or "<tr" in text) and len(text) < _LONG:
        # A fact in several lines is seen in one; the others stay, for the count.
        text = _TERM.sub(r"\1: \2\n", text)
        block = _TABLE_ROW.sub(lambda row: row[0].replace("\n", "") + "\n" * row[0].count("\n"), text).split("\n")
    filed = list(_fields(block, number))
    lines = [(at, line, _as_seen(line)) for at, line in enumerate(block, number)]
    if all([line] == seen for _, line, seen in lines):
        return filed
    seen = [replace(field, line=at) for at, _, parts in lines for field in _fields(parts, at)]
    return max(filed, seen, key=lambda fields: len({field.key for field in fields} & _TELLS))


def _as_seen(line: str) -> list[str]:
    """A line without tags, escapes and the sign or number before it; the rows of a table of HTML as lines."""
    if "<" in line:
        line = _TAG.sub("", _CELL_TAG.sub("|", _BOLD_TAG.sub("**", _ROW_END.sub("\n", line))))
    plain = _FIELD_MARK.sub("", fold_markdown(_ALL_BOLD.sub(r"\2", line)).replace("：", ": "))
    return [_MARK.sub("", part) for part in plain.split("\n") if part.strip()]


def _fields(block: list[str], number: int) -> Iterator[Field]:
    lines = [line.strip().lstrip("> ").strip() if line.lstrip().startswith(">") else line.rstrip() for line in block]
    if lines and sum(line.lstrip().startswith("|") for line in lines) > len(lines) / 2:
        yield from _of_table(lines, number)
        return
    full = [line for line in lines if line]
    labelled = any(known_label(line.strip()) or is_label_item(line.strip()) for line in full)
    if labelled and all(known_label(line.strip()) or _is_like(line) for line in full):
        for at, line in enumerate(lines):
            yield from _of_line(line.strip(), number + at)
        return
    if labelled and known_label(full[0].strip()):
        yield from split_labels("\n".join(lines), number)
        return
    if labelled:
        for at, line in enumerate(lines):
            known = known_label(line.strip()) or is_label_item(line.strip())
            yield from split_labels(line.strip(), number + at) if known else _of_stamp(line, number + at)
        return
    for at, line in enumerate(lines):
        yield from _of_stamp(line, number + at)


def _of_line(line: str, number: int) -> Iterator[Field]:
    if known_label(line) or is_label_item(line):
        yield from split_labels(line, number)
    elif line:
        label, _, value = re.sub(r"^[-*+]\s+", "", line).replace("**", "").partition(":")
        yield Field(label.strip(), field_of(label) or own_key(label), value.strip(), number)


def _is_item_like(line: str) -> bool:
    return line[:2] in ("- ", "* ", "+ ") and _is_like(line)


def _is_like(line: str) -> bool:
    plain = re.sub(r"^\s*[-*+]\s+", "", line).replace("**", "")
    return looks_like_label(plain + " x") and ":" in plain


def _of_table(lines: list[str], number: int) -> Iterator[Field]:
    """Rows of two cells, a label and its value; or one row of labels above one of values."""
    rows = [(number + at, _cells(line)) for at, line in enumerate(lines) if not re.fullmatch(r"[\s|:-]*", line)]
    if all(len(cells) == 4 and field_of(cells[0]) and field_of(cells[2]) for _, cells in rows):
        rows = [(line, cells[at : at + 2]) for line, cells in rows for at in (0, 2)]
    if len(rows) == 2 and len(rows[0][1]) > 2:
        rows = [(rows[1][0], list(pair)) for pair in zip(rows[0][1], rows[1][1], strict=False)]
    for line, cells in rows:
        key = field_of(cells[0]) if len(cells) == 2 and cells[0] else None
        if len(cells) == 2 and cells[0] and cells[1]:
            yield Field(cells[0], key or own_key(cells[0]), cells[1], line)


def _cells(line: str) -> list[str]:
    cells = line.strip().removeprefix("|").removesuffix("|").split("|")
    return [cell.strip().strip("*_:").strip() for cell in cells]


def _of_stamp(line: str, number: int) -> Iterator[Field]:
    """ "Version 1.0, 1 March 2026", "v1.0 · 1 March 2026"; a line that is a date and nothing else."""
    if not 4 < len(line.strip()) < 120 or line.lstrip().startswith(("#", "|")):
        return
    found = _STAMP.match(line)
    if found and said_version(found["version"]):
        rest = found["rest"].strip(" ,;·|–—-*_()")
        is_dated = header_date(rest).day or header_date(rest).doubt
        if found["word"] or is_dated:
            yield Field("Version", "version", found["version"], number)
        if is_dated:
            yield Field("Date", "date", rest, number)
        return
    bare = line.strip(" *_()>")
    if len(bare) < 20 and header_date(bare).day and not re.search(r"[A-Za-z]{10,}", bare) and bare[:1] not in "-#":
        yield Field("Date", "date", bare, number)
