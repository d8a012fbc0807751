"""'record mcp' on 1,000 documents: start to the first answer, one 'resolve', and memory beside 'record list'.

Everything is measured with a warm cache. The memory of a process is its largest resident set, and of a server also
what of it is its own (private) when it ends. What the SDK takes without the record shows the least that can be: Python
with asyncio, that with the SDK's wire types, which every server needs, and its low-level server without tools.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from realistic import write_record

START, RESOLVE, MEMORY = 1.5, 0.020, 1.2  # seconds, seconds, times that of 'record list'
RECORD = str(Path(sys.executable).with_name("record"))
EMPTY = (
    "import asyncio\nfrom mcp.server.lowlevel import Server\nfrom mcp.server.stdio import stdio_server\n"
    "async def run():\n    server = Server('empty')\n    async with stdio_server() as (one, other):\n"
    "        await server.run(one, other, server.create_initialization_options())\nasyncio.run(run())\n"
)
NAMES = ("phase 3 cr", "phase 7 scoping note v0.2", "implementation notes", "phase 12", "phase 5 cr v0.1 §2", "CR v0.3")
SDK = {"asyncio": "import asyncio", "wire types": "import asyncio, mcp_types.methods"}
TOOLS: dict[str, dict[str, str]] = {
    "read": {"name": NAMES[0]},
    "context": {"phase": "3"},
    "trajectory": {"phase": "3"},
    "cited_by": {"name": NAMES[0]},
    "search": {"text": "phase"},
    "status": {},
    "check": {},
    "compare": {"old": "phase 7 scoping note v0.1", "new": "v0.2"},
}
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}}


class Connected:
    """A server, and the questions of one client."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.began = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask("initialize", HELLO)
        self.send({"method": "notifications/initialized"})

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.send({"id": 1, "method": method, "params": parameters})
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline())
        if "result" not in answer or answer["result"].get("isError"):
            sys.exit(f"{method} {parameters}: {answer}")
        return answer["result"]

    def resolve(self, name: str) -> float:
        """Seconds of one question."""
        began = time.perf_counter()
        self.ask("tools/call", {"name": "resolve", "arguments": {"name": name}})
        return time.perf_counter() - began

    def private(self) -> float:
        """Megabytes that the process shares with no other, now."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024 / 1e6

    def end(self) -> float:
        """Megabytes that the process took."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return peak(self.process)


def peak(process: subprocess.Popen[bytes]) -> float:
    """The largest resident set of a process that ends, in MB."""
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_maxrss * 1024 / 1e6


def listed(folder: Path, *options: str) -> float:
    return peak(subprocess.Popen([RECORD, "list", *options], cwd=folder, stdout=subprocess.DEVNULL))


def main() -> None:
    """Measure in turns, and print medians beside the goals."""
    parser = argparse.ArgumentParser(prog="scripts/bench mcp", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="how many documents (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        folder = Path(temporary)
        write_record(folder / "content", options.documents)
        (folder / "mkdocs.yml").write_text("site_name: Bench\nplugins: [record]\n")
        listed(folder, "--json")
        starts, processor, questions = [], [], []
        memory: dict[str, list[float]] = defaultdict(list)
        private: dict[str, list[float]] = defaultdict(list)
        for _ in range(options.rounds):
            memory["record list"].append(listed(folder))
            memory["list --json"].append(listed(folder, "--json"))
            for name, code in SDK.items():
                memory[name].append(peak(subprocess.Popen([sys.executable, "-c", code])))
            empty = Connected([sys.executable, "-c", EMPTY], folder)
            private["empty"].append(empty.private())
            memory["empty"].append(empty.end())
            first = Connected([RECORD, "mcp"], folder)
            first.resolve(NAMES[0])
            starts.append(time.perf_counter() - first.began)
            private["first"].append(first.private())
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            memory["first"].append(first.end())
            now = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor.append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
            every = Connected([RECORD, "mcp"], folder)
            for name in NAMES:
                every.resolve(name)  # the first of each kind makes what others find
            questions += [every.resolve(name) for name in NAMES]
            private["all"].append(every.private())
            memory["all"].append(every.end())
            tools = Connected([RECORD, "mcp"], folder)
            for tool, asked in TOOLS.items():
                tools.ask("tools/call", {"name": tool, "arguments": asked})
            private["tools"].append(tools.private())
            memory["tools"].append(tools.end())
    medians = [{name: median(found) for name, found in each.items()} for each in (memory, private)]
    show(options, starts, processor, questions, *medians)


def show(
    options: argparse.Namespace,
    starts: list[float],
    processor: list[float],
    questions: list[float],
    memory: dict[str, float],
    private: dict[str, float],
) -> None:
    first, one = median(starts), median(questions)
    print(f"{options.documents:,} documents, {options.rounds} rounds, medians, warm cache")
    print(f"start to first answer  {first:7.3f} s  goal {START} s: {verdict(first, START)}")
    print(f"  of a processor       {median(processor):7.3f} s")
    print(
        f"one 'resolve'          {one:7.4f} s  goal {RESOLVE} s: {verdict(one, RESOLVE)}; longest {max(questions):.4f}"
    )
    words = {
        "asyncio": "Python with asyncio",
        "wire types": "that, and the SDK's wire types",
        "empty": "the SDK's server without tools",
        "first": "mcp, after one answer",
        "all": "mcp, after every 'resolve'",
        "tools": "mcp, after every other tool",
    }
    for name, size in memory.items():
        times = f"{size / memory['record list']:.2f} × list  {size / memory['list --json']:.2f} × list --json"
        own = f"  private {private[name]:5.1f} MB" if name in private else ""
        print(f"{words.get(name, name):32} {size:6.1f} MB  {times}{own}")
    print(f"goal for memory: {MEMORY} × record list: {verdict(memory['all'], MEMORY * memory['record list'])}")


def verdict(found: float, goal: float) -> str:
    return "met" if found <= goal else "missed"


if __name__ == "__main__":
    main()
