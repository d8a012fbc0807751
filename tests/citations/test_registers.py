"""Registers and the files for a fresh reader."""

from __future__ import annotations

from loomworks_record.pages.registers import identifiers_by_phase, not_held_register, registers
from loomworks_record.pages.since import follow
from loomworks_record.pages.site_files import llms_txt
from loomworks_record.pages.wording import natural
from loomworks_record.record.citations.cite import cite
from loomworks_record.record.whole import Whole

from citations.records import CR, LEDGER, NOTE, PHASE, header, record_of

HANDOFF = f"{PHASE}/loomworks-phase-70-close-session-handoff-v0_1.md"
READING = (
    "## 3. Reading order\n\n1. This handoff.\n2. phase-70-cr-ledger-v0_2.md: what is built.\n"
    "3. current-status-manifest-v0_42.md §1.\n4. loomworks-phase-70-scoping-note-v0_2.md.\n\n## 4. After\n\n- CR v0.1\n"
)
NOTES = {
    NOTE: header(Status="A draft. More.") + "P70-D7, Gate 5b, a-note-v0_1.md (engine repo).\n",
    HANDOFF: header() + READING,
}
RECORD = record_of({**LEDGER, **NOTES})
CITATIONS = cite(RECORD)
(PHASE_70,) = [phase for phase in RECORD.phases if phase.number == 70]


def url(address: str) -> str:
    return f"https://record.example/{address}"


def test_change_requests() -> None:
    requests = registers(CITATIONS)[0]
    assert (requests.slug, requests.count) == ("change-requests", 2)
    row = next(row for row in requests.rows if row.identifier.text == "CR-2026-170")
    assert row.identifier.address == f"view/{CR}-v0_3.md.html"
    assert (row.document.text, row.document.address) == ("v0.3, 3 versions", f"history/{CR}.html")
    assert (row.cited, row.phase.text if row.phase else "") == ("by 2 documents", "Phase 70")


def test_identifiers_of_every_kind_have_a_register() -> None:
    found = {register.slug: [row.identifier.text for row in register.rows] for register in registers(CITATIONS)}
    assert found["decisions"] == ["P70-D1", "P70-D7"]
    assert found["gates"] == ["Gate 5b", "Gate 5", "Gate 5b"]
    assert found["candidates"] == ["Candidate F"]
    assert found["steps"] == ["Step 4", "Step 2a", "Step 2b"]


def test_a_row_says_what_it_is_where_and_who_cites_it() -> None:
    decisions = next(register for register in registers(CITATIONS) if register.slug == "decisions")
    row = decisions.rows[1]
    assert row.identifier.address == f"view/{CR}-v0_3.md.html#p70-d7"
    assert (row.text, row.document.text, len(row.citing)) == ("Delete at close", "CR-2026-170 v0.3", 1)


def test_what_is_not_held() -> None:
    register = not_held_register(CITATIONS)
    assert [(row.name, row.outcome, row.places, row.cited) for row in register.documents] == [
        ("a-note-v0_1.md", "elsewhere", ("engine repo",), "by 1 document, 1 mention")
    ]
    naming = register.documents[0].namings[0]
    assert (naming.quote.text, naming.quote.after) == ("a-note-v0_1.md", " (engine repo).")
    assert register.identifiers == ()


def test_identifiers_of_a_phase() -> None:
    groups = identifiers_by_phase(CITATIONS)[PHASE_70.folder]
    assert [title for title, _ in groups] == ["Decisions P70-D", "Gates", "Candidates", "Sub-arcs", "Steps"]
    assert [link.text for link in groups[1][1]] == ["Gate 5", "Gate 5b"]


def test_names_are_sorted_as_people_count() -> None:
    names = ["Gate 10", "Gate 5b", "P57-D10", "Gate 5", "P57-D2", "Gate 5a"]
    assert sorted(names, key=natural) == ["Gate 5", "Gate 5a", "Gate 5b", "Gate 10", "P57-D2", "P57-D10"]


def test_llms_txt_leads_to_every_phase() -> None:
    text = llms_txt(RECORD, "The record", "How it was built.", url, {"phase-70-ledger": 12_345})
    assert text.startswith("# The record\n\n> How it was built.\n")
    assert (
        "(https://record.example/phases/phase-70-ledger/context.md): 8 documents; "
        "all current ones in one file, 12,345 bytes" in text
    )
    assert "(https://record.example/phases/phase-71-reports/index.html): 1 document\n" in text
    assert "current-status-manifest-v0_41" not in text


def gates(version: str, rows: str) -> str:
    return header(version, CR_number="CR-2026-170") + "## 1. Gates\n\n| Gate | Text |\n|---|---|\n" + rows


def test_a_register_has_what_is_in_force_and_folds_earlier_numbers_beneath_it() -> None:
    older = {
        f"{PHASE}/archive/phase-70-cr-ledger-v0_1.md": gates("0.1", "| 6 | Books close |\n| 7 | Nobody logs in |\n"),
        f"{PHASE}/archive/phase-70-cr-ledger-v0_2.md": gates("0.2", "| 6 | A new one |\n| 7 | Books close |\n"),
    }
    current = gates("0.3", "| 6 | A new one, changed |\n| 8 | Books close |\n")
    note = header() + "CR v0.2 Gate 7 is met.\n"
    whole = Whole(record_of({**older, f"{CR}-v0_3.md": current, NOTE: note}), follow=follow)
    found = registers(whole.citations, whole.grounds.through)
    register = next(each for each in found if each.slug == "gates")
    assert [(row.identifier.text, row.since, row.earlier) for row in register.rows] == [
        ("Gate 6", "", ""),
        ("Gate 8", "since v0.3", "Gate 7 in v0.2; Gate 6 in v0.1"),
    ]
    assert all(row.document.text == "CR-2026-170 v0.3" for row in register.rows)
    assert [link.text for link in register.rows[1].citing] == ["Note v0.1"]
    assert [row.identifier.text for group in register.groups for row in group.gone] == []
    (group,) = register.groups
    assert (group.phase.text if group.phase else "", register.label) == ("Phase 70", "Gate")


def test_what_no_version_in_force_defines_is_folded_and_counted() -> None:
    texts = {
        f"{PHASE}/archive/phase-70-cr-ledger-v0_1.md": gates("0.1", "| 1 | Books close |\n| 2 | Nobody logs in |\n"),
        f"{CR}-v0_2.md": gates("0.2", "| 1 | Books close |\n"),
    }
    register = next(each for each in registers(cite(record_of(texts))) if each.slug == "gates")
    assert [row.identifier.text for row in register.rows] == ["Gate 1"]
    assert [row.identifier.text for group in register.groups for row in group.gone] == ["Gate 2"]


def test_no_document_that_names_what_is_not_held_is_left_out() -> None:
    texts = {f"{PHASE}/note-{n}-v0_1.md": header() + "See a-note-v0_1.md.\n" for n in "abcdefg"}
    (row,) = not_held_register(cite(record_of(texts))).documents
    assert (row.documents, len(row.namings)) == (7, 7)
