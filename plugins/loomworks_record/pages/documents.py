"""``/documents/``: every document, in plain pages of 25, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import Shown, standing_word, version_word
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.version import newest_of_chain

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One document in a list."""

    title: str
    address: str
    path: str
    version: str
    standing: Shown
    words: str
    kind: str
    phase: int | None
    phase_address: str
    date: date | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list. ``pages`` are the links below it; None stands for a gap ("…")."""

    number: int
    count: int
    total: int
    showing: str
    rows: tuple[Row, ...]
    pages: tuple[Link | None, ...]
    following: Link | None


def shown_standing(record: Record, document: Document) -> Shown:
    """Of what is not held any more: "withdrawn"."""
    return record.standing(document) if document.path in record.by_path else "withdrawn"


def newest_first(record: Record, withdrawn: Iterable[Document] = ()) -> list[Document]:
    """By date, newest first; current before archived on the same day; those without a date last. ``withdrawn`` are
    told of beside what is held."""

    def order(document: Document) -> tuple[bool, int, bool, str, tuple[int, ...]]:
        days = -document.date.toordinal() if document.date else 0
        archived = shown_standing(record, document) != "current"
        return (document.date is None, days, archived, document.chain, newest_of_chain(document.version))

    return sorted((*record.documents, *withdrawn), key=order)


def list_pages(record: Record, withdrawn: Iterable[Document] = ()) -> list[ListPage]:
    """All pages of the list; at least one, which may be empty."""
    documents = newest_first(record, withdrawn)
    count = max(1, -(-len(documents) // PER_PAGE))
    return [_page(record, documents, number, count) for number in range(1, count + 1)]


def row(record: Record, document: Document) -> Row:
    standing = shown_standing(record, document)
    folder = document.phase_folder if document.phase_folder in record.phase_folders else None
    return Row(
        title=document.title,
        address=addresses.view(document),
        path=document.path,
        version=version_word(document.version),
        standing=standing,
        words=standing_word(standing, short=True),
        kind=record.config.kinds.label(document.kind),
        phase=document.phase,
        phase_address=addresses.phase(folder) if folder else "",
        date=document.date,
    )


def _page(record: Record, documents: list[Document], number: int, count: int) -> ListPage:
    start = (number - 1) * PER_PAGE
    shown = documents[start : start + PER_PAGE]
    total = len(documents)
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
        rows=tuple(row(record, document) for document in shown),
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
