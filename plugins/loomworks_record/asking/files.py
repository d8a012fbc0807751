"""The table in small files, of which a browser loads those that hold the words of a question.

``table.json`` has the numbers and words that all need; ``words-<n>.json`` the words in their order from the n-th of
``starts`` on, so that one which is still being typed stands beside what it may be; words of letters stand first, the
others, which are compared behind a "{", after them. ``keys-<n>.json`` the keys whose
digest leaves the rest n, a name and its spelling without marks in one; ``entries-<n>.json`` some entries in a row;
``spelt-<letter>.json`` the words that a mistyped one may mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from loomworks_record.asking.table import NameEntry, NamesTable, is_plain
from loomworks_record.asking.words import FILLERS, FORMS, ORDINALS, SAME, digest

FOLDER = "search/names/"
TABLE = f"{FOLDER}table.json"
_STEPS, _KEYS, _PER_FILE = 250, 60, 16  # of a file of words, of keys, of entries


def table_files(table: NamesTable) -> Iterator[tuple[str, Any]]:
    """(address, value) of every file."""
    starts: list[str] = []
    for number, words in enumerate(_portions(table)):
        starts.append(_sought(next(iter(words))).decode("utf-16-be"))
        yield f"{FOLDER}words-{number}.json", words
    parts: list[dict[str, list[int]]] = [{} for _ in range(len(table.keys) // _KEYS + 1)]
    for key, ranks in table.keys.items():
        parts[digest(key.removeprefix("=")) % len(parts)][str(digest(key))] = _steps(ranks)
    for number, part in enumerate(parts):
        yield f"{FOLDER}keys-{number}.json", part
    for number, first in enumerate(range(0, len(table.entries), _PER_FILE)):
        rows = [_row(entry) for entry in table.entries[first : first + _PER_FILE]]
        yield f"{FOLDER}entries-{number}.json", rows
    letters = sorted(table.vocabulary)
    for letter in letters:
        yield f"{FOLDER}spelt-{letter}.json", table.vocabulary[letter]
    told = {"starts": starts, "parts": len(parts), "per_file": _PER_FILE, "bounds": table.bounds}
    spoken = {"fillers": sorted(FILLERS), "forms": sorted(FORMS), "same": SAME, "ordinals": ORDINALS}
    yield TABLE, {**told, **spoken, "letters": "".join(letters)}


def _portions(table: NamesTable) -> Iterator[dict[str, list[int]]]:
    """The words with their ranks, some in a row, in the order in which a browser compares them."""
    portion: dict[str, list[int]] = {}
    for word in sorted(table.postings, key=_sought):
        portion[word] = _steps(table.postings[word])
        if sum(map(len, portion.values())) + len(portion) > _STEPS:
            yield portion
            portion = {}
    if portion:
        yield portion


def _sought(word: str) -> bytes:
    return (word if is_plain(word) else f"{{{word}").encode("utf-16-be", "replace")


def _row(entry: NameEntry) -> list[str]:
    return [
        entry.what, entry.name, entry.address.removeprefix("/"), entry.version, entry.standing, entry.about,
        entry.more.removeprefix("/"), entry.sections,
    ]  # fmt: skip


def _steps(ranks: Sequence[int]) -> list[int]:
    """Steps from rank to rank; -n for n steps of one more."""
    steps: list[int] = []
    for before, rank in zip((-2, *ranks), ranks, strict=False):
        if rank - before != 1:
            steps.append(rank - before)
        elif steps[-1] < 0:
            steps[-1] -= 1
        else:
            steps.append(-1)
    return steps
