"""The sentence around a mention. Cut out when it is asked for: most are never shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from loomworks_record.text.flat import OBJECT, Flat

_END = re.compile(r"[.!?][\"”’)]*(?=\s+[A-Z0-9“\"(§`])")
_LONGEST = 240  # characters of a sentence on either side of the mention


class Sentence:
    """That around one of the mentions of a document. ``sentences`` gives those of all of them, as (before, after)."""

    __slots__ = ("_number", "_sentences")

    def __init__(self, sentences: Callable[[], Sequence[tuple[str, str]]], number: int) -> None:
        self._sentences, self._number = sentences, number

    def parts(self) -> tuple[str, str]:
        """(before, after) the mention."""
        return self._sentences()[self._number]


def sentence_around(flat: Flat, start: int, end: int) -> tuple[str, str]:
    """What stands in its sentence (before, after) the mention ``start:end`` of a flat text, white space folded;
    "…" where the sentence is longer than what is shown."""
    text = flat.text
    low, high = flat.bounds(flat.block_at(start))
    begin = max(low, start - _LONGEST)
    cut = begin > low
    for ending in _END.finditer(text, begin, start):
        begin, cut = ending.end(), False
    stop = _END.search(text, end, min(high, end + _LONGEST))
    finish = stop.end() if stop else min(high, end + _LONGEST)
    before, after = _folded(text[begin:start]).lstrip(), _folded(text[end:finish]).rstrip()
    if cut:
        before = "… " + before.partition(" ")[2]
    if not stop and finish < high:
        after = after.rpartition(" ")[0] + " …"
    return before, after


def _folded(text: str) -> str:
    shown = text.replace(OBJECT, "")
    folded = " ".join(shown.split())
    if folded == shown:
        return folded
    return f"{' ' * shown[:1].isspace()}{folded}{' ' * (shown[-1:].isspace() and bool(folded))}"
