"""Header blocks: every style that authors use, told from prose, with no word lost."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from loomworks_record.source.document import Document, document_problems, read_document
from loomworks_record.source.header import Header, parse_header
from loomworks_record.source.kinds import KindTable

LONG = "The sentence of the status goes on and names CR v0.2 and § 7.2 once more. " * 60
FACTS = {"Version": "0.2", "Date": "2026-05-12", "Status": "Draft, awaiting Operator approval."}


def facts(header: Header) -> dict[str, str]:
    return {field.label: field.value for field in header.fields}


def document(text: str, path: str = "phases/phase-57-x/phase-57-cr-x-v0_2.md") -> Document:
    return read_document(path, text.encode(), KindTable())


STYLES = {
    "bold, one line": "**Version.** 0.2 **Date.** 2026-05-12 **Status.** Draft, awaiting Operator approval.",
    "bold, one paragraph each": (
        "**Version.** 0.2\n\n**Date.** 2026-05-12\n\n**Status.** Draft, awaiting Operator approval."
    ),
    "bold, one line each": "**Version.** 0.2\n**Date.** 2026-05-12\n**Status.** Draft, awaiting Operator approval.",
    "bold, two spaces at line ends": (
        "**Version.** 0.2  \n**Date.** 2026-05-12  \n**Status.** Draft, awaiting Operator approval."
    ),
    "bold, backslash at line ends": (
        "**Version.** 0.2\\\n**Date.** 2026-05-12\\\n**Status.** Draft, awaiting Operator approval."
    ),
    "bold, br between": "**Version.** 0.2<br>**Date.** 2026-05-12<br/>**Status.** Draft, awaiting Operator approval.",
    "bold, br at line ends": (
        "**Version.** 0.2<br>\n**Date.** 2026-05-12<br />\n**Status.** Draft, awaiting Operator approval."
    ),
    "bold, colon inside": "**Version:** 0.2 **Date:** 2026-05-12 **Status:** Draft, awaiting Operator approval.",
    "bold, colon outside": "**Version**: 0.2\n**Date**: 2026-05-12\n**Status**: Draft, awaiting Operator approval.",
    "bold, pipes between": "**Version:** 0.2 | **Date:** 2026-05-12 | **Status:** Draft, awaiting Operator approval.",
    "bold, dots between": "**Version.** 0.2 · **Date.** 2026-05-12 · **Status.** Draft, awaiting Operator approval.",
    "bold, a list": ("- **Version.** 0.2\n- **Date.** 2026-05-12\n- **Status.** Draft, awaiting Operator approval."),
    "underscores": "__Version.__ 0.2 __Date.__ 2026-05-12 __Status.__ Draft, awaiting Operator approval.",
    "plain, one line": "Version. 0.2 Date. 2026-05-12 Status. Draft, awaiting Operator approval.",
    "plain, one paragraph each": "Version. 0.2\n\nDate. 2026-05-12\n\nStatus. Draft, awaiting Operator approval.",
    "plain, one line each": "Version. 0.2\nDate. 2026-05-12\nStatus. Draft, awaiting Operator approval.",
    "plain, colons, one line": "Version: 0.2 Date: 2026-05-12 Status: Draft, awaiting Operator approval.",
    "plain, colons, one line each": "Version: 0.2\nDate: 2026-05-12\nStatus: Draft, awaiting Operator approval.",
    "plain, a list": "* Version: 0.2\n* Date: 2026-05-12\n* Status: Draft, awaiting Operator approval.",
    "bold and plain": "**Version.** 0.2 **Date.** 2026-05-12\n\nStatus. Draft, awaiting Operator approval.",
    "a rule before": "---\n\n**Version.** 0.2 **Date.** 2026-05-12 **Status.** Draft, awaiting Operator approval.",
}


@pytest.mark.parametrize("block", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("end", ["\n\nBody.\n", "\n\n---\n\nBody.\n", "\n\n\n\nBody.\n"])
def test_style(block: str, end: str) -> None:
    read = document(f"# A title\n\n{block}{end}")
    assert facts(read.header) == FACTS
    assert read.title == "A title"
    assert read.body == "Body.\n" or read.body == "\nBody.\n"
    assert read.declared_status == "Draft, awaiting Operator approval"


def test_front_matter_may_name_what_is_no_character() -> None:
    """YAML's escapes can stand for half a surrogate pair, which no page can hold."""
    read = document('---\ntitle: "A \\ud83d title"\n"ke\\ud800y": "\\ud83d\\ude00"\nmore: {"\\udc00": 1}\n---\nBody')
    said = [(field.label, field.value) for field in read.header.fields]
    assert said == [("title", "A \ufffd title"), ("ke\ufffdy", "\U0001f600"), ("more", "\ufffd: 1")]


