"""Trajectories: the sample record, the real inventory, and each edge by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.citations.cite import cite
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.named_documents import CitationsOf, outside
from loomworks_record.record.trajectories.trajectory import (
    place_in_trajectory,
    trajectory,
    trajectory_json,
)

from trajectories.records import (
    INVENTORY,
    PROJECT,
    citations_by_name,
    inventory,
    outline,
    problems,
    record_in,
    record_of,
    told,
    trajectories,
    without,
)

PHASE_57 = "phase-57-marketing-engagement-creation"
FOLDER = "phases/phase-70-ledger"


def text(title: str, day: str, body: str = "", **fields: str) -> str:
    facts = [f"**Date.** {day}", *(f"**{label.replace('_', ' ')}.** {value}" for label, value in fields.items())]
    return f"# {title}\n\n" + "\n".join(facts) + f"\n\n## 1. Text\n\n{body}\n"


def request(version: str, day: str, body: str = "") -> tuple[str, str]:
    return f"phase-70-cr-ledger-v{version.replace('.', '_')}.md", text(
        "Phase 70 CR: Ledger", day, body, CR_number="CR-2026-070"
    )


def phase_70(*documents: tuple[str, str]) -> dict[str, str]:
    """A record of one phase: (file name, text) of each document, all but the newest request archived."""
    requests = sorted((name for name, _ in documents if "-cr-ledger-" in name), key=lambda name: (len(name), name))
    older = set(requests[:-1])
    return {f"{FOLDER}/{'archive/' if name in older else ''}{name}": body for name, body in documents}


HALT = "phase-70-halt-surface-2026-06-02-step-2-v0_1.md"
SECOND_HALT = "phase-70-halt-surface-2026-06-02-step-4-v0_1.md"


@pytest.mark.parametrize("cited_by", [citations_by_name, lambda record: cite(record).of], ids=["name", "the grammar"])
def test_phase_57_of_the_sample(cited_by: Callable[[Record], CitationsOf]) -> None:
    record = record_in(PROJECT / "content")
    assert outline(trajectories(record, cited_by(record))[PHASE_57]) == [
        "  Scoped: loomworks-phase-57-scoping-note-v0_1.md",
        "  Scoped: loomworks-phase-57-scoping-note-v0_2.md",
        "  Inspected: loomworks-phase-57-step-0-inspection-brief-v0_1.md",
        "  Found: phase-57-step-0-findings-v0_1.md elsewhere",
        "  Handed off: loomworks-phase-57-cr-drafting-handoff-v0_1.md",
        "  Filed: phase-57-cr-marketing-engagement-creation-v0_1.md",
        "1 phase-57-halt-surface-2026-05-12-v0_1.md answered phase-57-cr-marketing-engagement-creation-v0_2.md",
        "  Halted at Step 2: phase-57-halt-surface-2026-05-12-v0_1.md elsewhere",
        "  Amendment scoped: loomworks-phase-57-cr-amendment-scoping-note-v0_1.md",
        "  Handed off: loomworks-phase-57-cr-amendment-handoff-v0_1.md",
        "  Superseded v0.1: phase-57-cr-marketing-engagement-creation-v0_2.md",
        "2 phase-57-halt-surface-2026-05-12-step-2b-v0_1.md answered phase-57-cr-marketing-engagement-creation-v0_3.md",
        "  Halted at Step 2b: phase-57-halt-surface-2026-05-12-step-2b-v0_1.md",
        "  Amendment scoped: loomworks-phase-57-cr-amendment-2-scoping-note-v0_1.md",
        "  Handed off: loomworks-phase-57-cr-amendment-2-handoff-v0_1.md",
        "  Superseded v0.2: phase-57-cr-marketing-engagement-creation-v0_3.md",
        "  Found: phase-57-step-2c-diagnostic-findings-v0_1.md",
        "3 phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md answered "
        "phase-57-cr-marketing-engagement-creation-v0_4.md",
        "  Halted at Step 2b: phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md",
        "  Handed off: loomworks-phase-57-step-2b-live-halt-session-handoff-v0_1.md",
        "  Amendment scoped: loomworks-phase-57-cr-amendment-3-scoping-note-v0_1.md",
        "  Handed off: loomworks-phase-57-cr-amendment-3-handoff-v0_1.md",
        "  Superseded v0.3: phase-57-cr-marketing-engagement-creation-v0_4.md",
    ]


def test_phase_57_without_its_last_version_is_open() -> None:
    record = without(record_in(PROJECT / "content"), "cr-marketing-engagement-creation-v0_4.md")
    found = told(record, PHASE_57)
    assert [(cycle.number, cycle.state) for cycle in found.cycles] == [(1, "answered"), (2, "answered"), (3, "open")]
    assert [cycle.number for cycle in found.open_halts] == [3]
    assert str(found.cycles[2].target) == "0.4"


def test_phase_49_of_the_sample_invents_no_halt() -> None:
    found = told(record_in(PROJECT / "content"), "phase-49-companion-intelligence")
    assert outline(found) == [
        "  Filed: phase-49-cr-companion-intelligence-v0_1.md",
        "  Superseded v0.1: phase-49-cr-companion-intelligence-v0_2.md",
        "1 no halt answered phase-49-cr-companion-intelligence-v0_3.md",
        "  Amendment scoped: phase-49-step-4-amendment-scoping-v0_1.md",
        "  Amendment drafted: phase-49-cr-amendment-v0_2-v0_1.md",
        "  Superseded v0.2: phase-49-cr-companion-intelligence-v0_3.md",
        "  Closed: phase-49-implementation-notes-v0_1.md",
    ]
    assert [(problem.code, problem.severity) for problem in found.problems] == [("cycle-without-halt", "notice")]


@pytest.mark.skipif(not INVENTORY.is_file(), reason="the inventory of the real record is not beside this checkout")
def test_the_real_inventory_gives_the_same_three_cycles() -> None:
    record, citations_of = inventory()
    found = trajectories(record, citations_of)
    assert outline(found[PHASE_57]) == [
        "  Inspected: loomworks-phase-57-step-0-inspection-brief-v0_1.md",
        "  Found: phase-57-step-0-findings-v0_1.md elsewhere",
        "  Handed off: loomworks-phase-57-cr-drafting-handoff-v0_1.md",
        "1 phase-57-halt-surface-2026-05-12-v0_1.md answered phase-57-cr-marketing-engagement-creation-v0_2.md",
        "  Halted: phase-57-halt-surface-2026-05-12-v0_1.md elsewhere",
        "  Amendment scoped: loomworks-phase-57-cr-amendment-scoping-note-v0_1.md",
        "  Handed off: loomworks-phase-57-cr-amendment-handoff-v0_1.md",
        "  Filed: phase-57-cr-marketing-engagement-creation-v0_2.md",
        "2 phase-57-halt-surface-2026-05-12-step-2b-v0_1.md answered phase-57-cr-marketing-engagement-creation-v0_3.md",
        "  Halted at Step 2b: phase-57-halt-surface-2026-05-12-step-2b-v0_1.md elsewhere",
        "  Amendment scoped: loomworks-phase-57-cr-amendment-2-scoping-note-v0_1.md elsewhere",
        "  Handed off: loomworks-phase-57-cr-amendment-2-handoff-v0_1.md",
        "  Superseded v0.2: phase-57-cr-marketing-engagement-creation-v0_3.md",
        "  Found: phase-57-step-2c-diagnostic-findings-v0_1.md elsewhere",
        "3 phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md answered "
        "phase-57-cr-marketing-engagement-creation-v0_4.md",
        "  Halted at Step 2b: phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md elsewhere",
        "  Handed off: loomworks-phase-57-step-2b-live-halt-session-handoff-v0_1.md",
        "  Amendment scoped: loomworks-phase-57-cr-amendment-3-scoping-note-v0_1.md elsewhere",
        "  Handed off: loomworks-phase-57-cr-amendment-3-handoff-v0_1.md elsewhere",
        "  Superseded v0.3: phase-57-cr-marketing-engagement-creation-v0_4.md",
    ]
    assert found[PHASE_57].problems == ()


@pytest.mark.skipif(not INVENTORY.is_file(), reason="the inventory of the real record is not beside this checkout")
def test_phase_59_of_the_real_inventory_has_no_cycle() -> None:
    record, citations_of = inventory()
    found = trajectories(record, citations_of)["phase-59-upload-pathway-completion"]
    assert outline(found) == [
        "  Found: phase-59-step-0-findings-v0_1.md elsewhere",
        "  Filed: phase-59-cr-upload-pathway-completion-v0_2.md",
        "  Superseded v0.2: phase-59-cr-upload-pathway-completion-v0_4.md",
    ]
    assert problems(found) == []


def test_a_record_without_phases() -> None:
    record = record_of({"methodology/methodology-v0_1.md": "# Methodology\n"})
    assert trajectories(record, citations_by_name(record)) == {}


def test_a_phase_with_one_document() -> None:
    found = told(record_of({f"{FOLDER}/phase-70-scoping-note-v0_1.md": "# Scoping\n"}), "phase-70-ledger")
    assert outline(found) == ["  Scoped: phase-70-scoping-note-v0_1.md"]
    assert (found.cycles, found.problems) == ((), ())


def test_a_halt_that_nothing_answers_is_open() -> None:
    found = told(
        record_of(phase_70(request("0.1", "2026-06-01"), (HALT, text("Halt", "2026-06-02")))), "phase-70-ledger"
    )
    assert outline(found) == [
        "  Filed: phase-70-cr-ledger-v0_1.md",
        f"1 {HALT} open",
        f"  Halted at Step 2: {HALT}",
    ]
    assert found.cycles[0].halted is not None
    assert found.cycles[0].halted.date == date(2026, 6, 2)


def test_two_halts_on_one_day_at_different_steps() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        (SECOND_HALT, text("Halt", "2026-06-02")),
        ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-02", f"Answers {HALT} with CR v0.2.")),
        request("0.2", "2026-06-03", HALT),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert outline(found) == [
        "  Filed: phase-70-cr-ledger-v0_1.md",
        f"1 {HALT} answered phase-70-cr-ledger-v0_2.md",
        f"  Halted at Step 2: {HALT}",
        "  Handed off: phase-70-cr-amendment-handoff-v0_1.md",
        "  Superseded v0.1: phase-70-cr-ledger-v0_2.md",
        f"2 {SECOND_HALT} open",
        f"  Halted at Step 4: {SECOND_HALT}",
    ]
    assert problems(found) == []


def test_two_halts_that_one_amendment_answers() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        (SECOND_HALT, text("Halt", "2026-06-02")),
        (
            "phase-70-cr-amendment-handoff-v0_1.md",
            text("Handoff", "2026-06-02", f"Both {HALT} and {SECOND_HALT}.", CR_target="CR v0.2, superseding v0.1"),
        ),
        request("0.2", "2026-06-03", f"{HALT} {SECOND_HALT}"),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert [(cycle.number, cycle.halt, cycle.state) for cycle in found.cycles] == [
        (1, f"{FOLDER}/{HALT}", "answered"),
        (2, f"{FOLDER}/{SECOND_HALT}", "answered"),
    ]
    # The version stands in the last cycle that it answers.
    assert [event.name for event in found.cycles[1].events] == [SECOND_HALT, "phase-70-cr-ledger-v0_2.md"]


def test_a_halt_that_is_answered_two_versions_later() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        request("0.2", "2026-06-03", "Another matter."),
        request("0.3", "2026-06-04", f"Answers {HALT}."),
    )
    assert outline(told(record_of(content), "phase-70-ledger")) == [
        "  Filed: phase-70-cr-ledger-v0_1.md",
        f"1 {HALT} answered phase-70-cr-ledger-v0_3.md",
        f"  Halted at Step 2: {HALT}",
        "  Superseded v0.1: phase-70-cr-ledger-v0_2.md",
        "  Superseded v0.2: phase-70-cr-ledger-v0_3.md",
    ]


def test_the_version_led_to_is_not_held_and_a_later_one_is() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-02", HALT, CR_target="CR v0.2")),
        request("0.3", "2026-06-04"),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert (found.cycles[0].state, found.cycles[0].answered_by) == ("answered", f"{FOLDER}/phase-70-cr-ledger-v0_3.md")
    assert str(found.cycles[0].target) == "0.2"


def test_contradictory_dates() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-09")),
        ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-05", HALT, CR_target="CR v0.2")),
        request("0.2", "2026-06-03", HALT),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert outline(found) == [
        "  Filed: phase-70-cr-ledger-v0_1.md",
        f"1 {HALT} answered phase-70-cr-ledger-v0_2.md",
        f"  Halted at Step 2: {HALT}",
        "  Handed off: phase-70-cr-amendment-handoff-v0_1.md",
        "  Superseded v0.1: phase-70-cr-ledger-v0_2.md",
    ]
    assert problems(found) == [
        "phase-70-cr-amendment-handoff-v0_1.md: dated 2026-06-05, before the halt of 2026-06-09 of its cycle "
        "[date-contradiction]",
        "phase-70-cr-ledger-v0_2.md: dated 2026-06-03, before the halt of 2026-06-09 that it answers "
        "[date-contradiction]",
        f"{HALT}: the name says 2026-06-02, the header 2026-06-09 [date-contradiction]",
    ]


def test_cycles_whose_dates_run_backwards() -> None:
    first, second = "phase-70-halt-surface-2026-06-08-v0_1.md", "phase-70-halt-surface-2026-06-02-v0_1.md"
    content = phase_70(
        (first, text("Halt", "2026-06-08")),
        (second, text("Halt", "2026-06-02")),
        ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-08", first)),
        ("phase-70-cr-amendment-2-handoff-v0_1.md", text("Handoff", "2026-06-09", second)),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert [cycle.halt for cycle in found.cycles] == [f"{FOLDER}/{first}", f"{FOLDER}/{second}"]
    assert problems(found) == [
        f"{second}: dated 2026-06-02, before the halt of 2026-06-08 of the cycle before it [date-contradiction]"
    ]


def test_a_halt_that_is_only_cited_is_told_with_its_place_and_step() -> None:
    name = "phase-70-halt-surface-2026-06-02-v0_1.md"
    said = f"Answers the halt of 2 June 2026 at Step 3, recorded in {name} (engine repo docs/notes/)."
    found = told(
        record_of(phase_70(request("0.1", "2026-06-01"), request("0.2", "2026-06-03", said))), "phase-70-ledger"
    )
    (cycle,) = found.cycles
    halted = cycle.halted
    assert halted is not None
    assert (cycle.halt, cycle.state) == (name, "answered")
    assert (halted.verb, halted.path, halted.held, halted.date) == ("Halted at Step 3", None, False, date(2026, 6, 2))
    assert halted.place == "engine repo docs/notes/"


def test_an_amendment_that_names_only_the_version_it_amends_answers_nothing() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        ("phase-70-cr-amendment-scoping-note-v0_1.md", text("Note", "2026-06-02", f"{HALT} halted CR v0.1.")),
    )
    (cycle,) = told(record_of(content), "phase-70-ledger").cycles
    assert (cycle.state, cycle.target) == ("open", None)


def test_an_amendment_to_what_was_halted_is_not_answered_by_it() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        request("0.2", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02", Informed_by="CR v0.2")),
        ("phase-70-cr-amendment-scoping-note-v0_1.md", text("Note", "2026-06-02", f"{HALT} halted CR v0.2.")),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert [event.name for event in found.prologue] == ["phase-70-cr-ledger-v0_1.md", "phase-70-cr-ledger-v0_2.md"]
    assert found.cycles[0].state == "open"


def test_a_file_that_is_yet_to_be_written_is_no_event() -> None:
    said = "The findings are filed as phase-70-step-2-findings-v0_1.md (engine repo docs/)."
    listed = text("Phase 70 CR: Ledger", "2026-06-01", said, Inputs="phase-70-step-0-findings-v0_1.md (engine repo)")
    found = told(record_of({f"{FOLDER}/phase-70-cr-ledger-v0_1.md": listed}), "phase-70-ledger")
    assert outline(found) == [
        "  Found: phase-70-step-0-findings-v0_1.md elsewhere",
        "  Filed: phase-70-cr-ledger-v0_1.md",
    ]


def test_a_halt_without_amendment_takes_the_next_number() -> None:
    third = "phase-70-halt-surface-2026-06-08-v0_1.md"
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-02", HALT, CR_target="CR v0.2")),
        request("0.2", "2026-06-03", HALT),
        (third, text("Halt", "2026-06-08")),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert [(cycle.number, cycle.state) for cycle in found.cycles] == [(1, "answered"), (2, "open")]


def test_later_cycles_may_mention_earlier_halts() -> None:
    content = phase_70(
        request("0.1", "2026-06-01"),
        (HALT, text("Halt", "2026-06-02")),
        (SECOND_HALT, text("Halt", "2026-06-02", Informed_by=HALT)),
        ("phase-70-cr-amendment-handoff-v0_1.md", text("Handoff", "2026-06-02", "No halt is named.", CR_target="v0.2")),
        request("0.2", "2026-06-02", HALT),
        (
            "phase-70-cr-amendment-2-handoff-v0_1.md",
            text("Handoff", "2026-06-02", f"After {HALT} came {SECOND_HALT}.", CR_target="v0.3"),
        ),
        request("0.3", "2026-06-03", f"{HALT} {SECOND_HALT}"),
    )
    found = told(record_of(content), "phase-70-ledger")
    assert [(cycle.number, cycle.halt, str(cycle.target)) for cycle in found.cycles] == [
        (1, f"{FOLDER}/{HALT}", "0.2"),
        (2, f"{FOLDER}/{SECOND_HALT}", "0.3"),
    ]
    assert problems(found) == []


def test_two_hundred_phases_are_told_by_themselves() -> None:
    content = {}
    for number in range(1, 201):
        folder = f"phases/phase-{number:03}-part"
        halt = f"phase-{number}-halt-surface-2026-06-02-v0_1.md"
        content[f"{folder}/phase-{number}-cr-part-v0_1.md"] = text("CR", "2026-06-01")
        content[f"{folder}/{halt}"] = text("Halt", "2026-06-02")
        if number % 2:
            content[f"{folder}/phase-{number}-cr-part-v0_2.md"] = text("CR", "2026-06-03", halt)
    record = record_of(content)
    found = trajectories(record, citations_by_name(record))
    assert len(found) == 200
    assert [len(trajectory.open_halts) for trajectory in found.values()] == [0, 1] * 100


def test_one_phase_alone_is_told_as_among_all() -> None:
    record = record_in(PROJECT / "content")
    citations_of = citations_by_name(record)
    together = trajectories(record, citations_of)
    assert {
        phase.folder: trajectory(record, phase, citations_of, outside(record, citations_of)) for phase in record.phases
    } == together


def test_twelve_cycles_stay_in_order() -> None:
    documents = [request("0.1", "2026-06-01")]
    for number in range(1, 13):
        halt = f"phase-70-halt-surface-2026-06-{number + 1:02}-v0_1.md"
        amendment = (
            f"phase-70-cr-amendment-{number}-handoff-v0_1.md" if number > 1 else "phase-70-cr-amendment-handoff-v0_1.md"
        )
        documents.append((halt, text("Halt", f"2026-06-{number + 1:02}")))
        documents.append((amendment, text("Handoff", f"2026-06-{number + 1:02}", halt, CR_target=f"v0.{number + 1}")))
        documents.append(request(f"0.{number + 1}", f"2026-06-{number + 1:02}", halt))
    found = told(record_of(phase_70(*documents)), "phase-70-ledger")
    assert [cycle.number for cycle in found.cycles] == list(range(1, 13))
    assert {cycle.state for cycle in found.cycles} == {"answered"}
    assert [str(cycle.target) for cycle in found.cycles] == [f"0.{number}" for number in range(2, 14)]


def test_json_is_that_of_the_contract() -> None:
    content = phase_70(request("0.1", "2026-06-01"), (HALT, text("Halt", "2026-06-02")))
    assert trajectory_json(told(record_of(content), "phase-70-ledger")) == {
        "prologue": [
            {
                "kind": "change-request",
                "path": f"{FOLDER}/phase-70-cr-ledger-v0_1.md",
                "name": "phase-70-cr-ledger-v0_1.md",
                "date": "2026-06-01",
                "held": True,
            }
        ],
        "trajectory": [
            {
                "cycle": 1,
                "halt": f"{FOLDER}/{HALT}",
                "state": "open",
                "events": [
                    {
                        "kind": "halt-surface",
                        "path": f"{FOLDER}/{HALT}",
                        "name": HALT,
                        "date": "2026-06-02",
                        "held": True,
                    }
                ],
            }
        ],
    }


def test_the_place_of_a_document() -> None:
    found = told(record_in(PROJECT / "content"), PHASE_57)
    folder = f"phases/{PHASE_57}"
    place = place_in_trajectory(found, f"{folder}/loomworks-phase-57-cr-amendment-2-handoff-v0_1.md")
    assert place is not None
    assert place.cycle is not None
    assert place.cycle.number == 2
    assert place.previous is not None
    assert place.previous.name == "loomworks-phase-57-cr-amendment-2-scoping-note-v0_1.md"
    assert place.next is not None
    assert place.next.name == "phase-57-cr-marketing-engagement-creation-v0_3.md"
    assert place_in_trajectory(found, "methodology/loomworks-methodology-v0_20.md") is None
    first = place_in_trajectory(found, f"{folder}/archive/loomworks-phase-57-scoping-note-v0_1.md")
    assert first is not None
    assert (first.cycle, first.previous) == (None, None)


def test_a_halt_note_that_is_filed_outside_its_phase_is_told_as_held() -> None:
    texts = phase_70(request("0.1", "2026-06-01"), request("0.2", "2026-06-03", HALT))
    found = told(record_of(texts | {f"halts/{HALT}": text("Halt", "2026-06-02")}), "phase-70-ledger")
    (cycle,) = found.cycles
    assert (cycle.halt, cycle.state) == (f"halts/{HALT}", "answered")


def test_identifiers_and_bare_numbers_name_no_document() -> None:
    # An identifier leads to the newest document that defines it, which its author cannot have known.
    content = phase_70(
        request("0.1", "2026-06-01"), request("0.2", "2026-06-03", HALT), (HALT, text("Halt", "2026-06-02"))
    )
    content[f"{FOLDER}/phase-70-cr-drafting-handoff-v0_1.md"] = text("Handoff", "2026-06-01")
    record = record_of(content)
    newest, handoff = f"{FOLDER}/phase-70-cr-ledger-v0_2.md", f"{FOLDER}/phase-70-cr-drafting-handoff-v0_1.md"
    by_name = citations_by_name(record)
    bare = [Citation(handoff, said, 9, "held", newest) for said in ("CR-2026-070", "Gate 5b", "CR-2026-070 §4", "§7")]
    bare.append(Citation(handoff, "Candidate A", 9, "held", f"{FOLDER}/{HALT}"))
    found = trajectories(record, lambda path: bare if path == handoff else by_name(path))["phase-70-ledger"]
    assert [event.name for event in found.prologue] == [
        "phase-70-cr-drafting-handoff-v0_1.md",
        "phase-70-cr-ledger-v0_1.md",
    ]
