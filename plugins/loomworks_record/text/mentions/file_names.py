"""File names in running text: where one begins and ends, and the folders before it.

A name is read whole: ``methodology-v0_21-consolidation-draft-material-v0_1`` is one, and a name that is part
of a longer one (``old-…-v0_1.md.bak``, ``…-<timestamp>-v0_1.md``) is not one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from loomworks_record import lazy

_STEM_BEFORE = lazy.regex(r"[A-Za-z0-9][A-Za-z0-9_-]*$")
_STEM_AFTER = lazy.regex(r"[A-Za-z0-9_-]*")
_PLAIN_BEFORE = lazy.regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*$")
_VERSIONED = lazy.regex(r"(?P<stem>[A-Za-z0-9].*?-v\d{1,4}_\d{1,4}(?:_\d{1,4})?)-*$", re.DOTALL)
# ".md.html" is how the record's own addresses end.
_EXTENSION = lazy.regex(r"\.(?:md\.html|md|html|docx|pdf)(?![\w-])")
_FOLDERS_BEFORE = lazy.regex(r"(?:(?:~|\.{1,2})?/)?(?:(?:[A-Za-z0-9_@-]+|\.{1,2})/)*$")
_ADDRESS_BEFORE = lazy.regex(r"(?:https?:/?|//)$|\S*://\S*$")
_LONGER = lazy.regex(r"\.[A-Za-z0-9]{1,6}(?![\w/.-])")  # ".bak" after an extension
_LONGEST_STEM = 200
_LONGEST_FOLDER = 240


class FileName(NamedTuple):
    """``start`` is where the folders begin, ``end`` after the extension. ``used`` is how far the text is used up."""

    start: int
    end: int
    file: str
    folder: str


def versioned_name(text: str, low: int, high: int, place: int) -> tuple[FileName | None, int]:
    """The name around ``place``, where a "v" follows a hyphen; and how far the text is used up either way."""
    before = _STEM_BEFORE.search(text[max(low, place - _LONGEST_STEM) : place])
    after = _STEM_AFTER.match(text, place, min(high, place + _LONGEST_STEM))
    end = after.end() if after else place
    if before is None:
        return None, end
    start = place - len(before.group())
    stem = _VERSIONED.fullmatch(text[start:end])
    if stem is None:
        return None, end
    return _whole(text, low, high, start, start + len(stem["stem"]), end)


def plain_name(text: str, low: int, high: int, place: int) -> tuple[FileName | None, int]:
    """The name without version whose extension begins at ``place``."""
    before = _PLAIN_BEFORE.search(text[max(low, place - _LONGEST_STEM) : place])
    if before is None:
        return None, place
    return _whole(text, low, high, place - len(before.group()), place, place)


def _whole(text: str, low: int, high: int, start: int, end: int, used: int) -> tuple[FileName | None, int]:
    extension = _EXTENSION.match(text, end, high)
    stop = extension.end() if extension else end
    used = max(used, stop)
    folder = _folder(text, low, start)
    if folder is None or _is_part(text, start, stop, extension is not None):
        return None, used
    written = ".md" if text[end:stop] == ".md.html" else text[end:stop]
    return FileName(start - len(folder), stop, text[start:end] + written, folder), used


def _is_part(text: str, start: int, stop: int, has_extension: bool) -> bool:
    """Whether the name is only a part of a longer one."""
    if start and text[start - 1] in "<>_@=\ufffc":
        return True
    following = text[stop : stop + 2]
    if following[:1] in ("<", "/", "@", "\ufffc"):
        return True
    if following[:1] != ".":
        return False
    return bool(_LONGER.match(text, stop)) if has_extension else following[1:].isalpha()


def _folder(text: str, low: int, start: int) -> str | None:
    """The folders written before a name; None where they belong to a web address."""
    found = _FOLDERS_BEFORE.search(text[max(low, start - _LONGEST_FOLDER) : start])
    folder = found.group() if found else ""
    before = text[max(low, start - len(folder) - 12) : start - len(folder)]
    return None if _ADDRESS_BEFORE.search(before + folder[:2]) else folder
