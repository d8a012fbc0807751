"""Headers where people put them: read, and every line of them kept in the body that is not directly below the title."""

from __future__ import annotations

from datetime import date

import pytest
from loomworks_record.source.config import ConfigError, parse_config
from loomworks_record.source.document import Document, document_problems, read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.version import said_version

LABELS = "**Version.** 0.7 **Date.** 2026-03-04"
PLAIN = "Version: 0.7\nDate: 4 March 2026"


def read(text: str, path: str = "lamp-plan-v0_7.md") -> Document:
    return read_document(path, text.encode(), KindTable())


# Each is a plan of the lamp, version 0.7 of 4 March 2026, however it is put.
PUT = {
    "below a comment": f"<!--\n File: lamp\n-->\n\n# Lamp plan\n\n{LABELS}\n\nBody.\n",
    "below comments and an anchor": f'<!-- a -->\n<!-- b -->\n<a id="top"></a>\n\n# Lamp plan\n\n{LABELS}\n\nBody.\n',
    "below a quote": f"> See also the desk.\n\n# Lamp plan\n\n{LABELS}\n\nBody.\n",
    "below an image": f"![Lamp](lamp.png)\n\n# Lamp plan\n\n{PLAIN}\n\nBody.\n",
    "below badges": f"[![Build](a.svg)](b)\n\n# Lamp plan\n\n{PLAIN}\n\nBody.\n",
    "below a link back": f"[← All plans](README.md)\n\n# Lamp plan\n\n{LABELS}\n\nBody.\n",
    "below definitions of links": f"[a]: https://lamp.example\n[b c]: /x\n\n# Lamp plan\n\n{PLAIN}\n\nBody.\n",
    "after a subtitle in brackets": f"# Lamp plan\n\n### (The hall)\n\n{PLAIN}\n\nBody.\n",
    "after two subtitles, in a table": "# Lamp plan\n\n### The hall\n### and the stairs\n\n| | |\n|--|--|\n"
    "| **Version** | 0.7 |\n| **Date** | 2026-03-04 |\n\nBody.\n",
    "below a rule": f"---\n\n# Lamp plan\n\n{LABELS}\n\nBody.\n",
    "in a title of HTML": f'<h1 align="center">Lamp <em>plan</em></h1>\n\n{PLAIN}\n\nBody.\n',
    "below a sentence of a chat": f"Sure, here is the plan:\n\n---\n\n# Lamp plan\n\n{LABELS}\n\nBody.\n",
    "in a code block": f"```markdown\n# Lamp plan\n\n{LABELS}\n\nBody.\n```\n",
    "after a subtitle": f"# Lamp plan\n\n*How we light the hall*\n\n{PLAIN}\n\nBody.\n",
    "after a plain subtitle": f"# Lamp plan\n\nHow we light the hall\n\n{PLAIN}\n\nBody.\n",
    "after a second heading": f"# Lamp plan\n\n## How we light the hall\n\n{PLAIN}\n\n## 1. Goal\n\nBody.\n",
    "after a quote": f"# Lamp plan\n\n> Light is half the room.\n\n{PLAIN}\n\nBody.\n",
    "in a quote": "# Lamp plan\n\n> **Version:** 0.7 | **Date:** 2026-03-04\n\nBody.\n",
    "in a quote, line by line": "# Lamp plan\n\n> **Version:** 0.7\n> **By:** Ann\n> **Date:** 2026-03-04\n\nBody.\n",
    "in a table": "# Lamp plan\n\n| | |\n|---|---|\n| Version | 0.7 |\n| **Date** | 2026-03-04 |\n\nBody.\n",
    "in a wide table": "# Lamp plan\n\n| Version | Date | By |\n|---|---|---|\n| 0.7 | 2026-03-04 | A |\n\nBody.\n",
    "in a code block below": f"# Lamp plan\n\n```\n{PLAIN}\n```\n\nBody.\n",
    "in a comment": f"<!--\n{PLAIN}\n-->\n\n# Lamp plan\n\nBody.\n",
    "in one line": "# Lamp plan\n\nVersion 0.7, 4 March 2026\n\nBody.\n",
    "in one line in italics": "# Lamp plan\n\n*Version 0.7 · 2026-03-04 · Ann*\n\nBody.\n",
    "past an unknown label": "# Lamp plan\n\n- Version: 0.7\n- Checked by: Ann\n- Date: 2026-03-04\n\nBody.\n",
    "after an unknown label": "# Lamp plan\n\n- Room: hall\n- Version: 0.7\n- Date: 2026-03-04\n\nBody.\n",
    "unknown in plain lines": "# Lamp plan\n\nRoom: hall\nVersion: 0.7\nDate: 2026-03-04\n\nBody.\n",
    "in a numbered list": "# Lamp plan\n\n1. Version: 0.7\n2. Date: 2026-03-04\n\nBody.\n",
    "after signs": "# Lamp plan\n\n💡 **Version:** 0.7\n📅 **Date:** 2026-03-04\n\nBody.\n",
    "with wide colons": "# Lamp plan\n\nVersion：0.7\nDate：2026-03-04\n\nBody.\n",
    "with escaped marks": "# Lamp plan\n\n\\*\\*Version:\\*\\* 0\\.7\n\\*\\*Date:\\*\\* 2026\\-03\\-04\n\nBody.\n",
    "in bold of HTML": "# Lamp plan\n\n<b>Version:</b> 0.7<br>\n<strong>Date:</strong> 2026-03-04\n\nBody.\n",
    "in a paragraph of HTML": '# Lamp plan\n\n<p align="center">Version: 0.7 · Date: 2026-03-04</p>\n\nBody.\n',
    "in a table of HTML": "# Lamp plan\n\n<table>\n<tr><td>Version</td><td>0.7</td></tr>\n"
    "<tr><td>Date</td><td>2026-03-04</td></tr>\n</table>\n\nBody.\n",
    "in an alert": "# Lamp plan\n\n> [!NOTE]\n> Version: 0.7\n> Date: 2026-03-04\n\nBody.\n",
    "in a short line": "# Lamp plan\n\nv0.7 · 4 March 2026 · Draft\n\nBody.\n",
    "folded": "# Lamp plan\n\n**Version.** 0.7 **Target\ntag.** a **Note.** Phase\n57. **Date.** 2026-03-04\n\nBody.\n",
    "in a definition list": "# Lamp plan\n\nVersion\n: 0.7\n\nDate\n: 2026-03-04\n\nBody.\n",
    "in headings": "# Lamp plan\n\n## Version: 0.7\n\n## **Date:** 4 March 2026\n\nBody.\n",
    "in pairs of cells": "# Lamp plan\n\n| Version | 0.7 | Date | 2026-03-04 |\n|--|--|--|--|\n\nBody.\n",
    "in rows of HTML in several lines": "# Lamp plan\n\n<table>\n <tr>\n  <th>Version</th>\n  <td>0.7</td>\n </tr>\n"
    " <tr>\n  <th>Date</th>\n  <td>2026-03-04</td>\n </tr>\n</table>\n\nBody.\n",
    "in fields": "# Lamp plan\n\n:Version: 0.7\n:Date: 2026-03-04\n\nBody.\n",
    "in attributes": "# Lamp plan\n:revnumber: 0.7\n:revdate: 2026-03-04\n\nBody.\n",
    "in keywords": "#+VERSION: 0.7\n#+DATE: 2026-03-04\n\n# Lamp plan\n\nBody.\n",
    "after dashes": "# Lamp plan\n\n- **Version** – 0.7\n- **Date**: 2026-03-04\n\nBody.\n",
    "as its document's": "# Lamp plan\n\nDocument version: 0.7\nDate: 2026-03-04\n\nBody.\n",
    "front matter in TOML": '+++\ntitle = "Lamp plan"\nversion = 0.7\ndate = 2026-03-04\n+++\n\n## Abstract\n\nBody.\n',
    "front matter in JSON": '{\n "title": "Lamp plan",\n "version": 0.7,\n "date": "2026-03-04"\n}\n\nBody.\n',
    "front matter in bare JSON": ';;;\n"title": "Lamp plan",\n"version": "0.7",\n"date": "2026-03-04"\n;;;\n\nBody.\n',
    "front matter that names JSON": '---json\n{"title": "Lamp plan", "version": 0.7, "date": "2026-03-04"}\n---\nBody.',
    "front matter": "---\ntitle: Lamp plan\nversion: “0.7”\nlast-updated: 2026/03/04\n---\n\n## Abstract\n\nBody.\n",
}


