"""Plans: where documents go, what moves, what the log gains, which problems come and go. No disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pytest
from filing_support import LAMP, document, lamp_record, page
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle.archive import as_archived
from loomworks_record.bundle.log import Log, append_missing, check_archive
from loomworks_record.cli.filing_text import plan_lines
from loomworks_record.filing.plan import Settings, plan_filing, record_after
from loomworks_record.filing.values import FilingPlan, IncomingFile
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import document_problems, read_document
from loomworks_record.source.problem import Problem
from loomworks_record.source.store import Content

CONFIG = RecordConfig()
CR = "phase-7-cr-lamp"


def made_of(texts: Mapping[str, str | bytes]) -> Record:
    documents = [
        read_document(path, text if isinstance(text, bytes) else text.encode(), CONFIG.kinds)
        for path, text in sorted(texts.items())
    ]
    problems = tuple(problem for document in documents for problem in document_problems(document))
    return Record(CONFIG, Content(tuple(documents), (), (), problems))


def log_of(record: Record) -> Log:
    return append_missing(Log(), [as_archived(d) for d in record.documents if d.archived_by_folder])


def plan(files: Mapping[str, str], record: Record | None = None, **settings: object) -> FilingPlan:
    held = record if record is not None else made_of(lamp_record())
    incoming = [IncomingFile(name, name, text.encode()) for name, text in files.items()]
    return plan_filing(held, log_of(held), incoming, Settings(**settings))  # type: ignore[arg-type]


def codes(found: FilingPlan) -> list[str]:
    return [refusal.code for refusal in found.refusals]


def written(found: FilingPlan) -> list[str]:
    assert found.refusals == ()
    return [filed.document.path for filed in found.filed]


def test_a_new_version_supersedes_both_forms() -> None:
    found = plan({f"{CR}-v0_4.md": document("0.4", date="2026-03-04")})
    assert written(found) == [f"{LAMP}/{CR}-v0_4.md"]
    assert [(move.document.path, move.target) for move in found.moves] == [
        (f"{LAMP}/{CR}-v0_3.md", f"{LAMP}/archive/{CR}-v0_3.md"),
        (f"{LAMP}/{CR}-v0_3.html", f"{LAMP}/archive/{CR}-v0_3.html"),
    ]
    assert [(entry.sequence, entry.path) for entry in found.entries] == [
        (2, f"{LAMP}/archive/{CR}-v0_3.md"),
        (3, f"{LAMP}/archive/{CR}-v0_3.html"),
        (4, f"{LAMP}/{CR}-v0_4.md"),
    ]
    assert found.notes == ("v0.3 is held as .md and .html; v0.4 comes as .md only",)
    assert found.title == "File CR-2026-007 v0.4; archive v0.3"
    assert found.new_folders == ()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("## {1.}Aim\n\na\n\n## {2.}Rates\n\nb\n\n### {2.1}Lower rate\n\nc\n", 1),
        ("## {1.}Aim\n\na\n\n## {2.}Rates\n\nb\n", 0),  # two numbers may be given up on purpose
        ("## {1.}Aim\n\na\n\n## 2. Rates\n\nb\n\n### {2.1}Lower rate\n\nc\n", 0),  # one is kept
    ],
)
def test_a_version_that_lost_the_numbers_of_its_sections_is_noted(form: str, said: int) -> None:
    """As Markdown that was made of a Word file has it, whose headings Word numbers."""

    def text(version: str, pattern: str) -> str:
        body = re.sub(r"\{(.*?)\}", pattern, form)
        return document(version, "Rates", cr=None, body=body).replace("## 1. Text\n\n", "")

    record = made_of({"notes/loomworks-rates-note-v0_1.md": text("0.1", r"\1 ")})
    found = plan({"loomworks-rates-note-v0_2.md": text("0.2", "")}, record)
    assert written(found) == ["notes/loomworks-rates-note-v0_2.md"]
    assert len(found.notes) == said
    if said:
        start = "v0.1 has 3 numbered sections, v0.2 has none: what cites 'v0.2 §2.1' will find none"
        assert found.notes[0].startswith(start)
    assert plan({"loomworks-rates-note-v0_2.md": text("0.2", r"\1 ")}, record).notes == ()


def test_a_label_that_lost_its_value_is_noted() -> None:
    """As Markdown that was made of a Word file has it, whose date is a field of the template."""
    record = made_of({"notes/loomworks-rates-note-v0_1.md": document("0.1", "Rates", cr=None)})
    empty = document("0.2", "Rates", cr=None, date="")
    assert plan({"loomworks-rates-note-v0_2.md": empty}, record).notes == (
        "line 4: 'Date' is empty, v0.1 says '2026-03-01'; was it lost in a conversion?",
    )
    assert plan({"loomworks-rates-note-v0_2.md": empty.replace("**Date.** \n", "")}, record).notes == ()
    never = made_of({"notes/loomworks-rates-note-v0_1.md": document("0.1", "Rates", cr=None, date="")})
    assert plan({"loomworks-rates-note-v0_2.md": empty}, never).notes == ()


def test_the_other_form_of_the_current_version() -> None:
    record = made_of({f"{LAMP}/{CR}-v0_1.md": document("0.1")})
    found = plan({f"{CR}-v0_1.html": page("0.1")}, record)
    assert written(found) == [f"{LAMP}/{CR}-v0_1.html"]
    assert found.moves == ()
    assert [(entry.type, entry.path) for entry in found.entries] == [("filed", f"{LAMP}/{CR}-v0_1.html")]


def test_several_versions_of_several_chains_in_any_order() -> None:
    texts = {f"{CR}-v0_{number}.md": document(f"0.{number}", date=f"2026-03-{number:02}") for number in (6, 4, 5)}
    found = plan({**texts, "phase-7-scoping-note-v0_2.md": document("0.2", "Phase 7 scoping note", cr=None)})
    assert written(found) == [
        f"{LAMP}/archive/{CR}-v0_4.md",
        f"{LAMP}/archive/{CR}-v0_5.md",
        f"{LAMP}/{CR}-v0_6.md",
        f"{LAMP}/phase-7-scoping-note-v0_2.md",
    ]
    archived = [entry.version for entry in found.entries if entry.type == "archived"]
    assert archived == ["0.3", "0.3", "0.4", "0.5", "0.1"]
    assert [entry.version for entry in found.entries[len(archived) :]] == ["0.4", "0.5", "0.6", "0.2"]
    assert [str(filed.previous.version) for filed in found.filed if filed.previous] == ["0.3", "0.4", "0.5", "0.1"]
    assert found.title == "File CR-2026-007 v0.6 and 1 other"
    assert "\n- file " in found.message


def test_what_should_have_been_archived_long_ago_is_moved_too() -> None:
    record = made_of({f"{LAMP}/{CR}-v0_{number}.md": document(f"0.{number}") for number in (1, 2)})
    assert [problem.code for problem in record.problems] == ["superseded-outside-archive"]
    found = plan({f"{CR}-v0_3.md": document("0.3")}, record)
    assert [move.target for move in found.moves] == [f"{LAMP}/archive/{CR}-v0_1.md", f"{LAMP}/archive/{CR}-v0_2.md"]
    assert [problem.code for problem in found.settled] == ["superseded-outside-archive"]
    assert found.caused == ()
    assert found.title == "File CR-2026-007 v0.3; archive v0.1 and v0.2"


def test_problems_caused_and_settled() -> None:
    found = plan({f"{CR}-v0_6.md": document("0.6", date="2025-01-01")})
    assert [(problem.path, problem.code) for problem in found.caused] == [
        (f"{LAMP}/{CR}-v0_6.md", "date-contradiction"),
        (f"{LAMP}/{CR}-v0_6.md", "version-gap"),
    ]
    assert found.settled == ()


def test_a_known_problem_that_moves_to_the_archive_is_neither() -> None:
    record = made_of({f"{LAMP}/{CR}-v0_1.md": document("0.1", date="2026-02-30")})
    assert [problem.code for problem in record.problems] == ["date-invalid"]
    found = plan({f"{CR}-v0_2.md": document("0.2")}, record)
    assert (found.caused, found.settled) == ((), ())
    assert [problem.path for problem in record_after(record, found.filed, found.moves).problems] == [
        f"{LAMP}/archive/{CR}-v0_1.md"
    ]


@pytest.mark.parametrize(
    ("name", "settings", "folder"),
    [
        (f"{CR}-v0_4.md", {}, LAMP),  # its chain
        ("phase-7-implementation-notes-v0_1.md", {}, LAMP),  # its phase
        ("loomworks-phase-08-close-session-handoff-v0_1.md", {}, "phases/phase-08-shade"),  # zeros do not count
        ("session-handoff-2026-03-04-dawn-v0_1.md", {}, "session-handoffs"),  # where its kind lies
        ("loomworks-queued-directions-v0_1.md", {}, "queued-directions"),  # the usual section
        ("current-status-manifest-v0_1.md", {}, "current-status"),
        ("a-thought-v0_1.md", {"to": "notes"}, "notes"),  # named
        ("a-thought-v0_1.md", {"to": ""}, ""),  # the top
        ("phase-9-scoping-note-v0_1.md", {}, "phases/phase-9"),  # a new folder
        ("phase-9-cr-green-wick-v0_1.md", {}, "phases/phase-9-green-wick"),
        ("loomworks-phase-9-scoping-note-v0_1.md", {"folders": ("phases/phase-09-oil",)}, "phases/phase-09-oil"),
        ("loomworks-oil-note-v0_3.md", {"to": None}, "notes"),
    ],
)
def test_folders(name: str, settings: dict[str, object], folder: str) -> None:
    version = name.rpartition("-v")[2].removesuffix(".md").replace("_", ".")
    title = "A note on oil" if "oil" in name else f"On {name}"
    found = plan({name: document(version, title, cr=None, body=name)}, **settings)
    assert written(found) == [f"{folder}/{name}".lstrip("/")]


def test_a_phase_is_called_as_its_documents_call_it() -> None:
    """By the name of its change request, else by its header; a header that says more than a title is not taken."""
    note = document("0.1", "Phase 9 scoping note", cr=None, phase="9 — Green Wick & Oil.")
    assert plan({"phase-9-scoping-note-v0_1.md": note}).new_folders == ("phases/phase-9-green-wick-oil",)
    request = document("0.1", "Phase 9 CR — Wick", cr=None)
    both = plan({"phase-9-scoping-note-v0_1.md": note, "phase-9-cr-wick-v0_1.md": request})
    assert both.new_folders == ("phases/phase-9-wick",)
    for said in ("9 — Wick, Step 2b, evening.", "9", "— Wick"):
        other = note.replace("9 — Green Wick & Oil.", said)
        assert plan({"phase-9-scoping-note-v0_1.md": other}).new_folders == ("phases/phase-9",)
    assert codes(plan({"phase-9-scoping-note-v0_1.md": note.replace("9 — Green", "10 — Green")})) == ["other-chain"]
    cycle = note.replace("Green Wick & Oil.", "Green Wick (amendment cycle 2).")
    assert plan({"phase-9-scoping-note-v0_1.md": cycle}).new_folders == ("phases/phase-9-green-wick",)


def test_two_folders_of_one_phase_are_asked_about() -> None:
    texts = {f"phases/{folder}/phase-7-{folder}-v0_1.md": document("0.1", f"On {folder}", cr=None, body=folder)
             for folder in ("phase-7", "phase-07-lamp")}  # fmt: skip
    found = plan({"phase-7-cr-wick-v0_1.md": document("0.1")}, made_of(texts))
    assert codes(found) == ["folder-unknown"]
    assert "'phases/phase-07-lamp', 'phases/phase-7'" in found.refusals[0].message
    assert written(plan({"phase-7-cr-wick-v0_1.md": document("0.1")}, made_of(texts), to="phases/phase-7"))


def test_a_place_that_is_approved_is_changed_and_no_other() -> None:
    text = document("0.3", "Lamp v0.3", date="2026-03-04", body="It supersedes v0.3.\n\nLamp — v0.3 — 2026")
    name = f"{CR}-v0_4.md"
    assert codes(plan({name: text})) == ["header-mismatch"]
    found = plan({name: text}, fixes=("version-line:4", "footer:12"))
    assert found.refusals == ()
    expected = text.replace("**Version.** 0.3", "**Version.** 0.4").replace("— v0.3 —", "— v0.4 —")
    assert found.filed[0].document.data.decode() == expected
    assert found.filed[0].changed == {"version-line:4", "footer:12"}
    assert {place.key for place in found.filed[0].places} == {"title:1", "version-line:4", "transition:10", "footer:12"}


def test_what_a_new_version_rightly_says_of_the_one_before_raises_no_alarm() -> None:
    text = document("0.4", "Lamp v0.4", date="2026-03-04", body="It supersedes v0.3. From v0.3 \u2192 v0.4.")
    found = plan({f"{CR}-v0_4.md": text})
    assert {place.family for place in found.filed[0].places} <= {"transition", "arrow"}
    assert found.filed[0].places
    lines = [line for line, _ in plan_lines(found, RecordConfig().kinds)]
    assert not any("Still names" in line for line in lines)
    stale = plan({f"{CR}-v0_4.md": text + "\nLamp \u2014 v0.3 \u2014 2026\n"})
    assert any("Still names v0.3" in line for line, _ in plan_lines(stale, RecordConfig().kinds))


def test_places_of_several_documents_are_named_with_the_document() -> None:
    names = [f"{CR}-v0_4.md", "phase-7-scoping-note-v0_2.md"]
    texts = {names[0]: document("0.3"), names[1]: document("0.1", "Phase 7 scoping note", cr=None)}
    fixed = plan(texts, fixes=(f"{names[0]}:version-line:4", f"{names[1]}:version-line:3"))
    assert fixed.refusals == ()
    assert [filed.changed for filed in fixed.filed] == [{"version-line:4"}, {"version-line:3"}]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"phase-9-cr-x-v0_1.md": document("0.1", cr=None, body="X."),
          "loomworks-phase-9-cr-x-v0_2.md": document("0.2", cr=None, body="Y.")}, "fork"),
        ({"phase-9-cr-x-v0_1.md": document("0.1", cr="CR-2026-009"),
          "phase-9-cr-y-v0_1.md": document("0.1", cr="CR-2026-009", body="Y.")}, "other-chain"),
        ({f"{CR}-v0_4.md": document("0.4"), f"{CR}-v0_4.html": page("0.4", date="2026-03-09")}, "twin-mismatch"),
    ],
)  # fmt: skip
def test_documents_of_one_call_that_contradict_each_other(texts: dict[str, str], code: str) -> None:
    assert code in codes(plan(texts))


def test_an_old_error_is_settled() -> None:
    """v0.1 lies outside while v0.2 lies in archive/: with v0.3 both lie there."""
    record = made_of({f"{LAMP}/{CR}-v0_1.md": document("0.1"), f"{LAMP}/archive/{CR}-v0_2.md": document("0.2")})
    found = plan({f"{CR}-v0_3.md": document("0.3")}, record)
    assert [move.target for move in found.moves] == [f"{LAMP}/archive/{CR}-v0_1.md"]
    assert [problem.code for problem in found.settled] == ["older-outside-newer-archived"]


def test_no_filing_causes_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever rule of the record has no refusal of its own yet."""
    error = Problem(f"{LAMP}/{CR}-v0_4.md", None, "name-collision", "collides")
    monkeypatch.setattr("loomworks_record.filing.plan.consequences", lambda *_: ((error,), (), ()))
    found = plan({f"{CR}-v0_4.md": document("0.4")})
    assert [str(refusal) for refusal in found.refusals] == [
        f"{CR}-v0_4.md: the record would have an error: collides ('{LAMP}/{CR}-v0_4.md', name-collision); "
        "mend the document first [causes-error]"
    ]


