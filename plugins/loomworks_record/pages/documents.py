"""Lists of documents: ``/documents/``, every document, newest first, two forms of one version in one row, in plain
pages of 25, and for its filters as columns over all documents and rows in small files; ``/filed/``, what was filed, by
day, newest first (what is new to a reader is told by a script, from the page).

Ten thousand documents are some 90 kB of columns (a tenth of it compressed) and 50 files of 200 rows, of which a reader
loads what is shown. Only a search in titles loads them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.shell import Link, VersionFacts, version_facts
from loomworks_record.pages.wording import AnyStanding, counted, filed_words, form_words, parts, version_word
from loomworks_record.record.chains import Chain, rank
from loomworks_record.record.filings import Moment
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.version import newest_of_chain

PER_PAGE = 25
ROWS_PER_FILE = 200
COLUMNS = "documents/columns.json"
FILED_PER_PAGE = 200


class DocumentRow(Struct, frozen=True):
    """One version in a list. ``number`` is that of its change request, ``form`` leads to its other form."""

    document: VersionFacts
    kind: str
    number: str
    phase: int | None
    phase_address: str
    form: Link | None


class ListPage(Struct, frozen=True):
    """One page of the list. ``pages`` are the links below it; None stands for a gap ("…")."""

    number: int
    count: int
    total: int
    showing: str
    rows: tuple[DocumentRow, ...]
    pages: tuple[Link | None, ...]
    following: Link | None


def _chain(record: Record, document: Document) -> Chain | None:
    """None for what is not held any more."""
    return record.chain(document) if document.path in record.by_path else None


def _standing(record: Record, document: Document) -> AnyStanding:
    chain = _chain(record, document)
    return chain.standing(document) if chain else "withdrawn"


def newest_first(record: Record, withdrawn: Iterable[Document] = ()) -> list[tuple[Document, ...]]:
    """By date, newest first; current before archived on the same day; those without a date last. The Markdown form and
    the HTML form of one version stand together. ``withdrawn`` are told of beside what is held."""

    def order(forms: tuple[Document, ...]) -> tuple[bool, int, bool, str, tuple[int, ...]]:
        document = forms[0]
        days = -document.date.toordinal() if document.date else 0
        archived = _standing(record, document) != "current"
        return (document.date is None, days, archived, document.chain, newest_of_chain(document.version))

    held = (tuple(forms) for chain in record.chains for forms in _forms(chain))
    return sorted((*held, *((document,) for document in withdrawn)), key=order)


def _forms(chain: Chain) -> list[list[Document]]:
    rows: list[list[Document]] = []
    markdown: dict[tuple[object, ...], list[Document]] = {}
    for document in chain.versions:  # of one version the Markdown comes first
        one = (rank(document), document.name.language, chain.standing(document))
        if document.form == "html" and one in markdown:
            markdown.pop(one).append(document)
            continue
        rows.append([document])
        if document.form == "md":
            markdown.setdefault(one, rows[-1])
    return rows


def list_pages(record: Record, withdrawn: Iterable[Document] = ()) -> list[ListPage]:
    """All pages of the list; at least one, which may be empty."""
    rows = newest_first(record, withdrawn)
    pages = parts(rows, PER_PAGE)
    return [_page(record, page, number, len(pages), len(rows)) for number, page in enumerate(pages, 1)]


def row(record: Record, forms: tuple[Document, ...]) -> DocumentRow:
    """The row of one version by its documents, the named one first."""
    document, *others = forms
    phase = record.phase(document)
    return DocumentRow(
        document=version_facts(document, _chain(record, document)),
        kind=record.config.kinds.label(document.kind),
        number=document.cr_number or "",
        phase=document.phase,
        phase_address=addresses.phase(phase.folder) if phase else "",
        form=Link(form_words(others[0]), addresses.view(others[0])) if others else None,
    )


def _page(record: Record, shown: Sequence[tuple[Document, ...]], number: int, count: int, total: int) -> ListPage:
    start = (number - 1) * PER_PAGE
    following = None
    if number < count:
        end = min(start + 2 * PER_PAGE, total)
        following = Link(f"Next, {start + PER_PAGE + 1}–{end}", addresses.documents(number + 1))
    return ListPage(
        number=number,
        count=count,
        total=total,
        showing=f"Showing {start + 1:,}–{start + len(shown):,} of {total:,}"
        if shown
        else "Nothing has been filed yet.",
        rows=tuple(row(record, forms) for forms in shown),
        pages=tuple(_pager(number, count)),
        following=following,
    )


def _pager(number: int, count: int) -> list[Link | None]:
    if count == 1:
        return []
    wanted = sorted({1, 2, count, *range(max(1, number - 2), min(count, number + 2) + 1)} & set(range(1, count + 1)))
    links: list[Link | None] = []
    for page in wanted:
        if links and page - 1 not in wanted:
            links.append(None)
        links.append(Link(str(page), addresses.documents(page), here=page == number))
    return links


def rows_address(number: int) -> str:
    return f"documents/rows-{number}.json"


def columns_json(record: Record, withdrawn: Sequence[Document] = ()) -> dict[str, Any]:
    """``standing``, ``kind``, ``section``, ``phase`` and ``day``: one entry a row, newest first.

    The first three are numbers into ``standings``, ``kinds`` and ``sections``; a phase is its number or
    -1; a day counts from 1970-01-01 in UTC, -1 for no date. ``from`` and ``until`` are the days in force. ``against``
    has what ``Chain.against`` says, by the number of the row.
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
        "standing": [standings.index(_standing(record, document)) for document in documents],
        "against": {
            str(row): chain.against
            for row, each in enumerate(documents)
            if (chain := _chain(record, each)) and chain.against_of(each)
        },
        "kind": [kinds.index(document.kind) for document in documents],
        "section": [sections.index(document.section) for document in documents],
        "phase": [-1 if document.phase is None else document.phase for document in documents],
        "from": [held.since.day.toordinal() - epoch if held and held.since else -1 for held in in_force],
        "until": [held.until.day.toordinal() - epoch if held and held.until else -1 for held in in_force],
        "day": [document.date.toordinal() - epoch if document.date else -1 for document in documents],
    }


