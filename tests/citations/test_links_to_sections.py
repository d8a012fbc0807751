"""Links to sections lead there as GitHub writes them and as their authors set them, beside our own anchors."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.whole import Whole
from loomworks_record.text.anchors import GithubAnchors, github_anchor, is_id
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.sections import sections_of

from citations.records import NOTE, header, record_of

# As github-slugger 2.0.0 answers, one after another by one slugger.
ON_GITHUB = [
    ("Setup", "setup"), ("Setup", "setup-1"), ("Setup-1", "setup-1-1"), ("setup", "setup-2"), ("setup 1", "setup-1-2"),
    ("1. Purpose", "1-purpose"), ("Scope & limits", "scope--limits"), ("Import/Export", "importexport"),
    ("The max_age field", "the-max_age-field"), ("Überblick", "überblick"), ("--dry-run", "--dry-run"),
    ("§7.2 Sections", "72-sections"), ("🚀 Launch", "-launch"), (":rocket: Launch", "rocket-launch"),
    ("C# & F#", "c--f"), ("数", "数"), ("ΑΣ", "ας"), ("Setup", "setup-3"), ("İstanbul", "i̇stanbul"),
    ("𝒜 b", "𝒜-b"), ("Straße", "straße"), ("A\u00a0b", "ab"), ("what's new?", "whats-new"), ("(a) [b] {c}", "a-b-c"),
    ("हिन्दी", "हिन्दी"), ("Ⓐ ½ ²", "ⓐ--"), ("a‿b", "a‿b"),
]  # fmt: skip


def test_anchors_are_those_of_github() -> None:
    anchors = GithubAnchors()
    assert [(heading, anchors.next(heading)) for heading, _ in ON_GITHUB] == ON_GITHUB


BODY = """## 1. Purpose

x

## Scope & limits

x

## The `max_age` [field](x.md)

x

## Setup

x

## Setup

x

## Überblick {#custom}

x

<a name="named"></a>

## Below a name

x

### In <a id="within"></a>its words

Text with <a id="spot"></a>a spot.

<h2 id="part two">Part &amp; two</h2>

<a id="s1"></a>