@pytest.mark.parametrize("section", ["abstract", "middle", "note_Readers"])
def test_front_matter_of_a_draft_ends_where_its_first_section_begins(section: str) -> None:
    read = document(f"---\ntitle: Rates\ndate: 2026-03-04\n--- {section}\n\nA band.\n\n--- back\n\n# More\n")
    assert (read.title, str(read.date), read.header.front_matter_error) == ("Rates", "2026-03-04", None)
    assert read.body.startswith(f"--- {section}\n\nA band.")


def test_front_matter_in_yaml() -> None:
    read = document(
        "---\nversion: 0.10\ndate: 2026-05-12\ncr_number: CR-2026-090\ninputs: [a.md, b.md]\n---\n# T\n\nBody"
    )
    assert facts(read.header) == {
        "version": "0.10", "date": "2026-05-12", "cr_number": "CR-2026-090", "inputs": "a.md; b.md"
    }  # fmt: skip
    assert [field.line for field in read.header.fields] == [2, 3, 4, 5]
    assert (read.title, read.body, str(read.date), read.cr_number) == ("T", "Body", "2026-05-12", "CR-2026-090")


@pytest.mark.parametrize("written", ["0_8", "0_10", "1_2"])
def test_a_version_in_front_matter_as_in_a_name_is_not_a_number(written: str) -> None:
    """PyYAML's other loaders read 0_10 as 8, and 1_2 as 12."""
    assert facts(document(f"---\nversion: {written}\n---\n# T\n").header) == {"version": written}


MALFORMED = {
    "unclosed bracket": "foo: [a\nbar: b",
    "colon in a value": "title: a: b",
    "a tab": "a:\n\t- b",
    "a list": "- a\n- b",
    "only words": "only words",
    "a key twice": "status: a\nstatus: b",
    "aliases without end": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(9)
    ),
    "an alias of itself": "a: &a [*a]",
    "deep": "a: " + "[" * 3000,
}  # fmt: skip


@pytest.mark.parametrize("block", MALFORMED.values(), ids=MALFORMED)
def test_front_matter_that_is_no_yaml_is_kept_as_code(block: str) -> None:
    read = document(f"---\n{block}\n---\n\n# T\n\n**Version.** 0.2\n\nBody")
    assert read.header.front_matter_error
    assert facts(read.header) == {"Version": "0.2"}
    assert read.title == "T"
    assert f"---\n{block}\n---" in read.body
    assert read.body.startswith("````````````yaml\n")
    assert read.body.endswith("\nBody")


def test_the_complaint_names_the_line_of_the_file() -> None:
    error = document("---\nfine: yes\ntitle: a: b\n---\n").header.front_matter_error
    assert error == "line 3: mapping values are not allowed here"


def test_front_matter_that_is_not_closed() -> None:
    read = document("---\ntitle: x\ndate: 2026-05-12\n\n# T\n\nBody")
    assert read.header.front_matter_error == "no line '---' closes it"
    assert (read.title, "title: x" in read.body) == ("T", True)


@pytest.mark.parametrize(
    "text", ["---\n\n# T\n\n**Version.** 0.2\n\n---\n\nBody", "---\n# T\n\n**Version.** 0.2\n---\nBody"]
)
def test_a_rule_at_the_top_is_no_front_matter(text: str) -> None:
    read = document(text)
    assert read.header.front_matter_error is None
    assert Counter(words(text)) <= Counter(words(kept(read)))


