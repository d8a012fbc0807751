"""Twice the text is at most 2.6 times the work, for every construct; or it is a problem with its path and line."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from loomworks_record.build.alone import build_alone
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
VALUES = {
    "long": "a", "braces": "{{", "tags": "<b>", "brackets": "[", "escapes": "\\", "blanks": " ", "stars": "*",
    "links": "[a](", "cells": "|\xa0",
}  # fmt: skip
HEADINGS = {"numbers": "0.", "dashes": "—", "labels": "A: ", "sections": "§1 ", "sets": "{{#", "blanks": "\xa0"}
HTML = {
    "comments": "<!-- ", "code": "<pre>", "scripts": "<script>", "tags": "<a ", "versions": "v0.1·",
    "pairs": "v0.1 and ", "cells": "<td>", "heads": "<head>",
}  # fmt: skip
MANY = {
    "folders": "{0}/note-v0_1.md", "deep folders": "f/{0}/a/b/c/d/e/g/h/note-v0_1.md",
    "phases": "phases/phase-{0}-a/cr-v0_1.md",
    "names alike": "note-{0}-v0_1.md", "one subject": "phases/phase-1-a/phase-1-cr-a-{0}-v0_1.md",
    "chain": "archive/note-v0_{0}.md", "chain of patches": "archive/note-v1_0_{0}.md", "twins": "note-{0}-v0_1.html",
    "attachments": "a/plan-{0}.svg", "hidden": "a/.plan-{0}", "copies": "note-v0_1 ({0}).md",
}  # fmt: skip
CITED = {
    "file names": "note-{0}-v0_1.md ", "names without version": "note-{0} ", "kinds": "Phase {0} CR v0.1 ",
    "numbers": "CR-2026-{0:03} ", "sections": "§{0} ", "own sections": "\n\n## {0}. a\n\n§{0} ",
    "decisions": "\n\n- **P1-D{0}.** a\n\nP1-D{0} ", "gates": "\n\n## Gate {0}. a\n\nGate {0} ",
    "links": "[a](note-{0}-v0_1.md#s{0}) ", "references": "[a][r{0}]\n\n[r{0}]: note-{0}-v0_1.md\n\n",
    "footnotes": "[^{0}]\n\n[^{0}]: a\n\n", "table": "| P1-D{0} | Gate {0} |\n",
    "others": "of notes v0.{0}, §{0} ", "ranges": "v0.{0}–v0.9 ", "statements": "Superseded by note-{0}-v0_1.md. ",
}  # fmt: skip
OPTIONS: dict[str, Callable[[int], dict[str, object]]] = {
    "places": lambda times: {"places": [f"repo {number}" for number in range(times // 20)]},
    "kinds": lambda times: {
        "kinds": [
            {"kind": f"k{at}", "pattern": f"k{at}$", "label": "K", "words": [f"k{at}"]} for at in range(times // 20)
        ]
    },
    "identifiers": lambda times: {
        "identifiers": [{"kind": f"i{at}", "pattern": rf"I{at}-\d+"} for at in range(times // 40)]
    },
    "prefixes": lambda times: {"identifiers": [{"kind": f"i{at}", "prefix": f"I{at}"} for at in range(times // 40)]},
    "labels": lambda times: {"labels": {f"Label {at}": "status" for at in range(times // 20)}},
    "long pattern": lambda times: {
        "identifiers": [{"kind": "i", "pattern": "|".join(f"I{at}" for at in range(times // 8))}]
    },
    "digits": lambda times: {"identifiers": [{"kind": "i", "pattern": r"R\d+(?:-\d+)*"}]},
    "redirects": lambda times: {"redirects": {f"old-{at}.html": "index.html" for at in range(times // 8)}},
}
NAMES = {"hyphens": "-a", "versions": "-v0_1", "digits": "1", "dots": ".a", "letters": "a", "underscores": "_"}


def written(construct: str, times: int) -> str:
    if "{" in construct:
        return "".join(construct.format(number) for number in range(times))
    return construct * times


def made(kind: str, construct: str, times: int) -> dict[str, str]:
    """Path → text of a record with a construct so many times."""
    if kind == "header":
        return {"note-v0_1.md": f"# Note\n\n**Version.** 0.1 {written(construct, times)}\n\nText.\n"}
    if kind == "heading":
        return {"note-v0_1.md": f"{HEAD}## {written(construct, times)}x\n\nText.\n"}
    if kind == "html":
        text = f"<!doctype html><title>a</title><p>v0.1·2026-05-21·{written(construct, times)}</p>"
        return {"note-v0_1.html": text}
    if kind == "front matter":
        return {"note-v0_1.md": FRONT.format(written(construct, times))}
    if kind == "value":
        return {"note-v0_1.md": f"# Note\n\n**Version.** 0.1 **Status.** {written(construct, times)}\n\nText.\n"}
    if kind == "many":
        return {
            construct.format(at): f"# Note {at}\n\n**Version.** 0.{at}\n\nSee note-v0_1.md.\n"
            for at in range(times // 20)
        }
    if kind == "option":
        return {"note-v0_1.md": f"{HEAD}{'R1-2-3 I1-2 repo 1 k1 v0.1 ' * 200}\n"}
    if kind == "cited":
        others = {f"note-{at}-v0_1.md": HEAD for at in range(200)}
        return {"own-v0_1.md": f"{HEAD}{written(construct, times // 4)}\n"} | others
    if kind == "name":  # as long as a name may be, in as many documents
        stem = written(construct, 180)[:180]
        return {f"n/{stem[: 100 + at % 80]}{at}-v0_1.md": HEAD for at in range(times // 20)}
    return {"note-v0_1.md": f"{HEAD}{written(construct, times)}\n"}


def processor_time() -> float:
    """Seconds, of this process and of those that it began and saw end: texts are shared with a forked one."""
    return sum(os.times()[:4])


def seconds(folder: Path, documents: dict[str, str], options: dict[str, object], *, built: bool) -> float:
    """Processor time of reading a record with all its problems, or of building it: the least of three tries."""
    for path, text in documents.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    record = {"search": False, "workers": 1, "origin": "record.example.org", **options}
    settings = {"site_name": "A record", "docs_dir": "content", "plugins": [{"record": record}]}
    (folder / "mkdocs.yml").write_text(json.dumps(settings), "utf-8")
    found: list[float] = []
    while len(found) < 3:
        begun = processor_time()
        project = load_project(folder)
        if built:
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            shutil.rmtree(folder / "site", ignore_errors=True)
            build_alone(project, folder / "site")
        else:
            assert open_record(project).problems is not None
        found.append(processor_time() - begun)
        if found[-1] > 1 or found[-1] < ENOUGH:
            break
    shutil.rmtree(folder)  # thousands of files, which pytest would keep for three runs
    return min(found)


OF_CONSTRUCTS = {
    "body": BODIES, "header": HEADERS, "front matter": FRONT_MATTER, "value": VALUES, "heading": HEADINGS,
    "html": HTML, "name": NAMES, "many": MANY, "cited": CITED, "option": dict.fromkeys(OPTIONS, ""),
}  # fmt: skip
BUILT = ("body", "header", "value", "heading", "html", "cited", "many")  # which are looked at in pages, too
CASES = [(kind, name, construct) for kind, of in OF_CONSTRUCTS.items() for name, construct in of.items()]


def grown(tmp_path: Path, kind: str, name: str, sizes: tuple[int, ...], *, built: bool = False) -> list[float]:
    def one(times: int) -> float:
        options = OPTIONS[name](times) if kind == "option" else {}
        documents = made(kind, OF_CONSTRUCTS[kind][name], times)
        return seconds(tmp_path / f"{times}-{built}", documents, options, built=built)

    largest = one(sizes[-1])
    if largest < ENOUGH * FACTOR:  # then no smaller one can be told from the machine's other work
        return [largest]
    return [one(times) for times in sizes[:-1]] + [largest]


def check(took: list[float]) -> None:
    for before, after in pairwise(took):
        assert after < ENOUGH * FACTOR or after <= FACTOR * max(before, ENOUGH), took


@pytest.mark.full
@pytest.mark.parametrize(
    ("kind", "name"), [case[:2] for case in CASES], ids=[f"{kind}-{name}" for kind, name, _ in CASES]
)
def test_twice_the_text_is_twice_the_work(tmp_path: Path, kind: str, name: str, tally: Callable[[str], None]) -> None:
    for built in (False, True)[: 1 + (kind in BUILT)]:
        took = grown(tmp_path, kind, name, SIZES, built=built)
        tally(f"growth of {kind}, {name}{', built' * built}: " + ", ".join(f"{each:.2f} s" for each in took))
        check(took)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("body", "backticks"),
        ("body", "brackets"),
        ("body", "of documents"),
        ("front matter", "keys"),
        ("heading", "numbers"),
        ("many", "folders"),
    ],
)
def test_no_construct_explodes(tmp_path: Path, kind: str, name: str) -> None:
    check(grown(tmp_path, kind, name, SAMPLE))


def test_many_links_in_a_paragraph_are_marked_one_by_one(tmp_path: Path) -> None:
    check(grown(tmp_path, "body", "links", SAMPLE, built=True))
