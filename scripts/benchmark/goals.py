"""The rows of the table: how each is reckoned from the figures that were taken, and what it must reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from benchmark.browser import VISIT_DOCUMENTS
from benchmark.results import Results

Unit = Literal["ratio", "s", "B", "requests"]

# Figure: what it is, and its unit. A row of the page for each.
FIGURES: dict[str, tuple[str, Unit]] = {
    "record.cold": ("cold build", "s"),
    "record.bytes": ("a site, all its files", "B"),
    "earlier.cold": ("cold build by the earlier release", "s"),
    "earlier.bytes": ("its site, all its files", "B"),
    "zensical.cold": ("Zensical, build with its own search", "s"),
    "material.cold": ("plain Material, build with its own search", "s"),
    "record.changed": ("build after one document changed", "s"),
    "record.unchanged": ("build after nothing changed", "s"),
    "hugo.full": ("Hugo, full build", "s"),
    "pagefind.full": ("Pagefind over Hugo's pages", "s"),
    "record.verify": ("`record verify`", "s"),
    "sha256sum.verify": ("`sha256sum --check` over the same files", "s"),
    "record.list-cold": ("`record list --json`, cold", "s"),
    "record.list-cached": ("`record list --json`, from its cache", "s"),
    "record.memory": ("cold build, peak of all its processes without Pagefind's", "B"),
    "hugo.memory": ("Hugo, peak", "B"),
    "record.serve-start": ("`mkdocs serve`, from its start to the first page", "s"),
    "record.serve": ("`mkdocs serve`, from an edit to its page", "s"),
    "record.serve-search": ("`mkdocs serve`, from an edit to finding it", "s"),
    "alone.serve-start": ("`record serve`, from its start to the first page", "s"),
    "alone.serve": ("`record serve`, from an edit to its page", "s"),
    "alone.serve-search": ("`record serve`, from an edit to finding it", "s"),
    "record.visit": ("first visit of a document of 60 kB", "B"),
    "record.visit-requests": ("first visit, requests", "requests"),
    "material.visit": ("plain Material, the same document", "B"),
    "material.visit-requests": ("plain Material, requests", "requests"),
    "record.search": ("first search, from an empty browser to results", "B"),
    "record.search-alone": ("of these, after its page was there", "B"),
    "record.search-requests": ("first search, requests", "requests"),
}
# What --only takes: what each row of the goals is about.
ROWS: dict[str, str] = {
    "cold": "cold build beside plain Material",
    "peer": "cold build beside a full build by Hugo and Pagefind",
    "zensical": "cold build beside Zensical, which has to be installed",
    "earlier": "cold build, and the bytes of the site, beside an earlier release, which --earlier names",
    "rebuild": "rebuild after one document changed beside a full build by Hugo and Pagefind",
    "serve": "mkdocs serve and record serve, from an edit to the screen and to the search",
    "scale": "cold cost per document, many beside few",
    "verify": "record verify beside sha256sum",
    "list": "record list --json, cold and from its cache",
    "visit": "bytes of a first visit beside plain Material's",
    "search": "bytes of a first search",
    "memory": "peak memory of a cold build beside Hugo's",
}
FEW, MANY = 1000, 10_000
_HUGO = ("hugo.full", "pagefind.full")


@dataclass(frozen=True, slots=True)
class Goal:
    """The sum of the figures ``over``, divided by the sum of ``under`` where there is one.

    ``most`` has what may be reached for each size that the contract names (DESIGN.md §9); other sizes have no goal.
    """

    row: str
    title: str
    over: Sequence[str]
    under: Sequence[str] = ()
    most: Mapping[int, float] = field(default_factory=dict)
    unit: Unit = "ratio"
    where: Literal["every size", "usual size", "largest size", "both ends", "visit"] = "every size"
    # Of several different things the worst counts, not the middle.
    worst: bool = False


GOALS = (
    Goal("cold", "cold build / plain Material with its own search", ["record.cold"], ["material.cold"],
         {FEW: 0.6, MANY: 0.35}),
    Goal("peer", "cold build / Hugo and Pagefind, all", ["record.cold"], _HUGO, {FEW: 1.0, MANY: 0.9}),
    Goal("zensical", "cold build / Zensical with its own search", ["record.cold"], ["zensical.cold"], {FEW: 0.3}),
    Goal("earlier", "cold build / the earlier release", ["record.cold"], ["earlier.cold"], {FEW: 0.5, MANY: 0.5}),
    Goal("earlier", "bytes of the site / the earlier release", ["record.bytes"], ["earlier.bytes"], {FEW: 0.8}),
    Goal("rebuild", "rebuild after one document changed / Hugo and Pagefind, all", ["record.changed"], _HUGO,
         {FEW: 0.15, MANY: 0.05}),
    Goal("rebuild", "rebuild after nothing changed / Hugo and Pagefind, all", ["record.unchanged"], _HUGO,
         {MANY: 0.02}),
    Goal("serve", "`mkdocs serve`, one edit on screen", ["record.serve"], most={FEW: 0.5}, unit="s",
         where="usual size"),
    Goal("serve", "`mkdocs serve`, one edit found by the search", ["record.serve-search"], most={FEW: 2.0}, unit="s",
         where="usual size"),
    Goal("serve", "`record serve`, one edit on screen", ["alone.serve"], most={FEW: 0.5, MANY: 2.0}, unit="s"),
    Goal("serve", "`record serve`, one edit found by the search", ["alone.serve-search"], most={FEW: 2.0}, unit="s",
         where="usual size"),
    Goal("scale", "cold cost per document / the same with fewer documents", ["record.cold"], ["record.cold"],
         {MANY: 1.15}, where="both ends"),
    Goal("verify", "`record verify` / `sha256sum` over the same files", ["record.verify"], ["sha256sum.verify"],
         {FEW: 1.0, MANY: 1.0}),
    Goal("list", "`record list --json` with all citations, cold", ["record.list-cold"], most={FEW: 1.5}, unit="s",
         where="usual size"),
    Goal("list", "`record list --json`, from its cache", ["record.list-cached"], most={FEW: 0.3}, unit="s",
         where="usual size"),
    Goal("visit", "first visit of a document of 60 kB, gzip", ["record.visit"], most={VISIT_DOCUMENTS: 120_000},
         unit="B", where="visit"),
    Goal("search", "first search, gzip, the largest of four", ["record.search"], most={MANY: 350_000}, unit="B",
         where="largest size", worst=True),
    Goal("memory", "peak memory of a cold build / Hugo's", ["record.memory"], ["hugo.memory"], {MANY: 0.19}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A goal for records of one size: a row of the table. ``fewer``: the other size, for a goal over both ends."""

    goal: Goal
    documents: int
    fewer: int

    @property
    def most(self) -> float | None:
        ends = self.goal.where != "both ends" or self.fewer == FEW
        return self.goal.most.get(self.documents) if ends else None

    def rounds(self, results: Results) -> int:
        """In how many rounds each of its figures was taken, at least."""
        over = [len(results.values(name, self.documents)) for name in self.goal.over]
        return min(over + [len(results.values(name, self.fewer)) for name in self.goal.under])

    def reached(self, results: Results) -> float | None:
        """The row's figure; None where a part of it was not measured."""
        over = self._sum(self.goal.over, self.documents, results)
        under = self._sum(self.goal.under, self.fewer, results)
        if over is None or under is None:
            return None
        return over / under * (self.fewer / self.documents) if self.goal.under else over

    def is_bound(self, results: Results) -> bool:
        """Whether its figure is at most what ``reached`` says: what it is divided by was ended before its end."""
        return any(results.is_bound(name, self.fewer) for name in self.goal.under)

    def _sum(self, names: Sequence[str], documents: int, results: Results) -> float | None:
        taken = [results.values(name, documents) for name in names]
        middle: Callable[[list[float]], float] = max if self.goal.worst else median
        return sum(map(middle, taken)) if all(taken) else None


def rows(sizes: Sequence[int]) -> Iterator[Row]:
    """The table for records of these sizes."""
    small, large = min(sizes), max(sizes)
    for goal in GOALS:
        match goal.where:
            case "every size":
                yield from (Row(goal, size, size) for size in sizes)
            case "usual size":
                yield Row(goal, usual_size(sizes), usual_size(sizes))
            case "largest size":
                yield Row(goal, large, large)
            case "both ends" if large > small:
                yield Row(goal, large, small)
            case "visit":
                yield Row(goal, VISIT_DOCUMENTS, VISIT_DOCUMENTS)


def usual_size(sizes: Sequence[int]) -> int:
    """The size at which a preview and a listing are measured."""
    return FEW if FEW in sizes else min(sizes)


def in_unit(unit: Unit, value: float) -> str:
    """A figure as people read it."""
    match unit:
        case "ratio":
            return f"{value:.2f}"
        case "s":
            return f"{value:.2f} s"
        case "requests":
            return f"{value:.0f}"
        case "B" if value >= 10e6:
            return f"{value / 2**20:,.0f} MiB"
    return f"{value / 1000:,.1f} kB"
