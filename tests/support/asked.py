"""The table of questions, ``tests/data/asked.tsv``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from loomworks_record.asking.table import NamesTable
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.answers import whole_entries
from loomworks_record.source.document import Document
from loomworks_record.source.project import load_project

from support.site import INVENTORY, PROJECT, write_content

NO_INVENTORY = "the inventory of the real record is not beside this project"


class Case(NamedTuple):
    """``how``: sure; first (right, and not sure); candidates; unsure (what comes is not it); nothing. ``first`` is the
    path, the address or the name of what comes first, "*" for anything."""

    text: str
    how: str
    first: str


def _cases() -> list[Case]:
    lines = (PROJECT / "tests" / "data" / "asked.tsv").read_text("utf-8").splitlines()
    return [Case(*line.split("\t")) for line in lines if not line.startswith("#")]


CASES = _cases()


def real_names(folder: Path) -> tuple[NamesTable, list[tuple[str, str]]]:
    """The table of a record of empty documents with the inventory's names, and questions with the path of what each
    asks for."""
    paths = [str(json.loads(line)["path"]) for line in INVENTORY.read_text("utf-8").splitlines()]
    write_content(dict.fromkeys(paths, ""), folder / "content")
    whole = open_record(load_project(folder, folder / "content")).whole
    questions = [(text, path) for path in paths for text in _written(path, whole.record.by_path[path])]
    return NamesTable.of(whole_entries(whole)), questions


def _written(path: str, document: Document) -> Iterator[str]:
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0]
    subject = document.name.subject.removeprefix("loomworks-").replace("-", " ")
    version = f"v{document.version}" if document.version else ""
    yield from (name, path, f"/view/{path}.html", f"https://x.example/raw/{path}?v=2#s1", f"content/{path}", stem)
    yield from (stem.replace("-", " ").replace("_", "."), path.replace("archive/", ""), f"<{path}>,")
    yield from (f"{subject} {version}", f"{version} {subject}".strip(), f"{subject} {version}".upper())
