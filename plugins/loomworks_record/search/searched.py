"""What of a document is searched: a small page of its own words, which Pagefind reads in place of the real one.

It holds nothing of the frame around a document, and nothing that a neighbour could change but its standing, so that
it stays the same while pages around it are filed, cited and superseded. Results lead to the real page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

# Identifiers that are one word: P57-B3. "Gate 5b" is two.
_ONE_WORD = re.compile(r"[A-Za-z]+\d+-[A-Za-z]+\d+[a-z]?")


@dataclass(frozen=True, slots=True)
class Searched:
    """The searched content of one document. ``facts`` are labels with safe HTML, ``body`` is safe HTML without
    what linking added, ``lines`` the text of a document that is HTML itself.

    ``names`` finds it before everything else: the file's name, a CR number. ``filters`` are names with values.
    ``sections`` are the numbers of its sections, and the identifiers that it defines.
    """

    title: str
    names: str
    archived: bool
    version: str
    date: str
    filters: tuple[tuple[str, str], ...]
    over: str
    facts: tuple[tuple[str, str], ...]
    body: str
    sections: tuple[str, ...]
    lines: tuple[str, ...]

    def html(self) -> bytes:
        """The page for Pagefind, UTF-8. Its digest tells whether a document has to be indexed anew."""
        return "".join(self._parts()).encode("utf-8", "replace")

    def _parts(self) -> Iterator[str]:
        yield '<!doctype html>\n<html lang="en"><body><article data-pagefind-body>\n<div data-pagefind-ignore="index">'
        standing = "archived" if self.archived else "current"
        for name, value in (
            ("names", self.names),
            ("places", places(self.sections)),
            ("standing", standing),
            ("version", self.version),
            ("date", self.date),
        ):
            if value:
                yield f'<span data-pagefind-meta="{name}">{escape(value)}</span>'
        for name, value in self.filters:
            yield f'<span data-pagefind-filter="{escape(name)}">{escape(value)}</span>'
        yield "</div>\n"
        if self.over:
            yield f"<p>{escape(self.over)}</p>\n"
        # A page without a word would be no page of the index.
        title = self.title if any(map(str.isalnum, self.title)) else f"{self.title} {self.names}"
        yield f'<h1 data-pagefind-meta="title" data-pagefind-weight="7">{escape(title)}</h1>\n<dl>\n'
        for label, value in self.facts:
            yield f"<div><dt>{escape(label)}</dt> <dd>{value}</dd></div>\n"
        yield "</dl>\n"
        for line in self.lines:
            yield f"<p>{escape(line)}</p>\n"
        yield f"<div>\n{self.body}\n</div></article></body></html>\n"


def places(sections: Iterable[str]) -> str:
    """What a text numbers or defines, as words that stand in no text: ``72x`` for §7.2, ``p57b3x`` for P57-B3.

    The number 7.2 that is searched means the section that bears it before all that hold a 72. The ending keeps the
    words beside what is searched in the index, so that they come with it, and a search for P57-B3 takes in its longer
    forms by itself.
    """
    found = (name for name in sections if name[:1].isdigit() or _ONE_WORD.fullmatch(name))
    return " ".join(dict.fromkeys(f"{re.sub(r'[.-]', '', name).lower()}x" for name in found))
