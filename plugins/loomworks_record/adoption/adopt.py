"""What a folder is, with the rows that would have more of it read; and the record opened without them and with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import Struct, structs

from loomworks_record.adoption.folders import archive_rows, convention_rows, kind_rows, seen_archives
from loomworks_record.adoption.headers import label_rows, seen_labels, seen_statuses, status_rows
from loomworks_record.adoption.names import Finding, ProposedRow, errors, read_again, version_rows
from loomworks_record.adoption.numbers import number_rows, seen_identifiers, unfit_rows
from loomworks_record.opening.open_record import open_record
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import NOTE
from loomworks_record.source.names import ARCHIVE_FOLDERS
from loomworks_record.source.project import Project

_EXAMPLES = 2  # names that stand for a form


class Figures(Struct, frozen=True):
    """How much of a folder is read: documents that have a version in their name, are archived, have a date, a title
    of their own, a kind; and how many problems names, headers and standing have."""

    documents: int
    versions: int
    archived: int
    dates: int
    titles: int
    kinds: int
    problems: int


class Adoption(Struct, frozen=True):
    """``options`` are those that the record would have: what it has, and ``rows``."""

    record: Record
    seen: tuple[Finding, ...]
    rows: tuple[ProposedRow, ...]
    options: Mapping[str, Any]
    now: Figures
    then: Figures


def adopt(project: Project, options: Mapping[str, Any]) -> Adoption:
    """Look at the content of ``project``, which has ``options``; nothing is written."""
    record = open_record(project).whole.record
    rows = tuple(_proposed(record, options))
    merged = with_rows(options, rows)
    changed = structs.replace(project, config=_configured(project.config, merged))
    then = open_record(changed).whole.record if rows else record
    return Adoption(record, tuple(_seen(record)), rows, merged, _figures(record), _figures(then))


def with_rows(options: Mapping[str, Any], rows: Iterable[ProposedRow]) -> dict[str, Any]:
    """Options with rows behind their own, as they stand in mkdocs.yml."""
    merged = dict(options)
    for row in rows:
        if isinstance(row.value, Mapping) and row.option == "labels":
            merged[row.option] = {**(merged.get(row.option) or {}), **row.value}
        else:
            usual = list(ARCHIVE_FOLDERS) if row.option == "archive_folders" else []
            merged[row.option] = [*(merged.get(row.option) or usual), row.value]
    return merged


def _configured(config: RecordConfig, options: Mapping[str, Any]) -> RecordConfig:
    read = parse_config(options)
    return replace(read, name=config.name, line=config.line, lede=config.lede, origin=config.origin)


def _proposed(record: Record, options: Mapping[str, Any]) -> Iterator[ProposedRow]:
    """Every row that changes something. Conventions first: what they read needs no row of its own."""
    chosen: list[ProposedRow] = []
    for row in sorted(convention_rows(record, options), key=lambda row: -row.count):
        before = _read_again(record, _configured(record.config, with_rows(options, chosen)))
        changed = _changed(before, _configured(record.config, with_rows(options, [*chosen, row])))
        if changed:
            chosen.append(structs.replace(row, count=changed))
    read = _read_again(record, _configured(record.config, with_rows(options, chosen)))
    unfit = list(unfit_rows(read))
    chosen += version_rows(read.documents, read.config.notation)
    read = _read_again(record, _configured(record.config, with_rows(options, chosen)))
    yield from chosen
    yield from archive_rows(read)
    yield from label_rows(read)
    yield from status_rows(read)
    yield from kind_rows(read)
    yield from unfit
    yield from number_rows(_read_again(record, _configured(record.config, with_rows(options, [*chosen, *unfit]))))


def _read_again(record: Record, config: RecordConfig) -> Record:
    """The record with the names and kinds that another configuration gives; headers are as they were read."""
    named = read_again(record.documents, config.notation)
    kinds = [config.kinds.of(each.name, each.path) for each in named]
    documents = (
        each if each.kind == kind else replace(each, kind=kind) for each, kind in zip(named, kinds, strict=True)
    )
    return Record(config, structs.replace(record.content, documents=tuple(documents)))


def _changed(record: Record, config: RecordConfig) -> int:
    """How many documents another configuration reads otherwise by their names: 0 where it would make an error."""
    notation, kinds = config.notation, config.kinds
    again = read_again(record.documents, notation)
    if not errors(again) <= errors(record.documents):
        return 0
    return sum(
        old.version != new.version
        or old.chain != new.chain
        or record.config.kinds.of(old.name, old.path) != kinds.of(new.name, new.path)
        for old, new in zip(record.documents, again, strict=True)
    )


def _figures(record: Record) -> Figures:
    documents = record.documents
    return Figures(
        documents=len(documents),
        versions=sum(document.version is not None for document in documents),
        archived=sum(record.standing(document) == "archived" for document in documents),
        dates=sum(document.date is not None for document in documents),
        titles=sum(bool(document.header.title or document.header.first("subject")) for document in documents),
        kinds=sum(document.kind != NOTE.kind for document in documents),
        problems=len(record.problems),
    )


def _seen(record: Record) -> Iterator[Finding]:
    yield from _seen_versions(record)
    yield from seen_archives(record)
    yield from seen_labels(record.documents)
    yield from seen_statuses(record)
    counted = Counter(document.kind for document in record.documents)
    for kind, count in counted.most_common():
        yield Finding("Kinds", record.config.kinds.label(kind), count)
    yield from seen_identifiers(record)
    yield from _seen_phases(record.documents)


def _seen_phases(documents: Sequence[Document]) -> Iterator[Finding]:
    """By the numbers of phases; and names of phases that lie elsewhere."""
    numbers = [document.phase for document in documents if document.phase is not None]
    if numbers:
        last = f" to {max(numbers)}" if max(numbers) > min(numbers) else ""
        yield Finding("Phases", f"phase {min(numbers)}{last}", len(numbers))
    outside = [each for each in documents if each.phase is None and each.name.phase_number is not None]
    if outside:
        yield Finding("Phases", "named after a phase", len(outside), "not read: no folder phases/", _names(outside))


def _seen_versions(record: Record) -> Iterator[Finding]:
    """By the form that they are written in, N for each digit; and names that look like one and are not read."""
    forms: dict[str, list[Document]] = defaultdict(list)
    for document in record.documents:
        if document.version is not None:
            forms[document.name.form or "-v0_0"].append(document)
    unread = {problem.path for problem in record.problems if problem.code.startswith("name-version-malformed")}
    for form, held in sorted(forms.items(), key=lambda each: (-len(each[1]), each[0])):
        yield Finding("Versions", form.replace("0", "N"), len(held), "", _names(held))
    left = [each for each in record.documents if each.path in unread and each.version is None]
    if left:
        yield Finding("Versions", "in another form", len(left), "not read", _names(left))


def _names(documents: Sequence[Document]) -> tuple[str, ...]:
    return tuple(document.path.rpartition("/")[2] for document in documents[:_EXAMPLES])
