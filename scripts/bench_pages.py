"""Lighthouse on a document of 60 kB, beside plain Material: scores on a phone, bytes and requests of a first visit."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import yaml
from benchmark.hosting import serving
from benchmark.projects import largest
from realistic import write_record

CATEGORIES = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
MOST_BYTES = 120_000
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Measured:
    """One visit: scores of 0–100 by category, bytes over the wire, requests, and those to other hosts."""

    scores: Mapping[str, int]
    transferred: int
    requests: int
    strangers: int


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench pages", description=__doc__)
    parser.add_argument("--bytes", type=int, default=60_000, help="size of the document, about (%(default)s)")
    parser.add_argument("--documents", type=int, default=24, help="how many documents the record has (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is visited (%(default)s)")
    return parser.parse_args()


def need(*names: str, package: str) -> str:
    """The path of a program, or the end of the run with what is missing."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or sys.exit(f"{names[0]} is not installed, so nothing was measured: apt install {package}")


def install_lighthouse(folder: Path, npm: str, node: str) -> tuple[Path, str]:
    """Put the newest Lighthouse that the installed Node can run into ``folder``; its script and version."""
    having = _numbers(_said(node, "--version"))
    listed = json.loads(_said(npm, "view", "lighthouse@>=10", "version", "engines.node", "--json"))
    fitting = [each["version"] for each in listed if having >= _numbers(each.get("engines.node", "0"))]
    if not fitting:
        sys.exit(f"no Lighthouse from 10 on runs on Node {'.'.join(map(str, having))}: install a newer Node")
    newest = max(fitting, key=_numbers)
    _said(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), f"lighthouse@{newest}")
    return folder / "node_modules/lighthouse/cli/index.js", newest


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{Path(command[0]).name} {command[1]} failed: {done.stderr.strip()[-400:]}")
    return done.stdout


def _numbers(text: str) -> tuple[int, ...]:
    """The first version in a text: ">=18.16" is (18, 16), "v20.20.2" is (20, 20, 2)."""
    found = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, found.group().split("."))) if found else (0,)


def build(folder: Path, content: Path, address: str, plugins: list[str]) -> None:
    """A site over ``content``: Material, with the given plugins and all else as it comes."""
    config = {
        "site_name": "The record", "site_url": f"{address}/", "docs_dir": str(content), "site_description": "A record.",
        "theme": {"name": "material"}, "plugins": plugins,
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the build in {folder} ended with {done.returncode}: {(done.stderr or done.stdout)[-400:]}")


def visit(lighthouse: Path, node: str, chromium: str, url: str, lost: set[str]) -> Measured:
    """Lighthouse as it comes: a phone, simulated slow network and processor, nothing in the cache.

    What cost points goes to ``lost``, where anything but speed did.
    """
    command = [
        node, str(lighthouse), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": chromium})
    if done.returncode != 0:
        sys.exit(f"Lighthouse ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    report = json.loads(done.stdout)
    host = urlsplit(url).netloc
    told = {name: found["auditRefs"] for name, found in report["categories"].items() if name != "performance"}
    lost.update(line for name, weighed in told.items() for line in _failed(name, weighed, report["audits"]))
    listed = report["audits"]["network-requests"]["details"]["items"]
    asked = [each for each in listed if urlsplit(each["url"]).scheme in ("http", "https")]
    own = [each for each in asked if urlsplit(each["url"]).netloc == host]
    return Measured(
        {name: round(100 * found["score"]) for name, found in report["categories"].items()},
        sum(each.get("transferSize", 0) for each in own),
        len(asked),
        len(asked) - len(own),
    )


def _failed(category: str, weighed: list[dict[str, Any]], audits: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for each in weighed:
        audit = audits[each["id"]]
        if each["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{category}: {audit['title']}"


def show(name: str, rounds: list[Measured]) -> Measured:
    """Print the medians of the rounds, and give them."""
    middle = Measured(
        {category: round(median(each.scores[category] for each in rounds)) for category in CATEGORIES},
        round(median(each.transferred for each in rounds)),
        round(median(each.requests for each in rounds)),
        max(each.strangers for each in rounds),
    )
    scores = "".join(f"{middle.scores[category]:>16}" for category in CATEGORIES)
    print(f"{name:<16}{scores}{middle.transferred:>14,}{middle.requests:>10}{middle.strangers:>14}")
    return middle


SITES: dict[str, tuple[list[str], Callable[[str], str]]] = {
    "ours": (["record"], lambda path: f"view/{path}"),
    "plain Material": (["search"], lambda path: path.removesuffix(".md") + "/"),
}


def measure(folder: Path, content: Path, rounds: int, look: Callable[[str, set[str]], Measured]) -> dict[str, Measured]:
    """Build each site over ``content`` and look at the same document in each by turns; what is printed and given is
    the median of the rounds."""
    page = largest(content)
    found: dict[str, list[Measured]] = {name: [] for name in SITES}
    lost: dict[str, set[str]] = {name: set() for name in SITES}
    with ExitStack() as servers:
        addresses = {name: servers.enter_context(serving(folder / name / "site")) for name in SITES}
        for name, (plugins, _) in SITES.items():
            build(folder / name, content, addresses[name], plugins)
        for _ in range(rounds):
            for name, (_, address) in SITES.items():
                found[name].append(look(f"{addresses[name]}/{address(page)}", lost[name]))
    heads = "".join(f"{category:>16}" for category in CATEGORIES)
    print(f"{'':<16}{heads}{'bytes, gzip':>14}{'requests':>10}{'other hosts':>14}")
    middle = {name: show(name, visits) for name, visits in found.items()}
    for name, lines in lost.items():
        for line in sorted(lines):
            print(f"{name} loses points, {line}")
    return middle


def main() -> None:
    """Measure both, and say whether the goals are met."""
    options = arguments()
    node, npm = need("node", "nodejs", package="nodejs"), need("npm", package="npm")
    chromium = need(*CHROMIUM, package="chromium")
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        folder = Path(temporary)
        lighthouse, version = install_lighthouse(folder / "npm", npm, node)
        content = folder / "content"
        write_record(content, options.documents, options.bytes)
        size = (content / largest(content)).stat().st_size
        print(f"Lighthouse {version}, a document of {size:,} bytes, {options.rounds} rounds, medians")
        ours = measure(folder, content, options.rounds, partial(visit, lighthouse, node, chromium))["ours"]
    goals = [ours.scores[category] >= least for category, least in CATEGORIES.items()]
    goals += [ours.transferred <= MOST_BYTES, ours.strangers == 0]
    wanted = ", ".join(f"{category} ≥ {least}" for category, least in CATEGORIES.items())
    print(f"goal: {wanted}, ≤ {MOST_BYTES:,} bytes, 0 to other hosts: {'met' if all(goals) else 'missed'}")


if __name__ == "__main__":
    main()
