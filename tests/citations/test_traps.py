"""Traps, each by its name: what must be linked, and what must not."""

from __future__ import annotations

import pytest
from loomworks_record.record.citations.cite import cite

from citations.records import CR, LEDGER, NOTE, PHASE, header, in_note, record_of, told, with_places

CR3, CR2, CR1 = ("phase-70-cr-ledger-v0_3.md", "phase-70-cr-ledger-v0_2.md", "phase-70-cr-ledger-v0_1.md")
HANDOFF = "loomworks-phase-70-cr-amendment-handoff-v0_1.md"
SCOPING = "loomworks-phase-70-scoping-note-v0_2.md"

HELD = {
    "a bare file name": (CR3, [f"{CR3} => held {CR3}"]),
    "without extension": ("loomworks-phase-70-scoping-note-v0_2", [f"{SCOPING[:-3]} => held {SCOPING}"]),
    "with another repository's folder, held wins": (
        f"engine repo docs/phase-crs/{CR2}",
        [f"docs/phase-crs/{CR2} => superseded {CR2}"],
    ),
    "in a code span": (f"`{CR3}`", [f"{CR3} => held {CR3}"]),
    "in bold": (f"**{CR3}**", [f"{CR3} => held {CR3}"]),
    "at the end of a sentence": (f"See {SCOPING}.", [f"{SCOPING} => held {SCOPING}"]),
    "glued to the sentence before": (f"It is settled.{SCOPING} says so.", [f"{SCOPING} => held {SCOPING}"]),
    "the record's own address of a document": (f"{SCOPING}.html", [f"{SCOPING}.html => held {SCOPING}"]),
    "kind and version": ("As CR v0.2 said.", [f"CR v0.2 => superseded {CR2}"]),
    "kind and version, current": ("As CR v0.3 says.", [f"CR v0.3 => held {CR3}"]),
    "kind and version with underscores": ("As CR v0_2 said.", [f"CR v0_2 => superseded {CR2}"]),
    "a kind outside the phase": (
        "The manifest v0.42 counts.",
        ["manifest v0.42 => held current-status-manifest-v0_42.md"],
    ),
    "another phase's kind": ("Phase 71 CR v0.1 is older.", ["Phase 71 CR v0.1 => held phase-71-cr-reports-v0_1.md"]),
    "a kind said long before its version": ("CR version v0.2 was filed.", [f"CR version v0.2 => superseded {CR2}"]),
    "a version written out": ("CR version 0.2 was filed.", [f"CR version 0.2 => superseded {CR2}"]),
    "a kind in the plural": ("CRs v0.1 and v0.3.", [f"CRs v0.1 => superseded {CR1}", f"v0.3 => held {CR3}"]),
    "a version in a bracket after its kind": ("the CR (v0.2) said", [f"v0.2 => superseded {CR2}"]),
    "a version in a bracket after its number": (
        "CR-2026-170 (v0.2)",
        [f"CR-2026-170 => held {CR3}", f"v0.2 => superseded {CR2}"],
    ),
    "a version before its kind": ("v0.2 of the scoping note", [f"v0.2 of the scoping note => held {SCOPING}"]),
    "a version before its kind, as authors hurry": (
        "v0.42 manifest absorption",
        ["v0.42 manifest => held current-status-manifest-v0_42.md"],
    ),
    "a section spelt out, with its document": (
        "section 7.2 of CR v0.3 says",
        [f"section 7.2 => held {CR3}#s7-2", f"CR v0.3 => held {CR3}"],
    ),
    "a subject and a version": (
        "The brand guide v0.15 is HTML.",
        ["brand guide v0.15 => held loomworks-brand-guide-v0_15.html"],
    ),
    "a bare CR number": ("CR-2026-170 holds.", [f"CR-2026-170 => held {CR3}"]),
    "a CR number and a version": ("CR-2026-170 v0.1 came first.", [f"CR-2026-170 v0.1 => superseded {CR1}"]),
    "a section after a document": ("CR v0.3 §7.2 says.", [f"CR v0.3 §7.2 => held {CR3}#s7-2"]),
    "a section after a file": (f"{CR3} §12 says.", [f"{CR3} §12 => held {CR3}#s12"]),
    "a section through a bracket": ("CR v0.3 (§7.2) says.", [f"CR v0.3 => held {CR3}", f"§7.2 => held {CR3}#s7-2"]),
    "a section through a comma": ("CR v0.3, §7.2, says.", [f"CR v0.3 => held {CR3}", f"§7.2 => held {CR3}#s7-2"]),
    "a section through a line break": ("It is in CR v0.3\n§7.2 already.", [f"CR v0.3 §7.2 => held {CR3}#s7-2"]),
    "a section of an entry, after the dash": (
        f"{CR3} — what holds; the shape in §7.",
        [f"{CR3} => held {CR3}", f"§7 => held {CR3}#s7"],
    ),
    "a section before its document": ("§7.2 of CR v0.3 says.", [f"§7.2 => held {CR3}#s7-2", f"CR v0.3 => held {CR3}"]),
    "sections in a list": (
        "CR v0.3 §1, §7 and §12.",
        [f"CR v0.3 §1 => held {CR3}#s1", f"§7 => held {CR3}#s7", f"§12 => held {CR3}#s12"],
    ),
    "two signs for two sections": ("CR v0.3 §§1–7 say.", [f"CR v0.3 §§1 => held {CR3}#s1", f"7 => held {CR3}#s7"]),
    "a section by its title": (
        "Scoping v0.2 §Open construction decisions.",
        [f"Scoping v0.2 §Open construction decisions => held {SCOPING}#open-construction-decisions"],
    ),
    "a section named by an identifier": ("CR v0.3 §P70-D7 says.", [f"CR v0.3 §P70-D7 => held {CR3}#p70-d7"]),
    "a kind and a section without a version": (
        "The amendment handoff §7.2 says.",
        [f"amendment handoff §7.2 => held {HANDOFF}#s7-2"],
    ),
    "the only handoff that has the section": ("The handoff §7.2 says.", [f"handoff §7.2 => held {HANDOFF}#s7-2"]),
    "the handoff of a cycle": (
        "The cycle-2 handoff §8 says.",
        ["cycle-2 handoff §8 => held loomworks-phase-70-cr-amendment-2-handoff-v0_1.md#s8"],
    ),
    "a set of versions": ("CR v0.1 / v0.2.", [f"CR v0.1 => superseded {CR1}", f"v0.2 => superseded {CR2}"]),
    "a set with plus": ("CR v0.1 + v0.2.", [f"CR v0.1 => superseded {CR1}", f"v0.2 => superseded {CR2}"]),
    "an arrow": (
        "CR v0.1 → v0.2 → CR v0.3.",
        [f"CR v0.1 => superseded {CR1}", f"v0.2 => superseded {CR2}", f"CR v0.3 => held {CR3}"],
    ),
    "a range": ("CR v0.1–v0.3.", [f"CR v0.1 => superseded {CR1}", f"v0.2 => superseded {CR2}", f"v0.3 => held {CR3}"]),
    "a range that spans a gap": (
        "manifest v0.39–v0.42.",
        [
            "manifest v0.39 => unresolved",
            "v0.40 => unresolved",
            "v0.41 => superseded current-status-manifest-v0_41.md",
            "v0.42 => held current-status-manifest-v0_42.md",
        ],
    ),
    "kept versions after their document": (
        f"{CR3} is in force. v0.1 + v0.2 both stay archived.",
        [f"{CR3} => held {CR3}", f"v0.1 => superseded {CR1}", f"v0.2 => superseded {CR2}"],
    ),
    "kept versions of which one is not held": (
        f"{CR3} is in force. v0.0 + v0.2 both stay archived.",
        [f"{CR3} => held {CR3}", "v0.0 => unresolved", f"v0.2 => superseded {CR2}"],
    ),
    "a phase before a bracket": (
        "Phase 71 (Step 4 → CR v0.1) was first.",
        ["Step 4 => held phase-71-cr-reports-v0_1.md#step-4", "CR v0.1 => held phase-71-cr-reports-v0_1.md"],
    ),
    "versions of another phase, said in its clause": (
        "Phase 71 carried three CR versions (v0.1 / v0.2).",
        ["v0.1 => held phase-71-cr-reports-v0_1.md", "v0.2 => unresolved"],
    ),
    "what a version supersedes": (
        f"{CR3} was filed, superseding v0.2.",
        [f"{CR3} => held {CR3}", f"v0.2 => superseded {CR2}"],
    ),
    "a mention split by a line break": ("as the CR\nv0.2 said", [f"CR v0.2 => superseded {CR2}"]),
    "a mention split by emphasis": ("as *CR* **v0.2** said", [f"CR v0.2 => superseded {CR2}"]),
    "a mention split by code": ("as `CR` v0.2 said", [f"CR v0.2 => superseded {CR2}"]),
    "a decision": ("P70-D7 holds.", [f"P70-D7 => held {CR3}#p70-d7"]),
    "a decision of another phase, by its number": ("P71-D1 is not defined.", ["P71-D1 => unresolved"]),
    "a gate in a table": ("Gate 5b is met.", [f"Gate 5b => held {CR3}#gate-5b"]),
    "a gate of another phase": ("Phase 71 Gate 5b is met.", ["Gate 5b => held phase-71-cr-reports-v0_1.md#gate-5b"]),
    "a step, a sub-arc, a candidate": (
        "Step 2a, Sub-arc 4, Sub-arc 4a, Candidate F.",
        [
            f"Step 2a => held {CR3}#step-2a",
            f"Sub-arc 4 => held {CR3}#sub-arc-4",
            f"Sub-arc 4a => held {CR3}#sub-arc-4a",
            f"Candidate F => held {CR3}#candidate-f",
        ],
    ),
    "identifiers in the plural": (
        "Gates 5 and 5b, Steps 2a–2b.",
        [
            f"Gates 5 => held {CR3}#gate-5",
            f"5b => held {CR3}#gate-5b",
            f"Steps 2a => held {CR3}#step-2a",
            f"2b => held {CR3}#step-2b",
        ],
    ),
    "identifiers in small letters, where defined": ("see gate 5b and step 9", [f"gate 5b => held {CR3}#gate-5b"]),
    "a step of a section of a document": (
        "CR v0.3 §10's Step 2b.",
        [f"CR v0.3 §10 => held {CR3}#s10", f"Step 2b => held {CR3}#step-2b"],
    ),
    "an identifier that is nowhere defined": ("CRV-A9 is open.", ["CRV-A9 => unresolved"]),
    "a place in a bracket": (
        "phase-70-findings-v0_1.md (engine repo docs/phase-impl-notes/).",
        ["phase-70-findings-v0_1.md => elsewhere"],
    ),
    "a place before the name": (
        "at engine repo docs/phase-impl-notes/phase-70-findings-v0_1.md",
        ["docs/phase-impl-notes/phase-70-findings-v0_1.md => elsewhere"],
    ),
    "a place that is another name's": (
        "a-note-v0_1.md; b-note-v0_1.md (project knowledge).",
        ["a-note-v0_1.md => unresolved", "b-note-v0_1.md => elsewhere"],
    ),
    "a place said once holds for the whole document": (
        "a-note-v0_1.md (project knowledge).\n\nAgain a-note-v0_1.md.",
        ["a-note-v0_1.md => elsewhere", "a-note-v0_1.md => elsewhere"],
    ),
    "an unversioned name with its folder": (
        "See protocols/ova/README.md.",
        ["protocols/ova/README.md => held README.md"],
    ),
}

