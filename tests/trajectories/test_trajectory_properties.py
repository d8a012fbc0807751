"""What holds of every trajectory, whatever the documents say of each other."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.pages.phase import phase_page
from loomworks_record.pages.trajectory_words import place_line
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories

from trajectories.records import citations_by_name, record_of, trajectories

FOLDER = "phases/phase-70-ledger"
NAMES = (
    "phase-70-scoping-note-v0_1.md",
    "phase-70-scoping-note-v0_2.md",
    "phase-70-step-0-findings-v0_1.md",
    "phase-70-step-2-findings-v0_1.md",
    "phase-70-session-handoff-v0_1.md",
    "phase-70-implementation-notes-v0_1.md",
    "phase-70-halt-surface-2026-06-02-v0_1.md",
    "phase-70-halt-surface-2026-06-02-step-2-v0_1.md",
    "phase-70-halt-surface-2026-06-03-step-4-v0_1.md",
    "phase-70-halt-surface-2026-06-03-step-4-v0_2.md",
    "phase-70-cr-amendment-scoping-note-v0_1.md",
    "phase-70-cr-amendment-handoff-v0_1.md",
    "phase-70-cr-amendment-2-handoff-v0_1.md",
    "phase-70-cr-amendment-4-scoping-note-v0_1.md",
    "phase-70-cr-amendment-v0_2-v0_1.md",
    *(f"phase-70-cr-ledger-v0_{number}.md" for number in range(1, 6)),
)

_dates = st.none() | st.integers(0, 8).map(lambda days: date(2026, 6, 1) + timedelta(days))
_named = st.lists(st.sampled_from(NAMES), max_size=4, unique=True)
_target = st.sampled_from(["", "", "CR v0.2", "CR v0.3, superseding v0.2", "CR v0.9", "nothing"])


@st.composite
def _document(draw: st.DrawFn) -> str:
    day, named, target = draw(_dates), draw(_named), draw(_target)
    dated = f"**Date.** {day}\n" if day else ""
    led = f"**CR target.** {target}\n" if target else ""
    inputs = f"**Inputs.** {'; '.join(draw(_named))}\n" if draw(st.booleans()) else ""
    return f"# Document\n\n{dated}{led}{inputs}\n## 1. Text\n\n{' (engine repo docs/) '.join(named)}\n"


_texts = st.dictionaries(st.sampled_from(NAMES), _document(), min_size=1)


def record_from(texts: dict[str, str]) -> Record:
    return record_of({f"{FOLDER}/{name}": body for name, body in texts.items()})


@given(_texts)
def test_every_document_is_told_once(texts: dict[str, str]) -> None:
    record = record_from(texts)
    (told,) = trajectories(record, citations_by_name(record)).values()
    paths = [event.path for event in told.events if event.path]
    assert sorted(paths) == sorted(document.path for document in record.documents)


@given(_texts)
def test_every_halt_is_in_one_cycle_and_numbers_rise(texts: dict[str, str]) -> None:
    record = record_from(texts)
    (told,) = trajectories(record, citations_by_name(record)).values()
    numbers = [cycle.number for cycle in told.cycles]
    assert numbers == sorted(set(numbers))
    assert all(number >= 1 for number in numbers)
    for cycle in told.cycles:
        kinds = [event.kind for event in cycle.events]
        halts = kinds.count("halt-surface")
        assert kinds[:halts] == ["halt-surface"] * halts  # a cycle begins with its halt
        assert (cycle.halt is None) == (halts == 0)
        assert cycle.halt is not None or any("amendment" in event.name for event in cycle.events)
    assert all(event.kind != "halt-surface" for event in told.prologue)
    subjects = [event.name.rpartition("-v")[0] for event in told.events if event.kind == "halt-surface"]
    assert len([c for c in told.cycles if c.halt]) == len(set(subjects))


@given(_texts)
def test_answers_are_held_and_not_older_than_the_target(texts: dict[str, str]) -> None:
    record = record_from(texts)
    (told,) = trajectories(record, citations_by_name(record)).values()
    for cycle in told.cycles:
        assert (cycle.state == "answered") == (cycle.answered_by is not None)
        if cycle.answered_by:
            document = record.by_path[cycle.answered_by]
            assert document.kind == "change-request"
            assert document.version is not None
            assert cycle.target is not None
            assert document.version >= cycle.target


@given(_texts)
def test_what_is_not_held_is_named_by_a_document(texts: dict[str, str]) -> None:
    record = record_from(texts)
    (told,) = trajectories(record, citations_by_name(record)).values()
    said = "\n".join(texts.values())
    for event in told.events:
        assert event.held == (event.path is not None)
        assert event.held or event.name in said


@given(_texts)
def test_order_of_reading_changes_nothing(texts: dict[str, str]) -> None:
    one, other = record_from(texts), record_from(dict(reversed(texts.items())))
    assert trajectories(one, citations_by_name(one)) == trajectories(other, citations_by_name(other))


@given(_texts)
def test_every_trajectory_can_be_shown(texts: dict[str, str]) -> None:
    record = record_from(texts)
    stories = Stories(record, citations_by_name(record))
    (phase,) = record.phases
    page = phase_page(stories, phase)
    numbers = [item.number for part in page.parts for item in part.items]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(part.items for part in page.parts)
    for document in phase.documents:
        assert place_line(record, phase, stories.of(phase), document.path) is not None
