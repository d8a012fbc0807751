"""``/phases/``: all phases, newest number first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.story import phase_sentence, sentence_text
from loomworks_record.pages.wording import counted
from loomworks_record.record.phases import Phase
from loomworks_record.record.trajectories.phase_state import last_date
from loomworks_record.record.whole import Whole


@dataclass(frozen=True, slots=True)
class PhaseRow:
    heading: str
    address: str
    count: str
    date: date | None
    said: str


def phases_page(whole: Whole) -> tuple[PhaseRow, ...]:
    """Each with a sentence that says where it stands."""
    return tuple(_row(whole, phase) for phase in reversed(whole.record.phases))


def _row(whole: Whole, phase: Phase) -> PhaseRow:
    stories = whole.stories
    sentence = phase_sentence(whole.record, phase, stories.of(phase), stories.state(phase))
    return PhaseRow(
        heading=phase.heading,
        address=addresses.phase(phase.folder),
        count=counted(len(phase.documents), "document"),
        date=last_date(phase),
        said=sentence_text(sentence),
    )