NONE = {
    "a product's version": "Upload Pathway v1 and Upload Pathway v1.0 are products.",
    "a model's version": "Sonnet 4 and Sonnet v4.5 are models.",
    "a version of something else": "It carries to v0.21 / v0.42 and marketing v0.3 content.",
    "a path of another repository": "prompts/intent_instructions/create_engagement/voice.md and voice.md",
    "a source file and a line": "ChatView.tsx:254 and prompt.py:817",
    "commit hashes": "`7a6220c` is CR archive; at e435b30.",
    "tags and branches": "phase-57-marketing-engagement-creation, refs/tags/v0.4 and v1.2.3-rc1",
    "ports": "engine on :8000, Operator Layer on :3001",
    "a section that is above": "as § above says",
    "an open series": "the P70-Bx items",
    "a placeholder": "phase-70-halt-surface-<timestamp>-v0_1.md and `phase-70-cr-<name>-v0_1.md`",
    "a file name inside a longer one": "phase-70-cr-ledger-v0_3.md.bak and phase-70-cr-ledger-v0_3-draft.md",
    "a name in a web address": "https://example.org/phase-70-cr-ledger-v0_3.md",
    "a name that a letter precedes": "see xphase_v0_3 and _phase-70-cr-ledger-v0_3.md",
    "a pattern of names": "phase-70-*-v0_3.md, and `phase-70-cr-*-v0_3.md`",
    "a gate that was": "Was Gate 5b in v0.1; renumbered.",
    "a number of gates": "Total gates 5 in all.",
    "a bare README": "Read README.md first.",
    "fenced code": "```text\nCR v0.2 and phase-70-cr-ledger-v0_3.md\n```",
    "code by four spaces": "Text.\n\n    CR v0.2 in code\n",
    "a mention split by a table cell": "| CR | v0.2 |\n|---|---|\n| CR | v0.2 |",
    "a mention split by a paragraph": "the CR\n\nv0.2 said",
    "another phase's step": "as Phase 72 did at Step 2a",
    "a plain step that is nowhere defined": "Step 9 comes later.",
}


