"""Measure comparisons: how much they mark beyond what really changed, and how long they take.

    python scripts/bench_compare.py            minimality on the labelled pairs, beside git and lxml; times
    python scripts/bench_compare.py --quick    without the two documents of 1 MB

Characters are counted without white space. "really" is what the labels in tests/compare/pairs say; each other
column is what a tool marks as removed or added on the same pair. git compares the Markdown, the others the
rendered HTML.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median

from lxml.html import fragments_fromstring
from lxml.html.diff import htmldiff

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

from compare.labelled import FOLDER, LabelledPair, labelled_pairs, squeezed  # noqa: E402 - found by the lines above
from compare.rendering import pairs, rendered  # noqa: E402
from loomworks_record.comparison.comparison import compare  # noqa: E402
from loomworks_record.comparison.marks import canonical_html, reconstruct  # noqa: E402
from loomworks_record.comparison.values import Comparison  # noqa: E402

MOST = 1.3  # marked characters for each that really changed
FAST, FAST_SIZE = 0.2, 62_000  # seconds for a pair of documents of so many bytes
SLOW, SLOW_SIZE = 10.0, 1_000_000


@dataclass(frozen=True)
class Marked:
    """Characters that each tool marks on one pair; None where it failed."""

    pair: LabelledPair
    record: int
    git: int
    lxml: int


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="leave out the two documents of 1 MB")
    quick = options.parse_args().quick
    missed = [*report_minimality(), *report_record(), *report_times(quick)]
    for line in missed:
        print(f"MISSED: {line}", file=sys.stderr)
    return 1 if missed else 0


def report_minimality() -> list[str]:
    """Print the table of labelled pairs; return what exceeds the bound."""
    measured = [measure(pair) for pair in labelled_pairs()]
    print(f"{'pair':28}{'really':>8}{'record':>8}{'git':>8}{'lxml':>8}{'record/really':>15}")
    for marked in measured:
        print(f"{marked.pair.name:28}{_row(marked)}{marked.record / marked.pair.size:>15.2f}")
    for kind, group in groupby(sorted(measured, key=lambda each: each.pair.kind), lambda each: each.pair.kind):
        print(f"{'all: ' + kind:28}{_totals(list(group))}")
    print(f"{f'all {len(measured)} pairs':28}{_totals(measured)}")
    return [
        f"{marked.pair.name}: {marked.record} characters marked, at most {marked.pair.size * MOST:.0f} expected"
        for marked in measured
        if marked.record > marked.pair.size * MOST
    ]


def measure(pair: LabelledPair) -> Marked:
    return Marked(pair, marked_html(compare(pair.old, pair.new).html), marked_git(pair), marked_lxml(pair))


def marked_html(html: str) -> int:
    """Characters inside ``ins`` and ``del``."""
    return sum(
        len(squeezed("".join(mark.itertext())))
        for part in fragments_fromstring(f"<div>{html}</div>")
        for mark in part.iter("ins", "del")
        if not any(above.tag in ("ins", "del") for above in mark.iterancestors())
    )


def marked_lxml(pair: LabelledPair) -> int:
    return marked_html(htmldiff(pair.old, pair.new))


def marked_git(pair: LabelledPair) -> int:
    values = tomllib.loads((FOLDER / f"{pair.name}.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("old.md", "new.md")]
        for file, text in zip(files, (values["old"], values["new"]), strict=True):
            file.write_text(text, "utf-8")
        command = ["git", "diff", "--no-index", "--no-color", "--word-diff=porcelain", *map(str, files)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = answer.partition("@@")[2].split("\n")[1:]
    return sum(len(squeezed(line[1:])) for line in lines if line[:1] in ("+", "-"))


def report_record() -> list[str]:
    """Compare every pair of versions in the sample record; return what does not come back."""
    broken, times = [], []
    for old, new in pairs():
        sides = [rendered(path.read_text("utf-8")) for path in (old, new)]
        seconds, comparison = timed(lambda sides=sides: compare(*sides))
        times.append(seconds)
        for side, html in zip(("old", "new"), sides, strict=True):
            if reconstruct(comparison.html, side) != canonical_html(html):
                broken.append(f"{new.name}: the {side} document does not come back")
    if times:
        middle, longest = median(times) * 1000, max(times) * 1000
        print(f"\nsample record: {len(times)} pairs, {middle:.0f} ms each (median), {longest:.0f} ms at most")
    return broken


def report_times(quick: bool) -> list[str]:
    """Print the times of large pairs; return those that exceed their bound."""
    print()
    slow = []
    for name, make, bound in _cases(quick):
        old, new = (rendered_quickly(text) for text in make())
        seconds, comparison = timed(lambda old=old, new=new: compare(old, new), runs=1 if bound > 1 else 5)
        said = ", ".join(f"{each.what} {each.done:,} of {each.of:,}" for each in comparison.shortfalls) or "all of it"
        print(f"{name:58}{seconds:>8.3f} s (at most {bound} s)   shown: {said}; {len(comparison.html):,} characters")
        if seconds > bound:
            slow.append(f"{name}: {seconds:.2f} s, at most {bound} s expected")
    return slow


def _cases(quick: bool) -> Iterator[tuple[str, Callable[[], tuple[str, str]], float]]:
    yield "62 kB, a tenth of the sentences edited", lambda: edited_pair(FAST_SIZE), FAST
    if quick:
        return
    yield "1 MB, a tenth of the sentences edited", lambda: edited_pair(SLOW_SIZE), SLOW
    yield "1 MB, wholly different", lambda: (document(SLOW_SIZE, 1), document(SLOW_SIZE, 2)), SLOW
    yield "1 MB, no word in common", lambda: (document(SLOW_SIZE, 1), document(SLOW_SIZE, 2).upper()), SLOW


def timed(run: Callable[[], Comparison], runs: int = 1) -> tuple[float, Comparison]:
    """The median processor time of ``runs`` runs, in seconds, and the result. A comparison runs in one thread, so
    this is what it takes on an idle machine."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        result = run()
        times.append(time.process_time() - start)
    return median(times), result


