"""Reading order and pack of a phase: what is in force comes first, and nothing is left out without a word."""

from __future__ import annotations

import re

import pytest
from citations.records import LEDGER, PHASE, SAMPLE, cited, header, record_of
from loomworks_record.pages.reading import BYTES_A_TOKEN, pack, reading_order, whole_text, written_before
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from trajectories.test_trajectories import phase_70, request, text

HANDOFF = f"{PHASE}/loomworks-phase-70-close-session-handoff-v0_1.md"
READING = (
    "## 3. Reading order\n\n1. This handoff.\n2. phase-70-cr-ledger-v0_2.md: what is built.\n"
    "3. current-status-manifest-v0_42.md \u00a71.\n\n## 4. After\n\n- CR v0.1\n"
)
SAMPLE_WHOLE = Whole(cited(SAMPLE).record)


def url(address: str) -> str:
    return f"https://record.example/{address}"


def packed(whole: Whole, tokens: int | None = None, folder: str = "phase-70-ledger") -> str:
    return pack(whole, next(phase for phase in whole.record.phases if phase.folder == folder), url, tokens)


def documents_in(packed_text: str) -> list[str]:
    return re.findall(r"^<!-- document \d+: (.+) -->$", packed_text, re.MULTILINE)


def halted(halts: int, answered: bool) -> Record:
    """A phase with so many halts, each answered by the next version of the change request, the last only if said."""
    documents = [request("0.1", "2026-06-01")]
    for number in range(1, halts + 1):
        day = f"2026-06-{number + 1:02}"
        note = f"phase-70-halt-surface-{day}-step-{number}-v0_1.md"
        documents.append((note, text("Halt", day, f"Halted at Step {number} under CR v0.{number}.")))
        if number < halts or answered:
            name = f"phase-70-cr-amendment{f'-{number}' if number > 1 else ''}-handoff-v0_1.md"
            body = f"Answers {note}; CR v0.{number + 1}."
            documents.append((name, text("Handoff", day, body, CR_target=f"CR v0.{number + 1}")))
            documents.append(request(f"0.{number + 1}", day, f"Answers {note}."))
    return record_of(phase_70(*documents))


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("halts", range(5))
def test_the_pack_begins_with_how_the_phase_stands_and_what_is_in_force(halts: int, answered: bool) -> None:
    whole = Whole(halted(halts, answered))
    version = f"v0.{halts + 1 if answered or not halts else halts}"
    given = packed(whole)
    top = given.splitlines()[:15]
    assert documents_in(given)[0].endswith(f"phase-70-cr-ledger-{version.replace('.', '_')}.md")
    assert f"- In force: CR-2026-070 {version}" in top
    (still,) = [line for line in top if line.startswith("- Open: ")]
    assert (still == "- Open: no halt") == (answered or not halts)
    assert any(line.startswith("- Read next: ") for line in top)
    if halts:
        assert ("answered" if answered else "Halted at Step") in top[2]


def test_what_an_answer_overtook_says_so() -> None:
    record = halted(2, answered=True)
    whole = Whole(record)
    told = whole.stories.of(record.phases[0])
    said = {path: written_before(record, told, path) for path in reading_order(record, record.phases[0], told)}
    assert list(said.values()) == [
        "",
        "written before v0.3 answered this halt",
        "written before v0.3 answered this halt",
        "written before v0.2 answered this halt",
        "written before v0.2 answered this halt",
    ]
    assert packed(whole).count("- Written: before v0.3 answered this halt\n") == 2


def test_every_phase_of_the_sample_begins_with_the_change_request_in_force() -> None:
    for phase in SAMPLE_WHOLE.record.phases:
        given = packed(SAMPLE_WHOLE, folder=phase.folder)
        first = SAMPLE_WHOLE.record.by_path[documents_in(given)[0]]
        assert (first.role, SAMPLE_WHOLE.record.standing(first)) == ("request", "current")
        for path in documents_in(given):
            document = SAMPLE_WHOLE.record.by_path[path]
            assert document.text.rstrip("\n") in given
            assert f"- sha256: {document.sha256}\n" in given


def test_a_budget_cuts_from_the_end_of_the_order_and_says_what_it_left_out() -> None:
    folder = "phase-57-marketing-engagement-creation"
    every = documents_in(packed(SAMPLE_WHOLE, folder=folder))
    for tokens in (1_000, 15_000, 20_000, 30_000, 60_000):
        given = packed(SAMPLE_WHOLE, tokens, folder)
        shown = documents_in(given)
        assert shown == every[: len(shown)]
        assert len(given.encode()) <= tokens * BYTES_A_TOKEN or not shown
        left = [SAMPLE_WHOLE.record.by_path[path] for path in every[len(shown) :]]
        size = sum(document.size for document in left)
        assert (f"- Left out of {tokens:,} tokens: {len(left)} document" in given) == bool(left)
        assert not left or f"{size:,} bytes" in given
        for document in left:
            assert f"({document.size:,} bytes): https://record.example/raw/" in given.split("\n---\n")[0]
    assert documents_in(packed(SAMPLE_WHOLE, 60_000, folder)) == every


def test_history_is_listed_and_not_included() -> None:
    given = packed(Whole(halted(1, answered=True)))
    assert "phase-70-cr-ledger-v0_1.md" not in " ".join(documents_in(given))
    assert "- CR-2026-070 v0.1 (" in given.split("Not included", 1)[1]


def test_what_a_handoff_tells_to_read_outside_the_phase_is_named() -> None:
    record = record_of({**LEDGER, HANDOFF: header() + READING})
    opening = packed(Whole(record)).split("\n---\n")[0]
    assert "current-status-manifest-v0_42.md" in opening.split("A handoff also tells its reader to read:")[1]


def test_an_html_document_is_given_as_a_reader_sees_it() -> None:
    record = record_of(
        {"a-note-v0_1.html": "<!doctype html><title>T</title><h1>One</h1><script>x</script><p>Two\n three</p>"}
    )
    assert whole_text(record.documents[0]) == "One\n\nTwo three"
