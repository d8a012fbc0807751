"""Surroundings: the sentence around a mention, and the section that it stands in."""

from __future__ import annotations

import re

from loomworks_record.record.flat import OBJECT, Flat
from loomworks_record.record.mention import Mention
from loomworks_record.record.sections import Section, SectionIndex

_END = re.compile(r"[.!?][\"”’)]*(?=\s+[A-Z0-9“\"(§`])")
_LONGEST = 240  # characters of a sentence on either side of the mention


class Surroundings:
    """Of one flat text. ``field`` is the key of the header field that it is, or ""."""

    def __init__(self, flat: Flat, sections: SectionIndex, field: str = "") -> None:
        self.flat = flat
        self.field = field
        self._sections = [each for each in sections.headings if each.kind == "heading" or each.number]
        self._next = 0
        self._here: Section | None = None

    def sentence(self, mention: Mention) -> tuple[str, str, str]:
        """(before, words, after): the sentence around a mention, white space folded."""
        low, high = self.flat.bounds(self.flat.block_at(mention.start))
        text = self.flat.text
        begin = max(low, mention.start - _LONGEST)
        for end in _END.finditer(text, begin, mention.start):
            begin = end.end()
        stop = _END.search(text, mention.end, min(high, mention.end + _LONGEST))
        finish = stop.end() if stop else min(high, mention.end + _LONGEST)
        words = _folded(text[mention.start : mention.end]).strip() or f"v{mention.version}"
        before, after = _folded(text[begin : mention.start]).lstrip(), _folded(text[mention.end : finish]).rstrip()
        if begin > low and begin == mention.start - _LONGEST:
            before = "… " + before.partition(" ")[2]
        if not stop and finish < high:
            after = after.rpartition(" ")[0] + " …"
        return before, words, after

    def where(self, mention: Mention) -> str:
        """ "§3.A", "Step 2b", a heading's words; "" before the first heading, "header" in the header."""
        if self.field:
            return "header"
        block = self.flat.block_at(mention.start)
        while self._next < len(self._sections) and self._sections[self._next].block <= block:
            self._here = self._sections[self._next]
            self._next += 1
        here = self._here
        if here is None:
            return ""
        return here.identifier or (f"§{here.number}" if here.number else here.title)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(OBJECT, ""))