@pytest.mark.parametrize("text", PUT.values(), ids=PUT)
def test_a_header_is_read_where_it_is_put(text: str) -> None:
    document = read(text)
    version = document.header.first("version")
    assert version and str(said_version(version)) == "0.7"
    assert (document.title, document.date) == ("Lamp plan", date(2026, 3, 4))
    assert "Body." in document.body
    other = read(text, "lamp-plan-v0_8.md")
    assert [problem.code for problem in document_problems(other)] == ["header-version-mismatch"]


# Each shows version 0.7 in a way that is told: it may be that of what the text is about.
SHOWN = {
    "in the title": "# Lamp plan, v0.7\n\nBody.\n",
    "in a title in brackets": "Lamp plan (v0.7)\n================\n\nBody.\n",
    "in a title of HTML": "<h1>Lamp plan v0.7</h1>\n\nBody.\n",
    "in a second heading": "# Lamp plan\n\n## Version 0.7\n\nBody.\n",
    "below a heading": "# Lamp plan\n\n## Version\n\n0.7\n\nBody.\n",
    "in a comment below the title": "# Lamp plan\n\n<!-- Version: 0.7 -->\n\nBody.\n",
    "in a hidden definition": "[//]: # (Version: 0.7)\n\n# Lamp plan\n\nBody.\n",
    "on a badge": "# Lamp plan\n\n![version](https://badges.example/badge/version-0.7-blue)\n\nBody.\n",
    "alone": "# Lamp plan\n\nv0.7\n\nBody.\n",
    "between other facts": "# Lamp plan\n\nL-12 | Version 0.7 | Draft\n\nBody.\n",
    "in a sentence": "# Lamp plan\n\nThis is version 0.7 of the plan.\n\nBody.\n",
    "as a revision": "# Lamp plan\n\n**Revision:** 0.7\n\nBody.\n",
    "as of what it specifies": "# Lamp plan\n\nSpec version: 0.7\n\nBody.\n",
    "in columns": "```\nAnn's workshop            Version 0.7\n```\n\n# Lamp plan\n\nBody.\n",
    "in code": '# Lamp plan\n\n```json\n{"version": "0.7"}\n```\n\nBody.\n',
    "within front matter": '+++\ntitle = "Lamp plan"\n[params]\nversion = "0.7"\n+++\n\nBody.\n',
    "in a footer": "# Lamp plan\n\nBody.\n\n## Scope\n\nMore.\n\n---\n\n*Version 0.7 · 4 March 2026*\n",
    "in a table of revisions": "# Lamp plan\n\nBody.\n\n## Revision history\n\n| Version | What |\n|--|--|\n"
    "| 0.6 | First |\n| 0.7 | Second |\n",
}


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_a_version_that_is_shown_and_not_read_is_told(text: str) -> None:
    assert read(text).header.first("version") is None
    found = {path: list(document_problems(read(text, path))) for path in ("lamp-plan-v0_8.md", "lamp-plan.md")}
    assert [[problem.code for problem in each] for each in found.values()] == [["header-version-unread"]] * 2
    assert all("0.7" in text.split("\n")[each.line - 1] for (each,) in found.values() if each.line)
    assert not list(document_problems(read(text)))  # the name says it


