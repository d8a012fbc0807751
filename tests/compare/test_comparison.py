"""What a comparison says: sections, rows, words, identifiers, and how it is laid out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
import pytest
from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import canonical_html, reconstruct
from loomworks_record.comparison.plain import side_text, text_lines
from loomworks_record.comparison.values import (
    Change,
    ChangedSection,
    Comparison,
    Limits,
    SectionName,
    ShownHeading,
    UnchangedRun,
)
from loomworks_record.comparison.words import mark_inline
from loomworks_record.pages.changes import anchors_of
from loomworks_record.render.html_form import html_form
from loomworks_record.render.text import TextJob, render_text
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS

from compare.rendering import rendered

NOTE = """## §1 Purpose

An engagement that exists, and a transcript that is kept.

## §2 Background

The surface was built in two phases and tested in parts; nobody had used it.

## §3 Gates

| # | Gate | Where |
|---|---|---|
| 1 | Findings are filed | Step 0 |
| 2 | Tags are confirmed | Step 0 |
| 3 | The prompt is present | Step 1 |
| 4 | The suite is green | Step 1 |
| 5 | The engagement is listed | Step 2 |

## §4 Close

The tag is made last, with explicit refspecs.
"""


def of(old: str, new: str) -> Comparison:
    sides = [render_text(TextJob("n.md", each, (), (), DEFAULT_IDENTIFIERS, ())) for each in (old, new)]
    anchors = anchors_of(sides[0].sections), anchors_of(sides[1].sections)
    return compare(sides[0].unlinked, sides[1].unlinked, anchors=anchors)


def said(comparison: Comparison) -> list[tuple[str, str]]:
    return [(section.sort, str(section.name)) for section in comparison.sections]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("supersedes v0.1.", "supersedes v0.2.", "supersedes <del>v0.1</del><ins>v0.2</ins>."),
        ("Cycle 1", "Cycle 1 and 2", "Cycle 1<ins> and 2</ins>"),
        ("P57-D7 holds", "P57-D8 holds", "<del>P57-D7</del><ins>P57-D8</ins> holds"),
        ("A b. C d.", "A b. New one. C d.", "A b. <ins>New one. </ins>C d."),
        ("see <a href='x.md'>the note</a>", "see <a href='y.md'>the note</a>",
         'see <del><a href="x.md">the note</a></del><ins><a href="y.md">the note</a></ins>'),
        ("<strong>Status.</strong> Draft", "<strong>Status.</strong> Final",
         "<strong>Status.</strong> <del>Draft</del><ins>Final</ins>"),
        ("<em>a b c</em>", "<em>a x c</em>", "<em>a <del>b</del><ins>x</ins> c</em>"),
        ("a&lt;b", "a&lt;c", "a&lt;<del>b</del><ins>c</ins>"),
        ("漢字", "漢語", "漢<del>字</del><ins>語</ins>"),
        ("same", "same", "same"),
        ("", "all new", "<ins>all new</ins>"),
    ],
)  # fmt: skip
def test_words(old: str, new: str, expected: str) -> None:
    assert mark_inline(old, new) == expected


def test_rewritten_sentence_reads_as_one_change() -> None:
    old = "The form was never asked about an address, since nobody thought of it."
    new = "Every reader of the contract assumed a passkey, which is what the engine stores."
    marked = mark_inline(old, new)
    assert marked.count("<del>") <= 2


def test_nothing_changed() -> None:
    comparison = of(NOTE, NOTE)
    assert comparison.is_same
    assert comparison.changes == ()
    assert [type(item) for item in comparison.items] == [UnchangedRun]
    assert comparison.blocks_differing == 0


def test_empty_documents() -> None:
    assert compare("", "").is_same
    assert [change.anchor for change in compare("", "<p>New.</p>").changes] == ["r-change-1"]


def test_changed_section_stands_under_its_heading_between_folds() -> None:
    comparison = of(NOTE, NOTE.replace("built in two", "built in three"))
    assert [type(item) for item in comparison.items] == [UnchangedRun, ShownHeading, Change, UnchangedRun]
    assert said(comparison) == [("changed", "§2 Background")]
    first, last = comparison.items[0], comparison.items[3]
    assert isinstance(first, UnchangedRun)
    assert isinstance(last, UnchangedRun)
    assert [str(name) for name in first.sections] == ["§1 Purpose"]
    assert [str(name) for name in last.sections] == ["§3 Gates", "§4 Close"]
    assert {tally.kind: tally.same for tally in last.tallies} == {"heading": 2, "paragraph": 1, "row": 5, "head": 1}


def test_inserted_section_does_not_shift_the_rest() -> None:
    added = "## §2 Scope\n\nNo migration is needed.\n\n"
    new = NOTE.replace("## §2", added + "## §3", 1)
    new = new.replace("## §3 Gates", "## §4 Gates").replace("## §4 Close", "## §5 Close")
    comparison = of(NOTE, new)
    assert ("added", "§2 Scope") in said(comparison)
    assert [str(section.name) for section in comparison.sections if section.sort == "changed"] == [
        "§3 Background", "§4 Gates", "§5 Close",
    ]  # fmt: skip
    assert comparison.html.count('<del><span class="secno">§') == 3
    assert "<del>The surface" not in comparison.html


def test_section_added_with_sections_under_it() -> None:
    added = "## §3.A Cycle\n\nTen decisions.\n\n### Step 2a: Sign-in\n\nOne test.\n\n### Step 2b: Use\n\nLive.\n\n"
    comparison = of(NOTE, NOTE.replace("## §4", added + "## §4"))
    assert [(section.sort, str(section.name), section.inner) for section in comparison.sections] == [
        ("added", "§3.A Cycle", 2)
    ]


def test_section_removed() -> None:
    comparison = of(NOTE, NOTE.partition("## §4")[0])
    assert said(comparison) == [("removed", "§4 Close")]
    removed = comparison.changes[0]
    assert isinstance(removed, ChangedSection)
    assert removed.html.startswith('<del class="r-whole">')


def test_section_moved_stands_at_both_places() -> None:
    parts = re.split(r"(?=^## )", NOTE, flags=re.MULTILINE)[1:]
    comparison = of(NOTE, "".join([parts[0], parts[2], parts[3], parts[1].replace("nobody", "no one")]))
    moved = [change for change in comparison.changes if isinstance(change, ChangedSection)]
    assert [(str(item.name), item.sort, item.moved_away) for item in moved] == [
        ("§2 Background", "moved", True),
        ("§2 Background", "moved", False),
    ]
    assert [str(item.place) for item in moved] == ["§4 Close", "§4 Close"]
    assert said(comparison) == [("moved", "§2 Background")]
    assert "<del>nobody</del><ins>no one</ins>" in moved[1].html


def test_row_with_a_new_identifier() -> None:
    row = "| 2b | Sign-in accepts an empty address | Step 2a |\n"
    comparison = of(NOTE, NOTE.replace("| 3 |", row + "| 3 |"))
    assert comparison.html.count('class="is-add"') == 1
    assert [(rows.old, rows.new, str(rows.section)) for rows in comparison.rows] == [(5, 6, "§3 Gates")]
    assert [(each.sort, each.names) for each in comparison.identifiers] == [("added", ("Gate 2b",))]
    assert "tag tag--add r-ui" in comparison.html


def test_what_was_renumbered_is_not_removed() -> None:
    """The summary says of gates what the table shows: none is gone where each row still stands under another number."""
    old = NOTE
    inserted = "| 1b | A new gate stands here | Step 1 |\n"
    rows = re.findall(r"^\| (\d+) \|.*\n", old, re.MULTILINE)
    numbers = {int(number): int(number) + 2 if int(number) > 1 else 1 for number in rows}
    new = re.sub(r"^\| (\d+) \|", lambda found: f"| {numbers[int(found[1])]} |", old, flags=re.MULTILINE)
    new = new.replace("| 4 |", inserted + "| 4 |", 1)
    comparison = of(old, new)
    assert [(each.sort, each.names, each.now) for each in comparison.identifiers] == [
        ("added", ("Gate 1b",), ()),
        ("renumbered", tuple(f"Gate {n}" for n in rows[1:]), tuple(f"Gate {int(n) + 2}" for n in rows[1:])),
    ]
    (gates,) = [tally for tally in comparison.tallies if tally.kind == "row"]
    assert (gates.renumbered, gates.added, gates.changed, gates.removed) == (len(rows) - 1, 1, 0, 0)
    back = of(new, old)
    assert [(each.sort, each.names) for each in back.identifiers][1:] == [("removed", ("Gate 1b",))]
    assert back.identifiers[0].now == tuple(f"Gate {n}" for n in rows[1:])


def test_a_changed_row_is_a_changed_identifier() -> None:
    comparison = of(NOTE, NOTE.replace("| 3 | ", "| 3 | Again: ", 1))
    assert [(each.sort, each.names) for each in comparison.identifiers] == [("changed", ("Gate 3",))]


def test_renumbered_rows_fold() -> None:
    new = NOTE.replace("| 1 | F", "| 1 | The branch is cut | Step 0 |\n| 2 | F")
    for at, text in ((5, "The eng"), (4, "The s"), (3, "The p"), (2, "Tags")):
        new = new.replace(f"| {at} | {text}", f"| {at + 1} | {text}")
    comparison = of(NOTE, new)
    assert "5 rows renumbered, text unchanged: 2 to 6" in comparison.html
    assert "<del>1</del><ins>2</ins>" in comparison.html


def test_column_added_and_row_removed_keep_the_grid() -> None:
    new = re.sub(r"\|$", "| CC |", NOTE, flags=re.MULTILINE).replace("---| CC |", "---|---|")
    new = new.replace("| 4 | The suite is green | Step 1 | CC |\n", "")
    html = of(NOTE, new).html
    table = html[html.index("<table") : html.index("</table")]
    rows = [row for row in table.split("<tr")[1:] if "r-fold-row" not in row]
    assert {row.count("<td") + row.count("<th") for row in rows} == {4}


def test_code_lines() -> None:
    old, new = "```\na = 1\nb = 2\nc = 3\n```\n", "```\na = 1\nb = 20\nnew()\nc = 3\n```\n"
    html = of(old, new).html
    assert "b = <del>2</del><ins>20</ins>\n" in html
    assert '<ins class="r-codeline">new()\n</ins>' in html
    assert side_text(html, "old") == "a = 1\nb = 2\nc = 3"


def test_long_unchanged_code_folds() -> None:
    lines = [f"line {number}" for number in range(20)]
    old = "```\n" + "\n".join(lines) + "\n```\n"
    html = of(old, old.replace("line 19", "line nineteen")).html
    assert "19 unchanged lines" in html
    assert reconstruct(html, "old") == canonical_html(rendered(old))


def test_record_additions_are_no_part_of_the_document() -> None:
    plain = "<h2 id='s1'>§1 Inputs</h2><p>See note v0.2 and <code>x.md</code>.</p>"
    linked = (
        '<h2 id="s1"><a class="secno" href="#s1">§1</a> Inputs</h2><p>See <a class="m m--superseded" href="n">note v0.2'
        '</a><span class="m-note m-note--superseded">superseded, now v0.4</span> and <a class="m" href="x"><code>x.md'
        "</code></a>.</p>"
    )
    assert compare(plain, linked).is_same


def test_an_authors_own_marks_are_text() -> None:
    comparison = compare("<p>kept <del>struck</del></p>", "<p>kept <del>struck</del> <ins>new</ins></p>")
    assert comparison.html == "<p>kept <s>struck</s><ins> <u>new</u></ins></p>"


def test_ids_stay_with_the_new_side() -> None:
    old = '<h2 id="a">One</h2><p>x y z</p>'
    comparison = compare(old, '<h2 id="a">Two</h2><p>x y q</p><h2 id="a">One</h2><p id="r-x">w</p>')
    assert re.findall(r' id="([^"]*)"', comparison.html) == ["a"]


def test_deep_nesting_is_compared_as_text_and_said() -> None:
    old, new = ("<blockquote>" * 3000 + f"<p>a {word} b</p>" + "</blockquote>" * 3000 for word in ("one", "two"))
    comparison = compare(old, new)
    assert comparison.html == "<p>a <del>one</del><ins>two</ins> b</p>"
    assert [(each.what, each.of) for each in comparison.shortfalls] == [("levels of nesting", 3001)]


def test_what_is_not_shown_is_said() -> None:
    old = "".join(f"<p>paragraph {number} stays</p><p>a short word {number}</p>" for number in range(200))
    comparison = compare(old, old.replace("word", "other"), limits=Limits(shown=4_000))
    shortfall = next(each for each in comparison.shortfalls if each.what == "changes")
    assert shortfall.of == 200
    assert 0 < shortfall.done == len(comparison.changes) < 200
    assert comparison.blocks_differing == 200


def test_too_long_to_compare_word_by_word_is_said() -> None:
    old, new = "<p>" + "a b " * 3000 + "</p>", "<p>" + "b a " * 2999 + "</p>"
    comparison = compare(old, new, limits=Limits(cells=1000))
    assert [each.what for each in comparison.shortfalls] == ["passages"]
    assert reconstruct(comparison.html, "old") == canonical_html(old)


@pytest.mark.parametrize(
    ("heading", "number", "identifier", "title"),
    [
        ("§3.A Amendment cycle 1", "§3.A", "", "Amendment cycle 1"),
        ("Step 2b: Live usage event", "", "Step 2b", "Live usage event"),
        ("§5.4 Sub-arc 4: Alignment", "§5.4", "Sub-arc 4", "Alignment"),
        ("4. Tests", "4", "", "Tests"),
        ("**7.2** What remains", "7.2", "", "What remains"),
        ("4a. The form", "4a", "", "The form"),
        ("3 halts in one day", "", "", "3 halts in one day"),
        ("2026 in numbers", "", "", "2026 in numbers"),
        ("Section 4 Tests", "Section 4", "", "Tests"),
        ("§Background", "", "", "§Background"),
    ],
)
def test_section_names(heading: str, number: str, identifier: str, title: str) -> None:
    change = of(f"## {heading}\n\nOld.\n", f"## {heading}\n\nNew.\n").sections[0]
    assert change.name == SectionName(number, title, identifier)


def test_plain_lines() -> None:
    html = of("- one\n- two\n\n> said\n", "- one\n- two, three\n- four\n\n> said\n").html
    signs = {"": "", "added": "+", "removed": "-"}
    lines = ["".join(signs[mark] + text for mark, text in line) for line in text_lines(html)]
    assert lines == ["- one", "- two+, three", "- +four", "  said"]


def test_cells_of_plain_lines_stay_in_their_columns_where_cells_span() -> None:
    row = '<tr><td rowspan="2">Gate 7</td><td>Bills go out</td><td>holds</td></tr><tr><td>Bills are paid</td><td>waived'
    last = '<tr><td colspan="2">Gate 8</td><td rowspan="1">holds</td></tr>'
    groups = f"<thead><tr><th>Gate</th><th>Rule</th><th>State</th></tr></thead><tbody>{row}</td></tr>{last}</tbody>"
    assert ["".join(text for _, text in line) for line in text_lines(f"<table>{groups}</table>")] == [
        "Gate | Rule | State",
        "Gate 7 | Bills go out | holds",
        " | Bills are paid | waived",
        "Gate 8 |  | holds",
    ]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("3. a\n4. b\n5. c\n", "3. a\n4. c\n5. d\n", ["3. a", "4. -b", "4. c", "5. +d"]),
        ("1. a\n   1. b\n   2. c\n", "1. a\n   1. b\n   2. c, d\n", ["1. a", "   1. b", "   2. c+, d"]),
        ("<ol reversed><li>a<li>b</ol>", "<ol reversed><li>a<li>b<li>c</ol>", ["3. a", "2. b", "1. +c"]),
        ("<ol><li>a<li value=9>b<li>c</ol>", "<ol><li>a<li value=9>b<li>d</ol>", ["1. a", "9. b", "10. -c", "10. +d"]),
    ],
)
def test_numbered_lines_have_their_numbers(old: str, new: str, lines: list[str]) -> None:
    signs = {"": "", "added": "+", "removed": "-"}
    found = text_lines(of(old, new).html)
    assert ["".join(signs[mark] + text for mark, text in line) for line in found] == lines


def test_html_form_reads_like_rendered_markdown() -> None:
    head = "<!doctype html><html><head><title>T</title><style>p{}</style></head>"
    inner = "<div><h2>1. Aim</h2><p>A <b>b</b>.</p></div><script>alert(1)</script>"
    body = html_form(f"{head}<body>{inner}</body></html>", DEFAULT_IDENTIFIERS).body
    assert compare('<h2><a class="secno" href="#s1">1</a> Aim</h2><p>A <b>b</b>.</p>', body).is_same


HOSTILE = [
    '<p title="</p><img src=x onerror=alert(1)>">a &lt;script&gt; b</p>',
    "<p>&lt;img src=x onerror=alert(1)&gt; and &amp;lt;b&amp;gt;</p>",
    '<p><a href="x.md?a=1&amp;b=&quot;2&quot;">q</a></p>',
    "<pre><code>&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;</code></pre>",
    "<p>a\u2028b\u0085c</p>",
]


class Tags(HTMLParser):
    """Collects the tags of a fragment with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs)))


def tags(html: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    collector = Tags()
    collector.feed(html)
    return collector.found


@pytest.mark.parametrize("html", HOSTILE)
def test_safe_in_safe_out(html: str) -> None:
    """A browser's parser finds nothing in the result that would have to be taken out."""
    allowed = {"p", "a", "pre", "code", "ins", "del"}
    attributes = {"*": {"title", "class", "tabindex"}, "a": {"href"}}
    for old, new in ((html, "<p>other</p>"), ("<p>other</p>", html), (html, html), (html, html.replace("b", "c"))):
        result = compare(old, new).html
        clean = nh3.clean(result, tags=allowed, attributes=attributes, link_rel=None)
        assert tags(clean) == tags(result)
        assert {tag for tag, _ in tags(result)} <= allowed


def test_same_input_same_bytes() -> None:
    new = NOTE.replace("two phases", "three phases").replace("§4 Close", "§5 Close")
    assert of(NOTE, new) == of(NOTE, new)
