"""The same documents as a project of each: of the record, of plain Material, of Hugo."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import yaml
from realistic import write_record

from benchmark.results import NotMeasured, Records
from benchmark.running import run
from benchmark.tools import RECORD

ADDRESS = "https://record.example.org/"
_HUGO = """\
baseURL = "https://record.example.org/"
languageCode = "en"
title = "The record"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]
"""
# One template for every page. Only documents are marked as text to be searched, as in the record's own index.
_HUGO_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body>{{ if .IsPage }}<main data-pagefind-body>{{ .Content }}</main>{{ else }}<h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}</body></html>
"""
_LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects over one set of documents, in folders of their own below ``root``."""

    root: Path
    documents: int

    @property
    def filed(self) -> Path:
        """The documents as they were generated; nobody edits these."""
        return self.root / "filed"

    @property
    def record(self) -> Path:
        return self.root / "record"

    @property
    def material(self) -> Path:
        return self.root / "material"

    @property
    def hugo(self) -> Path:
        return self.root / "hugo"

    @property
    def zensical(self) -> Path:
        return self.root / "zensical"

    @property
    def earlier(self) -> Path:
        """The record once more, for a build by an earlier release."""
        return self.root / "earlier"

    @property
    def listed(self) -> Path:
        """A second project of the record, so that listing it cold takes no cache from the first."""
        return self.root / "listed"

    def remove(self) -> None:
        """All but the documents as they were generated."""
        for folder in (self.record, self.material, self.hugo, self.zensical, self.earlier, self.listed):
            if folder.exists():
                shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence that was written anew in a current document: its path, and a word that stands nowhere else."""

    path: str
    word: str


def generate(projects: Projects, size: int) -> Records:
    """Write the documents, of about ``size`` bytes; those that an earlier run left are taken if they are the same."""
    projects.remove()
    note = projects.root / "filed.json"
    wanted = {"documents": projects.documents, "size": size}
    if not note.exists() or msgspec.json.decode(note.read_bytes()) != wanted:
        note.unlink(missing_ok=True)
        shutil.rmtree(projects.filed, ignore_errors=True)
        write_record(projects.filed, projects.documents, size)
        note.write_bytes(msgspec.json.encode(wanted))
    files = list(projects.filed.rglob("*.md"))
    total = sum(file.stat().st_size for file in files)
    return Records(projects.documents, total, sum(file.parent.name == "archive" for file in files))


def make_record(folder: Path, filed: Path, timeout: float, record: Path = RECORD) -> None:
    """A project of the record as ``record init`` would leave it, over a copy, with every archived version logged."""
    if folder.exists():
        return
    shutil.copytree(filed, folder / "content")
    _configure(folder, "content", "record")
    run([record, "log", "--yes"], folder, timeout)


def make_material(folder: Path, filed: Path) -> None:
    folder.mkdir(exist_ok=True)
    _configure(folder, str(filed), "search")


def make_zensical(folder: Path, filed: Path) -> None:
    """The settings of plain Material, over a copy: Zensical 0.0.73 takes no documents from outside of its folder."""
    if not folder.exists():
        shutil.copytree(filed, folder / "content")
        _configure(folder, "content", "search")


def make_hugo(folder: Path, filed: Path) -> None:
    """One template, and a file that makes a section of each phase."""
    if folder.exists():
        return
    shutil.copytree(filed, folder / "content")
    for phase in (folder / "content/phases").iterdir():
        (phase / "_index.md").write_text(f"---\ntitle: {phase.name}\n---\n", "utf-8")
    (folder / "layouts").mkdir()
    (folder / "layouts/all.html").write_text(_HUGO_PAGE, "utf-8")
    (folder / "hugo.toml").write_text(_HUGO, "utf-8")


def largest(content: Path) -> str:
    """The path of the largest document that is current."""
    found = [file for file in content.rglob("*.md") if "archive" not in file.parts]
    return max(found, key=lambda file: file.stat().st_size).relative_to(content).as_posix()


def edits(content: Path) -> Iterator[Edit]:
    """Without end: a current document with an archived version, another one each time, gets a new sentence."""
    random_ = random.Random(8)
    current = sorted(file for file in content.rglob("*.md") if file.parent.name != "archive")
    older = {file.name.rpartition("-v")[0] for file in content.rglob("archive/*.md")}
    changed = [file for file in current if file.name.rpartition("-v")[0] in older] or current
    at = len(changed) // 2
    while True:
        word = "".join(random_.choices(_LETTERS, k=10))
        file = changed[at % len(changed)]
        text = _with_sentence(file.read_text("utf-8"), f"Nobody has said {word} before.")
        # Written beside and moved, so that whoever watches sees either text whole.
        beside = content.parent / "edited.md"
        beside.write_text(text, "utf-8")
        beside.replace(file)
        yield Edit(file.relative_to(content).as_posix(), word)
        at += 7


def _with_sentence(text: str, sentence: str) -> str:
    """The text with ``sentence`` in place of the second one of a paragraph in its middle."""
    lines = text.split("\n")
    for at in (*range(len(lines) // 2, len(lines)), *range(len(lines) // 2)):
        first, *rest = lines[at].split(". ")
        if len(rest) > 1 and first[:1].isalpha():
            lines[at] = " ".join((f"{first}.", sentence, ". ".join(rest[1:])))
            return "\n".join(lines)
    raise NotMeasured("a document has no paragraph of three sentences, so nothing in it can be edited; --bytes")


def _configure(folder: Path, content: str, plugin: str) -> None:
    config = {
        "site_name": "The record", "site_url": ADDRESS, "docs_dir": content, "theme": {"name": "material"},
        "plugins": [plugin],
    }  # fmt: skip
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
