"""What of a document is searched: a small page of its own words, which Pagefind reads in place of the real one.

It holds nothing of the frame around a document, and nothing that a neighbour could change but its standing, so that
it stays the same while pages around it are filed, cited and superseded. Results lead to the real page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from msgspec import Struct

from loomworks_record import lazy

# A name in parts: "P57-B10", "RFC-12a", "note-v0_2.md"; and a version, however it is written.
_COMPOUND = lazy.regex(r"[^\W_]\w*(?:[-–.]\w+)+")
_MAY_HAVE_DIGIT = lazy.regex(r"[0-9\x80-\U0010ffff]")
_VERSION = lazy.regex(r"(?<![^\W_])v?(\d+(?:[._]\d+){1,2})(?![^\W_])", re.IGNORECASE)
_END = lazy.regex(r"([^\W_]+)-(v\d+(?:_\d+)+)", re.IGNORECASE)  # the end of a file's name: "creation-v0_2"
# Scripts without blanks between words, as search.js has them: kana, Han, Thai, Lao, Burmese, Khmer.
_UNPARTED = lazy.regex(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_TAG = lazy.regex(r"<[^>]*>")
# Identifiers that are one word: P57-B3. "Gate 5b" is two.
_ONE_WORD = lazy.regex(r"[A-Za-z]+\d+-[A-Za-z]+\d+[a-z]?")


class SearchFields(Struct, frozen=True):
    """What a search finds a document by, beside its text.

    ``names`` find it before everything else: its CR number, its file's name. ``filters`` are names with values,
    ``labels`` those of its header. ``over`` stands above its title. ``lines`` says whether the words of an HTML
    document are searched: not those of one that is held as Markdown too. ``group`` is its phase, else its section;
    ``chain`` the id of its chain. ``against`` is what ``Chain.against`` says, where it stands as current.
    """

    title: str
    names: str
    archived: bool
    version: str
    date: str
    filters: tuple[tuple[str, str], ...]
    over: str
    labels: tuple[str, ...]
    lines: bool
    group: str
    chain: str
    against: str = ""


class SearchText(Struct, frozen=True):
    """The searched content of one document. ``facts`` are labels with safe HTML, ``body`` is safe HTML without what
    linking added, ``lines`` the text of a document that is HTML itself. ``sections`` are the numbers of its sections,
    and the identifiers that it defines."""

    by: SearchFields
    facts: tuple[tuple[str, str], ...]
    body: str
    sections: tuple[str, ...]
    lines: tuple[str, ...]

    def html(self) -> bytes:
        """The page for Pagefind, UTF-8. Its digest tells whether a document has to be indexed anew."""
        return "".join(self._parts()).encode("utf-8", "replace")

    def _parts(self) -> Iterator[str]:
        yield '<!doctype html>\n<html lang="en"><body><article data-pagefind-body>\n<div data-pagefind-ignore="index">'
        standing = "archived" if self.by.archived else "current"
        for name, value in (
            ("names", self.by.names),
            ("places", places(self.sections)),
            ("parts", self._said_in_parts()),
            ("standing", standing),
            ("against", self.by.against),
            ("version", self.by.version),
            ("date", self.by.date),
        ):
            if value:
                yield f'<span data-pagefind-meta="{name}">{escape(value)}</span>'
        for name, value in self.by.filters:
            yield f'<span data-pagefind-filter="{escape(name)}">{escape(value)}</span>'
        yield "</div>\n"
        if self.by.over:
            yield f"<p>{escape(self.by.over)}</p>\n"
        # A page without a word would not be a page of the index.
        title = self.by.title if any(map(str.isalnum, self.by.title)) else f"{self.by.title} {self.by.names}"
        yield f'<h1 data-pagefind-meta="title" data-pagefind-weight="7">{escape(title)}</h1>\n<dl>\n'
        for label, value in self.facts:
            yield f"<div><dt>{escape(label)}</dt> <dd>{value}</dd></div>\n"
        yield "</dl>\n"
        for line in self.lines:
            yield f"<p>{escape(line)}</p>\n"
        yield f"<div>\n{self.body}\n</div></article></body></html>\n"

    def _said_in_parts(self) -> str:
        facts = (f"{label} {value}" for label, value in self.facts)
        html = " ".join((self.by.title, self.by.over, *facts, self.body))
        return parts(" ".join((_TAG.sub(" ", html), *self.lines, self.by.names, self.by.version)))


def parts(text: str) -> str:
    """What may be asked for of the names in a text, as words of their own: ``b10`` of P57-B10, ``v02`` of v0_2.

    Pagefind 1.5 and 1.6 take "P57-B10" for p57b10, p, 57, b and 10, and "_" for a letter. A question for what is no
    word of the index finds pages with a word that it begins with. The search page asks for versions as ``v02``, and for
    text without blanks by each two signs that follow each other, as it stands here: Pagefind takes a run for one word.
    """
    # Nine tenths of the words have no digit, and so no part, most lines neither; a word is said many times.
    may = _MAY_HAVE_DIGIT.search
    words = (word for line in text.splitlines() if may(line) for word in line.split() if may(word))
    text = " ".join(dict.fromkeys(words))
    found = dict.fromkeys(f"v{re.sub('[._]', '', match[1])}" for match in _VERSION.finditer(text))
    found |= dict.fromkeys((word + version).lower() for word, version in _END.findall(text))
    for name in _COMPOUND.findall(text):
        found |= dict.fromkeys(part.lower() for part in re.split("[-–.]", name) if _is_mixed(part))
    for run in dict.fromkeys(_UNPARTED.findall(text)):
        found |= dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1))
    return " ".join(found)


def _is_mixed(part: str) -> bool:
    return part.isalnum() and not part.isalpha() and not part.isdigit()


def places(sections: Iterable[str]) -> str:
    """What a text numbers or defines, as words that stand in no text: ``72x`` for §7.2, ``p57b3x`` for P57-B3.

    The number 7.2 that is searched means the section that bears it before all that hold a 72. The ending keeps the
    words beside what is searched in the index, so that they come with it, and a search for P57-B3 takes in its longer
    forms by itself.
    """
    found = (name for name in sections if name[:1].isdigit() or _ONE_WORD.fullmatch(name))
    return " ".join(dict.fromkeys(f"{re.sub(r'[.-]', '', name).lower()}x" for name in found))
