"""Numbers that name documents (ADR-12), or entries of a log (DL-7), where texts name them so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from loomworks_record.adoption.row import Row
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document

_FEWEST = 3  # numbers that are defined, and that are named elsewhere
_MOST = 0.5  # of the times that texts name one, it is defined: else the word is rather that of another series
_IN_NAME = re.compile(r"(?P<word>[A-Za-z]{2,8})[-_ ]?0*(?P<number>\d{1,5})(?![^\W_])(?![-_.]\d)")
_IN_TITLE = re.compile(r"(?P<word>[A-Z]{2,8})[- #]?0*(?P<number>\d{1,5})(?![\w.])")
_BARE = re.compile(r"0*(?P<number>\d{1,5})[-_ ](?!\d\d[-_ ])")
_ENTRY = re.compile(r"^#{2,5} +[\[*]*(?P<word>[A-Z]{2,6})-0*(?P<number>\d{1,5})(?![\w.])", re.MULTILINE)
# Words before a number that names no document: a part of one, a time, a thing of somebody else.
_NO_PREFIX = frozenset(
    {
        "phase", "step", "part", "chapter", "section", "page", "week", "day", "year", "month", "sprint", "gate", "vol",
        "fig", "table", "version", "ver", "rev", "draft", "edition", "release", "round", "level", "tier", "stage",
        "issue",
        "pr", "mr", "no", "nr", "lesson", "module", "unit", "iso", "utf", "sha", "md", "http", "python", "ipv", "ec",
        "block", "run", "cycle", "session", "batch", "wave", "option", "task", "case", "test", "item", "note", "doc",
    }
)  # fmt: skip


def number_rows(documents: Sequence[Document], config: RecordConfig) -> Iterator[Row]:
    """Rows for the words that at least three documents are numbered by, each number once, and that texts use."""
    taken = {word.casefold() for row in config.identifiers for word in (*row.words, row.pattern[:2])}
    taken |= {pattern.partition("-")[0].casefold() for pattern in config.kinds.number_patterns}
    found = {word: held for word, held in _defined(documents).items() if word not in taken | _NO_PREFIX}
    found = {word: held for word, held in found.items() if _is_series(held)}
    named = _named(documents, found)
    for word, held in sorted(found.items()):
        numbers = {number for _, number, _ in held}
        texts = named[word]
        good = sum(count for number, count in texts.items() if number in numbers)
        if len(texts.keys() & numbers) < _FEWEST or good < _MOST * texts.total():
            continue
        ways = {way for _, _, way in held}
        row: dict[str, Any] = {"kind": word, "label": word.upper(), "prefix": word.upper()}
        if ways == {"heading"}:
            row["defined_by"] = ["heading"]
        if folders := sorted(way.removeprefix("in ") for way in ways if way.startswith("in ")):
            row["folders"] = folders
        what = "entries" if ways == {"heading"} else "documents"
        yield Row("identifiers", row, len(numbers), f"{len(numbers)} {what} have such a number, and texts name them")


def _defined(documents: Sequence[Document]) -> dict[str, list[tuple[str, int, str]]]:
    """Word → (chain, number, what defines it): "name", "title", "heading", or "in adr" for a folder of bare numbers."""
    found: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    for document in documents:
        folders = document.chain.split("/")[:-1]
        stem = document.name.subject or document.name.stem
        if bare := _BARE.match(stem) if folders else None:
            word = folders[-1].casefold().removesuffix("s")
            if re.fullmatch(r"[a-z]{2,6}", word):
                found[word].setdefault((document.chain, int(bare["number"])), f"in {folders[-1]}")
        for way, place in (("name", _IN_NAME.match(stem)), ("title", _IN_TITLE.match(document.title))):
            if place:
                found[place["word"].casefold()].setdefault((document.chain, int(place["number"])), way)
        if document.form == "md" and "\n## " in document.text:
            entries = Counter(entry["word"] for entry in _ENTRY.finditer(document.text))
            for entry in _ENTRY.finditer(document.text):
                if entries[entry["word"]] >= _FEWEST:
                    key = document.chain, int(entry["number"])
                    found[entry["word"].casefold()].setdefault(key, "heading")
    return {word: [(chain, number, way) for (chain, number), way in held.items()] for word, held in found.items()}


def _is_series(held: Sequence[tuple[str, int, str]]) -> bool:
    """Several numbers, each of one document."""
    claimed = Counter(number for _, number, _ in held)
    return len(claimed) >= _FEWEST and max(claimed.values()) == 1


def _named(documents: Sequence[Document], found: dict[str, list[tuple[str, int, str]]]) -> dict[str, Counter[int]]:
    """Word → number → in how many texts it is named, without those of the chain that has it."""
    named: dict[str, Counter[int]] = defaultdict(Counter)
    if not found:
        return named
    words = "|".join(word.upper() for word in found)
    mention = re.compile(rf"(?<![\w-])(?P<word>{words})(?:[-_]| ?#| )?0*(?P<number>\d{{1,5}})(?![\w.]\d|\w)")
    own = {(word, number): chain for word, held in found.items() for chain, number, _ in held}
    for document in documents:
        mentions = mention.finditer(document.text)
        for word, number in {(each["word"].casefold(), int(each["number"])) for each in mentions}:
            if own.get((word, number)) != document.chain:
                named[word][number] += 1
    return named
