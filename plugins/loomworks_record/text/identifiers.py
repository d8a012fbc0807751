"""Identifiers as they are written: what one looks like, its canonical form, and what stands for it in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS, NUMBER, IdentifierKind

_NO_ID = re.compile(r"[^a-z0-9]+")
_WORDED = re.compile(r"(?P<word>[A-Z][A-Za-z-]*) (?P<value>.+)$", re.DOTALL)


class NamedIdentifier(Struct, frozen=True):
    """An identifier in canonical form ("Gate 5b"), and where the text of it ends."""

    kind: str
    name: str
    end: int

    @property
    def value(self) -> str:
        """ "5b" of "Gate 5b", the whole of "P57-D7"."""
        return self.name.rpartition(" ")[2]


class IdentifierGrammar:
    """The table of identifiers, compiled. Made once for a configuration: see ``identifier_grammar``."""

    def __init__(self, kinds: Iterable[IdentifierKind]) -> None:
        self.kinds = tuple(kinds)
        self._of = {kind.kind: kind for kind in self.kinds}
        self._words: dict[str, tuple[str, str]] = {}
        self._word_of: dict[str, str] = {}
        self._values: dict[str, re.Pattern[str]] = {}
        self._silent = {kind.kind: re.compile(kind.silent) for kind in self.kinds if kind.silent}
        self._groups: dict[str, str] = {}
        seeds = {kind.kind: tuple(self._seeds(kind)) for kind in self.kinds}
        self.seeds = tuple(seed for of_kind in seeds.values() for seed in of_kind)
        self._start = _any(seed for kind in self.kinds if kind.is_in_texts for seed in seeds[kind.kind])
        self._title = _any(seed for kind in self.kinds if "title" in kind.defined_by for seed in seeds[kind.kind])

    def _seeds(self, kind: IdentifierKind) -> Iterator[str]:
        """Patterns of one as it is written, each with one group: of one with a word or a prefix, of its value."""
        group, worded = _group(kind), _WORDED.match(kind.pattern)
        if kind.prefix:
            self._values[kind.kind] = re.compile(NUMBER)
            for at, word in enumerate(kind.words):
                self._groups[f"{group}__{at}"] = kind.kind
                apart = r"(?:s?[ \n]\s*\(?|[-_]|\s?#)?"
                yield rf"{re.escape(word)}{apart}(?P<{group}__{at}>{NUMBER})(?!\.\d)"
        elif worded is None:
            self._values[kind.kind] = re.compile(kind.pattern)
            self._groups[group] = kind.kind
            yield _plain_seed(kind)
        else:
            word, value = worded["word"], worded["value"]
            self._words[word.casefold()] = (kind.kind, word)
            self._word_of[kind.kind] = word
            self._values[kind.kind] = re.compile(value)
            for spelling, name in ((word, group), (word[0].lower() + word[1:], group + "_")):
                self._groups[name] = kind.kind
                yield rf"{re.escape(spelling)}s?[ \n]\s*(?:\()?(?P<{name}>{value})"

    def named(self, found: re.Match[str]) -> tuple[str, str, bool]:
        """(kind, canonical name, whether it was written in full) of a match of one of ``seeds``.

        Its last group names the kind; of one with a word or a prefix it holds the value.
        """
        group = found.lastgroup or ""
        kind = self._groups[group]
        if not self.has_values(kind):
            return kind, found.group(), True
        return kind, self.canonical(kind, found[group]), not group.endswith("_")

    def canonical(self, kind: str, value: str) -> str:
        """ "Gate 5b", "ADR-1" for whatever is written for it."""
        row = self._of[kind]
        if row.prefix:
            return f"{row.words[0]}-{int(value)}"
        word = self._word_of.get(kind)
        return f"{word} {value}" if word else value

    def names_documents(self, kind: str) -> bool:
        return self._of[kind].names_documents

    def is_value(self, kind: str, value: str) -> bool:
        return self._values[kind].fullmatch(value) is not None

    def value_at(self, kind: str, text: str, place: int) -> re.Match[str] | None:
        return self._values[kind].match(text, place)

    def has_values(self, kind: str) -> bool:
        """Whether it is a value after a word or a prefix, so that several may follow: "Gates 5 and 5b"."""
        return kind in self._word_of or bool(self._of[kind].prefix)

    def is_plural(self, kind: str, before: str) -> bool:
        """Whether the words before a value are of several: "Gates " of "Gates 5 and 5b"."""
        word = before.rstrip(" \n(#-_")
        return word.endswith("s") and word not in (*self._of[kind].words, self._word_of.get(kind))

    def is_silent(self, kind: str, name: str) -> bool:
        """Whether it is a mention only where it is defined."""
        silent = self._silent.get(kind)
        return silent is not None and silent.fullmatch(name.rpartition(" ")[2]) is not None

    def at_start(self, text: str) -> NamedIdentifier | None:
        """The identifier that ``text`` begins with, singular and in full; one that a text may define."""
        return self._at_start(self._start, text)

    def of_title(self, title: str) -> NamedIdentifier | None:
        """The identifier that a title begins with, of those that a title defines."""
        return self._at_start(self._title, title)

    def _at_start(self, pattern: re.Pattern[str], text: str) -> NamedIdentifier | None:
        found = pattern.match(text)
        if found is None:
            return None
        kind, name, in_full = self.named(found)
        if self.has_values(kind):
            in_full = in_full and not self.is_plural(kind, text[: found.start(found.lastgroup or 0)])
        return NamedIdentifier(kind, name, found.end()) if in_full else None

    def whole(self, text: str) -> NamedIdentifier | None:
        """The identifier that ``text`` is, and nothing else."""
        found = self.at_start(text)
        return found if found and found.end == len(text) else None

    def in_table(self, cell: str, headings: tuple[str, ...]) -> NamedIdentifier | None:
        """What a first cell defines: itself, or a bare value under a heading of the table."""
        whole = self.whole(cell)
        if whole or not cell or len(cell) > 8:
            return whole
        for kind in self.kinds:
            if kind.table_heading and kind.table_heading.casefold() in headings and self.is_value(kind.kind, cell):
                return NamedIdentifier(kind.kind, self.canonical(kind.kind, cell), len(cell))
        return None

    def child(self, parent: str, value: str) -> NamedIdentifier | None:
        """ "4a" under "Sub-arc 4" is "Sub-arc 4a"."""
        word, _, number = parent.rpartition(" ")
        known = self._words.get(word.casefold())
        if known is None or not value.startswith(number) or value[len(number) :].isdigit():
            return None
        kind = known[0]
        return NamedIdentifier(kind, f"{known[1]} {value}", 0) if self.is_value(kind, value) else None


def _any(seeds: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + ("|".join(seeds) or "(?!)") + r")(?![\w-])")


def _plain_seed(kind: IdentifierKind) -> str:
    """The pattern with its group after the first letter: a search for a letter is many times faster."""
    if "|" in kind.pattern or not re.match(r"[A-Za-z](?![*+?{])", kind.pattern):
        return rf"(?P<{_group(kind)}>{kind.pattern})"
    return rf"{kind.pattern[0]}(?P<{_group(kind)}>{kind.pattern[1:]})"


def _group(kind: IdentifierKind) -> str:
    return "id_" + re.sub(r"\W", "_", kind.kind)


@lru_cache(maxsize=8)
def identifier_grammar(kinds: tuple[IdentifierKind, ...] = DEFAULT_IDENTIFIERS) -> IdentifierGrammar:
    return IdentifierGrammar(kinds)


def anchor_of(name: str) -> str:
    """The HTML id of an identifier: "Gate 5b" → "gate-5b"."""
    return _NO_ID.sub("-", name.casefold()).strip("-")