@pytest.mark.parametrize(
    "text",
    [
        "# Lamp plan\n\nIt needs version 3.8 of the socket, as the version before did.\n",
        "# From socket v1.2 to v2.0\n\nBody.\n",
        "# Lamp plan\n\nBody.\n\n## Changes\n\n### v0.7 (2026-03-04)\n\n- One.\n\n### v0.6\n\n- Two.\n",
        "{% raw %}\n\n# Lamp plan\n\n{% endraw %}\n",
    ],
)
def test_a_version_of_something_else_is_not_told(text: str) -> None:
    assert not list(document_problems(read(text, "lamp-plan-v0_8.md")))


@pytest.mark.parametrize("said", ["C", "$Revision: 3 $", "2026-04-06 V1"])
def test_a_version_that_is_not_one_is_told(said: str) -> None:
    (problem,) = document_problems(read(f"# Lamp plan\n\n**Version:** {said}\n\nBody.\n"))
    assert (problem.code, problem.line, said in problem.message) == ("header-version-unread", 3, True)


@pytest.mark.parametrize(
    "front",
    ["+++\nversion = \n+++\n", '{\n"version": 0.7,\n}\n', '---json\n{"a": 1, "a": 2}\n---\n', "+++\nversion = 1\n"],
)
def test_front_matter_that_cannot_be_read_is_told_and_shown(front: str) -> None:
    document = read(f"{front}\n# Lamp plan\n\nBody.\n")
    assert "front-matter-malformed" in [problem.code for problem in document_problems(document)]
    assert front.strip() in document.body


@pytest.mark.parametrize(
    "front", ["+++\nversion = \ndate = 1\n+++\n", '---json\n{"version" 0.7}\n---\n', '{\n"version" 0.7\n}\n']
)
def test_the_line_at_which_front_matter_cannot_be_read_is_that_of_the_file(front: str) -> None:
    (problem,) = (each for each in document_problems(read(f"{front}\n# Lamp plan\n")) if "malformed" in each.code)
    assert "line 2" in problem.message


@pytest.mark.parametrize("words", ["See also the desk.", "How we light the hall", "Sure, here is the plan"])
def test_what_stands_around_a_header_stays_in_the_body(words: str) -> None:
    for text in PUT.values():
        assert (words in text) <= (words in read(text).body)


