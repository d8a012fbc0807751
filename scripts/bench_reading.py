"""Time of 'record list' (and of --json, with all citations) on 1,000 documents, beside reading and hashing."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from realistic import write_record

# The goal: twice the time that reading and hashing takes, and this much for the start of the command.
START_UP = 1.5
FACTOR = 2.0
# With --json every mention of every document is found and resolved.
CITED = 6.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench reading", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="how many documents (%(default)s)")
    parser.add_argument("--bytes", type=int, default=25_000, help="size of each, about (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (%(default)s)")
    return parser.parse_args()


def read_and_hash(folder: Path) -> float:
    """Seconds to read every file of the folder and take its SHA-256."""
    start = time.perf_counter()
    for file in folder.rglob("*.md"):
        hashlib.sha256(file.read_bytes()).hexdigest()
    return time.perf_counter() - start


def list_record(folder: Path, cwd: Path, expected: int, *options: str) -> float:
    """Seconds that ``record list`` takes, start included; ends the run where its answer is not the record."""
    command = [str(Path(sys.executable).with_name("record")), "list", *options, "--content", str(folder)]
    start = time.perf_counter()
    finished = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - start
    if finished.returncode != 0:
        sys.exit(f"record list ended with exit code {finished.returncode}")
    listed = len(json.loads(finished.stdout)["documents"]) if options else finished.stdout.count(b"\n")
    if listed != expected:
        sys.exit(f"record list gave {listed} documents, {expected} were written")
    return seconds


def main() -> None:
    """Measure in turns, so that what else the machine does falls on both, and print medians and the ratio."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        folder = Path(temporary) / "content"
        total = write_record(folder, options.documents, options.bytes)
        print(f"{options.documents:,} documents, {total / 1e6:.1f} MB, {options.rounds} rounds, medians")
        reading, listing, citing = [], [], []
        for _ in range(options.rounds):
            reading.append(read_and_hash(folder))
            listing.append(list_record(folder, Path(temporary), options.documents))
            citing.append(list_record(folder, Path(temporary), options.documents, "--json"))
    base, found, cited = median(reading), median(listing), median(citing)
    goal = FACTOR * base + START_UP
    print(f"read and hash        {base:7.3f} s   ({min(reading):.3f} to {max(reading):.3f})")
    print(f"record list          {found:7.3f} s   ({min(listing):.3f} to {max(listing):.3f})")
    print(f"ratio                {found / base:7.1f}")
    verdict = "met" if found <= goal else "missed"
    print(f"goal                 {goal:7.3f} s   {FACTOR:g} × reading + {START_UP} s: {verdict}")
    print(f"record list --json   {cited:7.3f} s   ({min(citing):.3f} to {max(citing):.3f}), all citations")
    print(f"goal                 {CITED:7.3f} s   cold: {'met' if cited <= CITED else 'missed'}")


if __name__ == "__main__":
    main()