_versions = st.tuples(st.integers(0, 2), st.integers(0, 12))


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), _versions), min_size=1, max_size=4), max_size=6))
def test_any_sequence_of_filings_leaves_a_sound_record(batches: list[list[tuple[str, tuple[int, int]]]]) -> None:
    """Whatever is offered, what is filed leaves no error, every archived version logged, the newest current."""
    record, log = Record(CONFIG, Content((), (), (), ())), Log()
    for number, batch in enumerate(batches):
        incoming = []
        for chain, (major, minor) in batch:
            text = document(f"{major}.{minor}", f"On {chain}", cr=None, body=f"{chain} {number} {major}.{minor}")
            name = f"phase-7-{chain}{chain}-v{major}_{minor}.md"
            incoming.append(IncomingFile(f"{len(incoming)}/{name}", name, text.encode()))
        found = plan_filing(record, log, incoming, Settings(to="phases/phase-7"))
        if found.refusals:
            assert _offends(incoming, record)
            continue
        record, log = record_after(record, found.filed, found.moves), found.after
        assert [problem for problem in record.problems if problem.severity != "notice"] == []
        archived = [as_archived(d) for d in record.documents if d.archived_by_folder]
        assert list(check_archive(log, archived)) == []
        assert set(log.in_force) == {each.path for each in archived}
        for chain in record.chains:
            assert chain.current is not None
            assert chain.current.version == chain.newest.version


def _offends(incoming: Iterable[IncomingFile], record: Record) -> bool:
    """Whether a batch gives a name twice, or a version that is not newer than what is held of its chain."""
    names = [each.filename for each in incoming]
    documents = [read_document(f"phases/phase-7/{name}", b"", CONFIG.kinds) for name in names]
    held = {chain.id: chain.newest.version for chain in record.chains}
    return len(set(names)) < len(names) or any(
        document.version <= held[document.chain]
        for document in documents
        if document.version and held.get(document.chain)
    )


@pytest.mark.parametrize("copy", ["Copy of lamp-v1.md", "lamp-v1.md (x).md"])
def test_a_name_that_only_holds_the_name_of_what_moves_stays(copy: str) -> None:
    held = made_of({"lamp-v1.md": document("1"), copy: document("1") + "More.\n"})
    found = plan({"lamp-v2.md": document("2")}, held)
    told = [*found.caused, *found.settled]
    assert not [problem for problem in told if problem.path == copy]
    after = record_after(held, found.filed, found.moves)
    assert all(f"archive/{copy}" not in each.message and "of archive" not in each.message for each in after.problems)
