"""Identifiers as they are written: what one looks like, its canonical form, and what stands for it in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS, IdentifierKind

_WORDED = re.compile(r"(?P<word>[A-Z][A-Za-z-]*) (?P<value>.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
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
        self._values: dict[str, re.Pattern[str]] = {}
        self._silent = {kind.kind: re.compile(kind.silent) for kind in self.kinds if kind.silent}
        seeds: list[str] = []
        for kind in self.kinds:
            worded = _WORDED.match(kind.pattern)
            if worded is None:
                seeds.append(_plain_seed(kind))
                self._values[kind.kind] = re.compile(kind.pattern)
                continue
            word, value = worded["word"], worded["value"]
            self._words[word.casefold()] = (kind.kind, word)
            self._values[kind.kind] = re.compile(value)
            for spelling in (word, word[0].lower() + word[1:]):
                group = _group(kind) + ("_" if spelling != word else "")
                seeds.append(rf"{re.escape(spelling)}s?[ \n]\s*(?:\()?(?P<{group}>{value})")
        self.seeds = tuple(seeds)
        self._word_of = dict(self._words.values())
        self._groups = {name: kind.kind for kind in self.kinds for name in (_group(kind), _group(kind) + "_")}
        self._start = re.compile("(?:" + "|".join(seeds) + r")(?![\w-])")

    def named(self, found: re.Match[str]) -> tuple[str, str, bool]:
        """(kind, canonical name, whether it was written in full) of a match of one of ``seeds``.

        Its last group names the kind; of one with a word it holds the value.
        """
        group = found.lastgroup or ""
        kind = self._groups[group]
        if kind not in self._word_of:
            return kind, found.group(), True
        return kind, self.canonical(kind, found[group]), not group.endswith("_")

    def canonical(self, kind: str, value: str) -> str:
        word = self._word_of.get(kind)
        return f"{word} {value}" if word else value

    def is_value(self, kind: str, value: str) -> bool:
        return self._values[kind].fullmatch(value) is not None

    def value_at(self, kind: str, text: str, place: int) -> re.Match[str] | None:
        return self._values[kind].match(text, place)

    def is_worded(self, kind: str) -> bool:
        return kind in self._word_of

    def is_silent(self, kind: str, name: str) -> bool:
        """Whether it is a mention only where it is defined."""
        silent = self._silent.get(kind)
        return silent is not None and silent.fullmatch(name.rpartition(" ")[2]) is not None

    def at_start(self, text: str) -> Named | None:
        """The identifier that ``text`` begins with, singular and in full."""
        found = self._start.match(text)
        if found is None:
            return None
        kind, name, in_full = self.named(found)
        plural = self.is_worded(kind) and not text.startswith(name.rpartition(" ")[0] + " ")
        return None if plural or not in_full else Named(kind, name, found.end())

    def whole(self, text: str) -> Named | None:
        """The identifier that ``text`` is, and nothing else."""
        found = self.at_start(text)
        return found if found and found.end == len(text) else None

    def in_table(self, cell: str, headings: tuple[str, ...]) -> Named | None:
        """What a first cell defines: itself, or a bare value under a heading of the table."""
        whole = self.whole(cell)
        if whole or not cell or len(cell) > 8:
            return whole
        for kind in self.kinds:
            if kind.table_heading and kind.table_heading.casefold() in headings and self.is_value(kind.kind, cell):
                return Named(kind.kind, self.canonical(kind.kind, cell), len(cell))
        return None

    def child(self, parent: str, value: str) -> Named | None:
        """ "4a" under "Sub-arc 4" is "Sub-arc 4a"."""
        word, _, number = parent.rpartition(" ")
        known = self._words.get(word.casefold())
        if known is None or not value.startswith(number) or value[len(number) :].isdigit():
            return None
        kind = known[0]
        return Named(kind, f"{known[1]} {value}", 0) if self.is_value(kind, value) else None


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
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
