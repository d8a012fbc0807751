"""The machine's view of the record: ``loomworks-record/1`` (docs/json.md; schema in record.schema.json)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from loomworks_record.pages import addresses
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


def record_json(
    record: Record,
    problems: Sequence[Problem],
    cites: Callable[[Document], Sequence[Json]] | None = None,
    cited_by: Callable[[Document], Sequence[str]] | None = None,
    trajectory: Callable[[Phase], Mapping[str, Any]] | None = None,
    sections: Callable[[Document], Sequence[Json]] | None = None,
) -> Json:
    """The whole object. Without ``cites``, ``cited_by`` and ``sections`` these keys are left out of every document
    (the site publishes them in files of their own)."""
    return {
        "format": FORMAT,
        "documents": [_document(record, document, cites, cited_by, sections) for document in record.documents],
        "chains": [
            {
                "id": chain.id,
                "versions": [document.path for document in chain.versions],
                "current": chain.current.path if chain.current else None,
            }
            for chain in record.chains
        ],
        "phases": [_phase(phase, trajectory) for phase in record.phases],
        "problems": [problem_json(problem) for problem in problems],
    }


def whole_json(whole: Whole, with_sections: bool = False) -> Json:
    """What ``record list --json`` prints: the whole object, citations included. For the sections every chain is
    compared, where that is not kept."""
    return record_json(
        whole.record,
        whole.problems,
        lambda document: _cites(whole, document),
        lambda document: _cited_by(whole, document),
        lambda phase: phase_story_json(whole, phase),
        (lambda document: _sections(whole, document)) if with_sections else None,
    )


def grouped_documents(record: Record) -> Iterator[tuple[str, Sequence[Document]]]:
    """The documents of each phase ("phases/<folder>") and of each other section, with the group's name."""
    grouped: dict[str, list[Document]] = {}
    for document in record.documents:
        folder = document.phase_folder
        grouped.setdefault(f"phases/{folder}" if folder else document.section or "top", []).append(document)
    yield from grouped.items()


def cites_json(whole: Whole, documents: Sequence[Document]) -> Json:
    """``/api/cites/<group>.json``: path → ``cites`` and ``cited_by``."""
    return {
        document.path: {"cites": _cites(whole, document), "cited_by": _cited_by(whole, document)}
        for document in documents
    }


def _cites(whole: Whole, document: Document) -> list[Json]:
    return [citation_json(citation, whole.grounds.of(citation)) for citation in whole.citations.of(document.path)]


def _cited_by(whole: Whole, document: Document) -> list[str]:
    return list(whole.citing(document.path))


def site_json(whole: Whole) -> Json:
    """``/api/record.json``: the same without ``cites``, ``cited_by`` and ``sections``: they stand in files of their
    own."""
    return record_json(whole.record, whole.problems, trajectory=lambda phase: phase_story_json(whole, phase))


def phase_story_json(whole: Whole, phase: Phase) -> Json:
    """State, prologue and trajectory of a phase."""
    return {"state": whole.stories.state(phase)} | trajectory_json(whole.stories.of(phase))


def citation_json(citation: Citation, ground: Ground | None = None) -> Json:
    """``ground`` stands there only where a section or identifier of an archived version is cited."""
    values = {
        "text": citation.text,
        "line": citation.line,
        "outcome": citation.outcome,
        "target": citation.target,
        "anchor": citation.anchor,
    }
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
    return {
        "from": str(held.since) if held.since else None,
        "until": str(held.until) if held.until else None,
    }


def header_json(document: Document) -> dict[str, str]:
    """Label as filed → value, in order. A label that stands twice keeps both values, one per line."""
    values: dict[str, str] = {}
    for field in document.header.fields:
        values[field.label] = f"{values[field.label]}\n{field.value}" if field.label in values else field.value
    return values


def problem_json(problem: Problem) -> Json:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "path": problem.path,
        "line": problem.line,
        "message": problem.message,
    }


def _document(
    record: Record,
    document: Document,
    cites: Callable[[Document], Sequence[Json]] | None,
    cited_by: Callable[[Document], Sequence[str]] | None,
    sections: Callable[[Document], Sequence[Json]] | None,
) -> Json:
    values = document_json(record, document)
    if cites is not None:
        values["cites"] = list(cites(document))
    if cited_by is not None:
        values["cited_by"] = list(cited_by(document))
    if sections is not None:
        values["sections"] = list(sections(document))
    return values


def _phase(phase: Phase, trajectory: Callable[[Phase], Mapping[str, Any]] | None) -> Json:
    told = trajectory(phase) if trajectory else {}
    return {
        "number": phase.number,
        "folder": phase.folder,
        "title": phase.title,
        "state": told.get("state"),
        "prologue": list(told.get("prologue", ())),
        "trajectory": list(told.get("trajectory", ())),
    }