@pytest.mark.parametrize("name", HELD)
def test_is_a_mention(name: str) -> None:
    text, expected = HELD[name]
    assert in_note(text) == expected


@pytest.mark.parametrize("name", NONE)
def test_is_no_mention(name: str) -> None:
    assert in_note(NONE[name]) == []


def test_the_document_naming_itself_is_held_and_not_cited_by_itself() -> None:
    text = "This is loomworks-phase-70-note-v0_1.md; see §1.\n\n## §1 Here\n"
    citations = cite(record_of({**LEDGER, NOTE: header() + text}))
    name = NOTE.rpartition("/")[2]
    assert told(citations, NOTE) == [f"{name} => held {name}", f"§1 => held {name}#s1"]
    assert citations.by(NOTE) == ()


def test_an_archived_document_naming_its_own_version_is_not_told_that_it_is_superseded() -> None:
    texts = {**LEDGER, f"{PHASE}/archive/{CR2}": header("0.2", CR_number="CR-2026-170") + "CR v0.2 is this one."}
    assert told(cite(record_of(texts)), f"{PHASE}/archive/{CR2}") == [f"CR v0.2 => held {CR2}"]


def test_the_same_identifier_in_two_phases_is_read_in_its_own() -> None:
    elsewhere = "phases/phase-71-reports/loomworks-phase-71-note-v0_1.md"
    assert in_note("Gate 5b and CRV-B3.", path=elsewhere) == [
        "Gate 5b => held phase-71-cr-reports-v0_1.md#gate-5b",
        "CRV-B3 => held phase-71-cr-reports-v0_1.md#crv-b3",
    ]
    outside = "session-handoffs/loomworks-note-v0_1.md"
    assert in_note("Gate 5b, step 2a and P70-D7.", path=outside) == [
        "Gate 5b => unresolved",
        f"P70-D7 => held {CR3}#p70-d7",
    ]
    assert in_note("Phase 71 met Gate 5b.", path=outside) == ["Gate 5b => held phase-71-cr-reports-v0_1.md#gate-5b"]


