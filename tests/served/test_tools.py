"""What the tools answer over the sample record and the broken one: right, small, page by page, by their schemas."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.mcp.tools import TOOLS
from support.site import PROJECT, write_content

from served.clients import Asked, asking, in_process, reader_of, text_of

BROKEN = PROJECT / "tests/data/broken"
P57 = "phases/phase-57-marketing-engagement-creation"
CR = f"{P57}/phase-57-cr-marketing-engagement-creation-v0_4.md"
CR_2 = f"{P57}/archive/phase-57-cr-marketing-engagement-creation-v0_2.md"
READER = reader_of(PROJECT)


@pytest.fixture(scope="module")
def ask() -> Asked:
    return Asked(READER)


def test_tools_are_few_typed_and_only_read() -> None:
    tools = asking(in_process(READER), lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == list(TOOLS) and len(tools) == 9
    for tool in tools:
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert tool.annotations.read_only_hint and tool.annotations.idempotent_hint
        assert not tool.annotations.destructive_hint and not tool.annotations.open_world_hint


def test_which_version_holds_and_what_answered_a_halt_takes_one_call_and_three_kilobytes(ask: Asked) -> None:
    (answer,) = ask.all([("trajectory", {"phase": "57"})])
    told = answer.structured_content
    assert (told["in_force"]["path"], told["in_force"]["version"]) == (CR, "0.4")
    assert (told["items"][2]["cycle"], told["items"][2]["answered_by"]) == (3, CR)
    assert "In force: CR-2026-090 v0.4" in text_of(
        answer
    ) and "Cycle 3: Step 2b live. Halt answered by v0.4" in text_of(answer)
    assert len(text_of(answer).encode()) + len(json.dumps(told)) <= 3_000


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "phase 57 CR v0.2 §12"},
        {"name": "CR v0.2 §12", "phase": 57},
        {"name": "CR-2026-090 v0.2", "section": "12"},
        {"name": CR_2, "section": "Acceptance gates"},
        {"name": f"https://record.dunin7.com/view/{CR_2.replace('archive/', '')}.html#s12"},
    ],
)
def test_a_read_of_what_has_changed_says_so_first(ask: Asked, arguments: dict[str, object]) -> None:
    told = ask("read", **arguments, tokens=100)
    assert told["said"].startswith("Archived: v0.4 is in force; §12 changed in v0.3 and v0.4")
    assert "renumbered: Gate 7 → Gate 9 … Gate 18 → Gate 20" in told["said"]
    assert told["quoted"]["text"].startswith("## §12 Acceptance gates\n")
    assert told["quoted"]["lines"].startswith("269-")
    assert told["document"]["path"] == told["quoted"]["path"] == CR_2


def test_a_name_that_is_not_clear_gives_the_candidates_and_what_holds_of_each(ask: Asked) -> None:
    said = ask.refused("read", name="CR v0.2 §12")
    assert "it is not clear what 'CR v0.2 §12' means" in said and "renumbered: Gate 7 → Gate 9" in said
    assert "CR-2026-080 v0.2 §12: Current: v0.2" in said
    resolved = ask("resolve", name="CR v0.2")
    assert not resolved["sure"] and len(resolved["items"]) == 3
    assert resolved["items"][0]["current"] == CR


@pytest.mark.parametrize(
    ("name", "section", "starts", "ends"),
    [
        ("CR-2026-090", "Gate 5b", "| 5b |", "|"),
        ("CR-2026-090", "gate 5b", "| 5b |", "|"),
        ("CR-2026-090", "p57 b3", "| P57-B3 |", "|"),
        ("CR-2026-090 v0.4", "s12", "## §12", "|"),
        ("CR-2026-090", "Step 2c", "### Step 2c", "."),
    ],
)
def test_a_section_is_found_by_number_identifier_anchor_and_title(
    ask: Asked, name: str, section: str, starts: str, ends: str
) -> None:
    told = ask("read", name=name, section=section, tokens=5_000)
    assert told["said"].startswith("Current: v0.4")
    assert told["quoted"]["text"].startswith(starts) and told["quoted"]["text"].endswith(ends)
    first, last = map(int, told["quoted"]["lines"].split("-"))
    filed = (PROJECT / "content" / told["quoted"]["path"]).read_text("utf-8").split("\n")
    assert "\n".join(filed[first - 1 : last]).rstrip() == told["quoted"]["text"].rstrip()


def test_what_the_record_does_not_have_is_refused_in_a_line_with_the_next_step(ask: Asked) -> None:
    assert "has no section '99': it has §1" in ask.refused("read", name="CR-2026-090", section="99")
    assert "nothing is named 'zzzz'; use the tool 'search'" in ask.refused("read", name="zzzz")
    assert "is phase 'Phase 57" in ask.refused("read", name="phase 57")
    assert "lines: expected two of 1 to" in ask.refused("read", name="CR-2026-090", lines="9-3")
    assert "cycle: Phase 57 has 0, 1, 2, 3, got 7" in ask.refused("trajectory", phase="57", cycle=7)
    assert "unknown field `day`" in ask.refused("status", day="2026-05-12")
    assert "Expected `int`" in ask.refused("context", phase="57", tokens="many")
    assert "it takes phase, tokens" in ask.refused("context")
    # What the Inspector makes of --tool-arg name=0.10: it is refused, and not asked as another version.
    assert "got `float`" in (said := ask.refused("resolve", name=0.1)) and 'write "0.10", with its quotes' in said
    assert "quotes" not in ask.refused("context", phase="57", tokens=1.5)
    assert "is itself the last version" in ask.refused("compare", old="CR-2026-090")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read", {"name": "phase 57 cr", "section": "\n\n\n"}),
        ("read", {"name": "phase 57 cr", "section": "(a+)+$"}),
        ("read", {"name": "no\nsuch\r\nname", "phase": 10**25}),
        ("read", {"name": "phase 57 cr", "tokens": "100"}),
        ("read", {"name": "phase 57 cr", "lines": "١-٢"}),
        ("cited_by", {"name": "phase 57 cr", "section": "no\n§99"}),
        ("context", {"phase": "five\nseven"}),
        ("trajectory", {"phase": "methodology\nv0.20"}),
    ],
)
def test_what_is_refused_is_refused_in_one_line(ask: Asked, tool: str, arguments: dict[str, object]) -> None:
    said = ask.refused(tool, **arguments)
    assert "\n" not in said
    assert "0.10" not in said


def test_pages_of_a_text_joined_are_the_text(ask: Asked) -> None:
    filed = (PROJECT / "content" / CR).read_text("utf-8")
    pages = ask.pages("read", name="CR-2026-090", tokens=2_000)
    assert len(pages) > 4 and "".join(page["quoted"]["text"] for page in pages) == filed.rstrip()
    assert all(len(page["quoted"]["text"].encode()) <= 8_000 for page in pages)
    lines = [tuple(map(int, page["quoted"]["lines"].split("-"))) for page in pages]
    assert all(after[0] in (before[1], before[1] + 1) for before, after in pairwise(lines))


@given(text=st.text(st.characters(codec="utf-8"), max_size=400), tokens=st.integers(50, 80))
def test_no_character_is_lost_between_pages(text: str, tokens: int) -> None:
    from loomworks_record.mcp.passages import LineRange  # noqa: PLC0415 - the value alone

    passage = LineRange(READER.snapshot().whole.record.documents[0], text, 1, 1 + text.count("\n"))
    parts, offset = [], 0
    while offset is not None:
        part, _, offset = passage.page(offset, tokens)
        assert len(part.encode()) <= tokens * 4
        parts.append(part)
    assert "".join(parts) == text


def test_a_cursor_is_of_one_question_and_one_reading(ask: Asked) -> None:
    first = ask("read", name="CR-2026-090", tokens=100)
    for arguments in ({"tokens": 200}, {"section": "12", "tokens": 100}):
        assert "cursor: it is not of this question" in ask.refused(
            "read", name="CR-2026-090", cursor=first["next"], **arguments
        )
    assert "cursor" in ask.refused("check", cursor="x.9")


def test_compare_gives_a_summary_or_the_words_of_one_section(ask: Asked) -> None:
    whole = ask("compare", old="CR-2026-090 v0.2")
    assert whole["said"].startswith("CR-2026-090 v0.2 → CR-2026-090 v0.4: 20 sections changed")
    items = [item for page in ask.pages("compare", old="CR-2026-090 v0.2") for item in page["items"]]
    assert {
        "sort": "renumbered",
        "where": "12 gates: Gate 7 → Gate 9 … Gate 18 → Gate 20",
        "old": "",
        "new": "",
    } in items
    words = ask("compare", old="CR-2026-090 v0.2", new="v0.3", form="words", section="§7")
    assert words["new"]["version"] == "0.3" and len(words["items"]) == 1
    assert words["items"][0]["where"].startswith("§7") and "" != words["items"][0]["old"] != words["items"][0]["new"]


def test_who_cites_a_section(ask: Asked) -> None:
    every = ask("cited_by", name="CR-2026-090")
    own = ask("cited_by", name="CR-2026-090", section="P57-B10")
    assert every["said"].startswith("CR-2026-090 v0.4 is cited by 24 documents")
    assert own["items"] and all("P57-B10" in each["quote"] for each in own["items"])


def test_search_looks_at_what_holds_unless_it_is_told_otherwise(ask: Asked) -> None:
    current = ask.pages("search", text='"acceptance gates"')
    every = ask.pages("search", text='"acceptance gates"', standing="any")
    assert all(item["document"]["standing"] == "current" for page in current for item in page["items"])
    assert 0 < current[0]["total"] < every[0]["total"] == sum(len(page["items"]) for page in every)
    for page in every:
        for item in page["items"]:
            assert "acceptance gates" in " ".join(
                (PROJECT / "content" / item["document"]["path"]).read_text("utf-8").casefold().split()
            )
    assert ask("search", text="marketing", kind="change-request", phase=57)["items"][0]["document"]["path"] == CR
    assert ask("search", text="zzzz qqqq")["items"] == []
    assert "Acceptance gates" in ask("search", text="acceptance gate")["items"][0]["quote"]


def test_status_and_check_say_what_the_commands_say(ask: Asked) -> None:
    whole = READER.snapshot().whole
    filed = [
        item for page in ask.pages("status", since="2026-05-13") for item in page["items"] if item["list"] == "filed"
    ]
    assert filed and all(item["date"] >= "2026-05-13" for item in filed)
    broken = Asked(reader_of(BROKEN))
    items = [item for page in broken.pages("check") for item in page["items"]]
    found = reader_of(BROKEN).snapshot().whole.problems
    assert sorted((i["code"], i["path"], i["message"]) for i in items) == sorted(
        (p.code, p.path, p.message) for p in found
    )
    assert [i["severity"] for i in items] == sorted(
        (i["severity"] for i in items), key=["error", "warning", "notice"].index
    )
    assert {i["path"] for i in broken("check", path="chains")["items"]} <= {
        p.path for p in found if p.path.startswith("chains/")
    }
    assert whole.problems


@pytest.mark.parametrize("folder", [PROJECT, BROKEN], ids=["sample", "broken"])
def test_every_answer_keeps_its_schema(folder: Path) -> None:
    """Of each document a read, who cites it and a comparison; of each phase its pack and its trajectory."""
    reader = reader_of(folder)
    ask, record = Asked(reader), reader.snapshot().whole.record
    calls: list[tuple[str, dict[str, object]]] = [
        ("status", {"since": "2026-01-01"}),
        ("check", {}),
        ("search", {"text": "the"}),
    ]
    for document in record.documents:
        calls += [(name, {"name": document.path}) for name in ("resolve", "cited_by")]
        calls.append(("read", {"name": document.path, "tokens": 300}))
    for chain in record.chains:
        calls += [("compare", {"old": each.path, "form": "words"}) for each in chain.versions[:1]]
    for phase in record.phases:
        calls.append(("context", {"phase": phase.folder, "tokens": 9_000}))
        calls += [("trajectory", {"phase": phase.folder, "cycle": cycle}) for cycle in (0, 1)]
    answers = ask.all(calls)
    refused = [(call, text_of(answer)) for call, answer in zip(calls, answers, strict=True) if answer.is_error]
    assert len(calls) > 100
    for (name, arguments), said in refused:
        assert name in ("compare", "trajectory", "read"), (name, arguments, said)
        assert any(words in said for words in ("itself the last version", "cycle: ", "is not a text")), said
    for (name, _), answer in zip(calls, answers, strict=True):
        assert len(text_of(answer).encode()) < (40_000 if name == "context" else 9_000), name


def test_a_section_that_reads_the_same_is_told_as_that_and_no_other(tmp_path: Path) -> None:
    def filed(version: str, *texts: str) -> str:
        sections = "\n\n".join(f"## §{number} Part {number}\n\n{text}" for number, text in enumerate(texts, 1))
        return f"# Note\n\n**Version.** {version} **Date.** 2026-05-12\n\n{sections}\n"

    write_content(
        {
            "notes/archive/note-v0_1.md": filed(
                "0.1", "One stays.", "Two goes on here.", "Three is here.", "Four was."
            ),
            "notes/archive/note-v0_2.md": filed(
                "0.2", "One stays.", "Two goes on there.", "Three is here.", "Four was."
            ),
            "notes/note-v0_3.md": filed("0.3", "One stays.", "Two goes on there.", "Three isn't here."),
        },
        tmp_path,
    )
    ask = Asked(reader_of(tmp_path))

    def said(version: str, section: str) -> str:
        return ask("read", name=f"note v{version}", section=section)["said"]

    assert said("0.1", "1") == said("0.2", "1") == "Archived: v0.3 is in force; §1 reads the same in it."
    assert said("0.2", "2") == "Archived: v0.3 is in force; §2 reads the same in it."
    assert said("0.1", "2") == "Archived: v0.3 is in force; §2 changed in v0.2."
    assert said("0.1", "3") == "Archived: v0.3 is in force; §3 changed in v0.3."
    assert said("0.1", "4").startswith("Archived: v0.3 is in force; §4 is no longer there")
    current = "Current: v0.3, in force since 12 May 2026; "
    assert said("0.3", "1") == f"{current}§1 dates from v0.1, unchanged since."
    assert said("0.3", "3") == f"{current}§3 dates from v0.1, last changed in v0.3."
    assert ask("read", name="note v0.1")["said"] == (
        "Archived: v0.3 is in force; since: 2 sections changed, 0 added, 1 removed."
    )


def test_what_another_document_replaced_leads_to_that(tmp_path: Path) -> None:
    write_content(
        {
            "notes/rates-v0_2.md": "# Rates\n\n**Version.** 0.2\n**Status.** Superseded by tariff-v1_0.md.\n\n"
            "## §1 One\n\nx\n",
            "notes/tariff-v1_0.md": "# Tariff\n\n**Version.** 1.0 **Date.** 2026-05-12\n\n## §1 One\n\nx\n",
        },
        tmp_path,
    )
    ask = Asked(reader_of(tmp_path))
    said = ask("read", name="rates v0.2", section="1")["said"]
    assert said.startswith("Archived: ") and "1.0 is in force" in said and "cannot be followed to it" in said
    assert ask("resolve", name="rates v0.2")["items"][0]["current"] == "notes/tariff-v1_0.md"
    assert ask("read", name="rates v0.2")["said"] == "Archived: Tariff v1.0 has replaced it, and is in force."
    assert "is chain 'Tariff', outside phases; phases: none" in ask.refused("context", phase="tariff")
    assert ask("compare", old="rates v0.2")["new"]["path"] == "notes/tariff-v1_0.md"


def test_what_was_replaced_twice_leads_to_what_is_in_force(tmp_path: Path) -> None:
    write_content(
        {
            "notes/rates-v0_2.md": "# Rates\n\n**Version.** 0.2\n**Status.** Superseded by tariff-v1_0.md.\n\nx\n",
            "notes/tariff-v1_0.md": "# Tariff\n\n**Version.** 1.0\n**Status.** Superseded by price-v2_0.md.\n\nx\n",
            "notes/price-v2_0.md": "# Price\n\n**Version.** 2.0\n\nx\n",
        },
        tmp_path,
    )
    ask = Asked(reader_of(tmp_path))
    assert ask("read", name="rates v0.2")["said"] == "Archived: Price v2.0 has replaced it, and is in force."
    assert ask("compare", old="rates v0.2")["new"]["path"] == "notes/price-v2_0.md"
