"""The sentence around a mention. Cut out when it is asked for: most are never shown."""

from __future__ import annotations

import re

from loomworks_record.record.text.flat import OBJECT, Flat

_END = re.compile(r"[.!?][\"”’)]*(?=\s+[A-Z0-9“\"(§`])")
_LONGEST = 240  # characters of a sentence on either side of the mention


class Sentence:
    """That around ``start:end`` of a flat text."""

    __slots__ = ("_end", "_flat", "_start")

    def __init__(self, flat: Flat, start: int, end: int) -> None:
        self._flat, self._start, self._end = flat, start, end

    def parts(self) -> tuple[str, str]:
        """(before, after), white space folded; "…" where the sentence is longer than what is shown."""
        text, start, end = self._flat.text, self._start, self._end
        low, high = self._flat.bounds(self._flat.block_at(start))
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
    return re.sub(r"\s+", " ", text.replace(OBJECT, ""))
