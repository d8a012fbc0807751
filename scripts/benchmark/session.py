"""One run: which steps are measured, in which order, and what is kept of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmark import browser, memory, preview, tools
from benchmark.builds import Builds, Figures
from benchmark.goals import FIGURES, in_unit, usual_size
from benchmark.projects import Projects, generate
from benchmark.results import AtLeast, Figure, Gap, NotMeasured, Run, append, begin


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is measured in one go, and the rows that need it."""

    rows: frozenset[str]
    figures: Callable[[], Figures]


class Session:
    """Measures into ``folder``. Each figure is printed, and appended to ``file``, as soon as it is known."""

    def __init__(
        self, file: Path, folder: Path, only: frozenset[str], timeout: float, earlier: Path | None = None
    ) -> None:
        self._file, self._folder, self._only, self._timeout = file, folder, only, timeout
        self._earlier = earlier

    def begin(self, sizes: Sequence[int]) -> None:
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        begin(self._file, Run(now, list(sizes), tools.machine(), tools.versions(), memory.method(), os.getloadavg()[0]))

    def visit(self, rounds: int) -> None:
        """The row that has a record of its own."""
        projects = Projects(self._folder / "visit", browser.VISIT_DOCUMENTS)
        step = Step(frozenset({"visit"}), partial(browser.visit, projects, rounds, self._timeout))
        try:
            for each in self._wanted([step]):
                self._taken(projects.documents, each)
        finally:
            projects.remove()

    def documents(self, documents: int, size: int, rounds: int, sizes: Sequence[int]) -> None:
        """All rows that have a figure for so many documents of about ``size`` bytes; ``sizes``: of all records."""
        projects = Projects(self._folder / str(documents), documents)
        builds = Builds(projects, self._timeout, self._earlier)
        steps, last = self._wanted(by_turns(builds)), self._wanted(at_the_end(builds, rounds, sizes))
        if not steps and not last:
            return
        append(self._file, generate(projects, size))
        try:
            for turn in range(1, rounds + 1):
                self._say(documents, f"round {turn} of {rounds}")
                # What failed once is not tried again.
                steps = [step for step in steps if self._taken(documents, step)]
            for step in last:
                self._taken(documents, step)
        finally:
            projects.remove()

    def _wanted(self, steps: Iterable[Step]) -> list[Step]:
        return [step for step in steps if step.rows & self._only]

    def _taken(self, documents: int, step: Step) -> bool:
        """Whether a step gave all its figures; else the reason is kept in their place."""
        try:
            for name, value in step.figures():
                at_least = isinstance(value, AtLeast)
                append(self._file, Figure(name, documents, float(value), at_least))
                title, unit = FIGURES[name]
                self._say(documents, f"{title:<62}{'> ' * at_least + in_unit(unit, value):>12}")
        except (NotMeasured, OSError) as wrong:
            append(self._file, Gap(sorted(step.rows), documents, str(wrong)))
            self._say(documents, f"not measured ({', '.join(sorted(step.rows))}): {wrong}")
            return False
        return True

    def _say(self, documents: int, text: str) -> None:
        print(f"{documents:>7,}  {text.replace('`', '')}", flush=True)


def by_turns(builds: Builds) -> list[Step]:
    """One round, by turns: what else the machine does falls on all."""
    return [
        Step(frozenset({"cold", "scale", "memory", "peer", "zensical", "earlier"}), builds.record_cold),
        Step(frozenset({"earlier"}), builds.earlier_cold),
        Step(frozenset({"rebuild"}), builds.record_changed),
        Step(frozenset({"rebuild", "memory", "peer"}), builds.hugo_full),
        Step(frozenset({"zensical"}), builds.zensical_cold),
        Step(frozenset({"verify"}), builds.verify),
        # Last, because it writes so much that nothing of the others stays in the memory of files.
        Step(frozenset({"cold"}), builds.material_cold),
    ]


def at_the_end(builds: Builds, rounds: int, sizes: Sequence[int]) -> Iterator[Step]:
    """What stands alone, over the site that the rounds left."""
    documents = builds.projects.documents
    if documents == usual_size(sizes):
        yield Step(frozenset({"list"}), partial(builds.listing, rounds))
        yield Step(frozenset({"serve"}), partial(preview.serve, builds, rounds))
    yield Step(frozenset({"serve"}), partial(preview.serve_alone, builds, rounds))
    if documents == max(sizes):
        yield Step(frozenset({"search"}), partial(browser.search, builds))
