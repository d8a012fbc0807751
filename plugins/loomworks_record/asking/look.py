"""A question's answers in the table: what is named whole, else what has all the words, else what has most of them.

``overrides/assets/record/names.js`` does the same over the published parts of the table. What is changed here is
changed there; the cases of ``tests/data/asked.tsv`` hold them together.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.asking.table import LISTS, NameEntry, NamesTable
from loomworks_record.asking.words import FILLERS, ORDINALS, Question, distance, read

Fit = Literal["named", "words", "near", ""]
_JOINED = 3  # words of a name that is looked for as if it were one
_MOST_BEGUN = 40  # words that one which is not written to its end may be


class Matches(Struct, frozen=True):
    """The ranks of what fits best, the first meant first. ``sure``: there is one, and the question says all of it.

    ``read_as`` are the words that were mistyped, with what they were taken for; ``missing`` those that nothing has.
    """

    ranks: tuple[int, ...] = ()
    fit: Fit = ""
    sure: bool = False
    read_as: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    section: str = ""


def look(table: NamesTable, text: str) -> Matches:
    """What ``text`` means."""
    asked = read(text)
    found = _named(table, asked)
    if found:
        return _found(table, asked, found, "named")
    telling = tuple(word for word in asked.words if word not in FILLERS)
    found = _named(table, Question(telling, "")) if len(telling) < len(asked.words) else []
    if not telling:  # "all documents"
        found = sorted({rank for word in asked.words for rank in table.keys.get(word, ())})
    if found:
        return _found(table, asked, found, "named")
    words = [word for word in dict.fromkeys(asked.words) if word not in FILLERS or word in table.postings]
    return _by_words(table, asked, words)


def _named(table: NamesTable, asked: Question) -> list[int]:
    """What is named whole. A word that is still being typed names nothing, and a name is written in one when it is
    short: so a browser need not ask for each letter of a question."""
    last = asked.words[-1] if asked.words else ""
    held = last in table.postings
    if not last or (not held and _longer(table, last)):
        return []
    spelt = table.keys.get(f"={asked.joined}", ()) if len(asked.words) <= _JOINED else ()
    named = table.keys.get(asked.key, ()) if held or last[0] == "v" else ()
    return sorted({*named, *spelt})


def _longer(table: NamesTable, word: str) -> list[str]:
    """The words that one which is not written to its end may be."""
    longer = (other for other, _ in table.vocabulary.get(word[0], ()) if other.startswith(word))
    return list(islice(longer, _MOST_BEGUN))


def _by_words(table: NamesTable, asked: Question, words: list[str]) -> Matches:
    section, kept = asked.section, [word for word in words if word in table.postings]
    read_as: list[tuple[str, str]] = []
    missing: list[str] = []
    begun: list[set[int]] = []
    for word in words:
        if word in table.postings:
            continue
        longer = _longer(table, word) if len(word) > 1 else []
        if longer == ["phase"]:  # which is one word with its number
            longer = []
        meant = _split(table, word) or _mistyped(table, word)
        if word in asked.bare and not section:
            section = word.removeprefix("v")
        elif longer:
            begun.append({rank for other in longer for rank in table.postings[other]})
        elif meant:
            read_as.append((word, meant))
        else:
            missing.append(word)
            if re.fullmatch("phase[0-9]+", word):
                begun.append(set(table.keys.get("phase", ())))  # the list of them
    if read_as:
        instead = dict(read_as)
        again = look(table, " ".join(instead.get(word, word) for word in words) + (f" §{section}" if section else ""))
        return Matches(again.ranks, again.fit, False, (*read_as, *again.read_as), again.missing, again.section)
    sets = [*(set(table.postings[word]) for word in kept), *begun]
    found = _fitting(table, replace(asked, joined="", section=section), words, sets, missing, is_whole=not begun)
    telling = [word for word in words if word not in FILLERS]
    return found if found.fit == "words" or not 0 < len(telling) < len(words) else _by_words(table, asked, telling)


def _fitting(
    table: NamesTable, asked: Question, words: list[str], sets: list[set[int]], missing: list[str], is_whole: bool
) -> Matches:
    """What is in all of some sets, where no word is missing; else in most."""
    counted = Counter(rank for each in sets for rank in each if _meant(table, rank, words))
    most = max(counted.values(), default=0)
    best = sorted(rank for rank, count in counted.items() if count == most)
    if best and most == len(sets) and not missing:
        return _found(table, asked, best, "words", sure=is_whole)
    return Matches(tuple(best), "near" if best else "", False, (), tuple(missing), asked.section)


def _meant(table: NamesTable, rank: int, words: list[str]) -> bool:
    """A version is meant where one is said; else its chain is."""
    versions, lists = table.bounds
    said = any(word[0] == "v" and word[1:2].isdigit() for word in words) or "archived" in words
    return said or not versions <= rank < lists


def _split(table: NamesTable, word: str) -> str:
    """ "cr 90" for cr90, "3" for third, "v0.19" for v19 and 19; "" where no name has that."""
    parts = re.fullmatch(r"([^\W\d_]{2})([0-9]+)", word)
    if parts and parts[1] in table.postings:
        return f"{parts[1]} {parts[2]}"
    other = ORDINALS.get(word) or re.sub(r"^v?(?=[0-9]+$)", "v0.", word)
    return other if other in table.postings else ""


def _mistyped(table: NamesTable, word: str) -> str:
    """The word that one with a typing error means; "" for none. Numbers and identifiers are taken as they are."""
    most = 2 if len(word) > 7 else int(len(word) > 3)
    if not most or not word.isalpha():
        return ""
    ranked = [
        (far, -count, other)
        for other, count in table.vocabulary.get(word[0], ())
        if (far := distance(word, other, most)) <= most
    ]
    return min(ranked)[2] if ranked else ""


def _found(table: NamesTable, asked: Question, ranks: list[int], fit: Fit, sure: bool = True) -> Matches:
    """Of things in several folders, those of the folders that are said, where there are such."""
    inside = [
        rank for rank in ranks
        if asked.folders and all(rank in table.postings.get(word, ()) for word in asked.folders)
    ]  # fmt: skip
    ranks, lists = inside or ranks, table.bounds[1]
    single = sum(rank < lists for rank in ranks)
    if asked.plural and single > 1 and single < len(ranks):  # all of them are meant, if one is not called so
        first = table.entries[ranks[single]]
        ranks = ranks if first.what == "kind" and first.name.endswith("s") else [*ranks[single:], *ranks[:single]]
    held = table.entries[ranks[0]].sections.split()
    sure = sure and not (asked.section and held and asked.section not in held)
    return Matches(tuple(ranks), fit, sure and (single == 1 or (not single and fit == "named")), (), (), asked.section)


Answers = list[dict[str, Any]]


def answers(table: NamesTable, text: str, most: int = 8) -> tuple[Matches, Answers]:
    """How ``text`` was found, and at most ``most`` answers, as ``record show --json`` and the search page give them."""
    found = look(table, text)
    return found, [_answer(table.entries[rank], found) for rank in found.ranks[:most]]


def why_words(found: Matches) -> str:
    """Why an answer is one."""
    if found.missing:
        return f"near it: nothing has {' and '.join(f'“{word}”' for word in found.missing)} beside the rest"
    said = "named so" if found.fit == "named" else "has every word" if found.fit == "words" else "near it"
    taken = ", ".join(f"“{word}” read as “{meant}”" for word, meant in found.read_as)
    return f"{taken}; {said}" if taken else said


def _answer(entry: NameEntry, found: Matches) -> dict[str, Any]:
    what, address, name = entry.what, entry.address, entry.name
    why = why_words(found)
    if found.section and found.section in entry.sections.split():
        what, address, name = "section", f"{address}#{section_anchor(found.section)}", f"{name} §{found.section}"
    elif found.section and entry.sections:
        why = f"{why}; it has no §{found.section}"
    return {
        "what": what,
        "path": entry.path or None,
        "address": address,
        "name": name,
        "version": entry.version or None,
        "standing": entry.standing or None,
        "why": f"{why}; {entry.about}" if entry.about and entry.what not in LISTS else why,
    }


def section_anchor(number: str) -> str:
    return f"s{number.replace('.', '-').lower()}"
