"""Headers of HTML documents, as browsers show them: marks break lines, line ends of the file do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.html_header import parse_html_header
from loomworks_record.source.kinds import KindTable


def document(text: str, path: str = "brand/loomworks-brand-guide-v0_15.html") -> Document:
    return read_document(path, text.encode(), KindTable())


def facts(text: str) -> dict[str, str]:
    return {field.label: field.value for field in parse_html_header(text).fields}


LABELLED = {
    "a paragraph each": "<p>Version: 0.1</p><p>Date: 2026-05-24</p><p>Source: the site, read whole</p>",
    "bold labels": (
        "<p><b>Version:</b> 0.1</p>\n<p><strong>Date:</strong> 2026-05-24</p><p><b>Source</b>: the site, read whole"
    ),
    "breaks": "<p>Version: 0.1<br>Date: 2026-05-24<br/>Source: the site, read whole</p>",
    "line ends": "<div>\nVersion: 0.1\nDate: 2026-05-24\nSource: the site,\n  read whole\n</div>",
    "one line": (
        "<p><span>Version: 0.1</span> <span>Date: 2026-05-24</span> <span>Source: the site, read whole</span></p>"
    ),
    "dots": "<p>Version: 0.1 · Date: 2026-05-24 · Source: the site, read whole</p>",
    "terms": (
        "<dl><dt>Version</dt><dd>0.1</dd>\n<dt>Date</dt>\n<dd>2026-05-24</dd>"
        "<dt>Source:</dt><dd>the site, read whole</dd></dl>"
    ),
    "a table": (
        "<table><tr><th>Version</th><td>0.1</td></tr><tr><th>Date:</th><td>2026-05-24</td></tr>"
        "<tr><th>Source</th><td>the site, read whole</td></tr></table>"
    ),
    "a list": "<ul><li>Version. 0.1<li>Date. 2026-05-24<li>Source. the site, read whole</ul>",
}  # fmt: skip


@pytest.mark.parametrize("block", LABELLED.values(), ids=LABELLED)
def test_labels(block: str) -> None:
    text = (
        f"<!doctype html><html><head><title>x</title></head><body><p>Loomworks · FORAY</p><h1>Read — v0.1</h1>{block}"
    )
    assert facts(text) == {"Version": "0.1", "Date": "2026-05-24", "Source": "the site, read whole"}


STAMPED = {
    "dots": ("<h1>T</h1><p>v0.2·2026-05-21·Working draft</p>", ("0.2", "2026-05-21", "Working draft")),
    "a word before": (
        "<p>Kicker</p><h1>T</h1><p>Viewing v0.1·2026-05-21·Editable</p>",
        ("0.1", "2026-05-21", "Editable"),
    ),
    "a sentence": (
        "<p>Loomworks Brand Guide v0.15 The Complete System 2026-04-23 DUNIN7 — Miami</p><h1>T</h1>"
        "<p>It keeps v0.14's identity of 2026-04-01.</p>",
        ("0.15", "2026-04-23", None),
    ),
    "parts in elements": (
        "<header><span>Loomworks Brand Guide</span> <span>v0.15</span><br>The System<br>2026-04-23<br>DUNIN7</header>"
        "<p>It keeps v0.14's identity of 2026-04-01.</p>",
        ("0.15", "2026-04-23", None),
    ),
    "the version in the heading too": (
        "<h1>T — v0.1</h1><p>Not this</p><p>v0.1 | 2026-05-24 | Draft</p>",
        ("0.1", "2026-05-24", "Draft"),
    ),
    "the title": ("<title>T v0.2·2026-05-21·Working draft</title><h1>T</h1>", ("0.2", "2026-05-21", "Working draft")),
    "a label beside": ("<p>Version: 0.3</p><p>Seen 2026-05-21</p>", ("0.3", "2026-05-21", None)),
    "cited with a section": ("<h1>T</h1><p>Fees v0.1 §2 holds for them.</p>", (None, None, None)),
    "several cited": ("<h1>T</h1><p>It is as fees v0.1, fees v0.2 and fees v0.3 say.</p>", (None, None, None)),
    "nothing": ("<h1>T</h1><p>v4 of the protocol</p>", (None, None, None)),
    "not shown": (
        "<style>/* v9.9 2020-01-01 */</style><!-- v9.8 --><script>v9.7</script><p>v0.1</p>",
        ("0.1", None, None),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STAMPED.values(), ids=STAMPED)
def test_stamps(text: str, expected: tuple[str | None, str | None, str | None]) -> None:
    found = facts(text)
    assert (found.get("Version"), found.get("Date"), found.get("Status")) == expected


def test_lines_are_those_of_the_file() -> None:
    text = "<html>\n<head>\n<title>x</title>\n</head>\n<body><h1>T</h1>\n<p>Version: 0.1\n</p><p>\nDate: 2026-05-24</p>"
    assert [(field.label, field.line) for field in parse_html_header(text).fields] == [("Version", 6), ("Date", 8)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("<title>The title</title><h1>The <em>whole</em> system&nbsp;&mdash; parts</h1>", "The whole system — parts"),
        ("<title>Only\n a title</title><p>x</p>", "Only a title"),
        ("<title>T</title><!-- <h1>Hidden</h1> --><p>x</p>", "T"),
        ("<h1></h1>", "Brand guide"),
        ("", "Brand guide"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert document(text).title == title


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<!DOCTYPE html><p>x", "html"),
        ("\ufeff  <html><p>x", "html"),
        ("<!-- kept --><?xml version='1.0'?><!doctype HTML>", "html"),
        ("<div><h1>T</h1></div>", "html"),
        ("# Title\n\n<div>x</div>", "md"),
        ("<div>x</div>\n\n# Title\n", "md"),
        ("Text", "md"),
        ("", "md"),
    ],
)
def test_the_form_of_a_document_without_extension(text: str, form: str) -> None:
    assert document(text, "architecture/viewer-v0_1").form == form
    assert document(text, "architecture/viewer-v0_1.md").form == "md"
    assert document(text, "architecture/viewer-v0_1.html").form == "html"


def test_the_form_of_a_document_in_utf_16() -> None:
    read = read_document("a/viewer-v0_1", "<!doctype html><h1>T</h1>".encode("utf-16"), KindTable())
    assert (read.form, read.title, read.encoding) == ("html", "T", "utf-16")


@given(st.text(alphabet="<>/!-hpdtbr1 v0.2·\n:Version=\"'&;", max_size=300))
def test_no_text_is_refused(text: str) -> None:
    read = document(text)
    assert all(1 <= field.line <= text.count("\n") + 1 for field in read.header.fields)
    assert read.body == text
