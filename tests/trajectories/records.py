"""Small records for these tests: paths with their text, and citations found by file name alone.

The real citations come from the record's own grammar. What is tested here is what is told from them, so each test
says which documents name which, in plain words: a file name in the text, with the place in brackets after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.events import Event
from loomworks_record.record.trajectories.named_documents import CitationsOf
from loomworks_record.record.trajectories.stories import Stories
from loomworks_record.record.trajectories.trajectory import Trajectory
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import document_problems, read_document
from loomworks_record.source.store import Content, read_content

PROJECT = Path(__file__).resolve().parents[2]
INVENTORY = PROJECT.parent / "shared" / "record" / "inventory.jsonl"

_FILE = re.compile(r"(?P<name>[\w.-]+-v\d+_\d+(?:\.md)?)(?: \((?P<place>[^)]*)\))?")
_WORDS = re.compile(r"(?<!Phase \d\d )\bCR v(?P<version>\d+\.\d+)")


def record_of(texts: Mapping[str, str], phase_files: Mapping[str, bytes] | None = None) -> Record:
    """A record of these paths and texts."""
    config = RecordConfig()
    documents = tuple(read_document(path, texts[path].encode(), config.kinds) for path in sorted(texts))
    problems = tuple(problem for document in documents for problem in document_problems(document))
    return Record(config, Content(documents, (), tuple(sorted((phase_files or {}).items())), problems))


def record_in(folder: Path) -> Record:
    config = RecordConfig()
    return Record(config, read_content(folder, config.kinds))


def without(record: Record, *endings: str) -> Record:
    """The same record without the documents whose path ends so."""
    kept = tuple(d for d in record.documents if not d.path.endswith(endings))
    assert len(kept) < len(record.documents)
    content = record.content
    return Record(record.config, Content(kept, content.attachments, content.phase_files, content.problems))


def citations_by_name(record: Record) -> Callable[[str], Sequence[Citation]]:
    """Every file name and every "CR v0.2" in a text, held when such a file is."""
    held = {str(document.name): document.path for document in record.documents}
    requests = {(d.phase_folder, str(d.version)): d.path for d in record.documents if d.kind == "change-request"}

    @cache
    def citations_of(path: str) -> list[Citation]:
        document = record.by_path[path]
        found = []
        for number, line in enumerate(document.text.split("\n"), 1):
            field = "inputs" if 1 < number < document.header.body_line else ""
            for match in _FILE.finditer(line):
                name, place = match["name"], match["place"] or ""
                target = held.get(name) or held.get(f"{name}.md")
                outcome = "held" if target else "elsewhere" if place else "unresolved"
                before = line[: match.start()].rpartition(". ")[2]
                cited = Citation(path, name, number, outcome, target, named=name, place=place, field=field)
                found.append(replace(cited, sentences=partial(tuple, [(before, "")])))
            for match in _WORDS.finditer(line):
                target = requests.get((document.phase_folder, match["version"]))
                outcome = "held" if target else "unresolved"
                found.append(Citation(path, match[0], number, outcome, target, named=match[0], field=field))
        return found

    return citations_of


def inventory() -> tuple[Record, Callable[[str], Sequence[Citation]]]:
    """The real record as its inventory knows it: names, dates and references, and no text."""
    rows = [json.loads(line) for line in INVENTORY.read_text("utf-8").splitlines()]
    texts = {row["path"]: _text(row) for row in rows}
    record = record_of(texts)
    held = {str(document.name): document.path for document in record.documents}
    references = {row["path"]: row.get("references", []) for row in rows}

    def citations_of(path: str) -> list[Citation]:
        found = []
        for reference in references[path]:
            place, _, name = reference.rpartition("/")
            target = held.get(name)
            outcome = "held" if target else "elsewhere" if place else "unresolved"
            found.append(Citation(path, reference, 1, outcome, target, named=reference, place=place))
        return found

    return record, citations_of


def trajectories(record: Record, citations_of: CitationsOf) -> dict[str, Trajectory]:
    """Folder → trajectory, for all phases of a record."""
    return Stories(record, citations_of).trajectories


def told(record: Record, folder: str) -> Trajectory:
    """The trajectory of one phase, its citations found by file name."""
    return trajectories(record, citations_by_name(record))[folder]


def outline(trajectory: Trajectory) -> list[str]:
    """A trajectory as lines that a person can compare: cycles, and their events below them."""
    lines = [_line(event) for event in trajectory.prologue]
    for cycle in trajectory.cycles:
        answer = (cycle.answered_by or "").rpartition("/")[2]
        lines.append(f"{cycle.number} {(cycle.halt or 'no halt').rpartition('/')[2]} {cycle.state} {answer}".strip())
        lines += map(_line, cycle.events)
    return lines


def problems(trajectory: Trajectory) -> list[str]:
    return [f"{problem.path.rpartition('/')[2]}: {problem.message} [{problem.code}]" for problem in trajectory.problems]


def _line(event: Event) -> str:
    return f"  {event.verb}: {event.name}{'' if event.held else ' elsewhere'}"


def _text(row: dict[str, str]) -> str:
    dated = f"**Date.** {row['date']}\n" if row.get("date") else ""
    return f"# {row.get('title') or 'Untitled'}\n\n{dated}"
