"""Documents by their names: wherever a command takes a path, it takes what a person calls the document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loomworks_record.asking.look import Matches, answers
from loomworks_record.errors import UsageError
from loomworks_record.pages.name_tables import Names, form_meant
from loomworks_record.pages.wording import standing_word
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.project import load_project
from loomworks_record.source.store import content_of


def document_named(record: Record, text: str, *, whole: bool = False) -> Document:
    """The one document that ``text`` names; UsageError with the candidates where it is not clear which.

    ``whole``: by its whole name, not by some words of it.
    """
    held = record.by_path.get(text.removeprefix("./"))
    if held is not None:
        return held
    found, said = answers(Names(Whole(record)).short, text)
    documents = [each for each in said if each["path"]]
    if found.sure and documents and (found.fit == "named" or not whole):
        return form_meant(record, record.by_path[documents[0]["path"]], text)
    raise UsageError(unclear(text, found, documents))


def held_document(folder: Path, text: str) -> Document | None:
    """What ``text`` names in the record that ``folder`` lies in; None where there is no record, or a file is meant."""
    project = load_project(folder)
    if Path(text).is_absolute() or not project.content_dir.is_dir():
        return None
    return document_named(Record(project.config, content_of(project)), text)


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
