"""Processor time of every command beside an earlier release, in turns: cold (no cache) and warm, and their ratios."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmark.projects import make_record
from benchmark.running import environment
from benchmark.tools import RECORD
from realistic import write_record

MOST = 1.02  # the goal: no command takes more of the processor than it did
_TIMEOUT = 1800.0  # seconds
_CACHE = ".cache"


@dataclass(frozen=True, slots=True)
class Side:
    """A release and its own project: the program, and the folder in which it runs."""

    program: Path
    folder: Path

    def seconds(self, arguments: list[str]) -> float:
        """Processor time of the command and of all that it starts, user and system."""
        command = [str(self.program), *arguments]
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert process.stderr
        said = process.stderr.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.stderr.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):  # 1: the record has problems, as `check` says
            sys.exit(f"record {' '.join(arguments)} ended with {process.returncode}: {said.strip()}")
        return usage.ru_utime + usage.ru_stime


def commands(folder: Path) -> Iterator[list[str]]:
    """What is measured, with its arguments: over a chain that has an archived version and a current one."""
    content = folder / "content"
    pairs = ((old, new) for old in sorted(content.rglob("archive/*.md")) for new in _current(old))
    old, new = (file.relative_to(content).as_posix() for file in next(pairs))
    draft = f"{Path(new).name.rpartition('-v')[0]}-v0_99.md"
    shutil.copy(content / new, folder / draft)
    yield from (["--help"], ["--version"], ["check"], ["list"], ["list", "--json"], ["fresh"])
    yield from (["verify", "site"], ["verify", "../before/site"])  # its own, which may have more files; and the same
    yield ["compare", f"content/{old}", f"content/{new}"]
    yield ["log", "--dry-run"]
    yield ["file", draft, "--dry-run"]
    yield ["withdraw", old, "--reason", "it held a name", "--dry-run"]
    yield ["receipt", old, "--output", "-"]
    yield from (["stamp"], ["cache", "show"])


def _current(old: Path) -> list[Path]:
    return sorted(old.parent.parent.glob(f"{old.name.rpartition('-v')[0]}-v*.md"))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench commands", description=__doc__)
    add = parser.add_argument
    add("--earlier", type=Path, required=True, metavar="RECORD", help="the program of an earlier release")
    add("--documents", type=int, default=1000, metavar="N", help="how many documents (default: %(default)s)")
    add("--bytes", type=int, default=25_000, metavar="N", help="size of each, about (default: %(default)s)")
    add("--filed", type=Path, metavar="DIR", help="a folder of documents to take instead")
    add("--rounds", type=int, default=9, metavar="N", help="how often each is measured (default: %(default)s)")
    add("--only", type=lambda text: text.split(","), metavar="WORD,…", help="only these commands")
    add("--keep", type=Path, metavar="DIR", help="make the two projects here, or take those of an earlier run")
    return parser.parse_args()


def prepare(folder: Path, filed: Path, program: Path) -> Side:
    """A project with its log, its site and a commit; one that is there already is taken."""
    folder = folder.resolve()
    side = Side(program, folder)
    if not (folder / ".git").exists():
        make_record(folder, filed, _TIMEOUT, program)
        for command in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "All"],
        ):
            subprocess.run(["git", *command], cwd=folder, check=True)
        side.seconds(["build"])
    return side


def measure(sides: tuple[Side, Side], options: argparse.Namespace) -> bool:
    """Print a line for each command, cold and warm: medians in milliseconds, and the median of the ratios."""
    met = True
    for command, earlier in zip(*(list(commands(side.folder)) for side in sides), strict=True):
        if options.only and command[0] not in options.only:
            continue
        for state in ("cold", "warm"):
            taken = [
                [_once(side, given, state) for side, given in zip(sides, (command, earlier), strict=True)]
                for _ in range(options.rounds)
            ]
            met = _say(f"{state}  record {command[0]} {command[1] if command[1:] else ''}", taken) and met
    if not options.only or "publish" in options.only:
        met = _publish(sides, options.rounds) and met
    return met


def _publish(sides: tuple[Side, Side], rounds: int) -> bool:
    """Two releases into a folder, each a whole build of which the cache has the pages."""
    releases: dict[str, list[list[float]]] = {"first": [], "second": []}
    for side in sides:
        side.seconds(["build"])
    for _ in range(rounds):
        for side in sides:
            shutil.rmtree(side.folder / "served", ignore_errors=True)
        for taken in releases.values():
            taken.append([side.seconds(["publish", "served"]) for side in sides])
    said = [_say(f"warm  record publish, {release}", taken) for release, taken in releases.items()]
    return all(said)


def _once(side: Side, command: list[str], state: str) -> float:
    if state == "cold":
        shutil.rmtree(side.folder / _CACHE, ignore_errors=True)
    return side.seconds(command)


def _say(what: str, taken: list[list[float]]) -> bool:
    ratio = median(now / before for now, before in taken)
    now, before = (median(column) * 1000 for column in zip(*taken, strict=True))
    print(f"{what:<42}{now:9.0f} ms  before {before:9.0f} ms  ratio {ratio:5.2f}", flush=True)
    return ratio <= MOST


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        root = options.keep or Path(temporary)
        filed = options.filed or root / "filed"
        if not filed.exists():
            write_record(filed, options.documents, options.bytes)
        sides = (prepare(root / "now", filed, RECORD), prepare(root / "before", filed, options.earlier))
        if not measure(sides, options):
            sys.exit("a goal was missed")


if __name__ == "__main__":
    main()
