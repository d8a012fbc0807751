"""Titles and values with characters that HTML forbids, as pasted from a word processor: every page shows signs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.site import Build

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
CONTENT = {
    "notes/note-v0_1.md": "# A title\x0bfrom\x02 Word\ufffe\n\n**Version.** 0.1 **Status.** Draft\x03.\n\n\x10\x85\n",
    "notes/archive/note-v0_0.md": "# A title\x0c\n\n**Version.** 0.0 **Owner.** So\x1fmebody\n\n## A part\x01\n\nx\n",
    "notes/other-v0_1.md": "# Other\n\n**Version.** 0.1\n\nSee note v0.1.\n",
}


@pytest.fixture
def built(build_site: Callable[..., Build]) -> Build:
    made = build_site(CONTENT)
    assert made.status == 0, made.output
    return made


def test_no_page_holds_what_html_forbids(built: Build) -> None:
    pages = [*built.site.rglob("*.html"), built.site / "llms.txt", built.site / "feed.atom"]
    assert len(pages) > 12
    for page in pages:
        if "raw" not in page.parts and page.exists():
            found = FORBIDDEN.search(page.read_text("utf-8"))
            assert found is None, (page.relative_to(built.site), found)
    text = built.text("view/notes/note-v0_1.md.html")
    assert "A title⟦U+000B⟧from⟦U+0002⟧ Word" in text and "Draft⟦U+0003⟧" in text
    assert "⟦U+000B⟧" in built.text("llms.txt") and "⟦U+000B⟧" in built.text("view/notes/other-v0_1.md.html")
