"""Seeds: the places of a text where something may be named: a version, a §, a CR number, an identifier, an ``.md``.

Every alternative of a pattern begins with a letter outside any group, so that plain text is skipped at a glance; the
time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loomworks_record.source.names import VersionForm, by_form
from loomworks_record.source.version import ONE_IN_TEXT
from loomworks_record.text.identifiers import IdentifierGrammar
from loomworks_record.text.mentions.phrases import Phrases

_SEEDS = (
    r"v(?<![\w.@]v)(?P<version>\d{1,4}[._]\d{1,4}(?:[._]\d{1,4})?(?![^\W_]))",
    rf"v(?<![\w.@/-]v)(?P<single>{ONE_IN_TEXT[1:]})",
    r"version (?<!\wversion )(?P<written>\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?!\w|\.\d)|\d{1,3}(?!\w|[.,-]\w))",
    r"§(?P<section>)",
    r"Section (?P<spelt>(?=\d))",
    r"section (?P<small>(?=\d))",
    r"\.(?P<extension>(?:md|html)(?![\w-]))",
    r"draft-(?<![\w./-]draft-)(?P<draft>[a-z0-9-]+-\d\d(?![\w-]))",
)
# A name as it may be written in one of the user's forms.
_FORMED = re.compile(r"(?<![\w./-])(?P<formed>[^\W_][\w-]*(?:\.\w[\w-]*)*)(?<!\.md)(?<!\.html)")
# The word that a pattern begins with.
_WORD = re.compile(r"(?:[A-Za-z ]|\\-){4,}(?![?*+{|])")
_LITERAL = re.compile(r"[A-Za-z]+-?(?![?*+{|])")


@dataclass(frozen=True)
class Scanner:
    """What is looked for: the phrases and identifiers of one record.

    ``always`` finds what begins with a sign or two. What begins with a word is ``seldom`` there, and only looked for
    where its word is, but for the first letter: large and small are told apart then.
    """

    phrases: Phrases
    identifiers: IdentifierGrammar
    always: re.Pattern[str]
    seldom: tuple[tuple[str, list[re.Pattern[str]]], ...]
    forms: tuple[VersionForm, ...] = ()

    @classmethod
    def of(
        cls,
        phrases: Phrases,
        identifiers: IdentifierGrammar,
        numbers: Sequence[str],
        forms: Sequence[VersionForm] = (),
    ) -> Scanner:
        """``numbers`` are patterns of the numbers that documents have, ``forms`` the user's of versions in names."""
        boundary = r"(?![\w-])"
        named = (seed + boundary for seed in identifiers.seeds)
        numbered = (_number_seed(at, pattern) for at, pattern in enumerate(numbers))
        always: list[str] = []
        seldom: dict[str, list[re.Pattern[str]]] = {}
        for seed in (*_SEEDS, *numbered, *named):
            word = _WORD.match(seed)
            if word and "|" not in seed.partition("(")[0]:
                seldom.setdefault(word.group()[1:].replace("\\", ""), []).append(re.compile(seed))
            else:
                always.append(seed)
        of_names = tuple(form for form in forms if form.of == "name")
        return cls(phrases, identifiers, re.compile("|".join(always)), tuple(seldom.items()), of_names)

    def seeds(self, text: str) -> Iterator[re.Match[str]]:
        """The places of ``text`` where something may be named, in order."""
        patterns = (each for word, patterns in self.seldom if word in text for each in patterns)
        rest = [found for pattern in patterns for found in pattern.finditer(text)]
        rest += [found for found in _FORMED.finditer(text) if self._is_formed(found.group())] if self.forms else []
        found = self.always.finditer(text)
        return _apart(sorted((*found, *rest), key=re.Match.start)) if rest else found

    def _is_formed(self, word: str) -> bool:
        return any(sign.isdigit() for sign in word) and any(by_form(form, word) for form in self.forms)


def _apart(found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    end = 0
    for each in found:
        if each.start() >= end:
            end = each.end()
            yield each


def _number_seed(at: int, pattern: str) -> str:
    head = _LITERAL.match(pattern)
    first = head.group() if head else ""
    return rf"{first}(?<![\w-]{first})(?P<number{at}>{pattern.removeprefix(first)}(?![\w-]))"
