"""Paths of what is filed: how a name on the disk becomes one, and which are published."""

from __future__ import annotations

import os
import unicodedata

from loomworks_record import lazy
from loomworks_record.source.root_files import WELL_KNOWN

LONGEST_NAME = 200  # bytes of one name; the longest page made of it must stay within 255
DEEPEST = 100  # folders on the way to a file
UNPUBLISHABLE = lazy.regex(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")


def path_of(named: str) -> str:
    """The path of what lies at ``named`` below the content folder: NFC, and U+FFFD for bytes that are not UTF-8."""
    if named.isascii():
        return named
    return unicodedata.normalize("NFC", named.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def is_publishable(path: str) -> bool:
    """Whether a regular file at ``path`` (relative to a content folder) is published: none of its names is hidden,
    too long, or holds what no address can, and it does not lie too deep."""
    hidden = f"/{path.removeprefix(f'{WELL_KNOWN}/')}".count("/.")
    if hidden or UNPUBLISHABLE.search(path) or path.count("/") > DEEPEST:
        return False
    return len(path) <= LONGEST_NAME // 4 or all(len(os.fsencode(name)) <= LONGEST_NAME for name in path.split("/"))
