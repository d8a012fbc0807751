"""What the filters of ``/documents/`` work on: columns over all documents, and rows in small files.

Ten thousand documents are some 90 kB of columns (a tenth of it compressed) and 50 files of 200 rows, of
which a reader loads what is shown. Only a search in titles loads them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from loomworks_record.pages.documents import newest_first, row, shown_standing
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

ROWS_PER_FILE = 200
COLUMNS = "documents/columns.json"


def rows_address(number: int) -> str:
    return f"documents/rows-{number}.json"


def columns_json(record: Record, withdrawn: Sequence[Document] = ()) -> dict[str, Any]:
    """``standing``, ``kind``, ``section``, ``phase`` and ``day``: one entry a row, newest first.

    The first three are numbers into ``standings``, ``kinds`` and ``sections``; a phase is its number or
    -1; a day counts from 1970-01-01 in UTC, -1 for no date. ``from`` and ``until`` are the days in force.
    """
    documents = [named for named, *_ in newest_first(record, withdrawn)]
    kinds = sorted({document.kind for document in documents}, key=record.config.kinds.label)
    sections = sorted({document.section for document in documents})
    in_force = [record.in_force(each) if each.path in record.by_path else None for each in documents]
    standings = ["current", "archived", "withdrawn"]
    epoch = 719_163  # the ordinal of 1970-01-01
    return {
        "total": len(documents),
        "rows_per_file": ROWS_PER_FILE,
        "standings": standings,
        "kinds": [[kind, record.config.kinds.label(kind)] for kind in kinds],
        "sections": sections,
        "phases": [[phase.number, phase.heading] for phase in record.phases if phase.number is not None],
        "standing": _indices(documents, lambda document: standings.index(shown_standing(record, document))),
        "kind": _indices(documents, lambda document: kinds.index(document.kind)),
        "section": _indices(documents, lambda document: sections.index(document.section)),
        "phase": [-1 if document.phase is None else document.phase for document in documents],
        "from": [held.since.day.toordinal() - epoch if held and held.since else -1 for held in in_force],
        "until": [held.until.day.toordinal() - epoch if held and held.until else -1 for held in in_force],
        "day": [document.date.toordinal() - epoch if document.date else -1 for document in documents],
    }


def rows_json(record: Record, withdrawn: Sequence[Document] = ()) -> list[list[list[Any]]]:
    """The rows of every file, each row ``[title, path, version, folder of its phase, number of its change request,
    public path where it is another one than the path, public path of its HTML form beside the Markdown]``."""
    rows = [_row(record, forms) for forms in newest_first(record, withdrawn)]
    return [rows[start : start + ROWS_PER_FILE] for start in range(0, len(rows), ROWS_PER_FILE)]


def _row(record: Record, forms: tuple[Document, ...]) -> list[Any]:
    shown, document = row(record, forms), forms[0]
    public = document.public_path if document.public_path != document.path else ""
    other = forms[1].public_path if shown.form else ""
    return [shown.title, shown.path, shown.version, document.phase_folder or "", shown.number, public, other]


def _indices(documents: Sequence[Document], index: Callable[[Document], int]) -> list[int]:
    return [index(document) for document in documents]
