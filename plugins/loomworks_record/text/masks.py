"""Masks: signs that the parser must take for letters. Noncharacters of Unicode stand for them while it reads.

The pipe within code in a table, the colon of what only looks like a definition, the underscores of an address,
the "<" of what is not a tag; and a blank line where a table begins within another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from loomworks_record import lazy

_MASKS = {"<": "\ufdd0", "|": "\ufdd1", ":": "\ufdd2", "*": "\ufdd3", "_": "\ufdd4", "~": "\ufdd5"}
PARTING = b" \t \t\t \t  \n"  # a blank line that nobody writes; it does not count as a line
_NO_TEXT = lazy.regex("[\ufdd0-\ufdd5]")
UNMASKED = {ord(mask): sign for sign, mask in _MASKS.items()}
_BYTES = {sign.encode(): mask.encode() for sign, mask in _MASKS.items()} | {b"\t": b" "}

_RULE = lazy.regex(r"\n[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?=\n|$)")
_URL = lazy.regex(r"(?:(?:https?|ftp)://|www\.)[^\s<]*", re.IGNORECASE)
_SCHEME, _WWW = re.compile("://"), re.compile(r"www\.")  # found faster than by ``in``
_ADDRESS_END = lazy.regex(r"://[^\s<]*|www\.[^\s<]*")
_EMPHASIS_SIGNS = frozenset("*_~")
_EMPHASIS = lazy.regex(r"[*_~]")
_TRAILING = "?!.,:*_~'\")];"

_BLANKS = " \t\r\n"

_FENCE = lazy.regex(rb" *(?:`{3,}|~{3,})")
_ENDS_FENCE = lazy.regex(rb"^[ >]*(?P<fence>`{3,}|~{3,})[ \t]*\t[ \t]*$", re.MULTILINE)

_DEFINITION = lazy.regex(
    r"^(?P<before> {0,3}(?:(?:[-*+]|\d{1,9}[.)]) +|> ?){0,9}\[(?P<label>[^\[\]\s^][^\[\]\n]*)\]):"
    r"[ \t]*(?P<address>\S*)(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
_BRACKETED = lazy.regex(r"\[([^\[\]]+)\](?!:)")
_ADDRESS_SIGNS = frozenset("/:.#<@%&=?")
_COMMENTS = frozenset(("//", "comment", "_", "#", "note-to-self"))


def masked(text: str) -> str:
    """``text`` as it is given to the parser."""
    if not text.isascii() and any(mask in text for mask in _MASKS.values()):
        text = _NO_TEXT.sub("\ufffd", text)
    if "]" in text and "]:" in text:
        text = _words_of_definitions(text)
    if "`" in text and "|" in text:
        text = _heads_with_code(text)
    has_address = _SCHEME.search(text) or _WWW.search(text)
    if has_address and any(not _EMPHASIS_SIGNS.isdisjoint(found.group()) for found in _ADDRESS_END.finditer(text)):
        text = _URL.sub(_address, text)
    return text


def with_masks(source: bytes, places: Mapping[int, bytes]) -> bytes:
    """``source`` with the signs at ``places`` masked; for ``PARTING`` a line is put in, without words."""
    out: list[bytes] = []
    last = 0
    for place in sorted(places):
        is_line = places[place] == PARTING
        out += (source[last:place], PARTING if is_line else _BYTES[places[place]])
        last = place if is_line else place + 1
    out.append(source[last:])
    return b"".join(out)


def tabs_of_fences(block: bytes) -> Iterator[int]:
    """The places of tabs after what ends a fenced ``block``: pulldown-cmark 0.13.5 takes blanks alone there, CommonMark
    0.31 §4.5 tabs as well."""
    opened = _FENCE.match(block)
    if opened is None:
        return
    for line in _ENDS_FENCE.finditer(block, opened.end()):
        if line["fence"].startswith(opened.group().lstrip()):
            yield from (place for place in range(line.end("fence"), line.end()) if block[place] == 9)
            return


def pipes_to_mask(row: str, columns: int) -> Iterator[int]:
    """The places in a row of a table of those pipes that part no cells: within code, or past the last column.

    GFM 0.29 §4.10 parts code at a pipe, and drops the cells past the last column of the head.
    """
    within = {place for span in _code_spans(row) for place in range(*span) if _is_pipe(row, place)}
    yield from within
    bare = row.rstrip(_BLANKS)
    pipes = [place for place in range(len(bare)) if _is_pipe(bare, place) and place not in within]
    if bare.lstrip(_BLANKS).startswith("|") and pipes:
        pipes = pipes[1:]
    ends = len(bare)
    while pipes and not bare[pipes[-1] + 1 : ends].strip(_BLANKS):  # empty cells at the end say nothing
        ends = pipes.pop()
    yield from pipes[columns - 1 :]


def _is_pipe(row: str, place: int) -> bool:
    return row[place] == "|" and (place == 0 or row[place - 1] != "\\")


def _code_spans(row: str) -> Iterator[tuple[int, int]]:
    """(start, end) of code, by CommonMark 0.31 §6.1: a run of backticks ends at the next run of as many."""
    runs = [found.span() for found in re.finditer("`+", row)]
    ends: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        ends.setdefault(runs[number][1] - runs[number][0], []).append(number)
    at = 0
    while at < len(runs):
        start, end = runs[at]
        ahead = ends[end - start]
        while ahead and ahead[-1] <= at:
            ahead.pop()
        if ahead and (not start or row[start - 1] != "\\"):
            at = ahead.pop()
            yield start, runs[at][1]
        at += 1


def _heads_with_code(text: str) -> str:
    """With the pipes masked that stand within code in the head of a table."""
    out: list[str] = []
    last = 0
    for rule in _RULE.finditer(text):
        start = text.rfind("\n", 0, rule.start()) + 1
        head = text[start : rule.start()]
        if "`" in head and "|" in head and start >= last:
            for begins, ends in _code_spans(head):
                for at in range(begins, ends):
                    if _is_pipe(head, at):
                        out += (text[last : start + at], _MASKS["|"])
                        last = start + at + 1
    return "".join([*out, text[last:]])


def _address(found: re.Match[str]) -> str:
    url = found.group()
    if not _EMPHASIS.search(url):
        return url
    end = len(url.rstrip(_TRAILING))
    return _EMPHASIS.sub(lambda sign: _MASKS[sign.group()], url[:end]) + url[end:]


def _words_of_definitions(text: str) -> str:
    """``[P57-B1]: settled`` defines a link only where [P57-B1] is one, and only the first of its label; of others the
    words are shown. What looks like an address, or like a comment (``[//]: # (…)``), is not shown."""
    used = {_folded(label) for label in _BRACKETED.findall(text)}
    seen: set[str] = set()

    def shown(found: re.Match[str]) -> str:
        label = _folded(found["label"])
        first = label not in seen
        seen.add(label)
        address = found["address"]
        says_nothing = not address or label in _COMMENTS or not _ADDRESS_SIGNS.isdisjoint(address)
        if says_nothing or (first and label in used):
            return found.group()
        return f"{found['before']}{_MASKS[':']}{found.group()[found.end('before') - found.start() + 1 :]}"

    return _DEFINITION.sub(shown, text)


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
