"""The values of phase pages, and the words in which they are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from loomworks_record.pages.phase import PhasePage, phase_head, phase_page
from loomworks_record.pages.reading import reading_order
from loomworks_record.pages.trajectory_words import number_word, place_line, place_words, sentence_text
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories
from support.site import page_at

from trajectories.records import PROJECT, citations_by_name, record_in, record_of, without
from trajectories.rendered import SITE, write_pages
from trajectories.test_trajectories import HALT, PHASE_57, SECOND_HALT, phase_70, request, text

SAMPLE = record_in(PROJECT / "content")


SAMPLE_STORIES = Stories(SAMPLE, citations_by_name(SAMPLE))


def stories_of(record: Record) -> Stories:
    return SAMPLE_STORIES if record is SAMPLE else Stories(record, citations_by_name(record))


def page_of(record: Record, folder: str = "phase-70-ledger") -> PhasePage:
    phase = next(phase for phase in record.phases if phase.folder == folder)
    return phase_page(stories_of(record), phase)


def said(record: Record, folder: str = "phase-70-ledger") -> str:
    return sentence_text(page_of(record, folder).sentence)


def test_sentences_of_the_sample() -> None:
    assert said(SAMPLE, PHASE_57) == (
        "The change request stands at v0.4 after three halts on 12 May 2026. All three are answered; nothing is open."
    )
    assert said(without(SAMPLE, "cr-marketing-engagement-creation-v0_4.md"), PHASE_57) == (
        "Halted at Step 2b since 12 May 2026; no change request held here answers it yet."
    )
    assert said(SAMPLE, "phase-39-cross-engagement-aggregation") == "Built without a halt."
    assert said(SAMPLE, "phase-49-companion-intelligence") == (
        "The change request stands at v0.3 after one amendment; no halt note is named."
    )


ONE = (HALT, text("Halt", "2026-06-02"))
TWO = (SECOND_HALT, text("Halt", "2026-06-04"))
SENTENCES = {
    "no halt, not closed": (
        phase_70(request("0.1", "2026-06-01")),
        "The change request stands at v0.1. No halt is recorded here.",
    ),
    "no change request": (
        phase_70(("phase-70-scoping-note-v0_1.md", text("Note", "2026-06-01"))),
        "One document is held; no change request yet.",
    ),
    "two open halts": (
        phase_70(request("0.1", "2026-06-01"), ONE, TWO),
        "Two halts are open, at Step 2 since 2 June 2026 and at Step 4 since 4 June 2026; no change request held here "
        "answers them yet.",
    ),
    "an open halt without step or date": (
        phase_70(("phase-70-halt-surface-v0_1.md", "# Halt\n")),
        "Halted; no change request held here answers it yet.",
    ),
    "one halt": (
        phase_70(request("0.1", "2026-06-01"), ONE, request("0.2", "2026-06-03", HALT)),
        "The change request stands at v0.2 after one halt on 2 June 2026. It is answered; nothing is open.",
    ),
    "two halts on two days": (
        phase_70(request("0.1", "2026-06-01"), ONE, TWO, request("0.2", "2026-06-05", f"{HALT} {SECOND_HALT}")),
        "The change request stands at v0.2 after two halts between 2 June 2026 and 4 June 2026. Both are answered; "
        "nothing is open.",
    ),
    "an amendment that is not taken up": (
        phase_70(
            request("0.1", "2026-06-01"),
            ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-02", CR_target="v0.2")),
        ),
        "The change request stands at v0.1 after one amendment; the version it leads to is not held here.",
    ),
    "only archived versions": (
        {"phases/phase-70-ledger/archive/phase-70-cr-ledger-v0_1.md": text("CR", "2026-06-01")},
        "No change request is current; the newest held is v0.1. No halt is recorded here.",
    ),
}


@pytest.mark.parametrize(("content", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentence(content: dict[str, str], expected: str) -> None:
    assert said(record_of(content)) == expected


def test_the_list_is_numbered_through_and_the_picture_likewise() -> None:
    page = page_of(SAMPLE, PHASE_57)
    numbers = [item.number for part in page.parts for item in part.items]
    assert numbers == list(range(1, 20))
    assert page.counts == "19 events, 3 cycles"
    assert page.picture is not None
    assert [drawn.step.number for drawn in page.picture.marks] == numbers


def test_versions_of_one_day_are_one_step() -> None:
    first = page_of(SAMPLE, PHASE_57).parts[0].items[0]
    assert [link.text for link in first.links] == ["Scoping note v0.1", "v0.2"]
    assert first.mark == "current"


def test_cycles_have_titles_and_marks() -> None:
    page = page_of(SAMPLE, PHASE_57)
    assert [(part.anchor, part.title, part.state, part.words) for part in page.parts] == [
        ("before", "Before the first halt", "", ""),
        ("cycle-1", "Cycle 1: Step 2", "answered", "Halt answered by v0.2"),
        ("cycle-2", "Cycle 2: Step 2b", "answered", "Halt answered by v0.3"),
        ("cycle-3", "Cycle 3: Step 2b live", "answered", "Halt answered by v0.4"),
    ]
    (_, cycle) = page_of(SAMPLE, "phase-49-companion-intelligence").parts
    assert (cycle.title, cycle.state, cycle.words) == (
        "Cycle 1: Step 4",
        "unhalted",
        "Led to v0.3; no halt note is named",
    )


def test_what_is_not_held_says_where_it_is() -> None:
    halted = page_of(SAMPLE, PHASE_57).parts[1].items[0]
    assert (halted.name, halted.links, halted.note) == ("Halt surface", (), "elsewhere: engine repo")
    assert halted.place == "engine repo docs/phase-impl-notes/"
    assert place_words("docs/notes/") == "elsewhere: docs/notes/"
    assert place_words("") == "not held here"


def test_an_open_halt_is_what_to_read_first() -> None:
    actions = page_of(without(SAMPLE, "cr-marketing-engagement-creation-v0_4.md"), PHASE_57).actions
    assert [action.text for action in actions] == ["Read the halt note", "Read CR-2026-090 v0.3", "Reading order"]


def test_documents_stand_by_kind_and_each_once() -> None:
    page = page_of(SAMPLE, PHASE_57)
    addresses = [row.address for _, rows in page.groups for row in rows]
    phase = next(phase for phase in SAMPLE.phases if phase.folder == PHASE_57)
    assert sorted(addresses) == sorted(page_at(document.path) for document in phase.documents)
    assert page.groups[0][0] == "Change request"
    assert [row.name for row in page.groups[0][1]] == [f"CR-2026-090 v0.{number}" for number in (4, 3, 2, 1)]


def test_reading_order_has_current_documents_once() -> None:
    stories = stories_of(SAMPLE)
    for phase in SAMPLE.phases:
        order = reading_order(SAMPLE, phase, stories.of(phase))
        current = {d.path for d in phase.documents if SAMPLE.current(d) is d}
        assert set(order) == current
        assert len(order) == len(current)
    order = reading_order(SAMPLE, SAMPLE.phases[-1], stories.of(SAMPLE.phases[-1]))
    assert [path.rpartition("/")[2] for path in order[:3]] == [
        "phase-57-cr-marketing-engagement-creation-v0_4.md",
        "loomworks-phase-57-cr-amendment-3-handoff-v0_1.md",
        "loomworks-phase-57-cr-amendment-3-scoping-note-v0_1.md",
    ]


def test_neighbours_and_goal() -> None:
    texts = {f"phases/phase-{n}-part/phase-{n}-scoping-note-v0_1.md": "# Note\n" for n in (9, 10, 11)}
    record = record_of(texts, {"phases/phase-10-part/phase.yml": b"goal: To be in the middle.\n"})
    page = page_of(record, "phase-10-part")
    assert page.previous is not None
    assert page.next is not None
    assert (page.previous.address, page.next.address) == (
        "phases/phase-9-part/index.html",
        "phases/phase-11-part/index.html",
    )
    assert page.goal == "To be in the middle."
    assert page.picture is None  # one event: the list says it all
    assert page_of(record, "phase-9-part").previous is None


PLACES = {
    "loomworks-phase-57-cr-amendment-2-handoff-v0_1.md": (
        "Cycle 2 · answers the halt of 12 May 2026 at Step 2b · led to CR v0.3"
    ),
    "phase-57-halt-surface-2026-05-12-step-2b-v0_1.md": (
        "Cycle 2 · halted at Step 2b on 12 May 2026 · answered by CR v0.3"
    ),
    "archive/phase-57-cr-marketing-engagement-creation-v0_3.md": (
        "Cycle 2 · answers the halt of 12 May 2026 at Step 2b"
    ),
    "phase-57-step-2c-diagnostic-findings-v0_1.md": "Cycle 2 · follows CR v0.3",
    "loomworks-phase-57-step-2b-live-halt-session-handoff-v0_1.md": (
        "Cycle 3 · follows the halt of 12 May 2026 at Step 2b · answered by CR v0.4"
    ),
    "archive/loomworks-phase-57-scoping-note-v0_1.md": "Before the first halt",
}


@pytest.mark.parametrize(("path", "words"), PLACES.items(), ids=PLACES)
def test_place_of_a_document(path: str, words: str) -> None:
    phase = next(phase for phase in SAMPLE.phases if phase.folder == PHASE_57)
    line = place_line(SAMPLE, phase, stories_of(SAMPLE).of(phase), f"phases/{PHASE_57}/{path}")
    assert line is not None
    assert line.words == words


def test_the_step_before_may_be_held_elsewhere() -> None:
    phase = next(phase for phase in SAMPLE.phases if phase.folder == PHASE_57)
    path = f"phases/{PHASE_57}/loomworks-phase-57-cr-amendment-scoping-note-v0_1.md"
    line = place_line(SAMPLE, phase, stories_of(SAMPLE).of(phase), path)
    assert line is not None
    assert line.previous is not None
    assert line.previous.address == f"phases/{PHASE_57}/index.html#trajectory"
    assert line.next is not None
    assert line.next.text == "Amendment handoff v0.1"


def test_head_says_the_phase_to_machines() -> None:
    stories = stories_of(SAMPLE)
    phase = next(phase for phase in SAMPLE.phases if phase.folder == PHASE_57)
    head = phase_head(SITE, phase, phase_page(stories, phase))
    assert head.graph["og:url"] == f"https://record.dunin7.com/phases/{PHASE_57}/"
    assert head.linked_data is not None
    assert len(head.linked_data["hasPart"]) == len(phase.documents)
    assert head.relations == (("prev", "phases/phase-56/index.html"),)


def test_numbers_in_words() -> None:
    assert [number_word(number) for number in (0, 1, 12, 13)] == ["no", "one", "twelve", "13"]


def test_pages_hold_no_time_and_come_out_alike_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_pages(stories_of(SAMPLE), tmp_path / name, SAMPLE.problems)
    files = sorted(file.relative_to(tmp_path / "one") for file in (tmp_path / "one").rglob("*.html"))
    assert len(files) == len(SAMPLE.phases) + 1
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
