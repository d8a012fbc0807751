"""Documents by their names: wherever a command takes a path, it takes what a person calls the document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loomworks_record.asking.look import Matches, look
from loomworks_record.bundle.log import Log
from loomworks_record.cli.bundling import below
from loomworks_record.errors import UsageError
from loomworks_record.opening.open_record import content_of
from loomworks_record.pages.answers import answers, names_table
from loomworks_record.pages.wording import standing_word
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.names import EXTENSIONS
from loomworks_record.source.project import Project, load_project


def document_named(record: Record, text: str, *, whole: bool = False) -> Document:
    """The one document that ``text`` names; UsageError with the candidates where it is not clear which.

    ``whole``: by its whole name, not by some words of it.
    """
    held = record.by_path.get(text.removeprefix("./"))
    if held is not None:
        return held
    table = names_table(record)
    found = look(table, text)
    paths = [table.entries[rank].path for rank in found.ranks if table.entries[rank].path]
    if found.sure and paths and (found.fit == "named" or not whole):
        return record.by_path[paths[0]]
    _, said = answers(table, text)
    raise UsageError(unclear(text, found, [each for each in said if each["path"]]))


def held_document(folder: Path, text: str) -> Document | None:
    """What ``text`` names in the record that ``folder`` lies in; None where there is no record, or a file is meant."""
    project = load_project(folder)
    if Path(text).is_absolute() or not project.content_dir.is_dir():
        return None
    return document_named(Record(project.config, content_of(project)), text)


def logged(project: Project, log: Log, text: str) -> str:
    """The path that ``text`` is, or names whole: of what the log has, or of what is held."""
    at = Path(text)
    is_path = at.is_absolute() or ".." in at.parts or at.exists() or (project.content_dir / at).exists()
    if is_path or any(entry.path == text for entry in log.entries):
        return below(project.content_dir, text)
    try:
        return document_named(Record(project.config, content_of(project)), text, whole=True).path
    except UsageError:
        if at.suffix in EXTENSIONS:
            return below(project.content_dir, text)
        raise


def unclear(text: str, found: Matches, candidates: Sequence[dict[str, Any]]) -> str:
    """What is said of a name that is not clear, with what it may mean."""
    if not candidates or found.fit == "near":
        nearest = f"; near it: {candidate_line(candidates[0])}" if candidates else ""
        return f"nothing is named '{text}'{nearest}; `record list` prints what there is"
    lines = [f"  {candidate_line(each)}" for each in candidates]
    said = f"it is not clear what '{text}' means; say one of these, or more words (`record list` prints what there is):"
    return "\n".join([said, *lines])


def candidate_line(answer: dict[str, Any]) -> str:
    """ "CR-2026-090 v0.3 · Archived · phases/…/cr-v0_3.md"."""
    standing = standing_word(answer["standing"], short=True) if answer["standing"] else answer["what"]
    version = f"v{answer['version']}" if answer["version"] else ""
    name = answer["name"] if answer["name"].endswith(version) else f"{answer['name']} ({version})"
    return " · ".join((name, standing, answer["path"] or answer["address"]))
