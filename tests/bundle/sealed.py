"""Small but realistic projects and sealed sites, the same for the same arguments, for every test of the bundle."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.bundle.files import place
from loomworks_record.bundle.headers import hashed_name
from loomworks_record.bundle.inputs import LOG_NAME, digest_sources, gather, project_places
from loomworks_record.bundle.log import ArchivedDocument, Log, append_missing, parse_log
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.seal import Seal, SealSettings, seal

ORIGIN = "record.example"
ISSUED = 1_800_000_000  # a fixed "now": no test looks at the clock of the machine unless it says so
DAY = 86_400
WORDS = ("gate", "phase", "scope", "halt", "version", "review", "engine", "manifest", "amendment", "finding", "größe")
# Assets of ours, named after their content as they are published.
ASSETS = {
    hashed_name(f"assets/record/{name}", data): data
    for name, data in {"record.css": b"body{font-family:serif}\n", "record.js": b"export const fresh = 1;\n"}.items()
}
CSS, JS = ASSETS
MOVED = {"/view/old-name.md.html": "/view/phases/phase-01-é/cr-v0_3.md.html"}


@dataclass(frozen=True)
class Project:
    """A folder with content/, mkdocs.yml, overrides/, requirements.txt and record.log.jsonl."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def log(self) -> Log:
        return parse_log(read_log_bytes(self.root / LOG_NAME))

    def archived(self) -> list[ArchivedDocument]:
        found = []
        for path, digest in sorted(digest_sources(self.content).items()):
            if "/archive/" in path:
                version = path.rsplit("-v", 1)[1].rsplit(".", 1)[0].replace("_", ".")
                size = place(self.content, path).stat().st_size
                found.append(ArchivedDocument(path, version, "2026-05-12", digest, size))
        return found

    def write_log(self, log: Log) -> None:
        (self.root / LOG_NAME).write_bytes(bytes(log))

    def adopt_archive(self) -> None:
        self.write_log(append_missing(self.log, self.archived()))


def make_project(root: Path, *, phases: int = 3, seed: int = 1) -> Project:
    """Three filed versions of two documents per phase, two of each archived and logged."""
    chance = random.Random(seed)
    project = Project(root)
    for number in range(1, phases + 1):
        folder = f"phases/phase-{number:02}-{'é' if number % 2 else 'x'}"
        for stem in ("cr", "scoping-note"):
            for version in ("v0_1", "v0_2", "v0_3"):
                place = folder if version == "v0_3" else f"{folder}/archive"
                write(project.content / place / f"{stem}-{version}.md", _document(chance, stem, version))
        write(project.content / folder / "picture.png", chance.randbytes(400))
        write(project.content / folder / "report-v0_1.html", f"<title>Report {number}</title><p>Filed.\n".encode())
    write(project.content / "README.md", b"# The record\n")
    write(
        root / "mkdocs.yml",
        b"site_name: A record\ndocs_dir: content\nplugins:\n- record:\n    origin: record.example\n",
    )
    write(root / "overrides/main.html", b"{% extends 'base.html' %}\n")
    write(root / "requirements.txt", b"mkdocs==1.6.1\n")
    project.adopt_archive()
    return project


def build(
    project: Project,
    site: Path,
    *,
    issued: int = ISSUED,
    key: Path | None = None,
    host: str = "none",
    days: int = 14,
    base: str = "",
) -> Seal:
    """What a generator writes, in small, and then our seal."""
    site.mkdir(parents=True, exist_ok=True)
    for path in sorted(digest_sources(project.content)):
        if path not in project.log.withdrawn:
            _publish(project, site, path)
    write(site / "index.html", _page("Home", "<p>Needs you (0)</p>", ""))
    write(site / "404.html", _page("There is no page at this address", "", "/"))
    write(site / "documents/index.html", _page("Documents", "<ul></ul>", "../"))
    for path, data in ASSETS.items():
        write(site / path, data)
    write(site / "assets/javascripts/bundle.0123abcd.min.js", b"/* of the theme */\n")
    write(site / "pagefind/pagefind.js", b"export const search = 0;\n")
    write(site / "pagefind/fragment/en_0a1b2c3.pf_fragment", bytes(range(256)))
    write(site / "api/record.json", json.dumps({"format": "loomworks-record/1", "documents": []}).encode())
    write(site / "feed.atom", b"<feed xmlns='http://www.w3.org/2005/Atom'/>\n")
    settings = SealSettings(ORIGIN, host, MOVED, key, days, base)
    inputs = gather(project_places(project.root, project.content), {"loomworks-record": "0"})
    return seal(site, log=read_log_bytes(project.root / LOG_NAME), inputs=inputs, settings=settings, issued=issued)


def write(file: Path, data: bytes) -> None:
    """Write a file anew: an existing one is removed first, so that hard-linked copies keep what they had."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(data)


def tree(folder: Path) -> dict[str, str]:
    """sha256 (hex) of every file, by path."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _publish(project: Project, site: Path, path: str) -> None:
    data = place(project.content, path).read_bytes()
    write(place(site / "raw", path), data)
    if path.endswith(".md"):
        depth = "../" * (path.count("/") + 1)
        body = f"<pre>{data.decode()}</pre>"
        write(place(site, f"view/{path}.html"), _page(path, body, depth))


def _page(title: str, body: str, base: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<link rel="stylesheet" href="{base}{CSS}"></head>'
        f'<body><h1>{title}</h1>{body}<script type="module" src="{base}{JS}"></script>'
        "</body></html>\n"
    ).encode()


def _document(chance: random.Random, stem: str, version: str) -> bytes:
    lines = [" ".join(chance.choices(WORDS, k=12)) + "." for _ in range(chance.randrange(5, 60))]
    head = f"# {stem}\n\n**Version.** {version[1:].replace('_', '.')} **Date.** 2026-05-12 **Status.** Filed.\n\n"
    return (head + "\n".join(lines) + "\n").encode()
