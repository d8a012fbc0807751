"""A § belongs to whom it is said of; where that is nobody who is known, nothing is linked and nothing is told."""

from __future__ import annotations

import pytest
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.citations.cite import Citations, cite
from loomworks_record.record.whole import Whole

from citations.records import NOTE, header, in_note, record_of, short

OWN = "## 1. Scope\n\n### 1.2 Parts\n\nx\n\n## 3. Terms\n\n### 3.2 Tariffs\n\nx\n\n## 7. Findings\n\nx\n\n"
NAME = NOTE.rpartition("/")[2]

OTHERS = [
    "As RFC 2119 §3 says.",
    "As the ADR-12 §7 says.",
    "GDPR §7 holds.",
    "GDPR §7, §3 hold.",
    "See the tech guide §1.2.",
    "Parent §3.2 stands.",
    "It is in the 2026-04-27 memo, §7.",
    "§3 HGB asks for it.",
    "§3.2 of the tariff model [T-5102]",
    "As §7 of the GDPR asks.",
    "Correlation Doctrine v0.2 §7 applies.",
    "**Codex §3** and `Codex` §7 are theirs.",
    "| Where | What |\n|---|---|\n| Constitution §3 | rule |",
    "What was §3 is gone.",
    "The §7 clause in their master agreement binds.",
    "Our terms (RFC 2119 §3) are plain.",
    "Amends §1, §3 and §12.",  # one of them is not ours: none is
]
OURS = {
    "See §3.": ["§3"],
    "Terms (§3) and findings (§7) stand.": ["§3", "§7"],
    "As §3.2 says; see also §7.": ["§3.2", "§7"],
    "§3 says so.": ["§3"],
    "New §7, updated §3.2.": ["§7", "§3.2"],
    "The table in §1.2, under §3, per §7.": ["§1.2", "§3", "§7"],
    "Tagged v2.1. §3 says why.": ["§3"],
    "| Where | What |\n|---|---|\n| §3 | terms |": ["§3"],
    "What stands in §3 of this note holds.": ["§3"],
}


def own(text: str) -> Citations:
    return cite(record_of({NOTE: header() + OWN + text + "\n"}))


@pytest.mark.parametrize("text", OTHERS)
def test_of_others(text: str) -> None:
    found = own(text)
    assert [citation for citation in found.of(NOTE) if citation.outcome == "held"] == []
    assert found.problems == ()
    assert found.not_held == ()


@pytest.mark.parametrize("text", OURS)
def test_of_its_own(text: str) -> None:
    found = own(text)
    assert [citation.text for citation in found.of(NOTE)] == OURS[text]
    assert {(citation.outcome, citation.target) for citation in found.of(NOTE)} == {("held", NOTE)}


def test_nothing_is_shown_beside_the_section_of_another() -> None:
    whole = Whole(record_of({NOTE: header() + OWN + "As RFC 2119 §3 says.\n"}))
    assert "<p>As RFC 2119 §3 says.</p>" in rendered_text(whole, whole.record.documents[0]).body


def test_a_text_about_another_one_has_none_of_its_own() -> None:
    plan = "First comes §3.\n\nThen §7.\n\nIt tests §4 and §5.\n\nAt last, §12.\n"
    assert {citation.outcome for citation in own(plan).of(NOTE)} == {"unresolved"}


def test_a_document_that_is_known_keeps_its_section() -> None:
    assert in_note("CR v0.3 §7 and the manifest v0.42, §1") == [
        "CR v0.3 §7 => held phase-70-cr-ledger-v0_3.md#s7",
        "manifest v0.42 => held current-status-manifest-v0_42.md",
        "§1 => held current-status-manifest-v0_42.md#s1",
    ]


def test_words_before_a_broad_kind_say_which_one() -> None:
    specs = {f"specs/{name}-spec-v0_1.md": header() + "## 4. Laws\n\nx\n" for name in ("market-bus", "heatmap")}
    path = "specs/heatmap-spec-v0_1.md"
    specs[path] += "As Market Bus Spec §4 says. As Doctrine Spec §4 says.\n"
    found = [short(each.text, each.outcome, each.target, each.anchor) for each in cite(record_of(specs)).of(path)]
    assert found[0].endswith("§4 => held market-bus-spec-v0_1.md#s4")
    assert found[1].endswith("§4 => unresolved")


RUN_IN = {
    "**4.4.3a Term binding.** text": ("4.4.3a", "Term binding"),
    "**4.4 Term binding**: text": ("4.4", "Term binding"),
    "**§4.4.3 Audit.** text": ("4.4.3", "Audit"),
    "- **4b. Audit.** text": ("4b", "Audit"),
}


@pytest.mark.parametrize("line", RUN_IN)
def test_run_in_numbers_are_sections(line: str) -> None:
    number, title = RUN_IN[line]
    found = own(f"{line}\n\nSee §{number}.")
    section = found.sections(NOTE)[-1]
    assert (section.number, section.title, section.kind) == (number, title, "label")
    assert [(each.outcome, each.anchor) for each in found.of(NOTE)] == [("held", section.anchor)]


@pytest.mark.parametrize("line", ["**3.5 million** users", "**4 gates** hold", "4.4 Plain words stay prose."])
def test_what_only_begins_with_a_number_is_none(line: str) -> None:
    assert [section.kind for section in own(line).sections(NOTE)] == ["heading"] * 5


PLAN = "plans/room-plan-v0_1.md"


@pytest.mark.parametrize(
    ("link", "anchor"),
    [
        ("[[room-plan-v0_1#§1 Purpose]]", "s1"),
        ("[[room-plan-v0_1.md#1. Purpose|why]]", "s1"),
        ("[[room-plan-v0_1#Open points]]", "open-points"),
        ("[[room-plan-v0_1|the plan]]", None),
    ],
)
def test_links_of_other_programs_for_notes(link: str, anchor: str | None) -> None:
    texts = {PLAN: header() + "## §1 Purpose\n\nx\n\n## Open points\n\nx\n", NOTE: header() + f"See {link}.\n"}
    citations = cite(record_of(texts))
    assert [(each.target, each.anchor) for each in citations.of(NOTE)] == [(PLAN, anchor)]
    assert citations.problems == ()
