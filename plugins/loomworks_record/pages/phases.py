"""``/phases/``: all phases, newest number first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.picture import Mark
from loomworks_record.pages.trajectory_words import phase_sentence, sentence_text
from loomworks_record.pages.wording import counted, version_word
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.phase_state import last_date
from loomworks_record.record.trajectories.trajectory import Trajectory
from loomworks_record.record.whole import Whole

_SHOWN = 11  # marks of a strip: a phone is that wide
_STEP = 30
_FITTING = 5  # characters of a label between two marks


@dataclass(frozen=True, slots=True)
class StripMark:
    """A version of the change request, or a halt, at ``x``."""

    mark: Mark
    label: str
    x: int


@dataclass(frozen=True, slots=True)
class Strip:
    """What a phase went through, now at the right. ``words`` say the same; ``before`` marks have no room."""

    words: str
    before: int
    marks: tuple[StripMark, ...]
    width: int = _SHOWN * _STEP + _STEP


@dataclass(frozen=True, slots=True)
class PhaseRow:
    heading: str
    address: str
    count: str
    date: date | None
    said: str
    strip: Strip | None


def phases_page(whole: Whole) -> tuple[PhaseRow, ...]:
    """Each with a sentence that says where it stands."""
    return tuple(_row(whole, phase) for phase in reversed(whole.record.phases))


def kinds_drawn(rows: Iterable[PhaseRow]) -> tuple[Mark, ...]:
    """The marks that occur, for the legend."""
    found = {each.mark for row in rows if row.strip for each in row.strip.marks}
    order: tuple[Mark, ...] = ("current", "archived", "answered", "open")
    return tuple(mark for mark in order if mark in found)


def _row(whole: Whole, phase: Phase) -> PhaseRow:
    stories = whole.stories
    sentence = phase_sentence(whole.record, phase, stories.of(phase), stories.state(phase))
    return PhaseRow(
        heading=phase.heading,
        address=addresses.phase(phase.folder),
        count=counted(len(phase.documents), "document"),
        date=last_date(phase),
        said=sentence_text(sentence),
        strip=_strip(whole.record, stories.of(phase)),
    )


def _strip(record: Record, told: Trajectory) -> Strip | None:
    found: list[tuple[Mark, str, str]] = []
    for cycle, events in ((None, told.prologue), *((each, each.events) for each in told.cycles)):
        for event in events:
            if event.role == "request" and event.path:
                version = version_word(event.version) or "a change request"
                found.append((record.standing(record.by_path[event.path]), version, version))
            elif cycle and event is cycle.halted:
                found.append((cycle.state, "", f"halt{f' at Step {event.step}' if event.step else ''}, {cycle.state}"))
    if not found:
        return None
    shown = found[-_SHOWN:]
    first = Strip("", 0, ()).width - _STEP * len(shown) + _STEP // 2
    if any(len(label) > _FITTING for _, label, _ in shown):  # then only the newest is written beneath its mark
        newest = max(at for at, (_, label, _) in enumerate(shown) if label)
        shown = [(mark, label if at == newest else "", words) for at, (mark, label, words) in enumerate(shown)]
    marks = tuple(StripMark(mark, label, first + _STEP * at) for at, (mark, label, _) in enumerate(shown))
    return Strip(", then ".join(words for _, _, words in found), len(found) - len(shown), marks)
