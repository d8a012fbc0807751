"""The page of a comparison: its words, its links, and the two documents in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from loomworks_record.build.packing import packed_part, unpacked_comparison
from loomworks_record.comparison.marks import canonical_html, reconstruct
from loomworks_record.comparison.values import Comparison, SectionName, Tally, UnchangedRun
from loomworks_record.pages import addresses
from loomworks_record.pages.changes import Changes
from loomworks_record.pages.compare import ComparePage, compared_pairs
from loomworks_record.pages.compare_words import fold_words, headline, series
from loomworks_record.pages.texts import rendered_text
from loomworks_record.pages.wording import joined
from loomworks_record.record.whole import Whole
from lxml.html import document_fromstring, tostring

from compare.filed import chain_of, file_content, read, written
from compare.rendering import CONTENT

_PARTS = ("r-pair", "r-whole-section", "r-fold")
_TEXT = " | ".join(('//*[@class="r-context"]', *(f'//*[starts-with(@class, "{part}")]/div' for part in _PARTS)))


@pytest.fixture
def filed(tmp_path: Path) -> Whole:
    return read(file_content(tmp_path))


def compared(filed: Whole, at: int) -> tuple[ComparePage, Changes, str]:
    chain = chain_of(filed.record, "gate-notes")
    return written(filed, chain, compared_pairs(chain)[at])


def test_pairs_are_neighbours_current_and_twins(filed: Whole) -> None:
    chain = chain_of(filed.record, "gate-notes")
    found = [addresses.compare(chain.id, *pair).rpartition("gate-notes-")[2] for pair in compared_pairs(chain)]
    assert found == [
        "v0_1-to-v0_2.html", "v0_1-to-v0_3.html", "v0_2-to-v0_3.html", "v0_3-md-to-v0_3-html.html",
    ]  # fmt: skip
    assert compared_pairs(chain_of(filed.record, "only")) == []


def test_values(filed: Whole) -> None:
    page, changes, _ = compared(filed, 0)
    assert page.title == "Gate notes: v0.1 compared with v0.2"
    assert (page.old.standing, page.new.standing, page.dates) == (
        "archived", "archived", "11 May 2026 and 12 May 2026",
    )  # fmt: skip
    assert page.current
    assert page.current.text == "v0.3"
    assert changes.headline == "2 sections changed, 1 added, 0 removed."
    assert changes.numbers == "4 of 12 blocks differ. 2 paragraphs and 2 rows are unchanged and folded."
    assert [(fact.label, fact.word) for fact in changes.facts] == [
        ("Version", "Changed"), ("Date", "Changed"), ("Status", "Changed"),
    ]  # fmt: skip
    assert [(line.word, [text for text, _ in line.places]) for line in changes.lines] == [
        ("Changed", ["Header: Version, Date, Status"]),
        ("Added", ["1 decision: P57-D1", "1 gate: Gate 1b"]),
        ("Changed", ["§2 Gates: rows 2 → 3"]),
        ("Changed", ["§1 Purpose (1 paragraph changed)"]),
        ("Changed", ["§2 Gates (1 row added)"]),
        ("Added", ["§2.A Decisions (1 paragraph)"]),
    ]
    assert [[end.text for end in side if end.here] for side in (page.starts, page.ends)] == [["v0.1"], ["v0.2"]]
    assert [(item.kind, item.previous != "", item.following != "") for item in changes.items if item.anchor] == [
        ("change", True, True), ("change", True, True), ("section", True, False),
    ]  # fmt: skip


def test_only_the_header_differs(filed: Whole) -> None:
    page, changes, html = compared(filed, 2)
    assert changes.headline == "The text is the same; only the header differs."
    assert [(fact.label, fact.word) for fact in changes.facts] == [
        ("Version", "Changed"), ("Date", "Changed"), ("Target tag", "Added"), ("Author", "Removed"),
    ]  # fmt: skip
    assert "Next change" not in html
    assert page.current is None


def test_twins(filed: Whole) -> None:
    page, changes, _ = compared(filed, 3)
    assert page.title == "Gate notes: v0.3, Markdown compared with HTML"
    assert page.forms[0].text == "v0.3 Markdown to HTML"
    assert [item.html for item in changes.items if item.kind == "fold"] == [
        "<p>The gates of a phase, and what each of them asks.</p>"
    ]


def test_references_lead_from_this_page(filed: Whole) -> None:
    _, _, html = compared(filed, 1)
    assert set(re.findall(r'<img[^>]* src="([^"]*)"', html)) == {"../../raw/notes/images/layers.svg"}


def test_any_two_versions_of_a_short_chain_and_neighbours_of_a_long_one(tmp_path: Path) -> None:
    paths = [f"{folder}/archive/x-v0_{n}.md" for folder, most in (("n", 12), ("s", 5)) for n in range(1, most)]
    files = {path: f"# X\n\n{path}.\n" for path in paths}
    whole = read(file_content(tmp_path, {**files, "n/x-v0_12.md": "# X\n\nLast.\n", "s/x-v0_5.md": "# X\n\nLast.\n"}))
    short, long = chain_of(whole.record, "s/x"), chain_of(whole.record, "n/x")
    assert len(compared_pairs(short)) == 10
    page, _, html = written(whole, short, (short.named()[0], short.named()[2]))
    assert [(end.text, bool(end.address), end.here) for end in page.ends] == [
        ("v0.2", True, False), ("v0.3", True, True), ("v0.4", True, False), ("v0.5, current", True, False),
    ]  # fmt: skip
    assert [end.text for end in page.starts] == ["v0.1", "v0.2"]
    assert not page.command
    pairs = compared_pairs(long)
    page, _, html = written(whole, long, pairs[10])
    assert len(pairs) == 21
    assert page.ends[-1].text == "v0.12, current"
    built = {addresses.compare(long.id, *pair) for pair in pairs}
    assert {end.address for end in (*page.starts, *page.ends) if end.address} <= built
    assert f"<code>{page.command}</code>" in html
    assert "All 12 versions" in html


def pages() -> Iterator[tuple[Whole, str, int]]:
    if CONTENT.is_dir():
        whole = read(CONTENT)
        for chain in whole.record.chains:
            yield from ((whole, chain.id, at) for at in range(len(compared_pairs(chain))))


def assert_whole(whole: Whole, chain_id: str, at: int) -> None:
    """Ids stand once, links within the page lead somewhere, and both bodies come back from the page."""
    chain = whole.record.chain_by_id[chain_id]
    pair = compared_pairs(chain)[at]
    _, _, html = written(whole, chain, pair)
    tree = document_fromstring(html)
    names = Counter(tree.xpath("//@id"))
    assert [name for name, times in names.items() if times > 1] == []
    here = [urldefrag(href)[1] for href in tree.xpath("//a/@href") if href.startswith("#")]
    assert [anchor for anchor in here if anchor not in names] == []
    labels = Counter(tree.xpath('//*[@role="region"]/@aria-label'))
    assert [label for label, times in labels.items() if times > 1] == []
    text = "".join(tostring(child, encoding="unicode") for part in tree.xpath(_TEXT) for child in part.iterchildren())
    for side, document in zip(("old", "new"), pair, strict=True):
        if document.form == "md":
            assert words(reconstruct(text, side)) == words(canonical_html(rendered_text(whole, document).unlinked))


def words(html: str) -> list[str]:
    return document_fromstring(f"<div>{html}</div>").text_content().split()


def test_whole_page(filed: Whole) -> None:
    for at in range(4):
        assert_whole(filed, chain_of(filed.record, "gate-notes").id, at)


@pytest.mark.skipif(not CONTENT.is_dir(), reason="the sample record is not here")
def test_pages_of_the_sample_record() -> None:
    found = list(pages())
    assert found
    for whole, chain_id, at in found:
        assert_whole(whole, chain_id, at)


@pytest.mark.skipif(not CONTENT.is_dir(), reason="the sample record is not here")
def test_what_changed_comes_back_from_messagepack() -> None:
    found = list(pages())
    assert found
    for whole, chain_id, at in found:
        chain = whole.record.chain_by_id[chain_id]
        _, changes, _ = written(whole, chain, compared_pairs(chain)[at])
        assert unpacked_comparison(packed_part(changes)) == changes


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["P57-B1", "P57-B2", "P57-B3", "P57-C1"], ["P57-B1 … P57-B3", "P57-C1"]),
        (["Gate 5c", "Gate 19"], ["Gate 5c", "Gate 19"]),
        (["Step 1", "Step 2"], ["Step 1", "Step 2"]),
        ([], []),
    ],
)
def test_series(names: list[str], expected: list[str]) -> None:
    assert series(names) == expected


def test_fold_words() -> None:
    names = tuple(SectionName(f"§{number}", "T") for number in range(2, 7))
    rows = (Tally("heading", 5), Tally("paragraph", 11), Tally("row", 20))
    assert fold_words(UnchangedRun("", rows[:2], ())) == "11 unchanged paragraphs"
    assert fold_words(UnchangedRun("", rows, names[:3])) == "11 unchanged paragraphs and 20 unchanged rows: §2, §3, §4"
    assert fold_words(UnchangedRun("", (Tally("paragraph", 1),), names)) == "1 unchanged paragraph: §2 to §6"
    assert fold_words(UnchangedRun("", rows[:1], ())) == "5 unchanged headings"


def test_headline_of_no_difference() -> None:
    same = Comparison((), (), (), (), (), ())
    assert headline(same, True, False) == "The text is the same; only the header differs."
    assert headline(same, False, True) == "Both were filed with the same bytes."
    assert headline(same, False, False) == "The text and the header are the same."


def test_joined() -> None:
    assert (joined([]), joined(["a"]), joined(["a", "b", "c"])) == ("", "a", "a, b and c")
