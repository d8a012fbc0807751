"""What is answered to a question, as commands, pages and programs give it."""

from __future__ import annotations

from typing import Any

from loomworks_record.asking.look import Matches, look
from loomworks_record.asking.table import LISTS, NameEntry, NamesTable

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
