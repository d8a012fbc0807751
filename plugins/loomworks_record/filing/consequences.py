"""What a filing would change in the problems of the record: those it causes, and those it settles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from loomworks_record.filing.values import ArchiveMove, Filed
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document, document_problems
from loomworks_record.source.problem import Problem

Problems = tuple[Problem, ...]


def consequences(
    record: Record, filed: Sequence[Filed], moves: Sequence[ArchiveMove]
) -> tuple[Problems, Problems, tuple[str, ...]]:
    """(caused, settled, notes). A problem that only moves to ``archive/`` with its document is neither."""
    moved = {move.document.path: move.target for move in moves}
    before = {_elsewhere(problem, moved) for problem in Whole(record).problems}
    whole = Whole(record_after(record, filed, moves))
    after = set(whole.problems)
    return sort_problems(after - before), sort_problems(before - after), tuple(_lost_numbers(whole, filed, moved))


def _lost_numbers(whole: Whole, filed: Sequence[Filed], moved: Mapping[str, str]) -> Iterator[str]:
    """Of each document without any numbered section whose version before had several. Word and LibreOffice number
    headings themselves, and what makes Markdown of them leaves the numbers out."""
    for document, previous in ((each.document, each.previous) for each in filed if each.previous):
        had = _numbers(whole, moved.get(previous.path, previous.path)) if previous.form == document.form else []
        if len(had) > 2 and not _numbers(whole, document.path):
            gone = f"v{previous.version} has {len(had)} numbered sections, v{document.version} has none"
            yield f"{gone}: what cites 'v{document.version} §{had[-1]}' will find none; were they lost in a conversion?"


def _numbers(whole: Whole, path: str) -> list[str]:
    return [each.number for each in whole.citations.sections(path) if each.number and each.kind == "heading"]


def record_after(record: Record, filed: Sequence[Filed], moves: Sequence[ArchiveMove]) -> Record:
    """The record as it would be read once the filing is done."""
    moved = {move.document.path: move.target for move in moves}
    kept = [_moved(document, moved) for document in record.documents]
    new = [each.document for each in filed]
    documents = sorted([*kept, *new], key=lambda document: document.path.encode("utf-8", "surrogateescape"))
    problems = [_elsewhere(problem, moved) for problem in record.content.problems]
    problems += [problem for document in new for problem in document_problems(document)]
    content = replace(record.content, documents=tuple(documents), problems=sort_problems(problems))
    return Record(record.config, content)


def _moved(document: Document, moved: Mapping[str, str]) -> Document:
    target = moved.get(document.path)
    return replace(document, path=target, archived_by_folder=True) if target else document


def _elsewhere(problem: Problem, moved: Mapping[str, str]) -> Problem:
    """The problem with the new paths, in its message too."""
    if not moved:
        return problem
    either = re.compile("|".join(rf"(?<![\w/.-]){re.escape(path)}(?![\w/-])" for path in moved))
    message = either.sub(lambda found: moved[found.group()], problem.message)
    return replace(problem, path=moved.get(problem.path, problem.path), message=message)
