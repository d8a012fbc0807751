"""Linking: what is put into a page, how it reads, and that it can be taken off again."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.record.citations.cite import cite

from citations.records import CR, LEDGER, NOTE, PHASE, header, record_of
from citations.rendering import rendered, unlinked

CITATIONS = cite(record_of({**LEDGER, NOTE: header() + "Text.\n"}, [f"{PHASE}/images/a.svg"]))
CR3 = f"/view/{CR}-v0_3.md.html"


def page(text: str) -> str:
    """The linked page of a note in phase 70."""
    found = rendered(CITATIONS, NOTE, text)
    assert unlinked(found.linked) == found.plain
    return found.linked


def test_a_held_mention_is_a_link() -> None:
    assert page("See CR v0.3.") == (
        f'<p>See <a class="m m--held" href="{CR3}" title="A title (v0.3).">CR v0.3</a>.</p>'
    )


def test_a_superseded_mention_links_the_version_cited_and_names_the_current_one() -> None:
    old = f"/view/{PHASE}/phase-70-cr-ledger-v0_2.md.html"
    assert page("See CR v0.2.") == (
        f'<p>See <a class="m m--superseded" href="{old}" '
        'title="A title (v0.2). v0.2 is archived; v0.3 is current.">CR v0.2</a>'
        f'<span class="m-note m-note--superseded"> superseded, now&nbsp;<a href="{CR3}">v0.3</a></span>.</p>'
    )


def test_on_the_current_version_the_note_does_not_link_to_the_page_itself() -> None:
    found = rendered(CITATIONS, f"{CR}-v0_3.md", "It amends CR v0.2.")
    assert '<span class="m-note m-note--superseded"> superseded by this version</span>' in found.linked
    assert unlinked(found.linked) == found.plain


def test_what_is_elsewhere_is_no_link_and_says_where() -> None:
    assert page("a-note-v0_1.md (engine repo docs/phase-impl-notes/)") == (
        '<p><span class="m m--elsewhere" title="Not held in this record. The text says where it is: '
        'engine repo, docs/phase-impl-notes/">a-note-v0_1.md</span>'
        '<span class="m-note m-note--elsewhere"> elsewhere: engine repo</span> (engine repo docs/phase-impl-notes/)</p>'
    )


def test_what_is_unresolved_is_no_link_and_says_so() -> None:
    assert page("a-note-v0_1.md") == (
        '<p><span class="m m--unresolved" title="Nothing held in this record matches.">a-note-v0_1.md</span>'
        '<span class="m-note m-note--unresolved"> unresolved</span></p>'
    )


def test_a_section_that_is_missing_keeps_the_link_to_the_top() -> None:
    assert f'href="{CR3}" title="A title (v0.3) has no §99: the link goes to its beginning."' in page("CR v0.3 §99.")


def test_the_document_itself_is_marked_and_not_linked() -> None:
    name = NOTE.rpartition("/")[2]
    assert page(name) == f'<p><span class="m m--held" title="This document.">{name}</span></p>'


def test_a_code_span_is_taken_in_whole() -> None:
    assert re.search(
        r'<a class="m m--held"[^>]*><code>phase-70-cr-ledger-v0_3.md</code></a>', page("`phase-70-cr-ledger-v0_3.md`")
    )
    assert re.search(r'<a class="m m--held"[^>]*><strong>CR</strong> v0.3</a>', page("**CR** v0.3"))
    assert re.search(
        r'<a class="m m--held"[^>]*><code>phase-70-cr-ledger-v0_3.md</code> §7.2</a>',
        page("`phase-70-cr-ledger-v0_3.md` §7.2"),
    )


def test_a_mention_across_elements_that_it_does_not_fill_is_linked_in_parts() -> None:
    found = page("*see the CR* v0.3")
    assert len(re.findall(rf'<a class="m m--held" href="{re.escape(CR3)}"', found)) == 2
    assert found.count("m-note") == 0


def test_the_inner_versions_of_a_range_stand_in_a_note() -> None:
    found = page("CR v0.1–v0.3.")
    assert re.search(r'<span class="m-note"> with <a href="[^"]*ledger-v0_2.md.html"[^>]*>v0.2</a></span>', found)


def test_an_authors_link_keeps_its_words_and_its_address() -> None:
    assert page("[the CR](phase-70-cr-ledger-v0_3.md)") == f'<p><a href="{CR3}">the CR</a></p>'
    old = page("[the CR](archive/phase-70-cr-ledger-v0_2.md)")
    assert '<span class="m m--superseded"' in old
    assert "superseded, now" in old
    assert page("[CR v0.2](https://example.org/)").count("m--") == 0
    assert "unresolved</span>" in page("[gone](no-such-file-v0_1.md)")


def test_code_blocks_are_left_alone() -> None:
    assert "m--" not in page("```text\nCR v0.3 and phase-70-cr-ledger-v0_3.md\n```")


def test_headings_tables_lists_and_quotes_are_read() -> None:
    text = "## On CR v0.3\n\n| CR v0.3 | b |\n|---|---|\n| c | CR v0.3 |\n\n- CR v0.3\n    - CR v0.3\n\n> CR v0.3\n"
    assert page(text).count("m m--held") == 6


PIECES = st.sampled_from(
    [
        "CR v0.3",
        "CR v0.2",
        "CR\nv0.2",
        "phase-70-cr-ledger-v0_3.md",
        "`phase-70-cr-ledger-v0_2.md`",
        "§7.2",
        "CR v0.3 §7.2",
        "Gate 5b",
        "P70-D7",
        "v0.1–v0.3",
        "CR v0.1–v0.3",
        "**CR** v0.3",
        "*CR v0.2* §7",
        "a-note-v0_1.md (project knowledge)",
        "[a link](phase-70-cr-ledger-v0_3.md)",
        "[old](archive/phase-70-cr-ledger-v0_2.md)",
        "[gone](x-v0_1.md)",
        "<timestamp>",
        "![a](images/a.svg)",
        "![b](images/b.svg)",
        "&amp;",
        "\\*",
        "_x_",
        "**",
        "`",
        "(",
        ")",
        "|",
        "* ",
        "plain words",
        "(CR v0.3; §7.2)",
        "amendment handoff §7.2",
        "Steps 2a–2b",
        "a &nbsp; b",
        "<b>CR v0.3</b>",
        "~~CR v0.2~~",
        "1. ",
        "# ",
    ]
)
TEXTS = st.lists(
    st.tuples(PIECES, st.sampled_from([" ", " ", "\n", "\n\n", "\n\n- ", "\n\n> ", "; ", "\n\n## "])), max_size=14
)


@given(TEXTS)
def test_what_linking_adds_can_be_taken_off_byte_for_byte(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + joint for piece, joint in pieces)
    found = rendered(CITATIONS, NOTE, text)
    assert unlinked(found.linked) == found.plain


@given(TEXTS)
def test_text_and_page_mention_the_same(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + joint for piece, joint in pieces if piece not in ("**", "`", "|", "* ", "# ", "1. "))
    citations = cite(record_of({**LEDGER, NOTE: header() + "Text.\n\n" + text}))
    page_mentions = list(rendered(citations, NOTE).mentions)
    assert page_mentions == [
        (citation.text, citation.target, citation.anchor, citation.outcome)
        for citation in citations.of(NOTE)
        if citation.where != "header"
    ]


@pytest.mark.parametrize("mark", ["m--held", "m--superseded", "m--elsewhere", "m--unresolved"])
def test_every_outcome_is_told_by_a_word(mark: str) -> None:
    found = page("CR v0.3, CR v0.2, b-note-v0_1.md, a-note-v0_1.md (project knowledge)")
    titled = re.search(rf'class="m {mark}"[^>]*title="([^"]+)"', found)
    assert titled and len(titled[1]) > 10


def test_linking_takes_time_in_proportion_to_the_mentions() -> None:
    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            rendered(CITATIONS, NOTE, text)
            best = min(best, time.process_time() - start)
        return best

    text = "See CR v0.2 §7, `phase-70-cr-ledger-v0_3.md` and P70-D7. " * 300
    once, twice = seconds(text), seconds(text * 2)
    assert twice < 0.05 + 3 * once, f"{once:.3f} s, and {twice:.3f} s for twice the mentions"
