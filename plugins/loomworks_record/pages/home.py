"""The home page: what needs you, what is active, what is recent, and the registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.dashboard import Active, Dashboard, Filing, Need
from loomworks_record.pages.shell import CONTEXT, TRAJECTORY_CSS, Head, Link, Site, head_values, record_data, shortened
from loomworks_record.pages.wording import counted, day, standing_word
from loomworks_record.record.chains import Standing

NEEDS, ACTIVES, RECENT = 12, 8, 10  # items shown of each list


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """A register with the number of its rows."""

    link: Link
    count: str


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A recent filing, in words and plain values: a page is known by the digest of what it holds."""

    date: date | None
    title: str
    address: str
    said: str
    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that the template shows. The counts are those of the whole lists, "" words for what is empty."""

    line: str
    title: str
    lede: str
    needs: tuple[Need, ...]
    needs_count: int
    needs_more: str
    needs_empty: str
    active: tuple[Active, ...]
    active_count: int
    active_more: Link | None
    recent: tuple[FilingRow, ...]
    all_documents: Link | None
    registers: tuple[RegisterCount, ...]
    commit: str
    sources: str


def home_page(
    dashboard: Dashboard,
    site: Site,
    registers: Sequence[tuple[Link, int]] = (),
    commit: str = "",
    sources: str = "",
) -> HomePage:
    """The values of the home page. ``registers`` are links with the number of rows; ``commit`` and ``sources`` (a
    digest) say what the site was built from, "" to leave them to the freshness line."""
    record = dashboard.stories.record
    held, phases = len(record.documents), len(record.phases)
    needs, active = dashboard.needs, dashboard.active
    last = dashboard.last_filing
    return HomePage(
        line=" · ".join(filter(None, (site.origin, counted(held, "document"), counted(phases, "phase")))),
        title=site.name,
        lede=site.lede,
        needs=needs[:NEEDS],
        needs_count=len(needs),
        needs_more=f"{counted(len(needs) - NEEDS, 'more thing')} in needs-you.json" if len(needs) > NEEDS else "",
        needs_empty="Nothing needs you." + (f" Last filing {day(last)}." if last else ""),
        active=active[:ACTIVES],
        active_count=len(active),
        active_more=Link(f"All {phases:,} phases", addresses.PHASES) if len(active) > ACTIVES else None,
        recent=tuple(_row(dashboard.filing(document)) for document in dashboard.filings[:RECENT]),
        all_documents=Link(f"All {held:,} documents", addresses.documents()) if held > RECENT else None,
        registers=tuple(RegisterCount(link, f"{count:,}") for link, count in registers),
        commit=commit,
        sources=sources,
    )


def home_head(site: Site) -> Head:
    """The head of the home page."""
    head = Head(site.name, shortened(site.lede), kind="home", stylesheets=(TRAJECTORY_CSS,))
    return head_values(site, addresses.HOME, head, {"@context": CONTEXT, **record_data(site)})


def _row(filing: Filing) -> FilingRow:
    standing = filing.standing
    return FilingRow(filing.document.date, filing.title, filing.address, filing.said, standing, standing_word(standing))
