"""docs/benchmarks.md, written from what was measured and nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from statistics import median

from benchmark.goals import FIGURES, Row, in_unit, rows
from benchmark.results import Results

_HEAD = """\
# Benchmarks

Written by `scripts/bench site`; do not edit. It builds the same records with this project, with plain Material for
MkDocs, and with Hugo and Pagefind, and hashes the same files with `sha256sum`: side by side in one run, by turns, every
command with its start. [Contributing](contributing.md#measure) says how to repeat it.
"""
_HOW = """\
## How

- Records come from `scripts/realistic.py`: words follow a natural frequency curve over some 20,000, and each version of
  a document is the one before it with a tenth of its sentences written anew. The same sizes give the same documents.
- Ours is the full product each time: citations, trajectories, comparisons, the bundle with its log, the search index.
  (The phases of these records have no halts, so trajectories are looked for and are short.) A cold build has neither
  cache nor site. A rebuild is the whole `mkdocs build` after one sentence of a current document was edited.
- Plain Material is `theme: material` and `plugins: [search]`, all else as it comes. Hugo has one bare template for
  every page and a section file for each phase; Pagefind then indexes the text of the documents, as in ours.
- The documents are read once before each build, so that no disk counts. After it the pages of documents are counted,
  and the edited page must hold the new words.
- The earlier release builds the same documents in an environment of its own (`--earlier`), with what it had then.
  Zensical takes the settings of plain Material.
- Memory of ours is what all processes of the build held together at any look, one a second (by {memory}), without
  Pagefind's own; Hugo's is the largest resident set of its process.
- Bytes are what a server on the same machine sent, headers and answers compressed by gzip, to a Chromium with nothing
  in its cache. Material's font would come from another host; it is not counted. A first search begins at the empty
  search page. Four queries are tried: a frequent word, a seldom one, two words, the number of a CR. The largest counts.
- The previews are a real `mkdocs serve` and `record serve`: from the moment a file is written to the first answer with
  the new words.
"""
_EMPTY = "Nothing has been measured yet: this page is as the script writes it before the first run.\n"


def page(results: Results) -> str:
    """The whole page; without any results it says so."""
    method = (results.runs[-1].memory if results.runs else None) or "PSS"
    parts = [_HEAD, "\n".join(_table(results)) if results.runs else _EMPTY, _HOW.format(memory=method)]
    if results.runs:
        parts += ["\n".join(_raw(results)), "\n".join(_circumstances(results))]
    return "\n".join(parts)


def summary(results: Results, only: Collection[str]) -> Iterator[str]:
    """The table for a terminal, of these rows."""
    for row in _rows(results):
        if row.goal.row not in only:
            continue
        title, said = row.goal.title.replace("`", ""), (_reached(row, results), _goal(row))
        yield f"{_size(row):>14}  {title:<60}{said[0]:>12}{said[1]:>14}  {_verdict(row, results)}"


def _table(results: Results) -> Iterator[str]:
    yield "| Documents | What | Measured | Goal | | Rounds |"
    yield "|---:|---|---:|---:|---|---:|"
    shown = _rows(results)
    for row in shown:
        said = (_reached(row, results), _goal(row), _verdict(row, results))
        cells = (_size(row), row.goal.title, *said, str(row.rounds(results) or ""))
        yield f"| {' | '.join(cells)} |"
    yield ""
    for row in shown:
        if row.reached(results) is None or row.is_bound(results):
            what = "not measured" if row.reached(results) is None else "at most"
            line = f"- {what}: {row.goal.title}, {row.documents:,} documents: {_reason(row, results)}"
            yield textwrap.fill(line, 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    yield ""


def _rows(results: Results) -> list[Row]:
    return list(rows(results.sizes)) if results.runs else []


def _size(row: Row) -> str:
    return f"{row.documents:,}" if row.fewer == row.documents else f"{row.documents:,} / {row.fewer:,}"


def _reached(row: Row, results: Results) -> str:
    value = row.reached(results)
    if value is None:
        return "–"
    return f"{'≤ ' * row.is_bound(results)}{in_unit(row.goal.unit, value)}"


def _goal(row: Row) -> str:
    return "" if row.most is None else f"≤ {in_unit(row.goal.unit, row.most)}"


def _verdict(row: Row, results: Results) -> str:
    value = row.reached(results)
    if value is None:
        return "not measured"
    if row.most is None:
        return ""
    if value <= row.most:
        return "met"
    return "not known" if row.is_bound(results) else "missed"


def _reason(row: Row, results: Results) -> str:
    return results.gap(row.goal.row, row.documents) or results.gap(row.goal.row, row.fewer) or "this run left it out"


def _raw(results: Results) -> Iterator[str]:
    yield "## Figures"
    yield ""
    yield "Medians of so many rounds, with the least and the most."
    yield ""
    yield "| Documents | What | Median | Least | Most | Rounds |"
    yield "|---:|---|---:|---:|---:|---:|"
    taken = results.all()
    for documents in sorted({size for _, size in taken}):
        for name, (title, unit) in FIGURES.items():
            if values := taken.get((name, documents)):
                more = "> " * results.is_bound(name, documents)
                found = (more + in_unit(unit, reckon(values)) for reckon in _RECKONED)
                yield f"| {documents:,} | {title} | {' | '.join(found)} | {len(values)} |"
    yield ""


_RECKONED: Sequence[Callable[[list[float]], float]] = (median, min, max)


def _circumstances(results: Results) -> Iterator[str]:
    last = results.runs[-1]
    yield "## Where and when"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield from (f"| {name} | {value} |" for name, value in last.machine.items())
    for records in results.records.values():
        held = f"{records.bytes / 1e6:,.1f} MB, {records.archived:,} of them archived"
        yield f"| {records.documents:,} documents | {held} |"
    for name in last.versions:
        known = dict.fromkeys(run.versions.get(name, "") for run in results.runs)
        yield f"| {name} | {', '.join(known)} |"
    began = (f"{run.started} (load before: {run.load:.1f})" for run in results.runs)
    yield f"| Begun | {', '.join(began)} |"
