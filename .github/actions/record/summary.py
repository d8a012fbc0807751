"""Say in Markdown what a change would do to a record: its documents, its problems, its published site.

Prints to stdout and always ends with 0 where the record can be read; what must fail is failed by `record check`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

# A summary of GitHub's holds 1 MiB; what is cut is said.
MOST = 50


def run(*command: str) -> tuple[int, str]:
    """The exit status of a command, and what it said on stdout (on stderr where that is empty)."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    return done.returncode, (done.stdout or done.stderr).strip()


def changed_paths(base: str) -> list[tuple[str, str]]:
    """Paths relative to this folder that differ between ``base`` and what is here, with git's letter for each."""
    status, said = run("git", "diff", "--name-status", "--relative", "-z", "--find-renames=100%", base)
    if status != 0:
        raise SystemExit(f"git diff {base}: {said}; check the history out (fetch-depth: 0)")
    parts = said.split("\0")
    found: list[tuple[str, str]] = []
    while len(parts) > 1:
        letter = parts.pop(0)[:1]
        if letter == "R":
            parts.pop(0)
        found.append((letter, parts.pop(0)))
    return found


def document_rows(record: dict[str, Any], changes: list[tuple[str, str]]) -> Iterator[str]:
    """A table row for each changed document, then the comparisons of new versions with their predecessors."""
    words = {"A": "filed", "M": "**bytes changed**", "D": "removed", "R": "moved"}
    shown = [(letter, path, document_at(record, path)) for letter, path in changes[:MOST]]
    yield "| Document | Version | Standing | Change |"
    yield "|---|---|---|---|"
    for letter, path, document in shown:
        version = f"v{document['version']}" if document.get("version") else ""
        yield f"| `{path}` | {version} | {document.get('standing', '')} | {words.get(letter, letter)} |"
    if len(changes) > MOST:
        yield f"\nand {len(changes) - MOST:,} more."
    for letter, _, document in shown:
        if letter == "A" and document.get("predecessor"):
            yield from folded(*comparison(document["predecessor"], document["path"]))


def document_at(record: dict[str, Any], path: str) -> dict[str, Any]:
    """The document whose path, relative to the folder of documents, ends ``path``; empty where none does."""
    held = [one for one in record["documents"] if path == one["path"] or path.endswith(f"/{one['path']}")]
    return max(held, key=lambda one: len(one["path"]), default={})


def comparison(old: str, new: str) -> tuple[str, str]:
    return f"{old} → {new}", run("record", "compare", "--summary", old, new)[1]


def folded(title: str, text: str) -> Iterator[str]:
    yield f"\n<details><summary><code>{title}</code></summary>\n\n```text\n{text}\n```\n\n</details>"


def problem_lines(problems: list[dict[str, Any]]) -> Iterator[str]:
    counted = [p for p in problems if p["severity"] != "notice" and not p.get("known")]
    yield f"\n### Problems ({len(counted)})\n"
    for problem in counted[:MOST]:
        place = f"{problem['path']}:{problem['line']}" if problem["line"] else problem["path"]
        yield f"- {problem['severity']} `{place}` {problem['message']} (`{problem['code']}`)"
    if len(counted) > MOST:
        yield f"- and {len(counted) - MOST:,} more"


def freshness_lines(published: str) -> Iterator[str]:
    status, said = run("record", "fresh", "--site", published, "--json")
    yield "\n### The published record\n"
    if status not in (0, 7):
        yield f"It could not be compared (exit {status})."
        return
    faults = json.loads(said)["faults"]
    yield f"{published} differs in {len(faults)}:" if faults else f"{published} has all of this already."
    for fault in faults[:MOST]:
        yield f"- `{fault['path']}` ({fault['reason']})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="", help="a commit to compare with")
    parser.add_argument("--published", default="", help="the address of the published record")
    given = parser.parse_args()
    status, said = run("record", "list", "--json")
    if status != 0:
        raise SystemExit(said)
    record = json.loads(said)
    lines = ["## The record", "", f"{len(record['documents']):,} documents, {len(record['chains']):,} chains."]
    if given.base:
        changes = [(letter, path) for letter, path in changed_paths(given.base) if path.endswith((".md", ".html"))]
        lines += ["", f"### Documents ({len(changes)})", "", *document_rows(record, changes)]
    lines += problem_lines(json.loads(run("record", "check", "--json")[1]))
    if given.published:
        lines += freshness_lines(given.published)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