```
<a id="code"></a>
```
"""
LINKS = {
    "1-purpose": "s1",
    "s1": "s1",
    "1-Purpose": "s1",
    "scope--limits": "scope-limits",
    "user-content-scope--limits": "scope-limits",
    "the-max_age-field": "the-max-age-field",
    "setup": "setup",
    "setup-1": "setup_2",
    "überblick": "uberblick",
    "%C3%BCberblick": "uberblick",
    "custom": "uberblick",
    "named": "below-a-name",
    "within": "in-its-words",
    "spot": "spot",
    "part%20two": "part-two",
    "a-title": None,
    "top": None,
}
OTHER = "notes/other-v0_1.md"


def whole(body: str) -> Whole:
    return Whole(record_of({NOTE: header() + BODY + body, OTHER: header() + body.replace("](#", f"](/{NOTE}#"),
                            "phases/phase-70-ledger/x.md": "# X\n"}))  # fmt: skip


def ids(html: str) -> list[str]:
    return re.findall(r'<[a-z][^<>]* id="([^"]*)"', html)


@pytest.mark.parametrize("fragment", LINKS)
def test_a_link_leads_to_its_section(fragment: str) -> None:
    record = whole(f"\n[it](#{fragment})\n")
    assert record.citations.problems == ()
    for path in (NOTE, OTHER):
        citation = record.citations.of(path)[-1]
        assert (citation.outcome, citation.target, citation.anchor) == ("held", NOTE, LINKS[fragment])
    page = rendered_text(record, record.record.by_path[NOTE]).body
    written = re.findall(r'href="#([^"]*)">it<', page)
    assert written == [LINKS[fragment] or ""]
    assert not written[0] or written[0] in ids(page)


def test_what_leads_nowhere_is_told() -> None:
    problems = whole("\n[it](#nowhere) [code](#code)\n").citations.problems
    assert [problem.code for problem in problems] == ["link-broken"] * 4
    assert {problem.path for problem in problems} == {NOTE, OTHER}


def test_all_addresses_stand_on_the_page_once_and_have_no_words() -> None:
    record = whole("")
    text = rendered_text(record, record.record.by_path[NOTE])
    found = ids(text.body)
    assert len(found) == len(set(found))
    assert all(map(is_id, found))
    for name in ("1-purpose", "scope--limits", "setup-1", "überblick", "custom", "named", "within", "spot", "part-two"):
        assert name in found
    assert "code" not in found
    assert "{#custom}" not in text.body
    assert [heading.text for heading in text.contents][5:7] == ["Überblick", "Below a name"]
    assert re.sub(r"<[^>]*>", "", text.body) == re.sub(r"<[^>]*>", "", text.unlinked)
    assert "1-purpose" not in text.unlinked


def test_an_alias_stands_only_where_it_is_another() -> None:
    record = Whole(record_of({NOTE: header() + "## Purpose\n\nx\n\n## Open points\n\nx\n"}))
    text = rendered_text(record, record.record.documents[0])
    assert text.body == text.unlinked


@pytest.mark.parametrize("link", ["other-v0_1", "other-v0_1#1-purpose", "./other%2Dv0_1.md#s1", "/notes/other-v0_1"])
def test_links_may_leave_out_the_extension(link: str) -> None:
    source = "notes/this-v0_1.md"
    record = Whole(record_of({source: header() + f"[it]({link})\n", OTHER: header() + "## 1. Purpose\n\nx\n"}))
    assert record.citations.problems == ()
    [citation] = record.citations.of(source)
    assert (citation.target, citation.anchor) == (OTHER, "s1" if "#" in link else None)
    if not link.startswith("/"):
        page = rendered_text(record, record.record.by_path[source]).body
        assert 'href="other-v0_1.md.html' + ("#s1" if "#" in link else "") in page


def test_an_authors_anchor_takes_none_of_the_page_or_of_ours() -> None:
    body = '## §1 One\n\n<a id="s1"></a><a id="r-cite"></a> x <a id="two"></a><a id="two"></a>\n\n## Two\n'
    record = Whole(record_of({NOTE: header() + body}))
    found = ids(rendered_text(record, record.record.documents[0]).body)
    assert sorted(found) == ["1-one", "s1", "two"]


PIECES = st.sampled_from([
    "## 1. Purpose", "## Purpose", "## purpose {#purpose}", "## Setup", "## setup-1", "## s1", "<a id='setup'></a>",
    '<h2 id="s1">x</h2>', "text <a name='purpose-1'></a>", "## `a` & <b>b</b>", "## C# 🚀",
    "<div id=x>\n\n## In it\n\n</div>",
    "- # In a list", "> ## Quoted", "## <a id=y></a>", "---", "<h2>Purpose</h2>", "<!-- <h2>Purpose</h2> -->",
    '<div align="center">\n<h1>Setup <b>1</b></h1>\n<h3></h3><h3>x</div>', "[^1]: a\n\n    <h2>Note</h2>", "[^1]",
    "<h3>Setup</h3><h4 id=z>z</h4>", "<h2>\n\nOpen\n\n</h2>",
])  # fmt: skip


@given(st.lists(PIECES, max_size=10))
def test_no_id_stands_twice_and_each_address_is_found(pieces: list[str]) -> None:
    body = "\n\n".join(pieces) + "\n"
    record = Whole(record_of({NOTE: header() + body}))
    document = record.record.documents[0]
    found = ids(rendered_text(record, document).body)
    assert len(found) == len(set(found))
    sections = sections_of(flatten_markdown(body))
    assert {section.anchor for section in sections} <= set(found)
    for section in sections:
        for name in section.aliases:
            assert name in found or not is_id(name)


IN_HTML = """
<div align="center">
<h1>Setup</h1>
<!-- <h2>Setup</h2> -->
</div>

## Setup

<h2>Set <code>up</code> &amp; run</h2>

<h2></h2>

## Setup
"""


@pytest.mark.parametrize(
    ("text", "fragment", "anchor"),
    [
        ("# Setup\n\n**Version.** 1.0\n\n## Setup\n", "setup-1", "setup"),
        ("---\nversion: 1.0\n---\n\nSetup\n=====\n\n## Setup\n", "setup-1", "setup"),
        ("---\ntitle: Setup\n---\n\nWords.\n\n## Setup\n\n## Setup\n", "setup-1", "setup_2"),
        (header() + IN_HTML, "setup-1", "setup"),
        (header() + IN_HTML, "setup-2", "setup_2"),
        (header() + IN_HTML, "set-up--run", "set-up--run"),
    ],
)
def test_headings_are_counted_as_on_github(text: str, fragment: str, anchor: str) -> None:
    """The title counts, and so do headings in HTML, which have addresses without an id of their own."""
    record = Whole(record_of({NOTE: f"{text}\n[it](#{fragment})\n"}))
    assert [citation.anchor for citation in record.citations.of(NOTE)] == [anchor]
    page = rendered_text(record, record.record.documents[0]).body
    assert f'href="#{anchor}">it<' in page and anchor in ids(page)


@given(st.text(max_size=20))
def test_an_anchor_of_github_is_an_id(heading: str) -> None:
    assert is_id(github_anchor(" ".join(heading.split())))


@pytest.mark.parametrize("text", ["See [there](#nowhere).\n", "# \n\nSee [there](#nowhere).\n", "See [there](#top).\n"])
def test_a_document_without_a_title_has_no_section_of_that_name(text: str) -> None:
    whole = Whole(record_of({"a.md": text}))
    assert [problem.code for problem in whole.problems] == (["link-broken"] if "nowhere" in text else [])
