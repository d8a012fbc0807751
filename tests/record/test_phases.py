"""Phases: number from the folder, title from the phase's own change request."""

from __future__ import annotations

import pytest
from loomworks_record.record.phases import phases
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.kinds import KindTable


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