@pytest.mark.parametrize(
    ("text", "banner", "title"),
    [
        ("# BANNER\n\n# CR-2026-051 — Phase 39 (v0.1)\n\n**Version.** 0.1", "BANNER", "CR-2026-051 — Phase 39 (v0.1)"),
        ("# BANNER\n## CR-2026-051\n\nVersion. 0.1", "BANNER", "CR-2026-051"),
        ("# BANNER\n\n## CR-2026-051\n\n### Phase 39\n\n**Version.** 0.1", "BANNER / CR-2026-051", "Phase 39"),
        ("# BANNER\n\n# Title\n\nBody", "BANNER", "Title"),
        ("# Title\n\n## Summary\n\n**Goal.** Prose.", None, "Title"),
        ("# Title\n\n## 1. Purpose\n\nProse.", None, "Title"),
        ("Title\n=====\n\n**Version.** 0.1", None, "Title"),
        ("# Title #\n\nBody", None, "Title"),
        ("# C#\n\nBody", None, "C#"),
        ("**Version.** 0.1\n\n# Title\n\nBody", None, "Title"),
        ("**Version.** 0.1\n\n## A section\n\nBody", None, None),
        ("Prose.\n\n# Later\n", None, None),
        ("", None, None),
    ],
)
def test_titles(text: str, banner: str | None, title: str | None) -> None:
    header = parse_header(text)
    assert (header.banner, header.title) == (banner, title)


def test_an_inline_mark_is_no_part_of_a_title() -> None:
    assert document("# The **bold** `code` of [a link](x.md)\n").title == "The bold code of a link"


@pytest.mark.parametrize(
    "sentence",
    [
        "Produced 2026-05-24 by CC.",
        "*Produced 2026-05-24 by CC.*",
        "Produced by CC on 24 May 2026.",
        "Produced 2026-05-24 by CC against the repository at 69adb17. It has more to say.",
    ],
)
@pytest.mark.parametrize("order", ["{0}\n\nCompanion to: x.md", "Companion to: x.md\n\n{0}"])
def test_a_sentence_instead_of_labels(sentence: str, order: str) -> None:
    read = document(f"# T v0.1\n\n{order.format(sentence)}\n\nBody", "foray/deep-read-v0_1.md")
    assert str(read.date) == "2026-05-24"
    assert read.header.first("companions") == "x.md"
    assert read.body == "Body"


def test_a_sentence_about_production_without_a_date_is_prose() -> None:
    assert document("# T\n\nProduced nothing so far.\n").body == "Produced nothing so far.\n"


def test_a_list_within_the_header_belongs_to_its_label() -> None:
    header = parse_header(
        "# T\n\n**Version.** v0.1 **Date.** 2026-05-10 **Companion to.**\n\n- a-v0_1.md §10\n- b.md\n  and c.md\n\n"
        "**CR number.** CR-2026-068 **Status.** Draft.\n\nBody"
    )
    assert facts(header) == {
        "Version": "v0.1",
        "Date": "2026-05-10",
        "Companion to": "a-v0_1.md §10; b.md and c.md",
        "CR number": "CR-2026-068",
        "Status": "Draft.",
    }


def test_a_numbered_list_keeps_its_numbers() -> None:
    assert facts(parse_header("# T\n\nInputs.\n\n1. a\n2. b\n\nStatus. x")) == {"Inputs": "1. a; 2. b", "Status": "x"}


@pytest.mark.parametrize("after", ["**Goal.** Prose.", "## 1. Purpose", "Prose."])
def test_a_list_after_the_header_belongs_to_the_body(after: str) -> None:
    header = parse_header(f"# T\n\n**Version.** 0.1 **Status.** Draft.\n\n- one\n- two\n\n{after}")
    assert facts(header) == {"Version": "0.1", "Status": "Draft."}
    assert header.body_line == 5