def document(size: int, seed: int) -> str:
    """A document of about ``size`` bytes: sections, paragraphs, lists, a table here and there, code; words follow a
    natural frequency curve."""
    chance = random.Random(seed)
    parts: list[str] = []
    written = section = 0
    while written < size:
        section += 1
        part = [f"## §{section} {_sentence(chance)[:40]}"]
        part += [" ".join(_sentence(chance) for _ in range(chance.randint(2, 6))) for _ in range(chance.randint(2, 6))]
        if chance.random() < 0.4:
            part.append("\n".join(f"- {_sentence(chance)}" for _ in range(chance.randint(2, 8))))
        if chance.random() < 0.3:
            rows = (f"| G{row} | {_sentence(chance)} | Step {row} |" for row in range(chance.randint(2, 12)))
            part.append("\n".join(["| # | Gate | Where |", "|---|---|---|", *rows]))
        if chance.random() < 0.1:
            part.append("\n".join(["```", *(_sentence(chance) for _ in range(5)), "```"]))
        parts.append("\n\n".join(part))
        written += len(parts[-1]) + 2
    return "\n\n".join(parts)


def edited_pair(size: int) -> tuple[str, str]:
    """A document, and the same with a tenth of its sentences edited."""
    old = document(size, 3)
    chance = random.Random(4)
    lines = old.split("\n")
    for at, line in enumerate(lines):
        if line and not line.startswith(("#", "`", "|--")) and chance.random() < 0.1 * max(1, line.count(". ")):
            words = line.split(" ")
            words[chance.randrange(len(words))] = _word(chance)
            lines[at] = " ".join(words)
    return old, "\n".join(lines)


def _sentence(chance: random.Random) -> str:
    return " ".join(_word(chance) for _ in range(chance.randint(5, 18))).capitalize() + "."


def _word(chance: random.Random) -> str:
    rank = int(chance.paretovariate(0.9)) % 20_000
    letters = random.Random(rank)
    return "".join(letters.choice("etaoinshrdlucmfwypvbgk") for _ in range(letters.randint(2, 9)))


def rendered_quickly(text: str) -> str:
    """Markdown rendered section by section: the whole of 1 MB at once takes the renderer minutes."""
    parts = text.removeprefix("## ").split("\n\n## ")
    return "\n".join(rendered(f"## {part}") for part in parts)


def _row(marked: Marked) -> str:
    return f"{marked.pair.size:>8}{marked.record:>8}{marked.git:>8}{marked.lxml:>8}"


def _totals(measured: list[Marked]) -> str:
    really = sum(marked.pair.size for marked in measured)
    sums = [sum(getattr(marked, tool) for marked in measured) for tool in ("record", "git", "lxml")]
    said = (f"{tool} {total / really:.2f}" for tool, total in zip(("record", "git", "lxml"), sums, strict=True))
    return f"{really:>8}{''.join(f'{total:>8}' for total in sums)}   {'  '.join(said)}"


if __name__ == "__main__":
    sys.exit(main())