@pytest.mark.parametrize(
    "text", [f"```\n{PLAIN}\n```\n", f"~~~\n{PLAIN}\n~~~\n\nBody.\n", f"Words.\n\n```\n{PLAIN}\n```\n"]
)
def test_code_without_a_title_is_no_header(text: str) -> None:
    assert read(text).header.fields == ()
    titled = read(f"---\ntitle: Lamp plan\n---\n\n{text}")
    assert titled.header.first("version") == "0.7"


def test_unknown_labels_are_kept_in_order() -> None:
    header = read(PUT["past an unknown label"]).header
    assert [(field.label, field.value) for field in header.fields] == [
        ("Version", "0.7"), ("Checked by", "Ann"), ("Date", "2026-03-04"),
    ]  # fmt: skip


LOGS = {
    "decisions": "# Log\n\n## DL-2\n\n**Date:** 2026-03-04\n**Status:** Yes\n\n## DL-1 In\n\n**Date:** 2026-03-01\n",
    "changes": "# Changes\n\n## 0.7\n\nDate: 2026-03-04\n\n- One.\n\n## 0.6\n\nDate: 2026-03-01\n",
}


@pytest.mark.parametrize("text", LOGS.values(), ids=LOGS)
def test_the_first_entry_of_a_log_is_not_the_header(text: str) -> None:
    document = read(text, "log.md")
    assert (document.date, document.declared_status) == (None, None)
    assert document.title == text.split("\n", 1)[0].removeprefix("# ")


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("a/hall-lamps/README.md", "Hall lamps"),
        ("README.md", "README"),
        ("a/hall/v0_2.md", "Hall"),
        ("a/b.md", "B"),
    ],
)
def test_a_readme_without_title_has_that_of_its_folder(path: str, title: str) -> None:
    assert read("Body.\n", path).title == title


@pytest.mark.parametrize(
    ("said", "day", "code"),
    [
        ("4 Mar 2026", date(2026, 3, 4), []), ("04.03.2026", date(2026, 3, 4), []),
        ("2026/03/04", date(2026, 3, 4), []),
        ("March 4th, 2026", date(2026, 3, 4), []), ("March 4th 2026", date(2026, 3, 4), []),
        ("4th of March 2026", date(2026, 3, 4), []),
        ("March 2026", date(2026, 3, 1), ["date-without-day"]), ("03/04/2026", None, ["date-ambiguous"]),
        ("13/03/2026", date(2026, 3, 13), []), ("03/03/2026", date(2026, 3, 3), []),
        ("30 Feb 2026", None, ["date-invalid"]),
    ],
)  # fmt: skip
def test_dates_in_headers(said: str, day: date | None, code: list[str]) -> None:
    document = read(f"# Lamp plan\n\nCreated: {said}\n\nBody.\n", "lamp-plan.md")
    assert document.date == day
    assert [problem.code for problem in document_problems(document)] == code


@pytest.mark.parametrize(
    "header",
    [
        "**Angelegt:** 4 March 2026", "Angelegt: 2026-03-04", "- Angelegt: 2026-03-04\n- Zustand: Draft",
        "> Angelegt: 2026-03-04", "| Angelegt | 2026-03-04 |\n|---|---|\n| Zustand | Draft |",
        "**Angelegt.** 2026-03-04",
        "Ort: Ulm\nangelegt: 2026-03-04\nZustand: Draft", "<!--\nAngelegt: 2026-03-04\n-->",
    ],
)  # fmt: skip
def test_labels_of_the_user_are_read_wherever_usual_ones_are(header: str) -> None:
    notation = parse_config({"labels": {"Angelegt": "Date", "Zustand": "status"}}).notation
    filed = f"# Lamp plan\n\n{header}\n\n## Angelegt: a section\n\nAngelegt: 2020-01-01\n"
    document = read_document("lamp-plan.md", filed.encode(), KindTable(), notation)
    assert document.date == date(2026, 3, 4)
    (said,) = (field.label.casefold() for field in document.header.all("date"))
    assert said == "angelegt"  # called as filed
    assert document.body.endswith("## Angelegt: a section\n\nAngelegt: 2020-01-01\n")


def test_labels_of_the_user_stand_for_the_usual_ones() -> None:
    notation = parse_config({"labels": {"Angelegt": "Date", "Zustand": "status"}}).notation
    text = "# Lamp plan\n\n**Angelegt:** 2026-03-04\n**Zustand:** Draft\n\nBody.\n"
    document = read_document("lamp-plan.md", text.encode(), KindTable(), notation)
    assert (document.date, document.declared_status) == (date(2026, 3, 4), "Draft")
    with pytest.raises(ConfigError, match="a label to stand for one of"):
        parse_config({"labels": {"Angelegt": "Birthday"}})
