"""Hyphens and blanks that do not break, soft hyphens and blanks without width hide no citation, and stay."""

from __future__ import annotations

import re
from html import unescape

import pytest
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.citations.cite import cite
from loomworks_record.record.whole import Whole

from citations.records import SAMPLE, cited, header, record_of

OLD, NEW = "cr-rooms-v0_1.md", "cr-rooms-v0_2.md"
WORDS = [
    ("Step\u00a02a", NEW, "step-2a"),
    ("CR\u2007v0.1", OLD, None),
    ("CR\u202fv0.1\u00a0§\u00a01", OLD, "s1"),
    ("cr\u2011rooms\u2011v0_\u200b1.md", OLD, None),
    ("CR\u20112026\u00ad\u2010190", NEW, None),
]
TEXTS = {
    NEW: "# Rooms CR\n\n**CR number.** CR\u20112026\u2011190 **Version.** 0\\.2 **Date.** 2026\u201105\u201113\n\n"
    "## §1 Purpose\n\n## Step\u00a02a\n\nSee " + ", ".join(words for words, _, _ in WORDS) + ".\n",
    OLD: "# Rooms CR\n\n**CR number.** CR-2026-190 **Version.** 0.1 **Date.** 2026-05-12\n\n## §1 Purpose\n\nText.\n",
}


def test_citations_are_those_of_plain_signs() -> None:
    found = cite(record_of(TEXTS)).of(NEW)
    assert [(citation.target, citation.anchor) for citation in found] == [(path, anchor) for _, path, anchor in WORDS]


def test_links_hold_the_filed_signs() -> None:
    whole = Whole(record_of(TEXTS))
    page = rendered_text(whole, whole.record.by_path[NEW])
    linked = re.findall(r'<(?:a|span) class="m [^"]*"[^>]*>([^<]*)</', page.body)
    assert list(map(unescape, linked)) == [words for words, _, _ in WORDS]


FIRST, SECOND = (
    "phases/phase\u201161\u2011rooms/cr\u2011rooms\u2011v0_1.md",
    "phases/phase-61-rooms/cr-rooms-v0_\u200b2.md",
)
OTHER = "notes/r\u00adooms\u00a0v1.md"
NAMED = {
    FIRST: header() + "## §1 Purpose\n\nText.\n",
    SECOND: header("0.2")
    + "See cr-rooms-v0_1.md §1, [it](<../../notes/rooms v1.md>) and [it](<../../notes/r\u00adooms v1.md>).\n",
    OTHER: header("1") + "See cr-rooms-v0_1.md and `cr\u2010rooms\u2010v0_2`.\n",
}


def test_names_on_disk_are_read_without_them_and_stay() -> None:
    record = record_of(NAMED)
    assert {document.path: (str(document.version), document.phase) for document in record.documents} == {
        FIRST: ("0.1", 61), SECOND: ("0.2", 61), OTHER: ("1", None)
    }  # fmt: skip
    assert [(chain.id, chain.current and chain.current.path) for chain in record.chains] == [
        ("notes/rooms", OTHER), ("phases/phase-61-rooms/cr-rooms", SECOND)
    ]  # fmt: skip
    found = cite(record)
    assert [(each.target, each.anchor) for each in found.of(SECOND)] == [(FIRST, "s1"), (OTHER, None), (OTHER, None)]
    assert [each.target for each in found.of(OTHER)] == [FIRST, SECOND]


def _no_break(line: str) -> str:
    marks = re.match(r"\s*(?:[-*] |[|:\s-]+$)?", line)
    end = marks.end() if marks else 0
    return line[:end] + line[end:].replace("-", "\u2011")


CHANGES = {
    "non-breaking hyphens": lambda text: "\n".join(map(_no_break, text.split("\n"))),
    "no-break spaces": lambda text: re.sub(r"(?<=\w) (?=[\d§])|(?<=[A-Za-z]) (?=v\d)", "\u00a0", text),
    "blanks without width": lambda text: text.replace("_", "_\u200b"),
    "soft hyphens": lambda text: re.sub(r"(?<=\w)-(?=\w)", "-\u00ad", text),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_citation_and_no_anchor_of_the_sample_is_lost(change: str) -> None:
    plain = cited(SAMPLE)
    path = max((document.path for document in plain.record.documents), key=lambda path: len(plain.of(path)))
    texts = {document.path: document.text for document in plain.record.documents}
    texts[path] = CHANGES[change](texts[path])
    assert texts[path] != plain.record.by_path[path].text
    found = cite(record_of(texts))
    assert found.record.by_path[path].date == plain.record.by_path[path].date
    assert found.record.by_path[path].cr_number == plain.record.by_path[path].cr_number
    places = [(citation.target, citation.anchor, citation.outcome) for citation in plain.of(path)]
    assert [(citation.target, citation.anchor, citation.outcome) for citation in found.of(path)] == places
    assert [s.anchor for s in found.sections(path)] == [s.anchor for s in plain.sections(path)]


def test_the_title_of_a_section_is_shown_as_filed() -> None:
    body = "## §\u00a07 Re\u2011use of v0\\_2\n\n## P57\u2011D7: Delete\u00add\n"
    first, second = cite(record_of({"n/n-v0_1.md": header() + body})).sections("n/n-v0_1.md")
    assert (first.number, first.anchor, first.title) == ("7", "s7", "Re\u2011use of v0_2")
    assert (second.identifier, second.title) == ("P57-D7", "Delete\u00add")
