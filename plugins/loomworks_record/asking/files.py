"""The table in small files, of which a browser loads those that hold the words of a question.

``table.json`` has the numbers and words that all need; ``part-<n>.json`` the words and keys whose digest leaves the
rest n, a name and its spelling without marks in one; ``entries-<n>.json`` some entries in a row;
``words-<letter>.json`` the words that a mistyped one may mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from loomworks_record.asking.table import NameEntry, NamesTable
from loomworks_record.asking.words import FILLERS, FORMS, SAME, digest

FOLDER = "search/names/"
TABLE = f"{FOLDER}table.json"
_PER_PART, _PER_FILE = 250, 16  # ranks of a part; entries of a file


def table_files(table: NamesTable) -> Iterator[tuple[str, Any]]:
    """(address, value) of every file."""
    held = sum(map(len, table.postings.values())) + len(table.keys)
    parts: list[dict[str, dict[str, Any]]] = [{"words": {}, "keys": {}} for _ in range(held // _PER_PART + 1)]
    for word, ranks in table.postings.items():
        parts[digest(word) % len(parts)]["words"][word] = _steps(ranks)
    for key, ranks in table.keys.items():
        parts[digest(key.removeprefix("=")) % len(parts)]["keys"][str(digest(key))] = ranks
    for number, part in enumerate(parts):
        yield f"{FOLDER}part-{number}.json", part
    for number, first in enumerate(range(0, len(table.entries), _PER_FILE)):
        rows = [_row(entry) for entry in table.entries[first : first + _PER_FILE]]
        yield f"{FOLDER}entries-{number}.json", rows
    letters = sorted(table.vocabulary)
    for letter in letters:
        yield f"{FOLDER}words-{letter}.json", table.vocabulary[letter]
    told = {"parts": len(parts), "per_file": _PER_FILE, "bounds": table.bounds, "letters": "".join(letters)}
    yield TABLE, {**told, "fillers": sorted(FILLERS), "forms": sorted(FORMS), "same": SAME}


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
