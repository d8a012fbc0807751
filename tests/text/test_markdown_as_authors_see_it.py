"""Markdown is read as its author sees it on GitHub, every word of it, with the lines that it was filed in."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.render.body import render_body
from loomworks_record.source.document import read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.parse import parse

CONTENT = Path(__file__).parents[2] / "content"


def page(text: str) -> str:
    """The rendered text without the white space between its elements."""
    return re.sub(r">\n+<", "><", render_body(text)).strip()


READ_AS = {
    "two blanks nest": (
        "- a:\n  - b\n    - c\n- d", "<ul><li>a:<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
    ),
    "bullets in a numbered item": ("1. a:\n   - b\n2. c", "<ol><li>a:<ul><li>b</li></ul></li><li>c</li></ol>"),
    "numbers in a numbered item": ("1. a\n   1. b\n2. c", "<ol><li>a<ol><li>b</li></ol></li><li>c</li></ol>"),
    "an item goes on": ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
    "an item goes on after code": (
        "1. a\n   ```\n   b\n\n   c\n   ```\n2. d", '<ol><li>a<div class="highlight"><pre tabindex="0"><code>b\n\nc\n'
        "</code></pre></div></li><li>d</li></ol>",
    ),
    "an item goes on after a quote": (
        "1. a\n\n   > b\n\n   c\n2. d",
        "<ol><li><p>a</p><blockquote><p>b</p></blockquote><p>c</p></li><li><p>d</p></li></ol>",
    ),
    "an item is code": (
        "- ```\n  a\n  ```\n- b", '<ul><li><div class="highlight"><pre tabindex="0"><code>a\n</code></pre></div></li>'
        "<li>b</li></ul>",
    ),
    "a rule after an item": ("- a\n---\nb", "<ul><li>a</li></ul><hr><p>b</p>"),
    "a rule after a quote": ("> a\n---\nb", "<blockquote><p>a</p></blockquote><hr><p>b</p>"),
    "numbers with a bracket": ("1) a\n2) b\n3. c", '<ol><li>a</li><li>b</li></ol><ol start="3"><li>c</li></ol>'),
    "a sharp that ends a title": ("## Using C#", "<h2>Using C#</h2>"),
    "placeholders": (
        "Set <user_id>, <host:port>, Map<string, number>",
        "<p>Set &lt;user_id&gt;, &lt;host:port&gt;, Map&lt;string, number&gt;</p>",
    ),
    "comments": ("a <!-- b\n\nc --> d\n\n[//]: # (no)\n\n[comment]: <> (no)", "<p>a &lt;!-- b</p><p>c --&gt; d</p>"),
    "a comment over blank lines": ("<!-- a\n\nb -->\n\nc", "<p>c</p>"),
    "a tilde": ("~a~ ~~b~~", "<p><del>a</del> <del>b</del></p>"),
    "a table within a paragraph": (
        "a\nb | c\n--|--\nd | e", '<p>a</p><div class="r-scroll" role="region" tabindex="0" aria-label="Table 1: b, c">'
        '<table class="r-table"><thead><tr><th scope="col">b</th><th scope="col">c</th></tr></thead>'
        "<tbody><tr><td>d</td><td>e</td></tr></tbody></table></div>",
    ),
    "an alert": (
        "> [!TIP]\n> a",
        '<blockquote class="r-alert r-alert--tip"><p class="r-alert-title">Tip</p><p>a</p></blockquote>'
    ),
    "a fence that a tab follows": (
        "```\na\n```\t\nb", '<div class="highlight"><pre tabindex="0"><code>a\n</code></pre></div><p>b</p>'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ_AS.values(), ids=list(READ_AS))
def test_it_is_read_as_on_github(text: str, expected: str) -> None:
    assert page(text) == expected


def test_markdown_within_html() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    made = page(f"<details>\n<summary>More</summary>\n\n## Trials\n\n- **one**\n\n{table}</details>\n\nb")
    begin = "<details><summary>More</summary><h2>Trials</h2><ul><li><strong>one</strong></li></ul><div "
    assert made.startswith(begin)
    assert made.endswith("</table></div></details><p>b</p>")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org/a_b_c.", "https://example.org/a_b_c"),
        ("(www.example.org)", "http://www.example.org"),
        ("http://example.org/a(b)_*c*_d", "http://example.org/a(b)_*c*_d"),
        ("write to ana@example.org.", "mailto:ana@example.org"),
        ("mailto:ana@example.org", "mailto:ana@example.org"),
        ("**https://example.org**", "https://example.org"),
    ],
)
def test_bare_addresses_are_links(text: str, address: str) -> None:
    assert re.findall(r'href="([^"]*)"', render_body(text)) == [address]


@pytest.mark.parametrize("text", ["`https://example.org`", "a@b", "x@-_", "www.", "http://a_b_", "[x](y@z.org"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert "https://example.org" not in re.findall(r'href="([^"]*)"', render_body(text))
    assert re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", "", render_body(text)))) == re.findall(r"\w+", text)


LINES = st.lists(st.text(alphabet="ab\t <&>|*_#-`~'\\", max_size=12), min_size=1, max_size=8)


@given(
    LINES, st.sampled_from(["", "  ", "> ", "- ", "1. "]), st.sampled_from(["```", "~~~~", "`````py"]), st.booleans()
)
def test_code_is_what_was_filed(lines: list[str], before: str, fence: str, is_closed: bool) -> None:
    """Tabs, blanks at the ends of lines, empty lines; in items and quotes; closed or not."""
    code = [line for line in lines if not re.match(r"\s*[`~]{3}", line)] or ["a"]
    if not is_closed:
        code.append("end")
    if before.strip() != ">":
        code = [line if line.strip() else "" for line in code]
    indent = before if before.strip() == ">" else " " * len(before)
    ending = [indent + re.match("[`~]+", fence)[0]] if is_closed else []  # type: ignore[index]
    text = "\n".join([before + fence, *(indent + line for line in code), *ending])
    shown = re.search(r"<code>(.*?)</code>", render_body(text), re.DOTALL)
    assert shown
    plain = html.unescape(re.sub(r"<[^>]*>", "", shown[1]))
    assert [line.rstrip() if not line.strip() else line for line in plain.removesuffix("\n").split("\n")] == [
        line.rstrip() if not line.strip() else line for line in code
    ]


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.md")), ids=lambda path: path.stem)
def test_no_word_of_the_sample_is_lost(path: Path) -> None:
    document = read_document(path.name, path.read_bytes(), KindTable())
    body = re.sub(r"<!--.*?-->", "", document.body, flags=re.DOTALL)
    shown = set(re.findall(r"\w+", html.unescape(re.sub(r"</?span[^>]*>", "", render_body(body)))))
    filed = re.sub(r"^ *(?:```|~~~).*$|&\w+;", "", body, flags=re.MULTILINE)
    assert {word.strip("_") for word in re.findall(r"\w+", filed)} - {word.strip("_") for word in shown} <= _marks(body)


def _marks(body: str) -> set[str]:
    """Numbers of items are marks of Markdown, and so are names of footnotes."""
    return {"", *re.findall(r"^[ >]*(\d+)[.)]", body, re.MULTILINE), *re.findall(r"\[\^([^\]]+)\]", body)}


HARD = {
    "quotes": "> " * 2_000 + "a",
    "lists": "\n".join("  " * depth + "- a" for depth in range(1_000)),
    "brackets": "[" * 50_000,
    "stars": "*" * 49_999 + "a",
    "pairs": "*a **b " * 20_000 + "c** d*" * 20_000,
    "backticks": "a " + "`" * 50_000,
    "runs of backticks": " ".join("`" * size for size in range(1, 600)),
    "columns": "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n|" + "b|" * 5_000,
    "addresses": "http://" * 50_000 + "www." * 50_000,
    "footnotes": "".join(f"[^{number}]\n\n[^{number}]: x\n" for number in range(4_000)),
    "tags": "<a " * 50_000 + "<!--" * 50_000,
}


@pytest.mark.parametrize("text", HARD.values(), ids=list(HARD))
def test_nothing_takes_long(text: str) -> None:
    started = time.process_time()
    flatten_markdown(text)
    assert "<" in render_body(text) + "<"
    assert time.process_time() - started < 10


NESTED = (
    "- ",
    "1. ",
    "> ",
    "![a [b](c) d](e.png 'f') ",
    "[^n]: ",
    "| a | b |\n|---|---|\n| ",
    "<details>\n\n",
    "## ",
    "    ",
    "```\n",
    "- [ ] ",
    "**b** ",
)


@given(st.lists(st.lists(st.sampled_from(NESTED), min_size=1, max_size=5).map("".join), min_size=1, max_size=6), LINES)
def test_a_text_alone_is_flat_as_beside_its_tree(begun: list[str], words: list[str]) -> None:
    text = "\n".join(f"{mark}{line}[^n]" for mark, line in zip(begun, words, strict=False))
    assert flatten_markdown(text) == parse(text).flat
