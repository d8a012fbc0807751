"""On paper: the record line on each sheet, the targets of links to outside, nothing folded away, nothing cut off."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from support import chromium

from browser.kinds import ARCHIVED, REQUEST, TEMPLATES, Kind

Open = Callable[..., chromium.Visit]


def sheets(seen: chromium.Visit) -> list[str]:
    """The text of each sheet, its spaces made one."""
    printed = PdfReader(BytesIO(seen.page.pdf(prefer_css_page_size=True)))
    return [" ".join(sheet.extract_text().split()) for sheet in printed.pages]


def test_every_sheet_says_what_it_is(sample: str, look: Open) -> None:
    found = sheets(look(f"{sample}/view/{ARCHIVED}-v0_2.md"))
    assert len(found) > 5
    for number, text in enumerate(found, 1):
        assert "DUNIN7 · LOOMWORKS · RECORD" in text, number
        assert "CR-2026-090 v0.2, archived · The record" in text, number
        assert f"{number} / {len(found)}" in text, number
        assert f"record.dunin7.com/view/{ARCHIVED}-v0_2.md.html" in text.replace(" ", ""), number


def test_links_to_outside_show_their_target(corners: str, look: Open) -> None:
    text = "".join(sheets(look(f"{corners}/view/notes/everything-v0_2.md"))).replace(" ", "")
    assert "tooutside(https://example.org/a?b=c)" in text
    assert "(https://example.org/picture.png)" in text


def test_nothing_that_is_folded_on_screen_is_lost(sample: str, corners: str, look: Open) -> None:
    seen = look(f"{sample}/view/{REQUEST}-v0_4.md")
    folded = seen.page.locator(".r-facts details:not([open])")
    assert folded.count() > 0
    hidden = [str(text).split()[-5:] for text in folded.evaluate_all("all => all.map(each => each.textContent)")]
    text = " ".join(sheets(seen)).replace(" ", "")
    for words in hidden:
        assert "".join(words) in text, words
    assert "Whatwasfolded." in "".join(sheets(look(f"{corners}/view/notes/everything-v0_2.md"))).replace(" ", "")


def test_what_only_a_screen_needs_is_left_out(sample: str, look: Open) -> None:
    text = " ".join(sheets(look(f"{sample}/view/{REQUEST}-v0_4.md")))
    for words in ("Skip to content", "On this page", "All versions (4)", "How to check this Feed", "Copy"):
        assert words not in text, words
    assert "Archived (read-only)" not in text.split("Purpose")[0] or "Current" in text


def broken_identifiers(seen: chromium.Visit) -> list[str]:
    """Line ends within an identifier, on sheets of three widths (mm)."""
    printed = [PdfReader(BytesIO(seen.page.pdf(width=f"{width}mm", height="280mm"))) for width in (160, 180, 210)]
    lines = [line.rstrip() for each in printed for sheet in each.pages for line in sheet.extract_text().splitlines()]
    return [line for line in lines if re.search(r"\b(?:P57|CRV|CR-2026|CR)-$", line)]


def test_an_identifier_is_not_broken_at_its_hyphen(sample: str, look: Open) -> None:
    """pdftotext 22.12 reads "CR-2026-" at the end of a line, with "090" on the next, as CR-2026090."""
    seen = look(f"{sample}/view/{REQUEST}-v0_4.md")
    assert broken_identifiers(seen) == []
    rule = "@media print { .r-body .m { display: inline !important } }"
    seen.page.evaluate("rule => document.styleSheets[0].insertRule(rule)", rule)
    assert broken_identifiers(seen) != []


def test_each_document_of_a_phase_begins_on_a_sheet_of_its_own(sample: str, look: Open) -> None:
    seen = look(f"{sample}/phases/phase-55-terms-of-use/print")
    documents = seen.page.locator("article").count()
    first = [text.replace(" ", "") for text in sheets(seen)]
    for number in range(1, documents + 1):
        (text,) = [text for text in first if f"{number}of{documents}https://record.dunin7.com/view/" in text]
        before = text.partition(f"{number}of{documents}https")[0]
        assert len(before) < 200, before  # what stands at the head and the foot of every sheet


@pytest.mark.parametrize("kind", TEMPLATES, ids=str)
def test_every_template_can_be_printed(kind: Kind, look_at: Open) -> None:
    """Its title is on the first sheet, and no sheet is empty."""
    seen = look_at(kind)
    title = seen.page.locator("h1").inner_text().replace(" ", "").replace("\n", "")
    found = sheets(seen)
    assert title in found[0].replace(" ", "")
    lines = [text.replace("DUNIN7 · LOOMWORKS · RECORD", "") for text in found]
    assert min(map(len, lines)) > 60, lines