def test_a_heading_directly_after_a_list_ends_the_header() -> None:
    header = parse_header("# T\n\n**Inputs.**\n- a\n- b\n## 1. Purpose\nProse.")
    assert facts(header) == {"Inputs": "a; b"}
    assert header.body_line == 6


def test_a_status_of_thousands_of_characters() -> None:
    header = parse_header(f"# T\n\n**Version.** 0.41\n\n**Date.** 2026-05-12\n\n**Status.** {LONG}\n\n## 1. Body")
    assert header.first("status") == LONG.strip()
    assert header.body_line == 9


def test_a_long_run_in_paragraph_is_prose_and_a_short_one_a_fact() -> None:
    text = (
        f"# T\n\n**Version.** 0.1 **Status.** Draft.\n\n**What this document does.** {LONG}\n\n**What's urgent.** It.\n"
    )
    read = document(text)
    assert facts(read.header) == {"Version": "0.1", "Status": "Draft."}
    assert read.body.startswith("**What this document does.**")
    assert facts(parse_header("# T\n\n**Version.** 0.1\n\n**Kept so far.** Two.\n\nBody")) == {
        "Version": "0.1",
        "Kept so far": "Two.",
    }


def test_a_long_bold_paragraph_alone_is_prose() -> None:
    assert not parse_header(f"# T\n\n**Summary.** {LONG}\n").fields


def test_labels_that_are_not_in_the_table_are_kept_in_order() -> None:
    bold = parse_header(
        "# T\n\n**Version.** 0.1 **Weather.** Fine. **Date.** 2026-05-12 **Mood (of the day).** Good.\n"
    )
    assert list(facts(bold)) == ["Version", "Weather", "Date", "Mood (of the day)"]
    plain = parse_header(
        "# T\n\nVersion. 0.1\n\nReviewer. Someone.\n\nSecond reader. Other.\n\nStatus. Draft.\n\nProse."
    )
    assert list(facts(plain)) == ["Version", "Reviewer", "Second reader", "Status"]
    lines = parse_header("# T\n\nVersion: 0.1\nReviewer: Someone\nStatus: Draft\n\nProse.")
    assert list(facts(lines)) == ["Version", "Reviewer", "Status"]


def test_a_plain_sentence_after_the_header_is_prose() -> None:
    read = document("# T\n\nVersion. 0.1\n\nReviewer. No label follows this.\n\nProse.")
    assert read.body == "Reviewer. No label follows this.\n\nProse."


def test_a_label_inside_a_value_is_no_label() -> None:
    header = parse_header(
        "# T\n\nVersion. 0.1 Status. Drafted from the CR. It waits. Operator: Marvin Percival.\n\nBody"
    )
    assert facts(header) == {
        "Version": "0.1",
        "Status": "Drafted from the CR. It waits. Operator: Marvin Percival.",
    }
    assert facts(parse_header("# T\n\n**Status.** This is **important.** So it waits.\n")) == {
        "Status": "This is **important.** So it waits."
    }


def test_a_plain_value_without_a_point_ends_at_the_next_label() -> None:
    header = parse_header("# T\n\nVersion. 0.8 Status. Draft for review Author. Marvin Percival Target tag. x\n")
    assert facts(header) == {
        "Version": "0.8",
        "Status": "Draft for review",
        "Author": "Marvin Percival",
        "Target tag": "x",
    }


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("CR number", "cr_number"),
        ("CR identifier", "cr_number"),
        ("CR", "cr_number"),
        ("Companion to", "companions"),
        ("Companion documents", "companions"),
        ("Companion document", "companions"),
        ("Authoritative inputs", "inputs"),
        ("Source documents", "inputs"),
        ("Depends on", "inputs"),
        ("Amendment record (cycle 1, this version)", "amendment_record"),
        ("Amendment record (v0.2; preserved per Discovery-record discipline)", "amendment_record"),
        ("Prior versions and what changed", "prior_versions"),
        ("Weather", "weather"),
    ],
)
def test_variants_of_a_label_are_one_field(label: str, key: str) -> None:
    assert [field.key for field in parse_header(f"**{label}.** X").fields] == [key]