def test_a_gate_is_the_own_versions_and_a_decision_the_newest() -> None:
    gates = (
        "\n\n## §12 Gates\n\n| # | Gate |\n|---|---|\n| 5b | Old |\n\n| Item | Setting |\n|---|---|\n| P70-D7 | Old |\n"
    )
    older = header("0.2", CR_number="CR-2026-170") + "See Gate 5b and P70-D7." + gates
    path = f"{PHASE}/archive/{CR2}"
    assert told(cite(record_of({**LEDGER, path: older})), path) == [
        f"Gate 5b => held {CR2}#gate-5b",
        f"P70-D7 => held {CR3}#p70-d7",
    ]


def test_a_cr_section_in_an_amendments_handoff_is_that_of_the_cr_it_aims_at() -> None:
    path = f"{PHASE}/loomworks-phase-70-cr-amendment-handoff-v0_1.md"
    target = "CR-2026-170 v0.2 (phase-70-cr-ledger-v0_2.md), superseding v0.1."
    assert in_note("CR §7 is amended.", path=path, CR_target=target) == [
        f"CR-2026-170 v0.2 => superseded {CR2}",
        f"{CR2} => superseded {CR2}",
        f"v0.1 => superseded {CR1}",
        f"CR §7 => superseded {CR2}#s7",
    ]


def test_an_amendment_that_names_one_scoping_note_means_that_one() -> None:
    named = "loomworks-phase-70-cr-amendment-9-handoff-v0_1.md"
    found = in_note("The amendment handoff §7.2 says.", Companion_to=named)
    assert found == [f"{named} => unresolved", "amendment handoff §7.2 => unresolved"]


def test_halt_notes_are_told_apart_by_their_cycle() -> None:
    first, second = "phase-70-halt-surface-2026-05-12-v0_1.md", "phase-70-halt-surface-2026-05-12-step-2b-v0_1.md"
    notes = {f"{PHASE}/{first}": header() + "## §4 What\n", f"{PHASE}/{second}": header() + "## §4 What\n"}
    listed = f"- {first} (cycle 1)\n- {second} (cycle 2)\n\n"
    text = f"{listed}See cycle-2 halt-surface §4 and cycle-1 halt-surface §4.\n\nSee halt-surface §4."
    assert in_note(text, more=notes)[2:] == [
        f"cycle-2 halt-surface §4 => held {second}#s4",
        f"cycle-1 halt-surface §4 => held {first}#s4",
        "halt-surface §4 => unresolved",
    ]


