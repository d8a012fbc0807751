"""Phase 57 of the sample record, filed version by version into an empty record, is the phase's folder again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filing_support import make_project, record, tree
from support.site import PROJECT

PHASE = "phases/phase-57-marketing-engagement-creation"
SAMPLE = PROJECT / "content" / PHASE

# As they were written: who was first, and what was filed together.
STEPS = (
    ("loomworks-phase-57-scoping-note-v0_1.md",),
    ("loomworks-phase-57-step-0-inspection-brief-v0_1.md",),
    ("loomworks-phase-57-scoping-note-v0_2.md",),
    ("loomworks-phase-57-cr-drafting-handoff-v0_1.md", "phase-57-cr-marketing-engagement-creation-v0_1.md"),
    ("loomworks-phase-57-cr-amendment-scoping-note-v0_1.md", "loomworks-phase-57-cr-amendment-handoff-v0_1.md"),
    ("phase-57-cr-marketing-engagement-creation-v0_2.md",),
    ("phase-57-halt-surface-2026-05-12-step-2b-v0_1.md",),
    ("loomworks-phase-57-cr-amendment-2-scoping-note-v0_1.md", "loomworks-phase-57-cr-amendment-2-handoff-v0_1.md"),
    ("phase-57-cr-marketing-engagement-creation-v0_3.md", "phase-57-step-2c-diagnostic-findings-v0_1.md"),
    ("phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md",),
    ("loomworks-phase-57-step-2b-live-halt-session-handoff-v0_1.md",),
    ("loomworks-phase-57-cr-amendment-3-scoping-note-v0_1.md", "loomworks-phase-57-cr-amendment-3-handoff-v0_1.md"),
    ("phase-57-cr-marketing-engagement-creation-v0_4.md",),
)


def sample() -> dict[str, Path]:
    """Every document of the phase by its name."""
    return {file.name: file for file in SAMPLE.rglob("*") if file.suffix in (".md", ".html")}


def expected() -> dict[str, str]:
    return {path: digest for path, digest in tree(SAMPLE).items() if not path.startswith("images")}


def test_the_steps_file_every_document_of_the_phase() -> None:
    assert sorted(name for step in STEPS for name in step) == sorted(sample())
    assert len(sample()) > 15


def test_filing_in_order_rebuilds_the_folder(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    files = sample()
    for step in STEPS:
        done = record(project, "file", "--yes", *(files[name] for name in step))
        assert (done.status, done.err) == (0, "")
    assert tree(project / "content" / PHASE) == expected()
    assert [path.name for path in (project / "content").iterdir()] == ["phases"]
    assert [path.name for path in (project / "content/phases").iterdir()] == [SAMPLE.name]
    assert "nothing to add" in record(project, "log", "--yes").out
    told = list(map(json.loads, (project / "record.log.jsonl").read_text().splitlines()))
    assert {entry["path"] for entry in told if entry["type"] == "filed"} == {
        f"{PHASE}/{path.replace('archive/', '')}" for path, held in expected().items() if held != "folder"
    }
    archived = {entry["path"] for entry in told if entry["type"] == "archived"}
    assert archived == {f"{PHASE}/{path}" for path in expected() if path.startswith("archive/")}


@pytest.mark.parametrize("order", [sorted, lambda names: sorted(names, reverse=True)])
def test_filing_all_at_once_rebuilds_the_folder(tmp_path: Path, order: type[sorted]) -> None:
    project = make_project(tmp_path / "project")
    done = record(project, "file", "--yes", *(sample()[name] for name in order(sample())))
    assert (done.status, done.err) == (0, "")
    assert tree(project / "content" / PHASE) == expected()
    assert "nothing to add" in record(project, "log", "--yes").out


def test_a_step_can_be_undone_and_done_again(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    for number, step in enumerate(STEPS):
        before = tree(project)
        paths = [sample()[name] for name in step]
        assert record(project, "file", "--yes", *paths).status == 0
        if number % 3:
            continue
        filed = tree(project / "content")
        assert tree(project) != before
        undone = record(project, "unfile", "--yes")
        assert (undone.status, undone.err) == (0, "")
        assert tree(project) == before
        assert record(project, "file", "--yes", *paths).status == 0
        assert tree(project / "content") == filed  # at another second, as the log has it
