"""phase.yml, and the state of a phase."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.record.phases import PhaseFile, read_phase_files
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories

from trajectories.records import PROJECT, citations_by_name, record_in, record_of, without

PATH = "phases/phase-70-ledger/phase.yml"

WRONG = {
    "an unknown key": (
        b"title: Ledger\nowner: nobody\n",
        2,
        "has the unknown key 'owner': expected title, state, goal",
    ),
    "a list": (b"title:\n  - a\n", 1, "'title' is a sequence: expected a text"),
    "a mapping": (b"goal: {a: b}\n", 1, "'goal' is a mapping: expected a text"),
    "a key twice": (b"title: A\n\ntitle: B\n", 3, "has the key 'title' twice: the first holds"),
    "a state of no kind": (
        b"state: done\n",
        1,
        "'state' is 'done': expected one of active, halted, open, paused, planned, closed",
    ),
    "no mapping": (b"Ledger\n", 1, "expected lines 'key: text' with title, state, goal"),
    "a colon in a text": (
        b"title: Ledger\ngoal: one: two\n",
        2,
        "is not YAML: mapping values are not allowed here",
    ),
    "other bytes": (b"title: \xff\n", None, "is not UTF-8 text"),
    "a key that is a list": (b"? [a]\n: b\n", 1, "has a key that is not text: expected title, state, goal"),
    "deep nesting": (b"[" * 5000, None, "is too large: expected up to three lines 'key: text'"),
    "great length": (b"goal: " + b"a" * 70_000, None, "is too large: expected up to three lines 'key: text'"),
}


def test_what_a_file_says_holds() -> None:
    found, problems = read_phase_files([(PATH, b"title: Ledger\nstate: paused\ngoal: >\n  To keep\n  a ledger.\n")])
    assert found == {"phase-70-ledger": PhaseFile(PATH, "Ledger", "paused", "To keep a ledger.")}
    assert problems == ()


@pytest.mark.parametrize("data", [b"", b"# nothing yet\n", b"\xef\xbb\xbftitle: Ledger\n"])
def test_empty_files_and_byte_order_marks_are_right(data: bytes) -> None:
    assert read_phase_files([(PATH, data)])[1] == ()


@pytest.mark.parametrize(("data", "line", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_its_line(data: bytes, line: int | None, message: str) -> None:
    (problem,) = read_phase_files([(PATH, data)])[1]
    assert (problem.path, problem.line, problem.code, problem.message) == (PATH, line, "phase-file-malformed", message)


def test_the_right_part_of_a_wrong_file_holds() -> None:
    found, problems = read_phase_files([(PATH, b"title: Ledger\nstate: done\n")])
    assert found["phase-70-ledger"] == PhaseFile(PATH, "Ledger")
    assert len(problems) == 1


@pytest.mark.parametrize(
    "path", ["phase.yml", "phases/phase.yml", "phases/phase-70/archive/phase.yml", "a/b/phase.yml"]
)
def test_a_file_in_no_phase_folder_is_a_problem(path: str) -> None:
    found, (problem,) = read_phase_files([(path, b"title: Ledger\n")])
    assert found == {}
    assert problem.message == "lies in no phase's folder: expected phases/<phase>/phase.yml"


@given(st.binary(max_size=200) | st.text("title:sagol -[]{}&*!|>'\"#%@`\n\t\\x", max_size=80).map(str.encode))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    found, problems = read_phase_files([(PATH, data)])
    assert set(found) == {"phase-70-ledger"}
    assert all(problem.line is None or problem.line >= 1 for problem in problems)


def state(record: Record, folder: str) -> str:
    stories = Stories(record, citations_by_name(record))
    return stories.state(next(phase for phase in record.phases if phase.folder == folder))


def test_states_of_the_sample() -> None:
    record = record_in(PROJECT / "content")
    assert state(record, "phase-39-cross-engagement-aggregation") == "closed"
    assert state(record, "phase-49-companion-intelligence") == "closed"
    assert state(record, "phase-57-marketing-engagement-creation") == "active"
    open_again = without(record, "cr-marketing-engagement-creation-v0_4.md")
    assert state(open_again, "phase-57-marketing-engagement-creation") == "halted"


def test_phase_yml_holds_over_documents() -> None:
    texts = {"phases/phase-70-ledger/phase-70-scoping-note-v0_1.md": "# Note\n"}
    assert state(record_of(texts), "phase-70-ledger") == "active"
    assert state(record_of(texts, {PATH: b"state: planned\n"}), "phase-70-ledger") == "planned"


def test_notes_that_a_later_document_names_close_a_phase() -> None:
    to_write = "# CR\n\nTo be written: phase-70-implementation-notes-v0_1.md\n"
    texts = {"phases/phase-70-ledger/phase-70-cr-ledger-v0_1.md": to_write}
    assert state(record_of(texts), "phase-70-ledger") == "active"
    later = {
        "phases/phase-71-next/phase-71-scoping-note-v0_1.md": "# Note\n\nSee phase-70-implementation-notes-v0_1.md.\n"
    }
    assert state(record_of(texts | later), "phase-70-ledger") == "closed"


def test_an_open_halt_keeps_a_phase_from_being_closed() -> None:
    texts = {
        "phases/phase-70-ledger/phase-70-implementation-notes-v0_1.md": "# Notes\n",
        "phases/phase-70-ledger/phase-70-halt-surface-2026-06-02-v0_1.md": "# Halt\n",
    }
    assert state(record_of(texts), "phase-70-ledger") == "halted"


def test_problems_of_files_and_trajectories_are_told_together() -> None:
    texts = {"phases/phase-70-ledger/phase-70-cr-amendment-handoff-v0_1.md": "# Handoff\n"}
    record = record_of(texts, {PATH: b"state: done\n"})
    codes = [problem.code for problem in Stories(record, citations_by_name(record)).problems]
    assert codes == ["phase-file-malformed", "cycle-without-halt"]


FOLDER = "phases/phase-70-ledger"


def _state(documents: dict[str, str]) -> tuple[str, list[str]]:
    record = record_of({f"{FOLDER}/{name}": text for name, text in documents.items()})
    stories = Stories(record, citations_by_name(record))
    return stories.state(record.phases[0]), [problem.code for problem in stories.problems]


def _request(status: str) -> dict[str, str]:
    return {"phase-70-cr-ledger-v0_1.md": f"# Ledger\n\n**Version.** 0.1 **Status.** {status}\n\nText.\n"}


@pytest.mark.parametrize(
    "documents",
    [
        {"phase-70-closing-note-v0_1.md": "# Phase 70 closed\n"},
        {"phase-70-close-v0_1.md": "# The end\n"},
        {"phase-70-close-handoff-v0_1.md": "# The end\n"},
        {"phase-70-last-words-v0_1.md": "# Last words\n\n**Version.** 0.1 **Status.** Closed.\n\nText.\n"},
        _request("Closed; everything was merged."),
    ],
)
def test_what_closes_a_phase(documents: dict[str, str]) -> None:
    assert _state({"phase-70-scoping-note-v0_1.md": "# Scoping\n", **documents}) == ("closed", [])


@pytest.mark.parametrize(
    ("documents", "codes"),
    [
        (_request("Approved; executed the same day."), ["phase-looks-closed"]),
        ({"phase-70-last-words-v0_1.md": "# Phase 70 closed\n"}, ["phase-looks-closed"]),
        (_request("Approved, to be executed on Monday."), []),
        (_request("Not yet merged."), []),
        ({"phase-70-findings-v0_1.md": "# Findings\n\n**Version.** 0.1 **Status.** Closed.\n\nText.\n"}, []),
        ({"phase-70-closing-hours-v0_1.md": "# Closing hours\n"}, []),
    ],
)
def test_what_only_looks_closed_is_told(documents: dict[str, str], codes: list[str]) -> None:
    assert _state(documents) == ("active", codes)


def test_a_phase_file_settles_it() -> None:
    record = record_of({f"{FOLDER}/{name}": text for name, text in _request("Executed.").items()})
    stories = Stories(record, citations_by_name(record))
    (problem,) = stories.problems
    assert "write 'state: closed' (or 'state: active') into phases/phase-70-ledger/phase.yml" in problem.message
    texts = {f"{FOLDER}/{name}": text for name, text in _request("Executed.").items()}
    settled = record_of(texts, {f"{FOLDER}/phase.yml": b"state: active\n"})
    assert Stories(settled, citations_by_name(settled)).problems == ()