def test_a_phases_only_chain_is_not_reached_from_another_phase() -> None:
    other = "phases/phase-72-empty/loomworks-phase-72-note-v0_1.md"
    assert in_note("CR v0.2 and scoping v0.2 and manifest v0.42.", path=other) == [
        "CR v0.2 => unresolved",
        "scoping v0.2 => unresolved",
        "manifest v0.42 => held current-status-manifest-v0_42.md",
    ]


def test_a_broad_kind_needs_its_own_words() -> None:
    spec = {"specs/loomworks-ledger-specification-v0_1.md": header() + "Text.\n"}
    text = "Ledger specification v0.1, playground spec v0.1 and the specification v0.1."
    name = "loomworks-ledger-specification-v0_1.md"
    assert in_note(text, more=spec) == [
        f"Ledger specification v0.1 => held {name}",
        "playground spec v0.1 => unresolved",
        f"specification v0.1 => held {name}",
    ]


def test_another_of_a_broad_kind_is_not_the_own_chain() -> None:
    own = "investigations/loomworks-agent-fabric-investigation-v0_2.md"
    more = {
        "investigations/archive/loomworks-agent-fabric-investigation-v0_1.md": header(),
        "investigations/loomworks-engagement-modes-investigation-v0_1.md": header(),
    }
    found = in_note("engagement modes investigation v0.1, and the agent fabric investigation v0.1", path=own, more=more)
    assert found == [
        "engagement modes investigation v0.1 => held loomworks-engagement-modes-investigation-v0_1.md",
        "agent fabric investigation v0.1 => superseded loomworks-agent-fabric-investigation-v0_1.md",
    ]


def test_of_two_chains_in_a_phase_the_one_that_holds_the_version() -> None:
    more = {f"{PHASE}/loomworks-credit-scoping-note-v0_7.md": header("0.7")}
    assert in_note("scoping v0.7 and scoping v0.2", more=more) == [
        "scoping v0.7 => held loomworks-credit-scoping-note-v0_7.md",
        f"scoping v0.2 => held {SCOPING}",
    ]


def test_outside_phases_only_the_only_chain_is_meant() -> None:
    outside = "session-handoffs/loomworks-note-v0_1.md"
    assert in_note("CR v0.3 and scoping v0.2", path=outside) == [
        "CR v0.3 => unresolved",
        f"scoping v0.2 => held {SCOPING}",
    ]


def test_twins_are_one_version_of_two_forms() -> None:
    twins = {"investigations/a-deep-read-v0_1.md": header(), "investigations/a-deep-read-v0_1.html": "<h1>A</h1>"}
    assert in_note("a-deep-read-v0_1, a-deep-read-v0_1.md, a-deep-read-v0_1.html", more=twins) == [
        "a-deep-read-v0_1 => held a-deep-read-v0_1.md",
        "a-deep-read-v0_1.md => held a-deep-read-v0_1.md",
        "a-deep-read-v0_1.html => held a-deep-read-v0_1.html",
    ]


def test_an_amendment_of_a_version_is_not_the_version() -> None:
    amendment = {f"{PHASE}/phase-70-cr-amendment-v0_2-v0_1.md": header() + "CR v0.2 is amended by CR v0.1.\n"}
    path = next(iter(amendment))
    assert in_note("phase-70-cr-amendment-v0_2-v0_1.md", more=amendment) == [
        "phase-70-cr-amendment-v0_2-v0_1.md => held phase-70-cr-amendment-v0_2-v0_1.md"
    ]
    assert told(cite(record_of({**LEDGER, **amendment})), path) == [
        f"CR v0.2 => superseded {CR2}",
        f"CR v0.1 => superseded {CR1}",
    ]


def test_places_are_configured() -> None:
    texts = {**LEDGER, NOTE: header() + "a-note-v0_1.md (the attic).\n"}
    assert told(cite(record_of(texts)), NOTE) == ["a-note-v0_1.md => unresolved"]
    found = cite(record_of(texts, config=with_places("the attic"))).of(NOTE)
    assert [(citation.outcome, citation.place) for citation in found] == [("elsewhere", "the attic")]


def test_a_file_twice_in_one_record_is_the_one_that_is_meant() -> None:
    twice = {"other/phase-70-cr-ledger-v0_3.md": header("0.3")}
    assert in_note(f"{CR3} here", more=twice) == [f"{CR3} => held {CR3}"]
    citations = cite(record_of({**LEDGER, **twice, NOTE: header() + f"other/{CR3} and {CR3}"}))
    assert [citation.target for citation in citations.of(NOTE)] == [f"other/{CR3}", f"{CR}-v0_3.md"]
