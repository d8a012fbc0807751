"""Markdown as authors write it, safe HTML as browsers show it, and texts that would take for ever."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.render.body import body_html, render_body
from loomworks_record.render.references import filed_path, lead_references
from loomworks_record.text.parse import parse

TABLE = "| Item | Setting |\n|---|---|\n| P57-B1 | set |\n"


def body(text: str) -> str:
    return render_body(text)


@pytest.mark.parametrize("before", ["", "A paragraph.\n", "**Bold run-in.** Text\n", "- an item\n\n", "A line  \n"])
@pytest.mark.parametrize("after", ["", "\n", "A paragraph directly after.\n", "\nA paragraph after.\n"])
def test_tables_are_tables_wherever_they_stand(before: str, after: str) -> None:
    made = body(before + TABLE + after)
    assert made.count("<table") == 1
    assert "|" not in made
    assert made.count("<tr") == 2
    assert 'aria-label="Table 1: Item, Setting"' in made


@pytest.mark.parametrize("text", ["Intro:\n- one\n- two\n", "Intro:\n1. one\n2. two\n", "**Head.**\n* one\n* two\n"])
def test_lists_may_follow_a_paragraph_directly(text: str) -> None:
    assert body(text).count("<li>") == 2


def test_a_row_with_too_many_cells_keeps_them() -> None:
    made = body("| a | b |\n|---|:-:|\n| 1 | 2 | **3** | 4 |\n| 5 |\n| 6 | 7 | |\n")
    assert "2 | <strong>3</strong> | 4</td>" in made
    assert ">7</td>" in made
    assert made.count("<td") == 6


@pytest.mark.parametrize("text", ["In the year\n2026. It was so.\n", "It took\n3) steps\n"])
def test_a_number_within_a_paragraph_is_no_list(text: str) -> None:
    assert "<li>" not in body(text)


def test_code_is_left_as_it_is() -> None:
    text = "Text\n\n```\nIntro\n- one\n| a | b |\n|---|---|\n```\n"
    assert "<table" not in body(text)
    assert "<li>" not in body(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "<iframe src='https://x'></iframe>",
        "<a href='data:text/html,x'>a</a>",
        "<svg onload=alert(1)></svg>",
        "<style>*{display:none}</style>",
        "<form action='https://x'><input name=a></form>",
        "<base href='https://x'>",
        "<meta http-equiv=refresh content='0;url=https://x'>",
        "<div style='position:fixed' class='r-banner' id='r-content'>x</div>",
        "`<script>alert(1)</script>`",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_runs_loads_or_dresses_up(text: str) -> None:
    made = body(f"# T\n\n{text}\n\ntext {text}\n").lower()
    assert not re.search(r"<(script|iframe|svg|style|form|base|meta|object)\b", made)
    assert not re.search(r"<[^>]*\s(on\w+|style|action)\s*=", made)
    assert not re.search(r"""(href|src)=["']?\s*(javascript|data):""", made)
    assert 'class="r-banner"' not in made
    assert 'id="r-content"' not in made


@given(st.text(alphabet="<>/ab=\"'(){}[]!`*_~|\n:;&#-", max_size=200))
def test_no_mark_up_escapes(text: str) -> None:
    made = body(text)
    assert not re.search(r"<[^>]*\son\w+\s*=", made)
    assert "<script" not in made.lower()


@pytest.mark.parametrize(
    "tag",
    ["<YYYY-MM-DD>", "<cycle-2 commit; supplied later>", "<path>", "<name>", "<title>", "<script>", "</script>",
     "<style>", "<textarea>", "<plaintext>", "<iframe src=x>", "<svg>", "<template>", "<noscript>", "<select>",
     "<section>", "<table>", "<b>", "<a href=x>", "<img>", "<input>", "<!DOCTYPE html>", "<?php x ?>",
     "<![CDATA[ x ]]>", "<!-- not closed", "<details>", "<body>", "<CR-2026-090>"],
)  # fmt: skip
@pytest.mark.parametrize(
    "place", ["{}", "Filed at a_{}.md, once", "- {}\n- two", "> {}", "| a |\n|---|\n| {} |", "**{}**"]
)
def test_what_is_no_html_is_shown_and_takes_nothing_with_it(tag: str, place: str) -> None:
    made = body(f"Before.\n\n{place.format(tag)}\n\n## More\n\nThe end.\n")
    words = re.sub(r"<[^>]*>", "", made)
    assert html.escape(tag, quote=False) in made
    assert "Before." in words
    assert "<h2>More</h2>" in made
    assert words.rstrip().endswith("The end.")


def test_html_that_is_closed_stays_html() -> None:
    made = body(
        "A <b>bold</b> H<sub>2</sub>O<br>line <kbd>Esc</kbd> <span title='x'>s</span> <!-- not shown -->\n\n"
        "<details><summary>More</summary>text</details>\n\n<table><tr><td>1</td></tr></table>\n\n<p>One\n\n"
        "<header><font color=red>kept</font></header>\n"
    )
    for kept in (
        "<b>bold</b>",
        "<sub>2</sub>",
        "<br>",
        "<kbd>Esc</kbd>",
        "<summary>More</summary>",
        "<td>1</td>",
        "kept",
    ):
        assert kept in made
    assert "not shown" not in made
    assert "&lt;" not in made


