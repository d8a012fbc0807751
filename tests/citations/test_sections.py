"""Anchors come from the sections' own numbers, and stay what they are when titles change."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.text.anchors import is_of_page
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.sections import SectionIndex, sections_of

HEADINGS = {
    "## §7 Shape": "s7",
    "## §7: Shape": "s7",
    "### §7.2 Sections": "s7-2",
    "### 7.2 Sections": "s7-2",
    "## 7. Shape": "s7",
    "## Section 7. Shape": "s7",
    "### §3.A Amendment cycle 1": "s3-a",
    "### 3.B Amendment cycle 2": "s3-b",
    "### §10.1.2 Deep": "s10-1-2",
    "### Step 2b: Live usage event": "step-2b",
    "### Step 2b — Live usage event": "step-2b",
    "### Step 2b": "step-2b",
    "### Step 2b (was Step 2 in v0.1)": "step-2b",
    "### Sub-arc 5: Binding": "sub-arc-5",
    "### P57-D7 Delete at close": "p57-d7-delete-at-close",
    "### P57-D7: Delete at close": "p57-d7",
    "### Gate 5b — Sign-in": "gate-5b",
    "### CRV-B3. Scrollback": "crv-b3",
    "### Candidate F: Diagnosis": "candidate-f",
    "### §5.4 Sub-arc 4: Sign-in": "s5-4",
    "## 3 halts in one day": "3-halts-in-one-day",
    "## 2026-05-12": "2026-05-12",
    "## What this is": "what-this-is",
    "## Überblick & Größe": "uberblick-grosse",
    "## 数": "数",
    "## !?": "section",
    "## Provenance": "provenance",
    "## Versions": "versions",
    "## Cited by": "cited-by",
    "## R & D": "r_d",
    "## R values": "r_values",
}


def anchors(text: str) -> list[str]:
    return [section.anchor for section in sections_of(flatten_markdown(text))]


@pytest.mark.parametrize("line", HEADINGS)
def test_anchor_of_a_heading(line: str) -> None:
    assert anchors(f"{line}\n\nText.") == [HEADINGS[line]]


def test_a_changed_title_keeps_the_anchor() -> None:
    assert anchors("## §7.2 Old title") == anchors("## §7.2 Another title altogether") == ["s7-2"]


def test_letters_under_a_sub_arc_are_its_parts() -> None:
    text = (
        "### Sub-arc 4: Form\n\n#### 4a. Guard\n\nText.\n\n4b. Body, in a paragraph of its own.\n\n"
        "## §6 Other\n\n#### 4a. Not its part\n"
    )
    found = sections_of(flatten_markdown(text))
    assert [(section.anchor, section.identifier) for section in found] == [
        ("sub-arc-4", "Sub-arc 4"),
        ("sub-arc-4a", "Sub-arc 4a"),
        ("sub-arc-4b", "Sub-arc 4b"),
        ("s6", ""),
        ("s4a", ""),
    ]


def test_defining_rows_and_labels() -> None:
    text = (
        "## §12 Gates\n\n| # | Gate | Where |\n|---|---|---|\n| 5 | Ready | a |\n| 5b | Signed in | b |\n\n"
        "| Item | Setting |\n|---|---|\n| P57-D7 | Delete |\n| `P57-D8` | Keep |\n\n"
        "**Candidate F.** Diagnosis first.\n\n**P57-B10** records it.\n\n"
        "- **CRV-B3.** Scrollback.\n- CRV-B4: Loaded.\n\n"
        "P57-B11 records it in prose.\n\nSee Gate 7: it is prose too.\n"
    )
    found = sections_of(flatten_markdown(text))
    assert [(section.anchor, section.kind, section.title) for section in found][1:] == [
        ("gate-5", "row", "Ready"),
        ("gate-5b", "row", "Signed in"),
        ("p57-d7", "row", "Delete"),
        ("p57-d8", "row", "Keep"),
        ("candidate-f", "label", "Diagnosis first."),
        ("p57-b10", "label", "records it."),
        ("crv-b3", "label", "Scrollback."),
        ("crv-b4", "label", "Loaded."),
    ]


def test_a_heading_defines_before_a_row_does() -> None:
    text = "| Step | Time |\n|---|---|\n| Step 2b | ten minutes |\n\n### Step 2b: Live\n"
    assert [(s.kind, s.anchor) for s in sections_of(flatten_markdown(text))] == [("heading", "step-2b")]


def test_short_lines_that_begin_with_a_number_of_their_own_are_sections() -> None:
    text = "§6 What this does not deliver\n\nText.\n\n§7.2 says that nothing moves.\n\nStep 2a — Sign-in (new)\n\nText."
    assert anchors(text) == ["s6", "step-2a"]


def test_numbers_keep_their_anchor_from_titles_and_repeats() -> None:
    assert anchors("## s7\n\n## §7 One\n\n### §7.2 Two\n\n## §7 Again\n") == ["s7_3", "s7", "s7-2", "s7_2"]


def test_lines_are_those_of_the_file() -> None:
    found = sections_of(flatten_markdown("Text.\n\n## §1 A\n\n```\n## not one\n```\n\n## §2 B\n", line=10))
    assert [(section.number, section.line) for section in found] == [("1", 12), ("2", 18)]


def test_sections_are_found_by_number_name_and_title() -> None:
    index = SectionIndex(
        sections_of(flatten_markdown("## §7.2 Shape selection\n\n### Step 2b: Live\n\n## Open decisions\n"))
    )
    assert index.number("7.2") is index.titled("Shape selection") is index.titled("shape  selection of v0.2")
    assert index.by_identifier["Step 2b"].anchor == "step-2b"
    assert index.titled("Open") is index.titled("open decisions")
    assert index.titled("Something else") is None


TITLES = st.lists(
    st.tuples(
        st.sampled_from(["#", "##", "###"]),
        st.sampled_from(["§7", "§7.2", "7.2", "3.A", "Step 2b:", "P57-D7:", "Gate 5b —", "", "4a.", "Section 3."]),
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30),
    ),
    max_size=12,
)


@given(TITLES)
def test_anchors_are_valid_ids_and_no_two_are_the_same(titles: list[tuple[str, str, str]]) -> None:
    text = "\n\n".join(" ".join(part for part in title if part) for title in titles)
    found = anchors(text)
    assert len(found) == len(set(found))
    assert not any(map(is_of_page, found))
    assert all(re.fullmatch(r"\S+", anchor) for anchor in found)


@given(TITLES)
def test_anchors_are_the_same_every_time(titles: list[tuple[str, str, str]]) -> None:
    text = "\n\n".join(" ".join(title) for title in titles)
    assert anchors(text) == anchors(text)
