"""The whole benchmark on records of a few documents: every row comes out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from benchmark.goals import FIGURES, ROWS, rows
from benchmark.results import Results, read
from support import programs
from support.site import PROJECT

IN_BROWSER = {"visit", "search", "serve"}
BESIDE = {"zensical", "earlier"}  # what need not be installed
SIZES = [8, 16]


def bench(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A run in ``folder``, which holds the files that it writes."""
    command = [str(PROJECT / "scripts/bench"), *options, "--results", "results.jsonl", "--page", "page.md"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=300)


def measured(folder: Path, only: set[str], *options: str) -> Results:
    """The results of a small run of these rows, which all came out, in the file and in the page."""
    sizes = ",".join(map(str, SIZES))
    rounds = ("--documents", sizes, "--rounds", "1", "--bytes", "5000", "--only", ",".join(sorted(only)))
    finished = bench(folder, *rounds, *options)
    assert (finished.returncode, finished.stderr) == (0, ""), finished.stdout
    results = Results(read(folder / "results.jsonl"))
    wanted = [row for row in rows(SIZES) if row.goal.row in only]
    missing = [f"{row.goal.title}, {row.documents}" for row in wanted if not row.reached(results)]
    assert missing == [], finished.stdout
    shown = (folder / "page.md").read_text("utf-8").partition("## How")[0]
    assert sum(line.startswith("|") for line in shown.splitlines()) == len(list(rows(SIZES))) + 2
    assert shown.count("- not measured") == len(list(rows(SIZES))) - len(wanted)
    return results


def test_every_row_of_commands_comes_out(tmp_path: Path) -> None:
    results = measured(tmp_path, set(ROWS) - IN_BROWSER - BESIDE, "--keep", str(tmp_path / "kept"))
    assert set(results.records) == set(SIZES)
    assert results.values("record.memory", SIZES[1])[0] > 10e6
    kept = {file.relative_to(tmp_path / "kept").parts[:2] for file in (tmp_path / "kept").rglob("*")}
    assert {parts[1] for parts in kept if len(parts) > 1} == {"filed", "filed.json"}


@pytest.mark.browser
def test_every_row_of_the_browser_comes_out(tmp_path: Path) -> None:
    programs.need(*programs.CHROMIUM, package="chromium")
    results = measured(tmp_path, IN_BROWSER)
    assert results.values("record.visit", 24)[0] < results.values("material.visit", 24)[0]
    assert len(results.values("record.search", SIZES[1])) == 4
    assert {name for name, _ in results.all()} <= set(FIGURES)


def test_what_takes_too_long_leaves_a_gap(tmp_path: Path) -> None:
    options = ("--documents", "8", "--rounds", "2", "--only", "cold", "--timeout", "0.1")
    finished = bench(tmp_path, *options)
    assert (finished.returncode, finished.stderr) == (0, "")
    # Ours and Material, in the first round alone.
    assert finished.stdout.count("took more than 0.1 s and was ended") == 2
    assert finished.stdout.count("> 0.10 s") == 1
    assert "| 8 | cold build / plain Material with its own search | – |  | not measured |  |" in (
        tmp_path / "page.md"
    ).read_text("utf-8")
    again = bench(tmp_path, "--write-only")
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "weather"], "expected some of cold, peer"),
        (["--documents", "10,many"], "invalid"),
        (["--documents", "10,20", "--rounds", "1,2,3"], "expected one number or 2"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, options: list[str], said: str) -> None:
    finished = bench(tmp_path, *options)
    assert finished.returncode != 0
    assert said in finished.stderr
    assert list(tmp_path.iterdir()) == []
