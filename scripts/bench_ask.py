"""Asking by name: from key to answers, bytes of a first use, and how `record show` and `list` start."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmark.browser import browsing, fresh_page
from benchmark.hosting import Tally, serving
from loomworks_record.asking.files import table_files
from loomworks_record.asking.table import NamesTable
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.answers import whole_entries
from loomworks_record.pages.planning import json_bytes
from loomworks_record.source.project import load_project
from realistic import write_record

PROJECT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    "CR-2026-002", "phase 3 cr", "CR v0.2", "scoping note", "phase 4 implementation notes v0.1", "mehtodology",
    "change requests", "third halt of phase 3", "phase 12 scoping note person layer v0.2",
)  # fmt: skip
# In the page: types a question as a person does, and tells how long after each key its answers stood there, in ms.
_TYPE = """async question => {
  const field = document.querySelector("#r-go"), list = document.querySelector("#r-go-list"), times = [];
  field.value = "";
  for (const letter of question) {
    field.value += letter;
    const start = performance.now();
    const shown = new Promise(done => new MutationObserver((_, seen) => { seen.disconnect(); done(); })
      .observe(list, { childList: true }));
    field.dispatchEvent(new Event("input"));
    await shown;
    times.push(performance.now() - start);
  }
  return times;
}"""


def site_of(content: Path, folder: Path) -> None:
    """A page of the built site with the names of another record: all that the quick switcher loads."""
    for part in ("assets", "phases/index.html"):
        source = PROJECT / "site" / part
        target = folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    whole = open_record(load_project(content.parent, content)).whole
    for address, value in table_files(NamesTable.of(whole_entries(whole))):
        (folder / address).parent.mkdir(parents=True, exist_ok=True)
        (folder / address).write_bytes(json_bytes(value))


def in_browser(site: Path) -> Iterator[str]:
    times: list[float] = []
    with browsing() as running:
        for question in QUESTIONS:
            tally = Tally()
            with serving(site, tally) as base, fresh_page(running, f"{base}/phases/") as page:
                before = tally.bytes
                page.keyboard.press("Control+k")
                page.locator("#r-go").wait_for()
                page.evaluate(_TYPE, question)
                page.wait_for_load_state("networkidle")
                yield f"first use, {question!r:42} {(tally.bytes - before) / 1000:8.1f} kB"
                times += page.evaluate(_TYPE, question)
    yield f"from key to answers after load ({len(times)} keys): median {statistics.median(times):.1f} ms"
    yield f"from key to answers after load, slowest: {max(times):.1f} ms"


def starts(commit: str, rounds: int, needs: str) -> Iterator[str]:
    """The seconds of commands, by turns with ``record list`` of an earlier commit, each over the project's record."""
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", before, commit], cwd=PROJECT, check=True)
        try:
            commands = {
                f"list at {commit}": (before / "plugins", ["list"]),
                "list": (PROJECT / "plugins", ["list"]),
                "show": (PROJECT / "plugins", ["show", "CR-2026-090"]),
            }
            took: dict[str, list[float]] = {name: [] for name in commands}
            record = Path(folder) / "record"
            shutil.copytree(PROJECT / "content", record / "content")  # both read it with the defaults
            for _ in range(rounds):
                for name, (code, arguments) in commands.items():
                    command = [sys.executable, "-m", "loomworks_record.cli.main", *arguments]
                    start = time.perf_counter()
                    path = os.environ | {"PYTHONPATH": f"{code}:{needs}"}
                    subprocess.run(command, cwd=record, env=path, check=True, stdout=subprocess.DEVNULL)
                    took[name].append(time.perf_counter() - start)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", before], cwd=PROJECT, check=True)
    first = min(took[f"list at {commit}"])
    for name, seconds in took.items():
        yield f"record {name:20} least {min(seconds):6.3f} s, median {statistics.median(seconds):6.3f} s: " \
              f"{min(seconds) / first:.2f} ×"  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench ask", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000, metavar="N", help="default: %(default)s")
    parser.add_argument("--content", type=Path, metavar="DIR", help="take this record instead of a made-up one")
    parser.add_argument("--beside", metavar="COMMIT", help="compare how commands start with `record list` of COMMIT")
    parser.add_argument("--needs", default="", metavar="DIR", help="packages that COMMIT needs beside ours")
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="of commands (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="record-bench-") as folder:
        content = options.content or Path(folder) / "made" / "content"
        if options.content is None:
            write_record(content, options.documents, 1_500)
        site_of(content.resolve(), Path(folder) / "site")
        for line in in_browser(Path(folder) / "site"):
            print(line, flush=True)
    for line in starts(options.beside, options.rounds, options.needs) if options.beside else ():
        print(line, flush=True)


if __name__ == "__main__":
    main()
