"""Precision and recall on the labelled mentions, and the time to find the citations of 1,000 documents of 25 kB."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from loomworks_record.record.citations.cite import cite
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.store import read_content
from realistic import write_record

PROJECT = Path(__file__).resolve().parents[1]
SETS = {"sample": PROJECT / "content", "real": PROJECT.parent / "shared" / "record" / "documents"}
PRECISION, RECALL = 0.99, 0.95
SECONDS = 5.0  # goal for 1,000 documents of 25 kB on one core


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench citations", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="how many documents (%(default)s)")
    parser.add_argument("--bytes", type=int, default=25_000, help="size of each, about (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often the time is measured (%(default)s)")
    parser.add_argument("--wrong", action="store_true", help="list what was found wrongly and what was missed")
    return parser.parse_args()


def record_in(folder: Path) -> Record:
    config = RecordConfig()
    return Record(config, read_content(folder, config.kinds))


def labelled(wrong: bool) -> bool:
    """Print the figures of both sets; whether the goals are met."""
    sys.path.insert(0, str(PROJECT / "tests"))
    from citations.labelled_set import lines, score  # noqa: PLC0415 - from the tests, which are not a package of ours

    met = True
    for name, folder in SETS.items():
        if not folder.is_dir():
            print(f"{name:<8} not measured: there is no {folder.relative_to(PROJECT.parent)} beside this checkout")
            continue
        rows = lines(name)
        result = score(cite(record_in(folder)), rows)
        count = sum(len(row.mentions) for row in rows)
        reached = result.precision >= PRECISION and result.recall >= RECALL
        met = met and reached
        print(
            f"{name:<8} {count} mentions on {len(rows)} lines   precision {result.precision:.4f}   "
            f"recall {result.recall:.4f}   goal {PRECISION} and {RECALL}: {'met' if reached else 'missed'}"
        )
        for line in (*result.wrong, *result.missed) if wrong else ():
            print(f"  {line}")
    return met


def timed(documents: int, size: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        folder = Path(temporary)
        total = write_record(folder, documents, size)
        seconds, found = [], 0
        for _ in range(rounds):
            record = record_in(folder)
            start = time.perf_counter()
            citations = cite(record)
            seconds.append(time.perf_counter() - start)
            found = sum(len(citations.of(document.path)) for document in record.documents)
    goal = SECONDS * total / 25e6
    print(f"{documents:,} documents, {total / 1e6:.1f} MB, {found:,} citations, {rounds} rounds, median")
    print(f"cite     {median(seconds):7.3f} s   ({min(seconds):.3f} to {max(seconds):.3f})")
    print(f"goal     {goal:7.3f} s   {'met' if median(seconds) <= goal else 'missed'}")


def main() -> None:
    options = arguments()
    met = labelled(options.wrong)
    timed(options.documents, options.bytes, options.rounds)
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
