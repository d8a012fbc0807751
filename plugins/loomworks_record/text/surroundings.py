"""Surroundings: the section that a mention stands in."""

from __future__ import annotations

from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.sections import Section, SectionIndex


class Surroundings:
    """Of one flat text. ``field`` is the key of the header field that it is, or ""."""

    def __init__(self, flat: Flat, sections: SectionIndex, field: str = "") -> None:
        self.flat = flat
        self.field = field
        self._sections = [each for each in sections.headings if each.kind == "heading" or each.number]
        self._next = 0
        self._here: Section | None = None

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
