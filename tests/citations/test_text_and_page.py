"""The mentions of a filed text are those of its page, its anchors too, and linking takes nothing from the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citations.records import NO_REAL, REAL, SAMPLE, cited
from citations.rendering import rendered, unlinked

FOLDERS = {"real": REAL, "sample": SAMPLE}


def documents() -> list[tuple[str, str]]:
    return [
        (name, str(file.relative_to(folder)))
        for name, folder in FOLDERS.items()
        for file in sorted(folder.rglob("*.md"))
    ]


def test_there_are_documents() -> None:
    assert sum(1 for name, _ in documents() if name == "sample") > 40
    if not REAL.is_dir():
        pytest.skip(NO_REAL)


@pytest.mark.parametrize(("name", "path"), documents())
def test_text_and_page_agree(name: str, path: str) -> None:
    citations = cited(FOLDERS[name])
    page = rendered(citations, Path(path).as_posix())
    from_text = [
        (citation.text, citation.target, citation.anchor, citation.outcome)
        for citation in citations.of(path)
        if citation.where != "header"
    ]
    assert list(page.mentions) == from_text
    assert unlinked(page.linked) == page.plain
    ids = [found for found in re.findall(r' id="([^"]*)"', page.plain) if not found.startswith("fn")]
    assert ids == [section.anchor for section in citations.sections(path)]
    assert ids == list(dict.fromkeys(ids))
