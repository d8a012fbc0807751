"""Versions of one number ("RFC-12 v1, §3.1", "plan version 2"): whose they are, and when they are nobody's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.record.citations.cite import cite
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS, IdentifierKind

from citations.records import header, record_of, told

BODY = "## 3. Form\n\n### 3.1 Days\n\nSome.\n\n### 3.2 Place\n\nHere.\n\n## 4. Open\n\nMuch.\n\n"
FILED = {
    "LIFE-012-v1.md": header("1") + BODY,
    "LIFE-013-v1.md": header("1") + BODY,
    "archive/ferry-cr-v1.md": header("1") + BODY,
    "ferry-cr-v2.md": header("2") + BODY,
    "lock-cr-v0_1.md": header("0.1") + BODY,
    "plan-v3.md": header("3") + BODY,
}
OWN = "LIFE-012-v2.md"
OTHER = "notes.md"
ROW = IdentifierKind("life", "Life", "Lives", "lives", "", prefix=("LIFE-",), defined_by=("name",))
NUMBERED = replace(RecordConfig(), identifiers=(ROW, *DEFAULT_IDENTIFIERS))
V1, V2 = "LIFE-012-v1.md", OWN


def says(text: str, path: str = OTHER, config: RecordConfig | None = None) -> list[str]:
    texts = {**FILED, OWN: header("2") + BODY, OTHER: header("0.1")}
    texts[path] += text + "\n"
    return told(cite(record_of(texts, config=config)), path)


OWNED = {
    "a subject": ("The ferry CR v1 §4 says.", ["ferry CR v1 §4 => superseded ferry-cr-v1.md#s4"]),
    "a subject with hyphens": ("ferry-cr v2 §4", ["ferry-cr v2 §4 => held ferry-cr-v2.md#s4"]),
    "a subject, a comma": (
        "The ferry CR v1, §4 says.",
        ["ferry CR v1 => superseded ferry-cr-v1.md", "§4 => superseded ferry-cr-v1.md#s4"],
    ),
    "a subject, a comma before it too": (
        "The ferry CR, version 1, §4.",
        ["ferry CR, version 1 => superseded ferry-cr-v1.md", "§4 => superseded ferry-cr-v1.md#s4"],
    ),
    "written out": ("ferry CR version 2 §4", ["ferry CR version 2 §4 => held ferry-cr-v2.md#s4"]),
    "before its subject": ("v1 of the ferry CR says", ["v1 of the ferry CR => superseded ferry-cr-v1.md"]),
    "a short subject": ("the plan v3 §3", ["plan v3 §3 => held plan-v3.md#s3"]),
    "a number": ("LIFE-012 v1 §3.1 had", [f"LIFE-012 v1 §3.1 => superseded {V1}#s3-1"]),
    "a number, a comma": (
        "(LIFE-012 v1, §3.1) had",
        [f"LIFE-012 v1 => superseded {V1}", f"§3.1 => superseded {V1}#s3-1"],
    ),
    "its possessive": ("LIFE-012's v1 §3.1", [f"LIFE-012's v1 §3.1 => superseded {V1}#s3-1"]),
    "two versions": ("LIFE-012 v1 and v2 differ", [f"LIFE-012 v1 => superseded {V1}", f"v2 => held {V2}"]),
    "two with a stroke": ("LIFE-012 v1/v2 differ", [f"LIFE-012 v1 => superseded {V1}", f"v2 => held {V2}"]),
    "a version that is not held": ("LIFE-012 v7 §3.1", ["LIFE-012 v7 §3.1 => unresolved"]),
    "an author's link before it": (
        f"[Lives]({OWN}) v1, §3.1",
        [f"Lives => held {V2}", f"v1 => superseded {V1}", f"§3.1 => superseded {V1}#s3-1"],
    ),
}


@pytest.mark.parametrize("config", [RecordConfig(), NUMBERED], ids=["plain", "numbered"])
@pytest.mark.parametrize("case", OWNED)
def test_a_version_is_of_what_is_named_before_it(case: str, config: RecordConfig) -> None:
    text, expected = OWNED[case]
    for path in (OTHER, OWN):
        assert says(text, path, config) == expected


def test_a_version_in_a_bracket_after_a_number() -> None:
    found = [f"v1 => superseded {V1}", f"§3.1 => superseded {V1}#s3-1"]
    assert says("LIFE-012 (v1) §3.1", config=NUMBERED) == [f"LIFE-012 => held {V2}", *found]


def test_a_range_has_what_is_inside() -> None:
    more = {**FILED, OWN: header("2") + BODY, "LIFE-012-v3.md": header("3"), OTHER: "# N\n\nLIFE-012 v1–v3.\n"}
    found = told(cite(record_of(more)), OTHER)
    assert found == [f"LIFE-012 v1 => superseded {V1}", f"v2 => superseded {V2}", "v3 => held LIFE-012-v3.md"]


ALONE = {
    "In v2's §4 we say": [f"§4 => held {V2}#s4"],
    "v1, §3.1 had 90 days.": [f"v1 => superseded {V1}", f"§3.1 => superseded {V1}#s3-1"],
    "It changed: since v1 §3.1 it is long.": [f"v1 => superseded {V1}", f"§3.1 => superseded {V1}#s3-1"],
    "This life supersedes v1.": [f"v1 => superseded {V1}"],
    "v1 is archived.": [f"v1 => superseded {V1}"],
}


@pytest.mark.parametrize("text", ALONE)
def test_a_version_alone_is_of_the_document_itself(text: str) -> None:
    assert says(text, OWN) == ALONE[text]
    assert not any("held" in each or "superseded" in each for each in says(text, OTHER))


def test_a_version_alone_is_of_what_is_named_beside_it() -> None:
    found = says("LIFE-012 changed; v1's §3.1 was longer, and v2's §3.2 is new.", config=NUMBERED)
    assert f"§3.1 => superseded {V1}#s3-1" in found
    assert f"§3.2 => held {V2}#s3-2" in found


OF_OTHERS = (
    "IPv6 and the v8 engine", "API v2 is out", "The API v2 supersedes v1.", "The API v1 is archived.", "OAuth v2-only",
    "/v2/users and v2.x", "Changes since v1", "upload pathway v2", "a Basic plan v3", "v2 of Kubernetes", "v2 spec v1",
    "the lock CR v1", "Go back to v1", "user@v2", "[Stripe](https://stripe.example/) v2", "v1", "version 2",
)  # fmt: skip
SECTIONS_OF_OTHERS = (
    "API v2 §4", "API v2, §4", "the API v1 §4", "API v1 and v2 §4 there", "the API (v2 §4)", "the API (v2) §4",
    "In the API, v2 §4 is", "v2 §4 of the API", "Kong: v2 §4", "upload pathway v2, §4", "LIFE-012 v1-draft, §3.1",
    "[Stripe](https://stripe.example/) v2, §4", "The API is new and v2 §4 too", "LIFE-013 v1 and v2 §4",
)  # fmt: skip


@pytest.mark.parametrize("text", OF_OTHERS)
def test_the_versions_of_other_things_are_not_linked(text: str) -> None:
    for path in (OTHER, OWN):
        assert says(text, path) == [each for each in says(text, path) if each.startswith("Stripe")]


@pytest.mark.parametrize("text", SECTIONS_OF_OTHERS)
def test_their_sections_are_not_linked_either(text: str) -> None:
    for config in (RecordConfig(), NUMBERED):
        for path in (OTHER, OWN):
            linked = [each for each in says(text, path, config) if "§" in each and "unresolved" not in each]
            assert not linked


NAMES = st.sampled_from(
    ["LIFE-012", "LIFE-013", "LIFE-099", "the ferry CR", "The lock CR", "the API", "Kong", "we", "the plan", "", "see"]
)
JOINTS = st.sampled_from([" ", ", ", " (", "'s ", ": ", "; ", ". ", " and ", " — "])
SAID = st.sampled_from(["v1", "v2", "v3", "v7", "version 1", "version 2"])
BEFORE_SECTION = st.sampled_from([" ", ", ", "'s ", " (", ") ", ", whose ", ""])
CLAUSES = st.tuples(NAMES, JOINTS, SAID, BEFORE_SECTION, st.sampled_from(["§3.1", "§4", "§9", ""]))


@given(st.lists(CLAUSES, min_size=1, max_size=4), st.sampled_from([OTHER, OWN]), st.booleans())
def test_no_version_is_taken_for_another(clauses: list[tuple[str, ...]], path: str, numbered: bool) -> None:
    """Whatever is said around a version, it and the § directly after it lead to that version, or nowhere."""
    text = "; ".join("".join(clause) for clause in clauses)
    said = re.findall(r"v(?:ersion )?(\d)(?:, whose |'s | \(|\) |, | |)(§[\d.]+\d|§\d)?", text)
    sections = [(section, number) for number, section in said if section]
    for each in says(text, path, NUMBERED if numbered else None):
        words, _, rest = each.partition(" => ")
        target = rest.partition(" ")[2].partition("#")[0]
        number = re.search(r"\bv(?:ersion )?(\d)", words)
        of = target.removesuffix(".md").rpartition("-v")[2]
        if target and number:
            assert of == number[1], (text, each)
        elif target and words.startswith("§"):
            assert (words, of) in sections, (text, each)