def rows_json(record: Record, withdrawn: Sequence[Document] = ()) -> list[list[list[Any]]]:
    """The rows of every file, each row ``[title, path, version, folder of its phase, number of its change request,
    public path where it is another one than the path, public path of its HTML form beside the Markdown]``."""
    rows = [_columns_row(forms) for forms in newest_first(record, withdrawn)]
    return [list(part) for part in parts(rows, ROWS_PER_FILE)] if rows else []


def _columns_row(forms: tuple[Document, ...]) -> list[Any]:
    document = forms[0]
    public = document.public_path if document.public_path != document.path else ""
    other = forms[1].public_path if len(forms) > 1 else ""
    version, folder = version_word(document.version), document.phase_folder or ""
    return [document.title, document.path, version, folder, document.cr_number or "", public, other]


class FiledRow(Struct, frozen=True):
    """One filing. ``number``: the sequence of its entry in the log, -1 without one."""

    title: str
    address: str
    said: str
    when: str
    number: int
    compare: Link | None


class FiledPage(Struct, frozen=True):
    """One page. ``older`` leads to the next one; ``unknown`` counts what nobody knows the time of."""

    number: int
    count: int
    said: str
    days: tuple[tuple[date, tuple[FiledRow, ...]], ...]
    older: Link | None
    unknown: str


def filed_pages(dashboard: Dashboard) -> Iterator[FiledPage]:
    """At least one, which may be empty."""
    record = dashboard.stories.record
    known = [document for document in dashboard.filings if record.filing(document)]
    without = len(dashboard.filings) - len(known)
    pages = parts(known, FILED_PER_PAGE)
    count = len(pages)
    for number, shown in enumerate(pages, 1):
        filed = [(moment, document) for document in shown if (moment := record.filing(document))]
        rows = [(moment, _filed_row(dashboard, document, moment)) for moment, document in filed]
        days = groupby(rows, key=lambda each: each[0].day)
        yield FiledPage(
            number=number,
            count=count,
            said=f"{counted(len(known), 'version')} filed, newest first.",
            days=tuple((day, tuple(row for _, row in each)) for day, each in days),
            older=Link("Older filings", addresses.filed(number + 1)) if number < count else None,
            unknown=f"Of {counted(without, 'version')} nobody knows when." if without and number == count else "",
        )


def _filed_row(dashboard: Dashboard, document: Document, moment: Moment) -> FiledRow:
    chain = dashboard.stories.record.chain(document)
    before, filing = chain.predecessor(document), dashboard.filing(document)
    compare = None
    if before:
        words = f"Compare with {version_word(before.version)}"
        compare = Link(words, addresses.compare(chain.id, before, document))
    superseded = f"supersedes {version_word(before.version)}" if before and before.version else ""
    said = ". ".join(dict.fromkeys(filter(None, [filing.said, superseded.capitalize()])))
    return FiledRow(filing.title, filing.address, said, filed_words(moment), moment.number, compare)
