"""The labelled set: lines of the real documents and of the sample record with all that they mention.

Labelled by reading, line by line. Every mention of a labelled line is in the set, so that what is found there and
is not in it counts as wrong. ``none`` are words of the line that name no document, though they look like it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.record.citations.cite import Citations

FOLDER = Path(__file__).parent / "labelled"

Found = tuple[str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line. ``mentions`` are (text, outcome, target, anchor)."""

    path: str
    line: int
    mentions: tuple[Found, ...]
    none: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """``wrong`` was found and is not labelled so; ``missed`` is labelled and was not found."""

    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def lines(name: str) -> list[Line]:
    """Those of one file: "real" or "sample"."""
    return list(_lines(FOLDER / f"{name}.jsonl"))


def _lines(file: Path) -> Iterator[Line]:
    for text in file.read_text("utf-8").splitlines():
        row = json.loads(text)
        mentions = tuple((m["text"], m["outcome"], m["target"], m["anchor"]) for m in row["mentions"])
        yield Line(row["path"], row["line"], mentions, tuple(row.get("none", ())))


def found_on(citations: Citations, line: Line) -> list[Found]:
    return [
        (citation.text, citation.outcome, citation.target, citation.anchor)
        for citation in citations.of(line.path)
        if citation.line == line.line
    ]


def score(citations: Citations, labelled: list[Line]) -> Score:
    """Text, outcome, target and anchor must all be as labelled."""
    right, wrong, missed = 0, [], []
    for line in labelled:
        found = found_on(citations, line)
        for mention in line.mentions:
            if mention in found:
                found.remove(mention)
                right += 1
            else:
                missed.append(f"{line.path}:{line.line}: {mention}")
        wrong += [f"{line.path}:{line.line}: {mention}" for mention in found]
    return Score(right, tuple(wrong), tuple(missed))
