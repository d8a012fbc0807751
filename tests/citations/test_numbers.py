"""Numbers that name documents: what defines one, how it is written, and that nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.asking.look import look
from loomworks_record.asking.table import NamesTable
from loomworks_record.errors import UsageError
from loomworks_record.pages.answers import name_entries
from loomworks_record.pages.registers import registers
from loomworks_record.record.citations.cite import Citations, cite
from loomworks_record.record.numbers import numbers
from loomworks_record.source.config import parse_config
from loomworks_record.text.identifiers import identifier_grammar

from citations.records import record_of

ADR = {"kind": "adr", "label": "ADR", "prefix": "ADR", "folders": ["adr"]}


def read(texts: dict[str, str], *rows: dict[str, Any]) -> Citations:
    return cite(record_of(texts, config=parse_config({"identifiers": list(rows)})))


def told(citations: Citations, path: str) -> list[str]:
    """As that of the other tests, with the whole path of the target."""
    return [
        " ".join(filter(None, (each.text, "=>", each.outcome, each.target)))
        + (f"#{each.anchor}" if each.anchor else "")
        for each in citations.of(path)
    ]


def codes(citations: Citations) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in citations.problems if problem.code.startswith("identifier-")]


WAYS = {
    "bare number in a folder": (ADR, {"adr/0012-use-a-queue.md": "# Use a queue\n"}),
    "number in a numbered title": (ADR, {"adr/0012-use-a-queue.md": "# 12. Use a queue\n"}),
    "prefix in the name": (ADR, {"decisions/adr-012-queue.md": "# Queue\n"}),
    "prefix in the title": (ADR, {"queue.md": "# ADR-12: Use a queue\n"}),
    "folder of a README": (ADR, {"sig/adr/12-queue/README.md": "# Queue\n"}),
    "a field of its name": (ADR, {"queue.md": "---\nadr: 12\ntitle: Queue\n---\n## Why\n"}),
    "a label": (ADR, {"queue.md": "# Queue\n\n**ADR number:** ADR-0012\n\nText.\n"}),
    "a version in its name": (ADR, {"adr/0012-queue-v0_2.md": "# Queue\n"}),
    "a pattern and a title": (
        {"kind": "adr", "pattern": r"ADR-\d+"}, {"queue.md": "# ADR-12 — Use a queue\n"}
    ),
    "a pattern and a name": (
        {"kind": "adr", "pattern": r"ADR-\d+", "defined_by": ["name"]}, {"adr-12-queue.md": "# Queue\n"}
    ),
}  # fmt: skip


@pytest.mark.parametrize(("row", "texts"), WAYS.values(), ids=WAYS)
def test_a_mention_leads_to_the_document_that_has_the_number(row: dict[str, Any], texts: dict[str, str]) -> None:
    (path,) = texts
    citations = read({**texts, "notes/talk.md": "# Talk\n\nSee ADR-12.\n"}, row)
    assert told(citations, "notes/talk.md") == [f"ADR-12 => held {path}"]
    assert codes(citations) == []


@pytest.mark.parametrize("written", ["ADR-1", "ADR 1", "ADR-0001", "ADR 0001", "ADR1", "ADR_0001", "ADR#1", "ADR-001"])
def test_zeros_hyphen_and_blank_are_forgiven(written: str) -> None:
    citations = read({"adr/0001-files.md": "# Files\n", "talk.md": f"# Talk\n\nBy {written}, files.\n"}, ADR)
    assert told(citations, "talk.md") == [f"{written} => held adr/0001-files.md"]


def test_what_only_looks_like_one_is_none() -> None:
    text = "# Talk\n\nMADR-1, ADR-1-queue, ADR 1.2, XADR 1, adr, ADR and ADRs, docs/ADR-1.\n"
    assert told(read({"adr/0001-files.md": "# Files\n", "talk.md": text}, ADR), "talk.md") == []


def test_several_in_a_row_are_each_one() -> None:
    texts = {f"adr/000{n}-x.md": "# X\n" for n in (1, 2, 3)} | {"talk.md": "# Talk\n\nADRs 1, 2 and 3.\n"}
    found = told(read(texts, ADR), "talk.md")
    assert [line.split(" => ")[1] for line in found] == [f"held adr/000{n}-x.md" for n in (1, 2, 3)]


def test_a_section_after_a_number_is_that_documents() -> None:
    texts = {"adr/0001-files.md": "# Files\n\n## 3. Limits\n", "talk.md": "# Talk\n\n## 3. Mine\n\nADR-1 §3 holds.\n"}
    assert told(read(texts, ADR), "talk.md") == ["ADR-1 §3 => held adr/0001-files.md#s3"]


def test_two_words_may_stand_for_one_series() -> None:
    row = {"kind": "eip", "prefix": ["EIP", "ERC"]}
    texts = {"eip-20.md": "---\neip: 20\ntitle: Token\n---\n## Abstract\n", "talk.md": "# Talk\n\nERC-20, EIP 20.\n"}
    assert told(read(texts, row), "talk.md") == ["ERC-20 => held eip-20.md", "EIP 20 => held eip-20.md"]


def test_what_several_documents_claim_is_told_and_leads_nowhere() -> None:
    texts = {"adr/0001-files.md": "# A\n", "adr/0001-queue.md": "# B\n", "talk.md": "# Talk\n\nADR-1.\n"}
    citations = read(texts, ADR)
    assert told(citations, "talk.md") == ["ADR-1 => unresolved"]
    assert codes(citations) == [(path, "identifier-duplicate") for path in ("adr/0001-files.md", "adr/0001-queue.md")]


def test_a_title_about_a_number_takes_it_from_nobody() -> None:
    texts = {"adr/0001-files.md": "# A\n", "review.md": "# ADR-1 review\n", "talk.md": "# Talk\n\nADR-1.\n"}
    citations = read(texts, ADR)
    assert told(citations, "talk.md") == ["ADR-1 => held adr/0001-files.md"]
    assert codes(citations) == []


def test_a_document_of_two_numbers_is_told() -> None:
    citations = read({"adr/0002-queue.md": "# ADR-0003: Queue\n", "talk.md": "# Talk\n\nADR-3, ADR-2.\n"}, ADR)
    assert codes(citations) == [("adr/0002-queue.md", "identifier-mismatch")]
    assert told(citations, "talk.md") == ["ADR-3 => unresolved", "ADR-2 => held adr/0002-queue.md"]


def test_a_translation_and_a_copy_in_the_archive_claim_nothing_of_their_own() -> None:
    texts = {"adr/0001-x.md": "# X\n", "adr/0001-x.zh-CN.md": "# X\n", "adr/archive/0001-x.md": "# X\n"}
    assert codes(read(texts, ADR)) == []


def test_headings_define_for_the_whole_record_where_the_row_says_so() -> None:
    row = {"kind": "decision", "prefix": "DL", "defined_by": ["heading"]}
    log = "# Decision log\n\n## DL-1 Use files\n\nText.\n\n## DL-2: Use a queue\n\nText.\n"
    index = "# Index\n\n| DL | What |\n|---|---|\n| DL-2 | Queue |\n"
    citations = read({"log.md": log, "index.md": index, "talk.md": "# Talk\n\nSee DL-2 and DL 002.\n"}, row)
    assert told(citations, "talk.md") == ["DL-2 => held log.md#dl-2", "DL 002 => held log.md#dl-2"]
    assert codes(citations) == []
    citations = read({"log.md": log, "other.md": log, "talk.md": "# Talk\n\nSee DL-2.\n"}, row)
    assert told(citations, "talk.md") == ["DL-2 => unresolved"]
    assert {path for path, _ in codes(citations)} == {"log.md", "other.md"}


def test_a_number_of_what_was_superseded_says_so() -> None:
    texts = {
        "adr/0001-files.md": "# Files\n\nStatus: Superseded by ADR-0002\n",
        "adr/0002-queue.md": "# Queue\n\nSupersedes: ADR-0001\n",
        "talk.md": "# Talk\n\nADR-1.\n",
    }
    citations = read(texts, ADR)
    assert told(citations, "talk.md") == ["ADR-1 => superseded adr/0001-files.md"]
    assert citations.of("talk.md")[0].now == "adr/0002-queue.md"
    (register,) = (each for each in registers(citations) if each.slug == "adrs")
    assert [row.identifier.text for row in register.rows] == ["ADR-0002"]
    assert [row.identifier.text for group in register.groups for row in group.gone] == ["ADR-0001"]


@pytest.mark.parametrize("asked", ["ADR-12", "adr 0012", "ADR12", "adr-12"])
def test_a_number_can_be_asked_for(asked: str) -> None:
    record = record_of({"adr/0012-queue.md": "# Queue\n", "b.md": "# B\n"}, config=parse_config({"identifiers": [ADR]}))
    table = NamesTable.of(name_entries(record))
    found = look(table, asked)
    assert found.sure
    assert table.entries[found.ranks[0]].path == "adr/0012-queue.md"


@given(st.integers(0, 999_999), st.integers(0, 6), st.sampled_from(["-", " ", "", "_", "#", " #"]))
def test_every_number_has_one_canonical_form(number: int, width: int, apart: str) -> None:
    grammar = identifier_grammar(parse_config({"identifiers": [ADR | {"defined_by": ["title"]}]}).identifiers)
    named = grammar.of_title(f"ADR{apart}{number:0{width}d}: A title")
    assert named is not None
    assert named.name == f"ADR-{number}"


def test_a_record_without_such_rows_has_none() -> None:
    assert numbers(record_of({"adr/0001-x.md": "# ADR-0001: X\n"})).by_name == {}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "adr"}, "needs 'pattern' or 'prefix'"),
        ({"kind": "adr", "prefix": "ADR", "pattern": "ADR"}, "no 'pattern'"),
        ({"kind": "adr", "prefix": [7]}, "a text or a list of texts"),
        ({"kind": "adr", "prefix": " "}, "a text or a list of texts"),
        ({"kind": "adr", "prefix": "ADR", "defined_by": ["label"]}, "name, title, header, heading"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(row: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_config({"identifiers": [row]})


STATED = {
    "below Status": "# 2. B\n\n## Status\n\nAccepted\n\nAmends [1. A](0001-a.md)\n\n## Context\n\nAs ADR-1 says.\n",
    "in plain labels": "# ADR-2: B\n\nOwner: Kim\nReplaces: ADR-1\n\n## Context\n\nAs ADR-1 says.\n",
    "in bold labels": "# ADR-2: B\n\n**Status.** Amends ADR-1\n\n## Context\n\nAs ADR-1 says.\n",
}


@pytest.mark.parametrize("body", STATED.values(), ids=STATED)
def test_what_a_header_says_is_cited_once_where_the_body_shows_it(body: str) -> None:
    citations = read({"adr/0001-a.md": "# 1. A\n", "adr/0002-b.md": body}, ADR)
    assert [each.where for each in citations.by("adr/0001-a.md")] == ["header", "Context"]
