"""Phases: number from the folder, title from the phase's own change request."""

from __future__ import annotations

from pathlib import Path

import pytest
from loomworks_record.record.citations.cite import cite
from loomworks_record.record.phases import phases
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.store import read_content
from support.site import write_content


def document(path: str, title: str = "X") -> Document:
    return read_document(path, f"# {title}\n".encode(), KindTable())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Phase 57 CR — Marketing Engagement Creation", "Marketing Engagement Creation"),
        ("Loomworks — Phase 57: External-service polling — CR", "External-service polling"),
        ("Phase 57 — Change Request — SSE + Proactive Behavior", "SSE + Proactive Behavior"),
        ("CR-2026-068 — Phase 57: Discovery-to-Seed Skill (v0.1)", "Discovery-to-Seed Skill"),
        ("Phase 57 — Loomworks engagement as universal commons — CR v0.1", "Loomworks engagement as universal commons"),
        ("Phase 57 Change Request — Upload Pathway v1 completion", "Upload Pathway v1 completion"),
        ("Phase 57 CR", "Some Slug of It"),
    ],
)
def test_the_title_is_what_the_change_request_says(title: str, expected: str) -> None:
    (phase,) = phases([document("phases/phase-57-some-slug-of-it/phase-57-cr-x-v0_1.md", title)])
    assert (phase.number, phase.title, phase.heading) == (57, expected, f"Phase 57: {expected}")


def test_the_newest_change_request_holds_and_an_amendment_is_none() -> None:
    folder = "phases/phase-49-x"
    (phase,) = phases(
        [
            document(f"{folder}/archive/phase-49-cr-x-v0_9.md", "Phase 49 CR — Old"),
            document(f"{folder}/phase-49-cr-x-v0_11.md", "Phase 49 CR — New"),
            document(f"{folder}/phase-49-cr-amendment-v0_2-v0_1.md", "Phase 49 CR — Amendment"),
            document(f"{folder}/phase-48-cr-y-v0_9.md", "Phase 48 CR — Other phase"),
        ]
    )
    assert (phase.title, len(phase.documents)) == ("New", 4)


@pytest.mark.parametrize(
    ("folder", "heading"),
    [
        ("phase-56", "Phase 56"),
        ("phase-06", "Phase 6"),
        ("phase-55-terms-of-use", "Phase 55: Terms of Use"),
        ("planning-of-it", "Planning of It"),
        ("phase-61a", "Phase 61a"),
        ("Phase-61B-room-booking", "Phase 61b: Room Booking"),
        ("engine/phase-57-room-booking", "Phase 57 of engine: Room Booking"),
    ],
)
def test_without_a_change_request_the_folder_speaks(folder: str, heading: str) -> None:
    (phase,) = phases([document(f"phases/{folder}/notes-v0_1.md")])
    assert phase.heading == heading


def test_phases_are_ordered_by_number_and_titles_given_hold() -> None:
    paths = [f"phases/{folder}/a-v0_1.md" for folder in ("phase-10", "phase-9", "zeta", "phase-100-x")]
    found = phases(map(document, [*paths, "other/a.md", "phases/b.md"]), {"phase-9": "Given"})
    assert [phase.number for phase in found] == [9, 10, 100, None]
    assert found[0].heading == "Phase 9: Given"


def test_files_without_a_folder_have_a_phase_and_join_the_folder_of_theirs() -> None:
    alone = phases(map(document, ["phases/phase-57-cr-x-v0_1.md", "phases/phase-57-cr-x-v0_2.md", "phases/a.md"]))
    assert [(phase.number, phase.folder, len(phase.documents)) for phase in alone] == [(57, "phase-57", 2)]
    joined = phases(map(document, ["phases/phase-57-summary.md", "phases/phase-57-lamps/phase-57-notes-v0_1.md"]))
    assert [(phase.number, phase.folder, len(phase.documents)) for phase in joined] == [(57, "phase-57-lamps", 2)]


def test_phases_of_tracks_and_of_letters_are_told_apart() -> None:
    paths = ["phases/a/phase-1/x.md", "phases/b/phase-1/x.md", "phases/phase-1/x.md", "phases/phase-1a/x.md",
             "phases/b/README.md", "docs/phases/phase-1/x.md"]  # fmt: skip
    found = phases(map(document, paths))
    assert {phase.folder: phase.key for phase in found} == {
        "phase-1": 1, "phase-1a": "1a", "a/phase-1": "a/1", "b": None, "b/phase-1": "b/1", "docs/phase-1": "docs/1",
    }  # fmt: skip


def test_a_text_means_the_phase_of_its_own_track(tmp_path: Path) -> None:
    write_content(
        {
            "phases/a/phase-1/phase-1-cr-x-v0_1.md": "# Of a\n",
            "phases/b/phase-1/phase-1-cr-y-v0_1.md": "# Of b\n",
            "phases/b/phase-2/phase-2-notes-v0_1.md": "# Notes\n\nPhase 1 CR v0.1 holds.\n",
            "phases/b/phase-1/phase-1-notes-v0_1.md": "# Notes\n\nCR v0.1 holds.\n",
            "notes.md": "# Notes\n\nPhase 1 CR v0.1 and Phase 2 notes v0.1.\n",
        },
        tmp_path,
    )
    config = RecordConfig()
    citations = cite(Record(config, read_content(tmp_path, config.kinds)))

    def targets(path: str) -> list[str | None]:
        return [each.target for each in citations.of(path)]

    assert targets("phases/b/phase-2/phase-2-notes-v0_1.md") == ["phases/b/phase-1/phase-1-cr-y-v0_1.md"]
    assert targets("phases/b/phase-1/phase-1-notes-v0_1.md") == ["phases/b/phase-1/phase-1-cr-y-v0_1.md"]
    assert targets("notes.md")[:1] == [None]