@pytest.mark.parametrize(
    ("labels", "false_version"),
    [("Shape type: education Shaping: structured Against Manifestation: v1", "v1")],
)
def test_a_label_that_is_no_version(labels: str, false_version: str) -> None:
    read = document(f"# T\n\n{labels}\n\nBody", "examples/education-v0_1.md")
    assert list(facts(read.header).values()) == ["education", "structured", false_version]
    assert str(read.version) == "0.1"


def test_lines_are_those_of_the_file() -> None:
    text = "---\nfoo: bar\n---\n\n# T\r\n\r\n**Version.** 0.1\r\n**Date.** 2026-05-12\r\n\r\nCR target. x\r\n"
    lines = {field.label: field.line for field in document(text).header.fields}
    assert lines == {"foo": 2, "Version": 7, "Date": 8, "CR target": 10}


def test_a_declared_status_is_its_first_sentence() -> None:
    text = "**Status.** Awaiting approval of CR-2026-090 v0.3 by CC, i.e. **not** in force. More follows."
    assert document(text).declared_status == "Awaiting approval of CR-2026-090 v0.3 by CC, i.e. not in force"


@pytest.mark.parametrize(
    ("status", "declared"),
    [
        ("Superseded by [2. Use B](0002-use-b.md)", "Superseded by 2. Use B"),
        ("Superseded by [ADR 2. Use B](0002-use-b.md). It stays here.", "Superseded by ADR 2. Use B"),
        ("Draft [1]. It waits.", "Draft [1]"),
    ],
)
def test_a_declared_status_does_not_end_within_a_link(status: str, declared: str) -> None:
    """As adr-tools 3.0.0 writes it, whose titles begin with a number and a point."""
    assert document(f"# 1. Use A\n\n## Status\n\n{status}\n\n## Context\n").declared_status == declared


def test_only_the_own_header_defines_a_cr_number() -> None:
    assert document("# T\n\n**CR number.** CR-2026-090\n").cr_number == "CR-2026-090"
    assert document("# BANNER\n\n# CR-2026-051 — x\n\n**Version.** 0.1").cr_number == "CR-2026-051"
    assert document("# T\n\nAbout CR-2026-090.\n").cr_number is None
    assert document("# About CR-2026-090\n", "a/handoff-v0_1.md").cr_number is None
    assert document("# T\n\n**CR number.** CR-2026-XXX\n").cr_number is None


# No word is lost, whatever the header looks like.

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def kept(read: Document) -> str:
    header = read.header
    facts = " ".join(f"{field.label} {field.value}" for field in header.fields)
    return f"{header.banner or ''} {header.title or ''} {facts} {read.body}"


_label = st.sampled_from(
    [
        "Version",
        "Date",
        "Status",
        "CR number",
        "Companion to",
        "Amendment record (cycle 1)",
        "Weather",
        "What's urgent",
        "For",
    ]
)
_value = st.sampled_from(
    [
        "0.2",
        "2026-05-12",
        "Draft. Awaiting CR v0.2.",
        "a.md; b.md:",
        "",
        "x **bold.** y",
        "Produced 2026-05-24 by CC.",
        LONG,
    ]
)
_bold = st.builds("**{}.** {}".format, _label, _value)
_plain = st.builds("{}. {}".format, _label, _value) | st.builds("{}: {}".format, _label, _value)
_piece = (
    _bold
    | _plain
    | st.builds("{} {}".format, _bold, _bold)
    | st.builds("{} {}".format, _plain, _plain)
    | st.builds("- {}".format, _bold | _plain | _value)
    | st.sampled_from(
        ["# Heading one", "## Heading two", "---", "***", "Setext\n===", "Prose with words.", "1. first",
         "  - nested", "    code", "```\ncode\n```", "| a | b |\n|---|---|", "> quote", "<div>html</div>",
         "key: value", "...", "", "Produced 2026-05-24 by CC."]
    )
)  # fmt: skip
_texts = st.lists(st.tuples(_piece, st.sampled_from(["\n", "\n\n", "  \n", "<br>\n", "\\\n"])), max_size=8).map(
    lambda pieces: "".join(piece + end for piece, end in pieces)
)


