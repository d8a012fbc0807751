"""``record list``: every document with its standing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from loomworks_record.cli.guessing import did_you_mean
from loomworks_record.cli.reading import content_option, files_words, json_option, open_project, print_json
from loomworks_record.errors import UsageError
from loomworks_record.pages.wording import standing_word
from loomworks_record.record.filings import end_of
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.problem import count_words
from loomworks_record.source.version import newest_of_chain

_MARKED = "?: its name is not read as a version; 'record check' says what it would be named"
_SORTS: dict[str, Callable[[Document], Any]] = {
    "path": lambda document: document.path,
    "date": lambda document: (-(document.date or date.min).toordinal(), document.path),
    "title": lambda document: (document.title.casefold(), document.path),
    "version": lambda document: (document.chain, newest_of_chain(document.version), document.path),
}


@click.command("list")
@content_option
@json_option
@click.option("--on", metavar="WHEN", help="What was in force on a day (2026-05-12), or at a time (2026-05-12T10:00Z).")
@click.option("--phase", type=int, metavar="N", help="Only documents of this phase.")
@click.option("--kind", metavar="KIND", help="Only of this kind: 'change-request', 'Change request', 'CR'.")
@click.option("--standing", type=click.Choice(("current", "archived")), help="Only of this standing.")
@click.option("--since", type=click.DateTime(("%Y-%m-%d",)), metavar="DATE", help="Only with this date or a later one.")
@click.option("--cites", metavar="NAME", help="Only what cites this document.")
@click.option("--sections", is_flag=True, help="With --json: the sections of each, and since when they read so.")
@click.option("--sort", type=click.Choice(tuple(_SORTS)), default="path", show_default=True, help="The order.")
def list_documents(
    content: Path | None,
    as_json: bool,
    phase: int | None,
    kind: str | None,
    standing: str | None,
    since: datetime | None,
    cites: str | None,
    sections: bool,
    sort: str,
    on: str | None,
) -> None:
    """Print every document: standing, version, date, path.

    With --json, the whole record: documents, chains, phases, problems (docs/json.md); --sections adds to each document
    in which version each of its sections first appeared and last changed. What is chosen leaves out other documents;
    the rest is that of the whole record. With --on, what was in force at the end of that day (UTC), as it stands today.

    \b
    Example:
      record list --content content
      record list --phase 57 --standing current --sort date
      record list --cites 'methodology v0.20'
      record list --on 2026-05-12
      record list --json | jq '.chains[] | select(.current == null).id'

    \b
    Exit status: 0, whatever the problems; 2 when there is nothing to read, or when a name or kind is not known.
    """
    opened = open_project(content)
    whole = opened.whole
    record = whole.record
    kinds = _kinds(record, kind) if kind else frozenset()
    citing = _citing(whole, cites) if cites else frozenset()
    held = _held_on(record, on) if on is not None else None
    chosen = [
        document for document in sorted(record.documents, key=_SORTS[sort])
        if phase in (None, document.phase)
        and (not kind or document.kind in kinds)
        and (standing is None or record.standing(document) == standing)
        and (since is None or (document.date is not None and document.date >= since.date()))
        and (held is None or document.path in held)
        and (not cites or document.path in citing)
    ]  # fmt: skip
    if as_json:
        what = "list with sections" if sections else "list"
        rows, whole_json = whole.kept(what, _Json, partial(_json, whole, sections))
        listed = [msgspec.Raw(rows[document.path]) for document in chosen]
        print_json({key: msgspec.Raw(value) if value else listed for key, value in whole_json.items()})
    else:
        for line in _lines(record, chosen):
            click.echo(line)
    _note_files(record, opened.project.content_dir, chosen)
    unread = count_words(whole.problems if as_json else record.problems)
    if unread:
        click.echo(f"{unread}: `record check` says which", err=True)


class _Json(NamedTuple):
    """The JSON of each document by its path, and that of the whole by its keys, empty for the documents."""

    documents: dict[str, bytes]
    whole: dict[str, bytes]


def _json(whole: Whole, sections: bool) -> _Json:
    from loomworks_record.pages.api import whole_json  # noqa: PLC0415 - loads what cites, to be asked for once

    values = whole_json(whole, sections)
    rows = {row["path"]: msgspec.json.encode(row) for row in values["documents"]}
    encoded = {key: b"" if key == "documents" else msgspec.json.encode(value) for key, value in values.items()}
    return _Json(rows, encoded)


def _note_files(record: Record, folder: Path, chosen: Sequence[Document]) -> None:
    """Say where a folder holds no documents, or some in a format that is not read, or none of the choice."""
    files = files_words(record)
    if ";" in files or not record.documents:
        click.echo(f"{files} in {folder}" if files == "0 documents" else files, err=True)
    elif not chosen:
        click.echo(f"none of {files} is of this choice", err=True)


def _kinds(record: Record, given: str) -> frozenset[str]:
    """The kinds that are called so."""
    said = given.casefold()
    rows = list(record.config.kinds.all_rows())
    found = {row.kind for row in rows if said in (row.kind, row.label.casefold(), *map(str.casefold, row.words))}
    if not found:
        held = sorted({document.kind for document in record.documents})
        guess = did_you_mean(given, (name for row in rows for name in (row.kind, row.label, *row.words)), 0.7)
        expected = f"; expected one of {', '.join(held)}"
        raise UsageError(f"there is no kind '{given}'{guess or expected}")
    return frozenset(found)


def _citing(whole: Whole, name: str) -> frozenset[str]:
    """The paths of what cites a document."""
    from loomworks_record.cli.names import document_named  # noqa: PLC0415 - reads the names of pages: for --cites alone

    cited = document_named(whole.record, name)
    return frozenset(whole.citing(cited.path))


def _held_on(record: Record, on: str) -> frozenset[str]:
    """The paths of what was in force."""
    try:
        end = end_of(on)
    except ValueError:
        raise UsageError(f"--on: expected a day as 2026-05-12, or a time as 2026-05-12T10:00Z, got {on!r}") from None
    return frozenset(each.path for each in record.documents if (held := record.in_force(each)) and held.holds(end))


def _standing(record: Record, document: Document) -> str:
    return standing_word(record.standing(document), True, record.against(document))


def _lines(record: Record, documents: Sequence[Document]) -> list[str]:
    shown = {document.path for document in documents}
    unread = {problem.path for problem in record.problems if problem.code == "name-version-malformed"} & shown
    rows = [
        (
            _standing(record, document) + ("?" if document.path in unread else ""),
            f"v{document.version}" if document.version else "",
            document.date.isoformat() if document.date else "",
            document.path,
        )
        for document in documents
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    cells = ([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]] for row in rows)
    lines = ["  ".join(each) for each in cells]
    return [*lines, _MARKED] if unread else lines
