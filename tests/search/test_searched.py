"""What is searched of a document is its own, whatever is filed around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from loomworks_record.search.search_text import SearchFields, SearchText, parts, places
from msgspec.structs import replace
from support import searching
from support.site import Build, page_at, rebuild, write_content

BY = SearchFields(
    title="A & B",
    names="CR-2026-001 a-v0_1.md",
    archived=False,
    version="v0.1",
    date="1 May 2026",
    filters=(("standing", "Current"), ("kind", 'a "kind" <b>')),
    over="Draft",
    labels=("Status",),
    lines=True,
    group="notes",
    chain="notes/a",
)
ONE = SearchText(
    BY,
    facts=(("Status", "<em>Filed</em>"),),
    body='<h2 id="s7-2">§7.2 Here</h2>',
    sections=("7.2",),
    lines=("1 < 2",),
)


def test_the_page_is_of_all_that_is_given() -> None:
    page = ONE.html().decode()
    held = "A &amp; B|CR-2026-001 a-v0_1.md|v0.1|1 May 2026|kind&quot; &lt;b&gt;|<em>Filed</em>|§7.2|1 &lt; 2|72x"
    for part in held.split("|"):
        assert part in page
    assert replace(ONE, by=replace(BY, archived=True)).html() != ONE.html()
    assert replace(ONE, by=replace(BY, title="—")).html().decode().count("a-v0_1.md") == 2


def test_places_are_numbers_and_identifiers() -> None:
    assert places(("7", "7.2", "P57-B3", "3.A", "Gate 5b", "Candidate F", "7")) == "7x 72x p57b3x 3ax"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("As P57-B10 decided.", "p57 b10"),
        ("RFC-12a and CRV-B3, v0_3", "v03 12a b3"),
        ("phase-5-cr-creation-v0_2.md", "v02 creationv0_2"),
        ("CR-2026-090 of 2026-05-12 is well-known", ""),
    ],
)
def test_parts_are_what_a_name_is_asked_by(text: str, words: str) -> None:
    assert parts(text) == words


PHASE = "phases/phase-1-x/phase-1"
CR = "# CR one\n\n**CR number.** CR-2026-001\n\n## 1. Here\n\nAs phase-1-note-v0_1.md says.\n"
CONTENT = {f"{PHASE}-cr-x-v0_1.md": CR, f"{PHASE}-note-v0_1.md": "# Note\n\nSee CR v0.1 and CR-2026-001.\n"}


def test_neighbours_change_the_page_and_not_what_is_searched(build_site: Callable[..., Build]) -> None:
    built = build_site(CONTENT)
    note = f"view/{PHASE}-note-v0_1.md.html"
    before, page = searching.searched_pages(built.folder)[note], built.text(note)
    write_content({f"{PHASE}-cr-x-v0_2.md": CR, f"{PHASE}-scoping-note-v0_1.md": CR}, built.content)
    after = searching.searched_pages(built.folder)[note]
    assert rebuild(built.folder).text(note) != page
    assert after == before


def test_notes_beside_mentions_are_not_searched(sample_site: Build) -> None:
    found = searching.fragments(sample_site.site)
    page = "view/phases/phase-57-marketing-engagement-creation/phase-57-cr-marketing-engagement-creation-v0_4.md.html"
    assert "superseded by this version" in sample_site.text(page)
    assert "superseded by this version" not in found[page]["content"]
    assert "Show the whole field" not in found[page]["content"]


def test_every_document_is_searched(sample_site: Build) -> None:
    found = searching.fragments(sample_site.site)
    filed = [file for file in sample_site.content.rglob("*") if file.suffix in (".md", ".html")]
    assert set(found) == {page_at(file.relative_to(sample_site.content).as_posix()) for file in filed}
