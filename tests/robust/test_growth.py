"""Twice the text is at most 2.6 times the work, for every construct; or it is a problem with its path and line."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from loomworks_record.opening.open_record import open_record
from loomworks_record.source.project import load_project

FACTOR = 2.6
SIZES = (2_000, 4_000, 8_000, 16_000)  # repetitions, with --full
SAMPLE = (1_000, 2_000)
ENOUGH = 0.08  # seconds below which nothing can be told from the machine's other work
HEAD = "# Note\n\n**Version.** 0.1\n\n"
FRONT = "---\nversion: 0.1\n{}\n---\n# Note\n"

# What is repeated, and around what. Markdown's own constructs, those of headers, of names and of our own grammar.
BODIES = {
    "backticks": "`", "asterisks": "*", "underscores": "_",
    "brackets": "[", "closing brackets": "]", "links": "[a](b) ",
    "images": "![", "angles": "<", "tags": "<b>", "closing tags": "</b>", "comments": "<!-- ", "entities": "&amp",
    "quotes": "> ", "lists": "- ", "numbered": "1. a\n", "rows": "| a | b |\n", "pipes": "|", "fences": "```\n",
    "headings": "## 1. a\n\n", "hashes": "#", "rules": "---\n", "footnotes": "[^1]", "definitions": "[a]: b\n",
    "tildes": "~~", "backslashes": "\\", "spaces": "a  \n", "blank lines": "\n", "paragraphs": "Words of a text.\n\n",
    "long words": "a", "addresses": "https://a.b/c ", "nested emphasis": "*a **b ", "code and links": "`[a](`",
    "file names": "phase-1-cr-a-v0_1.md ", "versions": "v0.1, ", "ranges": "v0.1–v0.9 ", "sets": "v0.1 / ",
    "sections": "§7.2 ", "of documents": "CR v0.2, §4, ", "phases": "Phase 10 CR v0.1 ", "numbers": "CR-2026-090 ",
    "decisions": "P57-D7 ", "steps": "Step 2b and ",
    "elsewhere": "(engine repo docs/a.md) ", "hyphens": "-v0_", "dots": ".",
    "run-in labels": "**Gate 5b.** a\n\n", "parentheses": "(", "emphasised names": "**phase-1-cr-a-v0_1**",
}  # fmt: skip
HEADERS = {
    "labels": "**Label.** value ", "label lines": "**Label.** value\n", "plain labels": "Label: value\n",
    "stars": "**", "colons": ":", "list of labels": "- **Label.** value\n",
}  # fmt: skip
FRONT_MATTER = {"keys": "key{}: value\n", "list": "- a\n", "nested": "[", "quotes": '"', "anchors": "a{0}: &a{0} b\n"}
NAMES = {"hyphens": "-a", "versions": "-v0_1", "digits": "1", "dots": ".a", "letters": "a", "underscores": "_"}


def written(construct: str, times: int) -> str:
    if "{" in construct:
        return "".join(construct.format(number) for number in range(times))
    return construct * times


def made(kind: str, construct: str, times: int) -> dict[str, str]:
    """Path → text of a record with a construct so many times."""
    if kind == "header":
        return {"note-v0_1.md": f"# Note\n\n**Version.** 0.1 {written(construct, times)}\n\nText.\n"}
    if kind == "front matter":
        return {"note-v0_1.md": FRONT.format(written(construct, times))}
    if kind == "name":  # as long as a name may be, in as many documents
        stem = written(construct, 180)[:180]
        return {f"n/{stem[: 100 + at % 80]}{at}-v0_1.md": HEAD for at in range(times // 20)}
    return {"note-v0_1.md": f"{HEAD}{written(construct, times)}\n"}


def seconds(folder: Path, documents: dict[str, str]) -> float:
    """Processor time of reading a record with all its problems, the least of three tries."""
    for path, text in documents.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (folder / "mkdocs.yml").write_text("site_name: A record\nplugins: [record]\ndocs_dir: content\n", "utf-8")
    project = load_project(folder)
    found = []
    for _ in range(3):
        begun = time.process_time()
        assert open_record(project).problems is not None
        found.append(time.process_time() - begun)
        if found[-1] > 1 or found[-1] < ENOUGH:
            break
    return min(found)


CASES = [
    *(("body", name, construct) for name, construct in BODIES.items()),
    *(("header", name, construct) for name, construct in HEADERS.items()),
    *(("front matter", name, construct) for name, construct in FRONT_MATTER.items()),
    *(("name", name, construct) for name, construct in NAMES.items()),
]


def grown(tmp_path: Path, kind: str, construct: str, sizes: tuple[int, ...]) -> list[float]:
    return [seconds(tmp_path / str(times), made(kind, construct, times)) for times in sizes]


def check(took: list[float]) -> None:
    for before, after in pairwise(took):
        assert after < ENOUGH * FACTOR or after <= FACTOR * max(before, ENOUGH), took


@pytest.mark.full
@pytest.mark.parametrize(("kind", "name", "construct"), CASES, ids=[f"{kind}-{name}" for kind, name, _ in CASES])
def test_twice_the_text_is_twice_the_work(
    tmp_path: Path, kind: str, name: str, construct: str, tally: Callable[[str], None]
) -> None:
    took = grown(tmp_path, kind, construct, SIZES)
    tally(f"growth of {kind}, {name}: " + ", ".join(f"{each:.2f} s" for each in took))
    check(took)


@pytest.mark.parametrize("name", ["backticks", "brackets", "of documents", "long words"])
def test_no_construct_explodes(tmp_path: Path, name: str) -> None:
    check(grown(tmp_path, "body", BODIES[name], SAMPLE))
