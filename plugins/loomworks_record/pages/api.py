"""The machine's view of the record: ``loomworks-record/1`` (docs/json.md; schema in record.schema.json)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from loomworks_record.pages import addresses
from loomworks_record.pages.wording import grouped
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.filings import InForce
from loomworks_record.record.grounds import Ground
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.through import Thread
from loomworks_record.record.trajectories.trajectory import trajectory_json
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem
from loomworks_record.text.sections import Section

FORMAT = "loomworks-record/1"

Json = dict[str, Any]


def whole_json(whole: Whole, with_sections: bool = False) -> Json:
    """What ``record list --json`` prints: the whole object, citations included. For the sections every chain is
    compared, where that is not kept."""
    sections = sections_json(whole, whole.record.documents) if with_sections else {}
    cites = cites_json(whole, whole.record.documents)
    return _record_json(whole, lambda path: cites[path] | ({"sections": sections[path]} if with_sections else {}))


def site_json(whole: Whole) -> Json:
    """``/api/record.json``: the same without ``cites``, ``cited_by`` and ``sections``: they stand in files of their
    own."""
    return _record_json(whole, lambda path: {})


def _record_json(whole: Whole, more: Callable[[str], Json]) -> Json:
    """The whole object, each document with what ``more`` is said at its path."""
    record = whole.record
    return {
        "format": FORMAT,
        "documents": [document_json(record, document) | more(document.path) for document in record.documents],
        "chains": [
            {
                "id": chain.id,
                "versions": [document.path for document in chain.versions],
                "current": chain.current.path if chain.current else None,
            }
            for chain in record.chains
        ],
        "phases": [
            {"number": phase.number, "folder": phase.folder, "title": phase.title} | phase_story_json(whole, phase)
            for phase in record.phases
        ],
        "problems": [problem_json(problem) for problem in whole.problems],
    }


def grouped_documents(record: Record) -> Iterator[tuple[str, Sequence[Document]]]:
    """The documents of each phase ("phases/<folder>") and of each other section, with the group's name."""
    yield from grouped(record.documents, _group_name).items()


def _group_name(document: Document) -> str:
    return f"phases/{document.phase_folder}" if document.phase_folder else document.section or "top"


def cites_json(whole: Whole, documents: Sequence[Document]) -> Json:
    """``/api/cites/<group>.json``: path → ``cites`` and ``cited_by``."""
    return {
        document.path: {
            "cites": [citation_json(each, whole.grounds.of(each)) for each in whole.citations.of(document.path)],
            "cited_by": list(whole.citing(document.path)),
        }
        for document in documents
    }


def phase_story_json(whole: Whole, phase: Phase) -> Json:
    """State, prologue and trajectory of a phase."""
    return {"state": whole.stories.state(phase)} | trajectory_json(whole.stories.of(phase))


def citation_json(citation: Citation, ground: Ground | None = None) -> Json:
    """``ground`` stands there only where a section or identifier of an archived version is cited."""
    values = {key: getattr(citation, key) for key in ("text", "line", "outcome", "target", "anchor")}
    return values | {"ground": ground.state} if ground else values


def sections_json(whole: Whole, documents: Sequence[Document]) -> Json:
    """``/api/sections/<group>.json``: path → ``sections``."""
    return {document.path: _sections(whole, document) for document in documents}


def _sections(whole: Whole, document: Document) -> list[Json]:
    """The sections, rows and labels of a document, each with the version in which it first appeared and the one in
    which a word of it last changed (null: none did). None where that is not known: of an HTML document."""
    through = whole.grounds.through(whole.record.chain(document))
    at = through.number(document.path)
    if at is None:
        return []
    versions = [whole.record.by_path[path].version for path in through.versions]
    said = [str(each) if each else None for each in versions]
    found = ((section, through.thread(at, section.anchor)) for section in whole.citations.sections(document.path))
    return [_section(section, thread, at, said) for section, thread in found if thread]


def _section(section: Section, thread: Thread, at: int, versions: Sequence[str | None]) -> Json:
    changed = thread.changed(at)
    earlier = [{"until": versions[each.at], "name": each.name} for each in thread.earlier(at)]
    values = {
        "number": section.number or None,
        "identifier": section.identifier or None,
        "anchor": section.anchor,
        "title": section.title,
        "since": versions[thread.first.at],
        "changed": versions[changed[-1].at] if changed else None,
    }
    return values | {"earlier": earlier} if earlier else values


def document_json(record: Record, document: Document) -> Json:
    """One document without its citations. Dates are ISO, paths relative to ``content/``."""
    chain = record.chain(document)
    before = chain.predecessor(document) or chain.replaced(document)
    after = chain.successor(document) or chain.replacement(document)
    filing = record.filing(document)
    return {
        "path": document.path,
        "url": addresses.url(addresses.view(document)),
        "raw_url": addresses.url(addresses.raw(document)),
        "title": document.title,
        "kind": document.kind,
        "section": document.section,
        "phase": document.phase,
        "stem": document.name.stem,
        "version": str(document.version) if document.version else None,
        "date": document.date.isoformat() if document.date else None,
        "filed": str(filing) if filing and filing.source != "own" else None,
        "adopted": filing.source if filing and filing.source in ("git", "document") else None,
        "in_force": in_force_json(record.in_force(document)),
        "standing": chain.standing(document),
        "declared_status": document.declared_status,
        "header": header_json(document),
        "sha256": document.sha256,
        "bytes": document.size,
        "chain": chain.id,
        "predecessor": before.path if before else None,
        "successor": after.path if after else None,
        "current": chain.current.path if chain.current else None,
    }


def in_force_json(held: InForce | None) -> Json | None:
    """From when until when, each a day or a second; null of a version that never was in force, as far as is known."""
    if held is None:
        return None
    return {"from": str(held.since) if held.since else None, "until": str(held.until) if held.until else None}


def header_json(document: Document) -> dict[str, str]:
    """Label as filed → value, in order. A label that stands twice keeps both values, one per line."""
    values: dict[str, str] = {}
    for field in document.header.fields:
        values[field.label] = f"{values[field.label]}\n{field.value}" if field.label in values else field.value
    return values


def problem_json(problem: Problem) -> Json:
    return {key: getattr(problem, key) for key in ("code", "severity", "path", "line", "message")}
