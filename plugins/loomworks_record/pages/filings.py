"""``/filed/``: what was filed, by day, newest first. What is new to a reader is told by a script, from the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from loomworks_record.pages import addresses
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, filed_words, version_word
from loomworks_record.record.filings import Moment
from loomworks_record.source.document import Document

PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class FiledRow:
    """One filing. ``number``: the sequence of its entry in the log, -1 without one."""

    title: str
    address: str
    said: str
    when: str
    number: int
    compare: Link | None


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rows: tuple[FiledRow, ...]


@dataclass(frozen=True, slots=True)
class FiledPage:
    """One page. ``older`` leads to the next one; ``unknown`` counts what nobody knows the time of."""

    number: int
    count: int
    said: str
    days: tuple[Day, ...]
    older: Link | None
    unknown: str


def filed_pages(dashboard: Dashboard) -> Iterator[FiledPage]:
    """At least one, which may be empty."""
    record = dashboard.stories.record
    known = [document for document in dashboard.filings if record.filing(document)]
    count = max(1, -(-len(known) // PER_PAGE))
    without = len(dashboard.filings) - len(known)
    for number in range(1, count + 1):
        shown = known[(number - 1) * PER_PAGE : number * PER_PAGE]
        filed = [(moment, document) for document in shown if (moment := record.filing(document))]
        rows = [(moment, _row(dashboard, document, moment)) for moment, document in filed]
        days = groupby(rows, key=lambda each: each[0].day)
        yield FiledPage(
            number=number,
            count=count,
            said=f"{counted(len(known), 'version')} filed, newest first.",
            days=tuple(Day(day, tuple(row for _, row in each)) for day, each in days),
            older=Link("Older filings", addresses.filed(number + 1)) if number < count else None,
            unknown=f"Of {counted(without, 'version')} nobody knows when." if without and number == count else "",
        )


def _row(dashboard: Dashboard, document: Document, moment: Moment) -> FiledRow:
    chain = dashboard.stories.record.chain(document)
    before, filing = chain.predecessor(document), dashboard.filing(document)
    compare = None
    if before:
        words = f"Compare with {version_word(before.version)}"
        compare = Link(words, addresses.compare(chain.id, before, document))
    superseded = f"supersedes {version_word(before.version)}" if before and before.version else ""
    said = ". ".join(dict.fromkeys(filter(None, [filing.said, superseded.capitalize()])))
    return FiledRow(filing.title, filing.address, said, filed_words(moment), moment.number, compare)
