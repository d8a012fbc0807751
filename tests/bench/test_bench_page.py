"""What is reckoned from the lines that were kept, and the page that is made of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark.goals import FIGURES, GOALS, ROWS, rows, usual_size
from benchmark.page import page
from benchmark.results import Figure, Gap, Line, Records, Results, Run, append, begin, read
from support.site import PROJECT


def head(*sizes: int, commit: str = "abc") -> Run:
    machine, versions = {"Processor": "slow", "Cores": "2"}, {"loomworks-record": commit, "hugo": "0.168.0"}
    return Run("2026-05-12 10:00 UTC", list(sizes), machine, versions, "PSS", 0.25)


def figures(name: str, documents: int, *values: float) -> list[Line]:
    return [Figure(name, documents, value) for value in values]


def reached(lines: list[Line], title: str, documents: int) -> tuple[float | None, float | None]:
    """The figure and the goal of the row that begins so."""
    results = Results(lines)
    (row,) = (row for row in rows(results.sizes) if row.goal.title.startswith(title) and row.documents == documents)
    return row.reached(results), row.most


def test_goals_are_those_of_the_contract() -> None:
    found = {(row.goal.row, row.documents): row.most for row in rows([1000, 10_000]) if row.most is not None}
    assert found == {
        ("cold", 1000): 0.6, ("cold", 10_000): 0.35, ("peer", 1000): 1.0, ("peer", 10_000): 0.9,
        ("zensical", 1000): 0.3, ("earlier", 1000): 0.8, ("earlier", 10_000): 0.5, ("rebuild", 1000): 0.15,
        ("rebuild", 10_000): 0.02, ("serve", 1000): 2.0, ("serve", 10_000): 2.0, ("scale", 10_000): 1.15,
        ("verify", 1000): 1.0, ("verify", 10_000): 1.0, ("list", 1000): 0.3, ("visit", 24): 120_000,
        ("search", 10_000): 350_000, ("memory", 10_000): 0.19,
    }  # fmt: skip
    several = {"list": [1.5, 0.3], "serve": [0.5, 2.0, 0.5, 2.0, 2.0], "earlier": [0.5, 0.5, 0.8, None]}
    for name, goals in several.items():
        assert [row.most for row in rows([1000, 10_000]) if row.goal.row == name] == goals


def test_other_sizes_have_no_goals_but_rows() -> None:
    found = list(rows([20, 40]))
    assert {row.goal.row for row in found} == set(ROWS)
    assert {row.goal.row for row in found if row.most is not None} == {"visit"}
    assert usual_size([20, 40]) == 20


def test_every_figure_of_a_goal_has_a_title() -> None:
    assert {name for goal in GOALS for name in (*goal.over, *goal.under)} <= set(FIGURES)


def test_a_ratio_is_of_medians_and_of_sums() -> None:
    lines = [
        head(1000),
        *figures("record.changed", 1000, 3.0, 100.0, 2.0),
        *figures("hugo.full", 1000, 1.0, 2.0, 0.0),
        *figures("pagefind.full", 1000, 5.0, 4.0, 9.0),
    ]
    assert reached(lines, "rebuild after one document", 1000) == (0.5, 0.15)


def test_cost_per_document_is_compared_over_sizes() -> None:
    lines = [head(1000, 10_000), *figures("record.cold", 1000, 10.0), *figures("record.cold", 10_000, 120.0)]
    assert reached(lines, "cold cost", 10_000) == (pytest.approx(1.2), 1.15)
    assert reached(lines, "cold build / plain", 10_000) == (None, 0.35)


def test_of_several_searches_the_worst_counts() -> None:
    lines = [head(10_000), *figures("record.search", 10_000, 100.0, 900.0, 200.0)]
    assert reached(lines, "first search", 10_000)[0] == 900.0


def test_a_later_run_takes_the_place_of_an_earlier_one() -> None:
    first = [head(20, commit="abc"), *figures("record.cold", 20, 8.0, 9.0), *figures("material.cold", 20, 4.0)]
    results = Results([*first, head(20, commit="def"), *figures("record.cold", 20, 2.0)])
    assert results.values("record.cold", 20) == [2.0]
    assert results.values("material.cold", 20) == [4.0]
    assert "| loomworks-record | abc, def |" in page(results)


def test_what_was_kept_is_read_again_without_a_torn_end(tmp_path: Path) -> None:
    file = tmp_path / "new" / "results.jsonl"
    lines = [head(20), Records(20, 500_000, 9), Figure("record.cold", 20, 1.5), Gap(["search"], 20, "no Chromium")]
    begin(file, head(20))
    for line in lines[1:]:
        append(file, line)
    whole = file.read_bytes()
    with file.open("ab") as out:
        out.write(b'{"type":"figure","name":"record.co')
    assert read(file) == lines
    begin(file, head(20))
    assert file.read_bytes().startswith(whole + b'{"type":"run"')
    assert read(file) == [*lines, head(20)]


def test_the_page_says_what_was_met_missed_and_not_measured() -> None:
    lines = [
        head(1000),
        Records(1000, 25_000_000, 600),
        *figures("record.cold", 1000, 5.0, 6.0, 7.0),
        *figures("material.cold", 1000, 20.0, 20.0, 20.0),
        *figures("record.serve", 1000, 2.5),
        Gap(["search"], 1000, "Chromium is not installed: apt install chromium"),
    ]
    text = page(Results(lines))
    assert "| 1,000 | cold build / plain Material with its own search | 0.30 | ≤ 0.60 | met | 3 |" in text
    assert "| 1,000 | `mkdocs serve`, one edit on screen | 2.50 s | ≤ 0.50 s | missed | 1 |" in text
    assert "- not measured: first search, gzip, the largest of four, 1,000 documents: Chromium is not" in text
    assert "| 1,000 | cold build | 6.00 s | 5.00 s | 7.00 s | 3 |" in text
    assert "| Begun | 2026-05-12 10:00 UTC (load before: 0.2) |" in text


@pytest.mark.parametrize(
    ("ended", "verdict"), [(40.0, "| ≤ 0.15 | ≤ 0.60 | met | 1 |"), (8.0, "| ≤ 0.75 | ≤ 0.60 | not known | 1 |")]
)
def test_a_peer_that_was_ended_gives_a_bound(ended: float, verdict: str, tmp_path: Path) -> None:
    """It would have taken more, so ours beside it is at most that."""
    file, why = tmp_path / "results.jsonl", f"mkdocs build in material/ took more than {ended:g} s and was ended"
    begin(file, head(1000))
    lines: list[Line] = [*figures("record.cold", 1000, 6.0), Figure("material.cold", 1000, ended, at_least=True)]
    for line in [*lines, Gap(["cold"], 1000, why)]:
        append(file, line)
    text = page(Results(read(file)))
    assert f"| 1,000 | cold build / plain Material with its own search {verdict}" in text
    assert f"- at most: cold build / plain Material with its own search, 1,000 documents: {why}" in " ".join(
        text.split()
    )
    assert f"| 1,000 | plain Material, build with its own search | > {ended:.2f} s | > {ended:.2f} s" in text


def test_the_page_of_the_documentation_is_written_by_the_script() -> None:
    """What does not depend on a run stands there as the script has it now."""
    text = (PROJECT / "docs/benchmarks.md").read_text("utf-8")
    empty = page(Results([]))
    start, end = empty.partition("Nothing has been")[0], empty.partition("## How")[2].replace("(by PSS)", "")
    assert text.startswith(start), "run: scripts/bench site --write-only --results FILE"
    assert end.strip() in text.replace("(by PSS)", "").replace("(by RSS)", "")
