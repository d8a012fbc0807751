"""``record list``: every document with its standing."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.cli.reading import content_option, json_option, open_project, print_json
from loomworks_record.pages.api import whole_json
from loomworks_record.pages.wording import standing_word
from loomworks_record.record.record import Record
from loomworks_record.source.unreadable import count_words

_MARKED = "?: its name is not read as a version; 'record check' says what it would be named"


@click.command("list")
@content_option
@json_option
def list_documents(content: Path | None, as_json: bool) -> None:
    """Print every document: standing, version, date, path.

    With --json, the whole record: documents, chains, phases, problems (docs/json.md).

    \b
    Example:
      record list --content content
      record list --json | jq '.chains[] | select(.current == null).id'

    \b
    Exit status: 0, whatever the problems; 2 when there is nothing to read.
    """
    whole = open_project(content).whole
    if as_json:
        print_json(whole_json(whole))
    else:
        for line in _lines(whole.record):
            click.echo(line)
    unread = count_words(whole.problems if as_json else whole.record.problems)
    if unread:
        click.echo(f"{unread}: `record check` says which", err=True)


def _lines(record: Record) -> list[str]:
    unread = {problem.path for problem in record.problems if problem.code == "name-version-malformed"}
    rows = [
        (
            standing_word(record.standing(document), short=True) + ("?" if document.path in unread else ""),
            f"v{document.version}" if document.version else "",
            document.date.isoformat() if document.date else "",
            document.path,
        )
        for document in record.documents
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    cells = ([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]] for row in rows)
    lines = ["  ".join(each) for each in cells]
    return [*lines, _MARKED] if unread else lines