def test_angle_brackets_that_markdown_reads_are_left_to_it() -> None:
    made = body(
        "[a](<my file.md>) ![b](<my pic.png>) <https://example.org/x> <me@example.org> `<code>`\n\n    <indented>\n\n"
        "```html\n<script>alert(1)</script>\n```\n\n[c]\n\n[c]: <other.md>\n\n[d]: <no address.md>\n"
    )
    for kept in (
        'href="my%20file.md"',
        'src="my%20pic.png"',
        'href="https://example.org/x"',
        'href="mailto:me@example.org"',
    ):
        assert kept in made
    assert "<code>&lt;code&gt;</code>" in made
    assert "&lt;indented&gt;" in made
    assert '<span class="nt">script</span>' in made
    assert 'href="other.md"' in made
    assert "no address" not in made  # nobody sees an address that nothing leads to


@pytest.mark.parametrize(
    "text",
    [
        "[P57-B1]: settled",
        "[P57-B1]: settled (yes)\n[P57-B2]: open",
        "- [A]: item",
        "> [A]: quoted",
        "1. [A]: x",
        "a\n[b]: c\nd",
    ],
)
def test_a_definition_that_no_link_uses_is_shown(text: str) -> None:
    shown = re.sub(r"<[^>]*>", "", body(text))
    assert re.findall(r"\w[\w-]*", re.sub(r"^1\.", "", text)) == re.findall(r"\w[\w-]*", shown)


def test_a_definition_that_a_link_uses_is_none_of_the_text() -> None:
    made = body(
        "[one], [two words][A b] and ![pic][p]\n\n[one]: x.md\n[a B]: y.md 'title'\n[P]: z.png\n\n    [c]: code\n"
    )
    assert all(address in made for address in ('href="x.md"', 'href="y.md"', 'src="z.png"', "[c]: code"))
    assert "one]:" not in made
    assert body("text[^1]\n\n[^1]: a note\n").count("a note") == 1


PIECES = [
    "{}", "**{}**", "_{}_", "~~{}~~", "\\{}", "`{}`", "<{}>", "</{}>", "<{} x=1>", "<b>{}</b>", "<div>{}", "<p>{}",
    "<script>{}", "<title>{}", "<!-- {}", "<!{}>", "&{};", "[{}]: x", "[{}](a.md)", "[{}]", "[^{}]", "[^n]: {}",
    "![{}](b.png)", "# {}", "{}\n===", "{}\n---", "> {}", "- {}", "1. {}", "+ {}", ": {}", "- [ ] {}", "{} | {}",
    "    {}", "| {} |\n|---|\n| x |", "| a |\n|---|\n| {} |", "```\n{}\n```", "```\n{}", "~~~ x\n{}\n~~~", "*[{}]: y",
    "---", "<details>\n\n{}\n\n</details>",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=7))
def test_no_word_is_lost_in_rendering(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece.replace("{}", f"word{number}") + end for number, (piece, end) in enumerate(pieces))
    assert set(re.findall(r"word\d", text)) - set(re.findall(r"word\d", body(text))) == set()


@given(st.text(alphabet="<>/!-?abp =\n`", max_size=80))
def test_no_sign_of_ours_is_left(text: str) -> None:
    assert "\x01" not in body(text + "\x01")


@pytest.mark.parametrize(
    "piece", ["[", "[a][", "[a](", "![", "*", "**a *b ", "_a", "`", "<", "<!--", "~~", "^[", "\\", "&", "]("]
)
@pytest.mark.parametrize("size", [20_000, 1_000_000])
def test_texts_made_to_take_long(piece: str, size: int) -> None:
    started = time.process_time()
    body(piece * (size // len(piece)))
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("| a | b |\n|---|---|\n" + "| [one](x.md) | cell |\n" * 9000, "<table"),
        ("- an item with [words](x.md)\n" * 9000, "<ul"),
        ("```\n" + "a line of [code]\n" * 15_000 + "```\n", '<div class="highlight">'),
        ("    a line of [code]\n" * 15_000, "<pre"),
    ],
)
def test_long_tables_lists_and_code_are_rendered(text: str, sign: str) -> None:
    made = body(text + "\n**end**\n")
    assert sign in made
    assert "<strong>end</strong>" in made


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("x.md", "a/b/x.md"),
        ("../x.md#s1", "a/x.md"),
        ("my%20pic.png", "a/b/my pic.png"),
        ("u\u0308.md", "a/b/\u00fc.md"),
        ("u%CC%88.md", "a/b/\u00fc.md"),
        ("../../../x", "../x"),
        ("#s1", None),
        ("/x.md", None),
        ("https://example.org/x.md", None),
        ("mailto:a@example.org", None),
        ("//example.org/x.md", None),
        ("?q=1", None),
        ("http://[", None),
    ],
)
def test_the_path_that_a_reference_names(reference: str, path: str | None) -> None:
    assert filed_path("a/b/doc-v0_1.md", reference) == path


def test_references_lead_to_what_is_filed_and_keep_their_words() -> None:
    held = {"a/x-v0_1.md": "../view/a/x-v0_1.md.html", "a/pic.png": "../raw/a/pic.png"}
    tree = parse(
        "[held](x-v0_1.md#s2) [gone](gone.md) ![pic](pic.png) ![lost](lost.png) [out](https://example.org) [here](#s1)"
    )
    lead_references(tree, "a/doc-v0_1.md", held.get)
    made = body_html(tree.root)
    assert '<a href="../view/a/x-v0_1.md.html#s2">held</a>' in made
    assert re.search(r"<span[^>]*>gone</span>", made)
    assert 'src="../raw/a/pic.png"' in made
    assert "[Image not filed: lost]" in made
    assert re.search(r'<a class="r-out"[^>]*href="https://example.org"', made)
    assert 'href="#s1"' in made