@given(_texts)
@example("---\nkey: value\n# Comment\n---\n")
@example("# A\n\n- b\n---\n# C\n")
def test_no_word_is_lost(text: str) -> None:
    read = document(text)
    breaks = Counter({"br": text.count("<br>")})
    assert Counter(words(_without_comments(text, read))) - breaks <= Counter(words(kept(read)))


@given(st.text(alphabet="#*_-.:\n |>`abVersion012 \t\\=[]()&{},'\"", max_size=200))
def test_no_word_is_lost_of_any_text(text: str) -> None:
    read = document(text)
    assume(not read.header.start)
    assert Counter(words(text)) <= Counter(words(kept(read)))


def _without_comments(text: str, read: Document) -> str:
    """Comments of YAML are addressed to YAML: they are no facts."""
    lines = text.split("\n")
    front = read.header.start
    return "\n".join([line for line in lines[:front] if not line.startswith("#")] + lines[front:])


@given(_texts)
def test_the_body_begins_where_the_header_says(text: str) -> None:
    read = document(text)
    assume(read.header.front_matter_error is None)
    assert read.body == "\n".join(text.split("\n")[read.header.body_line - 1 :])
    # Facts that stand elsewhere than below the title stay where they are.
    lines = text.split("\n")
    for field in read.header.fields:
        in_body = field.line >= max(2, read.header.body_line)
        assert 1 <= field.line <= len(lines)
        assert (
            not in_body or field.value.split()[:1] == [] or field.value.split()[0] in " ".join(lines[field.line - 1 :])
        )


GLOSSARY = {
    "two": "**Refresh token**: see RFC-012 §3.\n\n**Rotation**: see ADR-3.\n",
    "lines": "**Token**: what one signs in with\n**Key**: what signs it\n**Lock**: what a key opens\n",
    "items": "- **Token:** what one signs in with\n- **Key:** secret\n",
    "points": "**Token.** What one signs in with. **Key.** What signs it.\n",
}


@pytest.mark.parametrize("name", GLOSSARY)
def test_labels_that_are_all_unknown_make_no_header_of_sentences(name: str) -> None:
    read = document(f"# Words\n\n{GLOSSARY[name]}")
    assert not read.header.fields
    assert read.body.strip() == GLOSSARY[name].strip()
    with_front_matter = document(f"---\nversion: 0.1\n---\n\n# Words\n\n{GLOSSARY[name]}")
    assert list(facts(with_front_matter.header)) == ["version"]
    with_one = document(f"# Words\n\n**Version:** 0.1\n\n{GLOSSARY[name]}")
    assert facts(with_one.header)["Version"] == "0.1"


def test_labels_that_are_all_unknown_make_a_header_of_facts() -> None:
    header = parse_header("# T\n\n**Fassung:** 0.2\n**Stand:** 3. Mai 2026\n**Zustand:** Aktiv\n\nText.\n")
    assert facts(header) == {"Fassung": "0.2", "Stand": "3. Mai 2026", "Zustand": "Aktiv"}


@pytest.mark.parametrize("line", ["**Date: 3/4/2024**", "__Date: 3/4/2024__", "**Date: 3/4/2024**\\"])
def test_label_and_value_in_one_bold(line: str) -> None:
    read = document(f"**Scores**\n\n**Version 0.3**\n\n{line}\n\n# Introduction\n\nText.\n", "scores-v0_3.md")
    assert read.header.first("date") == "3/4/2024"
    assert [each.code for each in document_problems(read)] == ["date-ambiguous"]
    assert document(f"# T\n\n{line.replace('3/4/2024', '2 May 2026')}\n\nText.\n").date == date(2026, 5, 2)
