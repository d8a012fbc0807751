"""Records to file into, commands run as a person runs them, and what is on the disk afterwards."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.cli.main import main

CONFIG = (
    "site_name: A record\nsite_url: https://record.example.org/\ndocs_dir: content\n"
    "theme:\n  name: material\nplugins:\n  - record\n"
)
LAMP = "phases/phase-7-lamp"


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended."""

    status: int
    out: str
    err: str


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


def record(folder: Path, *arguments: str | Path, typed: str | Typed | None = None) -> Ran:
    """``record ARGUMENTS`` in ``folder``; ``typed``: what is answered, else nobody can be asked."""
    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    stdin = Typed(typed) if isinstance(typed, str) else typed or io.StringIO()
    with working_in(folder), replaced_stdin(stdin), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = stop.code
    return Ran(status if isinstance(status, int) else 0, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def replaced_stdin(stdin: io.StringIO) -> Iterator[None]:
    before, sys.stdin = sys.stdin, stdin
    try:
        yield
    finally:
        sys.stdin = before


def tree(folder: Path, *, journal: bool = False) -> dict[str, str]:
    """Every file and folder below ``folder`` with its digest; what filing keeps for itself only with ``journal``."""
    found: dict[str, str] = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if path.startswith(".record-filing") and not journal:
            continue
        if file.is_symlink():
            found[path] = f"link to {file.readlink()}"
        else:
            found[path] = "folder" if file.is_dir() else hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def make_project(folder: Path, documents: Mapping[str, str | bytes] | None = None) -> Path:
    """A project in ``folder`` with a record of ``documents`` (path below content/ → text), and its log."""
    (folder / "content").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(CONFIG)
    for path, text in (documents or {}).items():
        write(folder / "content" / path, text)
    if any("/archive/" in path for path in documents or {}):
        assert record(folder, "log", "--yes").status == 0
    return folder


def write(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return file


def document(
    version: str,
    title: str = "Phase 7 CR — Lamp",
    *,
    cr: str | None = "CR-2026-007",
    date: str = "2026-03-01",
    body: str = "Words.",
    phase: str | None = None,
) -> str:
    """The text of a document as authors write them."""
    lines = [f"# {title}", ""]
    lines += [f"**CR number.** {cr}"] if cr else []
    lines += [f"**Version.** {version}", f"**Date.** {date}", "**Status.** Draft."]
    lines += [f"**Phase.** {phase}"] if phase else []
    return "\n".join([*lines, "", "## 1. Text", "", body, ""])


def page(version: str, title: str = "Phase 7 CR — Lamp", *, date: str = "2026-03-01", cr: str | None = None) -> str:
    """The same as an HTML document."""
    number = f"<p>CR number: {cr}</p>\n" if cr else ""
    return (
        f"<!DOCTYPE html>\n<html lang='en'>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n"
        f"{number}<p>Version: {version}</p>\n<p>Date: {date}</p>\n<p>Words.</p>\n</body>\n</html>\n"
    )


def lamp_record() -> dict[str, str | bytes]:
    """A small record: a CR in three versions, the last in two forms; a note; another phase; a handoff outside."""
    cr = f"{LAMP}/phase-7-cr-lamp"
    return {
        f"{LAMP}/archive/phase-7-cr-lamp-v0_1.md": document("0.1", date="2026-03-01"),
        f"{LAMP}/archive/phase-7-cr-lamp-v0_2.md": document("0.2", date="2026-03-02"),
        f"{cr}-v0_3.md": document("0.3", date="2026-03-03"),
        f"{cr}-v0_3.html": page("0.3", date="2026-03-03"),
        f"{LAMP}/phase-7-scoping-note-v0_1.md": document("0.1", "Phase 7 scoping note", cr=None),
        "phases/phase-08-shade/phase-8-cr-shade-v0_1.md": document("0.1", "Phase 8 CR — Shade", cr="CR-2026-008"),
        "session-handoffs/session-handoff-2026-03-03-night-v0_1.md": document("0.1", "Session handoff", cr=None),
        "notes/loomworks-oil-note-v0_2.md": document("0.2", "A note on oil", cr=None, body="Oil burns."),
    }
