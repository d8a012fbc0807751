"""Register, page, comparison, search and pack say the same of every section of every document at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from hostile.documents import body_documents
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.build.search import found_by, searched
from loomworks_record.comparison.reading import _name, read
from loomworks_record.pages.changes import anchors_of
from loomworks_record.pages.reading import whole_text
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.whole import Whole
from loomworks_record.render.text import RenderedText
from loomworks_record.source.document import Document
from loomworks_record.text.sections import Section

from citations.records import NO_REAL, PROJECT, REAL, SAMPLE, header, record_of

BROKEN = PROJECT / "tests" / "data" / "broken"
_HANGING = re.compile(r'<h[1-6] id="(?P<id>[^"]*)"[^<>]*><a class="secno" href="#[^"]*">(?P<number>[^<]+)</a>')
_IDS = re.compile(r'<(?:h[1-6]|p|li|tr|td|th|dt|dd|summary)\b[^>]* id="(?!fn)(?P<id>[^"]*)"')


def texts_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*.md"))
    }


@cache
def whole_of(name: str) -> Whole:
    if name == "hostile":
        texts = dict(body_documents())
    else:
        texts = texts_of({"sample": SAMPLE, "broken": BROKEN, "real": REAL}[name])
    return Whole(record_of(texts))


def check(whole: Whole, document: Document) -> None:
    filed = whole.citations.sections(document.path)
    text = rendered_text(whole, document)
    assert text.sections == filed_at(filed, text.sections)
    on_page(filed, text)
    in_comparison(filed, text)
    page = searched(found_by(whole.record, document), text)
    assert page.sections == tuple(filter(None, (name for each in filed for name in (each.number, each.identifier))))
    whole_words = unescape(whole_text(document))
    pack = whole_words + re.sub(r"<[^<>]*>|[*`\s]", "", whole_words)
    for section in filed:
        if section.kind == "heading":
            assert section.number in pack
            assert all(word in pack for word in re.findall(r"\w+", unescape(section.title)))


def filed_at(filed: tuple[Section, ...], on_page: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections of the filed text with the lines of the page's, which count from the body."""
    assert len(filed) == len(on_page)
    return tuple(one._replace(line=other.line) for one, other in zip(filed, on_page, strict=True))


def on_page(filed: tuple[Section, ...], text: RenderedText) -> None:
    ids = [found["id"] for found in _IDS.finditer(text.unlinked)]
    assert ids == [section.anchor for section in filed]
    hanging = {found["id"]: found["number"] for found in _HANGING.finditer(text.unlinked) if found["number"] != "#"}
    headings = [section for section in filed if section.kind == "heading"]
    assert hanging == {section.anchor: section.written for section in headings if section.written}
    listed = {heading.anchor: heading for heading in text.contents}
    for section in headings:
        if section.anchor in listed:
            assert listed[section.anchor].number == section.written
            assert listed[section.anchor].text.endswith(section.title)


def in_comparison(filed: tuple[Section, ...], text: RenderedText) -> None:
    anchors = anchors_of(text.sections)
    contents = [each for each in read(text.unlinked, 100).contents if each.kind == "heading"]
    top = [(each.element.get("id"), _name(each, anchors)) for each in contents]
    said = {anchor: (name.number, name.identifier, name.title) for anchor, name in top if anchor and name}
    headings = {each.anchor: each for each in filed if each.kind in ("heading", "anchor") and each.anchor in said}
    assert said == {anchor: (each.written, each.identifier, each.title) for anchor, each in headings.items()}


def documents(name: str) -> Iterator[Document]:
    return (document for document in whole_of(name).record.documents if document.form == "md")


@pytest.mark.parametrize("name", ["sample", "broken", "hostile", "real"])
def test_all_say_the_same(name: str) -> None:
    if name == "real" and not REAL.is_dir():
        pytest.skip(NO_REAL)
    found = list(documents(name))
    assert len(found) > 3
    for document in found:
        check(whole_of(name), document)


LINES = st.sampled_from([
    "## §7 Shape", "## 3 halts in one day", "## 2026 plan", "## Section 4 Tests", "### 7.2. What *remains*",
    "## Versions", "### Step 2b: Live", "#### 4a. Guard", "### Sub-arc 4: Form", "## **5.** Bold", "## `6` In code",
    "## Scope & limits", "## Setup", "# One", "### Gate 6 — label", "**4.4.3a Term binding.** Text.",
    "**P57-B10** records it.", "Step 2a — Form", "## `a > b` & <placeholder>", "- # In a list",
    "## Vec<u8> in use", "> ## §9 Quoted",
    "| # | Gate |\n|---|---|\n| 5 | Ready |\n| 5b | Signed |", "- **CRV-B3.** Scroll.", "Text.", "Setext\n------",
    "## §\u00a08 No break", "## CR\u20112026 Report", "§6 What this is not",
])  # fmt: skip


@given(st.lists(LINES, max_size=14))
def test_of_generated_documents_too(lines: list[str]) -> None:
    whole = Whole(record_of({"notes/note-v0_1.md": header() + "\n\n".join(lines) + "\n"}))
    check(whole, whole.record.documents[0])
