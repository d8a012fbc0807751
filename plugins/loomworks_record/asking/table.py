"""The things of a record with the words and names that find them, in the order in which they are answered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.asking.words import Question, read

What = Literal["phase", "CR", "chain", "identifier", "halt", "version", "register", "kind", "section"]
# Lists name many things: they are answered after what they list, and leave an answer sure.
_VERSION = re.compile("v[0-9.]+[a-z]?")
LISTS = ("register", "kind", "section")


class NameEntry(Struct, frozen=True):
    """One thing. ``names`` are texts that name it whole, ``words`` a text of all words that it may be found by.
    ``order`` sorts it among things that fit alike, the first meant first.

    ``about`` says more for a reader; ``more`` is a second address: of all its versions. ``stems`` are names that name
    it with its version after them. ``path`` is that of a document, ``sections`` are the numbers of its sections, with
    blanks between.
    """

    what: What
    name: str
    address: str
    names: tuple[str, ...]
    words: str
    order: tuple[object, ...]
    path: str = ""
    version: str = ""
    standing: str = ""
    about: str = ""
    more: str = ""
    sections: str = ""
    stems: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamesTable:
    """Entries by their rank; ``postings`` word → ranks, ``keys`` name → ranks, both ascending. ``bounds``: the rank of
    the first version, and of the first list. What entries are found by stands in postings and keys alone."""

    entries: tuple[NameEntry, ...]
    postings: dict[str, list[int]]
    keys: dict[str, list[int]]
    bounds: tuple[int, int]

    @classmethod
    def of(cls, entries: Iterable[NameEntry]) -> NamesTable:
        ranked = sorted(entries, key=lambda entry: (_place(entry), entry.order))
        postings: dict[str, list[int]] = defaultdict(list)
        keys: dict[str, list[int]] = defaultdict(list)
        for rank, entry in enumerate(ranked):
            version = read(f"v{entry.version}") if entry.version else Question((), "")
            readings = [*map(read, entry.names), *(_after(read(stem), version) for stem in entry.stems)]
            own = {word for reading in readings for word in reading.words}
            for word in own.union(read(entry.words).words, (entry.standing,) if entry.standing else ()):
                # "…-cr-amendment-v0_2-v0_1" is not a v0.2.
                if word in version.words or not _VERSION.fullmatch(word):
                    postings[word].append(rank)
            for key in {key for reading in readings for key in (reading.key, f"={reading.joined}") if reading.words}:
                keys[key].append(rank)
        places = [_place(entry) for entry in ranked]
        bounds = (sum(place < 1 for place in places), sum(place < 2 for place in places))
        told = tuple(replace(entry, names=(), words="", order=(), stems=()) for entry in ranked)
        return cls(told, dict(sorted(postings.items())), dict(sorted(keys.items())), bounds)

    @cached_property
    def vocabulary(self) -> dict[str, list[tuple[str, int]]]:
        """First letter → the words that a mistyped one may mean, with the number of things that have them."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for word in sorted(self.postings):
            if is_plain(word):
                found[word[0]].append((word, len(self.postings[word])))
        return found


def is_plain(word: str) -> bool:
    """Whether a word is of letters, the first of A to Z: one that may be mistyped."""
    return len(word) > 2 and word.isalpha() and word[0].isascii()


def _after(name: Question, version: Question) -> Question:
    return Question((*name.words, *version.words), name.joined + version.joined)


def _place(entry: NameEntry) -> int:
    return 2 if entry.what in LISTS else int(entry.what == "version")
