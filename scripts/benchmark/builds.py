"""What is measured with commands alone: builds, verifying, listing. Each step yields names of figures and values."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmark import memory
from benchmark.projects import Edit, Projects, edits, make_hugo, make_material, make_record, make_zensical
from benchmark.results import AtLeast, NotMeasured, TookTooLong
from benchmark.running import run
from benchmark.tools import MKDOCS, PAGEFIND, RECORD, hugo, zensical

BUILD = (*MKDOCS, "build", "--quiet")
# Every page of plain Material lists every other, with so many bytes each: 10,000 documents are some 60 GB.
MATERIAL_ENTRY = 600
Figures = Iterator[tuple[str, float]]


class Builds:
    """The steps over one set of projects; each command may take ``timeout`` seconds. ``earlier``: the Python of an
    environment in which an earlier release is installed."""

    def __init__(self, projects: Projects, timeout: float, earlier: Path | None = None) -> None:
        self.projects = projects
        self.timeout = timeout
        self.earlier = earlier
        self._edits = edits(self.content)

    @property
    def content(self) -> Path:
        return self.projects.record / "content"

    @property
    def site(self) -> Path:
        return self.projects.record / "site"

    def record_cold(self) -> Figures:
        """Everything from nothing: no cache, no site."""
        folder = self.projects.record
        make_record(folder, self.projects.filed, self.timeout)
        _clear(folder)
        _read(self.content)
        held = memory.Peak() if memory.method() else None
        yield "record.cold", run(BUILD, folder, self.timeout, held.look if held else None).seconds
        self._expect(self.site / "view", "*.html", leads_on="archive")
        yield "record.bytes", _bytes_of(self.site)
        if held:
            yield "record.memory", held.bytes

    def earlier_cold(self) -> Figures:
        """The same by an earlier release."""
        if self.earlier is None:
            raise NotMeasured("no earlier release is named; see --earlier")
        folder = self.projects.earlier
        make_record(folder, self.projects.filed, self.timeout, self.earlier.with_name("record"))
        _clear(folder)
        _read(folder / "content")
        yield "earlier.cold", run((self.earlier, *BUILD[1:]), folder, self.timeout).seconds
        yield "earlier.bytes", _bytes_of(folder / "site")

    def zensical_cold(self) -> Figures:
        folder = self.projects.zensical
        make_zensical(folder, self.projects.filed)
        _clear(folder)
        _read(folder / "content")
        yield "zensical.cold", run([zensical(), "build"], folder, self.timeout).seconds
        self._expect(folder / "site", "*-v0_*/index.html")

    def record_changed(self) -> Figures:
        """The whole build after one sentence changed, and once more after nothing did."""
        self.need_site()
        edit = self.edit()
        yield "record.changed", run(BUILD, self.projects.record, self.timeout).seconds
        if edit.word not in (self.site / f"view/{edit.path}.html").read_text("utf-8"):
            raise NotMeasured("the page of the edited document lacks the new words")
        yield "record.unchanged", run(BUILD, self.projects.record, self.timeout).seconds

    def material_cold(self) -> Figures:
        folder = self.projects.material
        make_material(folder, self.projects.filed)
        _clear(folder)
        _need_room(folder, MATERIAL_ENTRY * self.projects.documents**2)
        _read(self.projects.filed)
        try:
            yield "material.cold", run(BUILD, folder, self.timeout).seconds
            self._expect(folder / "site", "*-v0_*/index.html")
        except TookTooLong as late:
            yield "material.cold", AtLeast(late.seconds)  # enough to say what ours is at most beside it
            raise
        finally:
            shutil.rmtree(folder / "site", ignore_errors=True)

    def hugo_full(self) -> Figures:
        """A full build, and Pagefind over its pages."""
        folder = self.projects.hugo
        make_hugo(folder, self.projects.filed)
        shutil.rmtree(folder / "public", ignore_errors=True)
        _read(folder / "content")
        built = run([hugo(), "--quiet", "--cacheDir", folder / "cache"], folder, self.timeout)
        self._expect(folder / "public", "*-v0_*/index.html")
        yield "hugo.full", built.seconds
        yield "hugo.memory", built.resident
        command = [*PAGEFIND, "--site", "public", "--force-language", "en", "--quiet"]
        yield "pagefind.full", run(command, folder, self.timeout).seconds
        shutil.rmtree(folder / "public")

    def verify(self) -> Figures:
        """Beside the same files read and hashed by sha256sum, from the list that the site carries."""
        self.need_site()
        hashing = ["sha256sum", "--check", "--quiet", "integrity/manifest-sha256.txt"]
        yield "sha256sum.verify", run(hashing, self.site, self.timeout).seconds
        yield "record.verify", run([RECORD, "verify", "site"], self.projects.record, self.timeout).seconds

    def listing(self, rounds: int) -> Figures:
        """The whole record as JSON, all citations in it: from nothing, and once more."""
        folder = self.projects.listed
        make_record(folder, self.projects.filed, self.timeout)
        for name in ("record.list-cold", "record.list-cached") * rounds:
            if name == "record.list-cold":
                _clear(folder)
            finished = run([RECORD, "list", "--json"], folder, self.timeout)
            listed = len(json.loads(finished.output)["documents"])
            if listed != self.projects.documents:
                raise NotMeasured(f"record list gave {listed} documents, expected {self.projects.documents}")
            yield name, finished.seconds

    def need_site(self) -> None:
        """The site and its cache as a build leaves them, where no step has built it."""
        make_record(self.projects.record, self.projects.filed, self.timeout)
        if not (self.site / "integrity").is_dir():
            run(BUILD, self.projects.record, self.timeout)

    def edit(self) -> Edit:
        """Change a sentence of a current document."""
        return next(self._edits)

    def _expect(self, folder: Path, pattern: str, leads_on: str = "") -> None:
        """Nobody is fast by leaving documents out. In folders named ``leads_on`` pages only lead to others."""
        found = sum(page.parent.name != leads_on for page in folder.rglob(pattern))
        if found != self.projects.documents:
            raise NotMeasured(f"the build left {found} pages of documents, expected {self.projects.documents}")


def _clear(folder: Path) -> None:
    for name in (".cache", "site"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _read(folder: Path) -> None:
    """Read the documents once, so that nobody has to wait for a disk that another one emptied the memory for."""
    for file in folder.rglob("*.md"):
        file.read_bytes()


def _need_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise NotMeasured(f"needs some {wanted / 1e9:.0f} GB of disk, and {free / 1e9:.0f} GB are free; see --keep")
