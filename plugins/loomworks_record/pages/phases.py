"""``/phases/``: all phases, newest number first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.wording import counted
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record


@dataclass(frozen=True, slots=True)
class PhaseRow:
    heading: str
    address: str
    count: str
    date: date | None
    said: str


def phases_page(record: Record, sentence: dict[str, str]) -> tuple[PhaseRow, ...]:
    """``sentence`` says of each folder where the phase stands."""
    return tuple(_row(phase, sentence.get(phase.folder, "")) for phase in reversed(record.phases))


def _row(phase: Phase, said: str) -> PhaseRow:
    dates = [document.date for document in phase.documents if document.date]
    return PhaseRow(
        heading=phase.heading,
        address=addresses.phase(phase.folder),
        count=counted(len(phase.documents), "document"),
        date=max(dates, default=None),
        said=said,
    )
