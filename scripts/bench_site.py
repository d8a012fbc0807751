"""The whole product beside plain Material, Hugo with Pagefind, and sha256sum: every goal; writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmark import tools
from benchmark.goals import FEW, MANY, ROWS
from benchmark.page import page, summary
from benchmark.results import Results, read
from benchmark.session import Session

PAGE = tools.PROJECT / "docs/benchmarks.md"


def arguments() -> argparse.Namespace:
    rows = "\n".join(f"  {name:<9}{about}" for name, about in ROWS.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench site", description=__doc__, epilog=f"rows:\n{rows}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--documents", type=_numbers, metavar="N,…", help=f"sizes of the records (default: {FEW},{MANY})")
    add("--rounds", type=_numbers, metavar="N,…", help=f"for each size, or for all (default: 3 up to {FEW}, then 1)")
    add("--bytes", type=int, default=25_000, metavar="N", help="size of a document, about (default: %(default)s)")
    add("--only", type=_rows, metavar="ROW,…", help="measure these rows (default: all)")
    add("--timeout", type=float, default=1800, metavar="S", help="seconds for one command (default: %(default)s)")
    add("--keep", type=Path, metavar="DIR", help="make the records here, or take those that an earlier run left")
    add("--earlier", type=Path, metavar="PYTHON", help="of an environment that has an earlier release installed")
    add("--results", type=Path, metavar="FILE", help="append what is measured here (default: a new file in .cache)")
    add("--write-only", action="store_true", help="measure nothing; write the page from --results")
    add("--page", type=Path, metavar="FILE", help=(
        "the page to write (default: docs/benchmarks.md, but none with --documents or --only)"
    ))  # fmt: skip
    options = parser.parse_args()
    if options.write_only and options.results is None:
        parser.error("--write-only needs --results FILE")
    if options.page is None and (options.write_only or not (options.documents or options.only)):
        options.page = PAGE
    options.documents = sorted(set(options.documents or (FEW, MANY)))
    return options


def _numbers(text: str) -> list[int]:
    found = [int(part) for part in text.split(",")]
    if min(found) < 1:
        raise ValueError(text)
    return found


def _rows(text: str) -> frozenset[str]:
    found = frozenset(text.split(","))
    if not found <= set(ROWS):
        raise argparse.ArgumentTypeError(f"expected some of {', '.join(ROWS)}, got '{text}'")
    return found


def rounds_for(sizes: Sequence[int], given: Sequence[int] | None) -> list[int]:
    """How many rounds each size has; one number given holds for all."""
    if given is None:
        return [3 if size <= FEW else 1 for size in sizes]
    if len(given) not in (1, len(sizes)):
        sys.exit(f"--rounds: expected one number or {len(sizes)}, one for each size, got {len(given)}")
    return list(given) * (len(sizes) if len(given) == 1 else 1)


def measure(options: argparse.Namespace) -> None:
    """Measure all that was asked for; an interruption ends it, and what was measured is kept."""
    rounds = rounds_for(options.documents, options.rounds)
    # Ended from outside it cleans up as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        folder = options.keep.resolve() if options.keep else Path(temporary)
        session = Session(options.results, folder, options.only or frozenset(ROWS), options.timeout, options.earlier)
        session.begin(options.documents)
        session.visit(max(rounds))
        for documents, turns in zip(options.documents, rounds, strict=True):
            session.documents(documents, options.bytes, turns, options.documents)


def main() -> None:
    options = arguments()
    if not options.write_only:
        if options.results is None:
            options.results = tools.PROJECT / f".cache/benchmarks/{datetime.now(UTC):%Y-%m-%d-%H%M%S}.jsonl"
        print(f"What is measured is appended to {options.results}", flush=True)
        try:
            measure(options)
        except KeyboardInterrupt:
            sys.exit(f"stopped; scripts/bench site --write-only --results {options.results} makes a page of it")
    results = Results(read(options.results))
    print(*summary(results, options.only or ROWS), sep="\n")
    if options.page:
        options.page.write_text(page(results), "utf-8")
        print(f"{options.page} is written")


if __name__ == "__main__":
    main()
