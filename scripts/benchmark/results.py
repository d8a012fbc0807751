"""What was measured, as lines of JSON: appended as soon as it is known, so that an interrupted run keeps it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec


class NotMeasured(Exception):
    """A figure that could not be taken; the text says why, in one line."""


class TookTooLong(NotMeasured):
    """A command that was ended after so many ``seconds``."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class AtLeast(float):
    """A figure of which is known only that it is not less: its command was ended."""


class Run(msgspec.Struct, frozen=True, tag="run"):
    """The head of one run; what follows it in the file, up to the next head, was measured by it."""

    started: str
    sizes: list[int]  # how many documents its records have
    machine: dict[str, str]
    versions: dict[str, str]
    memory: str | None  # what is added up for the memory of a process, PSS or RSS
    load: float  # processes that waited for the processor when it began, over a minute


class Records(msgspec.Struct, frozen=True, tag="records"):
    """The documents that a size stands for: how many, their bytes together, and how many are archived."""

    documents: int
    bytes: int
    archived: int


class Figure(msgspec.Struct, frozen=True, tag="figure"):
    """One measurement: its name (goals.py lists them), with how many documents, and in the name's unit.
    ``at_least``: see ``AtLeast``."""

    name: str
    documents: int
    value: float
    at_least: bool = False


class Gap(msgspec.Struct, frozen=True, tag="gap"):
    """A step that gave nothing, or not all: the rows that miss it, and why."""

    rows: list[str]
    documents: int
    reason: str


Line = Run | Records | Figure | Gap
_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def begin(file: Path, run: Run) -> None:
    """Add the head of a run to a file, which is made. A line that a killed run left torn is cut off."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.read_bytes() if file.exists() else b""
    if written:
        os.truncate(file, written.rfind(b"\n") + 1)
    append(file, run)


def append(file: Path, line: Line) -> None:
    with file.open("ab") as out:
        out.write(msgspec.json.encode(line) + b"\n")


def read(file: Path) -> list[Line]:
    """The lines of a file, without a last one that is torn."""
    *lines, _ = file.read_bytes().split(b"\n")
    return [_DECODER.decode(line) for line in lines]


class Results:
    """The figures of some lines by name and size. Where several runs took one, the newest of them counts."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.runs: list[Run] = []
        self.records: dict[int, Records] = {}
        self._gaps: dict[tuple[str, int], str] = {}
        self._taken: dict[tuple[str, int], tuple[int, list[float]]] = {}
        for line in lines:
            self._add(line)

    def _add(self, line: Line) -> None:
        match line:
            case Run():
                self.runs.append(line)
            case Records():
                self.records[line.documents] = line
            case Gap():
                self._gaps |= {(row, line.documents): line.reason for row in line.rows}
            case Figure():
                run, values = self._taken.get((line.name, line.documents), (0, []))
                kept = values if run == len(self.runs) else []
                value = AtLeast(line.value) if line.at_least else line.value
                self._taken[line.name, line.documents] = len(self.runs), [*kept, value]

    def values(self, name: str, documents: int) -> list[float]:
        return self._taken.get((name, documents), (0, []))[1]

    def is_bound(self, name: str, documents: int) -> bool:
        """Whether a value of that figure is known only to be not less."""
        return any(isinstance(value, AtLeast) for value in self.values(name, documents))

    @property
    def sizes(self) -> list[int]:
        return sorted({size for run in self.runs for size in run.sizes})

    def gap(self, row: str, documents: int) -> str | None:
        return self._gaps.get((row, documents))

    def all(self) -> Mapping[tuple[str, int], list[float]]:
        """Every figure that was taken: its values by name and size."""
        return {key: values for key, (_, values) in self._taken.items()}
