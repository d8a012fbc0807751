"""What a heading says: its number, and its title."""

from __future__ import annotations

import re

from loomworks_record.comparison.elements import NUMBER
from loomworks_record.comparison.nodes import SPACE, Element, text_of
from loomworks_record.comparison.values import SectionName

_NUMBER = re.compile(
    r"(?P<number>§\s?(?:\d{1,4}[a-z]?|[A-Z])(?:\.[0-9A-Za-z]{1,3})*\b"
    r"|(?:Step|Sub-arc|Gate|Part|Appendix|Candidate|Cycle|Phase|Option)\s(?:\d{1,3}[a-z]?|[A-Z]|[IVX]{1,5})\b"
    r"|\d{1,3}(?:\.[0-9A-Za-z]{1,3})+|\d{1,3}[a-z]?(?=[.):]))"
    r"[.):]?\s*(?P<title>.*)",
    re.DOTALL,
)


def name_of(heading: Element, text: str) -> SectionName:
    """The number and the title of a heading whose words are ``text``."""
    first = heading.children[0] if heading.children else ""
    if isinstance(first, Element) and NUMBER in first.classes:
        number = text_of(first).strip(SPACE)
        return SectionName(number, text.removeprefix(number).strip(SPACE))
    found = _NUMBER.match(text)
    return SectionName(found["number"], found["title"]) if found else SectionName("", text)
