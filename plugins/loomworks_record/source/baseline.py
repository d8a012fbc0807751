"""The baseline: problems that are known and stay, since they lie in files that must not be edited. It only shrinks.

A problem is known again by its code, its line and its path without ``archive/``: a document keeps its old oddities
when a later version sends it there. The file is JSON with one problem to a line, so that a change of it reads well.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from loomworks_record.errors import UsageError
from loomworks_record.source.names import without_archive
from loomworks_record.source.problem import Problem, sort_key

FORMAT = "loomworks-baseline/1"


class BaselineError(UsageError):
    """The baseline cannot be read, or was asked to grow without a reason."""


class KnownProblem(Struct, frozen=True):
    """One known problem, and why it is let be."""

    problem: Problem
    reason: str


class Baseline(Struct, frozen=True):
    """Known problems, sorted by place. ``bytes(parse_baseline(data)) == data`` for what this program wrote."""

    known: tuple[KnownProblem, ...] = ()

    def __bytes__(self) -> bytes:
        lines = ",\n".join(json.dumps(_fields(each), ensure_ascii=False) for each in self.known)
        inner = f"\n{lines}\n" if lines else ""
        return f'{{"format": "{FORMAT}", "problems": [{inner}]}}\n'.encode()


class BaselineComparison(Struct, frozen=True):
    """Problems beside a baseline: ``new`` are not in it, ``known`` are, and ``gone`` are those it lists in vain."""

    new: tuple[Problem, ...]
    known: tuple[Problem, ...]
    gone: tuple[KnownProblem, ...]


def parse_baseline(data: bytes, *, name: str) -> Baseline:
    """The baseline in ``data``; BaselineError names what is not as expected."""
    try:
        values = json.loads(data.decode("utf-8"))
        if values["format"] != FORMAT:
            raise ValueError(f"expected the format {FORMAT}, got {values['format']!r}")
        known = tuple(_known(row) for row in values["problems"])
    except (ValueError, KeyError, TypeError) as wrong:
        said = f"there is no key {wrong}" if isinstance(wrong, KeyError) else str(wrong)
        raise BaselineError(f"{name}: cannot be read as a baseline ({said}); restore it from git") from None
    return Baseline(_sorted(known))


def compare_problems(baseline: Baseline, problems: Iterable[Problem]) -> BaselineComparison:
    """Each entry of the baseline stands for one problem."""
    left = Counter(_key(each.problem) for each in baseline.known)
    new: list[Problem] = []
    known: list[Problem] = []
    for problem in problems:
        if left[_key(problem)] > 0:
            left[_key(problem)] -= 1
            known.append(problem)
        else:
            new.append(problem)
    gone: list[KnownProblem] = []
    for each in reversed(baseline.known):
        if left[_key(each.problem)] > 0:
            left[_key(each.problem)] -= 1
            gone.append(each)
    return BaselineComparison(tuple(new), tuple(known), tuple(reversed(gone)))


def shrunk(baseline: Baseline, problems: Iterable[Problem]) -> Baseline:
    """Without the entries whose problem is gone. Nothing is added."""
    gone = Counter(compare_problems(baseline, problems).gone)
    kept: list[KnownProblem] = []
    for each in baseline.known:
        if gone[each] > 0:
            gone[each] -= 1
        else:
            kept.append(each)
    return Baseline(tuple(kept))


def grown(baseline: Baseline, problems: Iterable[Problem], reason: str) -> Baseline:
    """Shrunk, and with every new problem added for ``reason``; BaselineError without one."""
    said = " ".join(reason.split())
    if not said:
        raise BaselineError("a baseline grows only for a reason; give one with --reason")
    held = tuple(problems)
    new = (KnownProblem(problem, said) for problem in compare_problems(baseline, held).new)
    return Baseline(_sorted((*shrunk(baseline, held).known, *new)))


def _key(problem: Problem) -> tuple[str, int | None, str]:
    return (without_archive(problem.path), problem.line, problem.code)


def _sorted(known: Iterable[KnownProblem]) -> tuple[KnownProblem, ...]:
    return tuple(sorted(known, key=lambda each: (sort_key(each.problem), each.reason)))


def _fields(known: KnownProblem) -> dict[str, Any]:
    problem = known.problem
    return {
        "code": problem.code,
        "path": problem.path,
        "line": problem.line,
        "message": problem.message,
        "reason": known.reason,
    }


def _known(row: Any) -> KnownProblem:
    texts = [row["path"], row["code"], row["message"], row["reason"]]
    line = row["line"]
    if not all(isinstance(text, str) for text in texts) or not (line is None or type(line) is int):
        raise ValueError(f"expected texts, and a number or null for the line, got {row!r}")
    return KnownProblem(Problem(row["path"], line, row["code"], row["message"]), row["reason"])
