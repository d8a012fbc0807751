"""Raw HTML is fitted to where it may stand: golden rows, and what holds of any."""

# ruff: noqa: E501 (what is written, and what is shown, stand in one line)

from __future__ import annotations

import random
import re

import pytest
from browser.test_html import parse_errors
from loomworks_record.render.body import render_body
from loomworks_record.render.html_form import html_form, visible_html
from loomworks_record.render.sanitise import sanitise
from loomworks_record.text.tags import KNOWN_TAGS

ROWS = {
    "<h2>a<div>b</div>c</h2>": "<h2>a<br><span>b</span><br>c</h2>",
    "<b>a<ul><li>b</li><li>c</li></ul></b>": "<b>a<br><span><span>b</span><br><span>c</span></span></b>",
    "<h4>a</h4><h3>b</h3><h3>c</h3><h6>d</h6>": '<h2 data-level="4">a</h2><h3>b</h3><h3>c</h3><h4 data-level="6">d</h4>',
    "<img src=''>": "",
    "<img src='' alt=a>": "a",
    "<img src=a.png width=10% height=20 alt=''>": '<img src="a.png" height="20" alt="">',
    "<a href=b><table><tr><td><a href=c>x</a></table></a>": '<a href="b"><table><tbody><tr><td><span>x</span></td></tr></tbody></table></a>',
    "<ul>a<li>b</li>c<ul><li>d</li></ul></ul>": "<ul><li>a</li><li>bc<ul><li>d</li></ul></li></ul>",
    "<ul><li value=3>a</li></ul><ol start=x><li value=3>b</li></ol>": '<ul><li>a</li></ul><ol><li value="3">b</li></ol>',
    "<li>a</li><dt>b</dt><dd>c</dd>": "<div>a</div><div>b</div><div>c</div>",
    "<dl><dt>a</dt><dd>b</dd></dl><dl><dd>c</dd></dl>": "<dl><dt>a</dt><dd>b</dd></dl><div><div>c</div></div>",
    "<dl><div><dt>a</dt><dd>b</dd></div></dl>": "<dl><div><dt>a</dt><dd>b</dd></div></dl>",
    "<details>a</details><details>b<summary>c</summary></details>": "<div>a</div><details><summary>c</summary>b</details>",
    "<details><summary><h3>a</h3></summary>b</details>": '<details><summary><h2 data-level="3">a</h2></summary>b</details>',
    "<ruby>a<rt>b</rt></ruby><ruby>c</ruby>": "<ruby>a<rt>b</rt></ruby><span>c</span>",
    "a<wbr>b <time datetime=x>c</time> <data>d</data>": "ab c d",
    "<i id=x>a<p>b</i>": '<i id="x">a</i><p><i>b</i></p>',
    "<p lang=en>a<p lang=qq>b<p dir=up>c": '<p lang="en">a</p><p>b</p><p>c</p>',
    "<table><tr><td colspan=3>a</td></tr><tr></tr><tr><td rowspan=9>b</td></tr></table>": (
        '<div class="r-scroll" role="region" tabindex="0" aria-label="HTML table 1">'
        "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table></div>"
    ),
    "<a href='http://[::1]:80/a|b#c d'>x</a>": '<a class="r-out" rel="noopener noreferrer" href="http://[::1]:80/a%7Cb#c%20d">x</a>',
    "<a href='http://a b/'>x</a><a href='//h:99999/'>y</a><a href='%zz?a=&quot;'>z</a>": '<a>x</a><a>y</a><a href="%25zz?a=%22">z</a>',
}  # fmt: skip


@pytest.mark.parametrize("raw", ROWS)
def test_a_row(raw: str) -> None:
    assert visible_html(raw) == ROWS[raw]


_TAGS = (
    sorted(KNOWN_TAGS)
    + ["td", "tr", "table", "ul", "li", "a", "details", "summary", "ruby", "rt", "dl", "dt", "h2", "figure", "b"] * 3
)
_VALUES = [
    "id=i{n}",
    "lang=en",
    "dir=x",
    "href=a?b=%|c",
    "href=//h/<{n}>",
    "src=''",
    "src=a.png",
    "alt=t",
    "width=1%",
    "colspan=3",
    "rowspan=4",
    "start=x",
    "value=7",
    "aria-label=z",
    "role=region",
    "tabindex=0",
    "type=checkbox",
    "scope=col",
    "title=t",
]


def _random_html(chance: random.Random, depth: int = 0) -> str:
    """Elements within one another by chance; every word is another one."""
    out = []
    for _ in range(chance.randrange(1, 5)):
        tag, number = chance.choice(_TAGS), chance.randrange(10**9)
        values = " ".join(chance.sample(_VALUES, chance.randrange(3))).replace("{n}", str(number))
        inner = _random_html(chance, depth + 1) if depth < 5 and chance.random() < 0.6 else f"w{number} "
        out.append(f"<{tag} {values}>{inner}" + (f"</{tag}>" if chance.random() < 0.9 else ""))
    return "".join(out)


def _held(raw: str) -> list[str]:
    return [
        render_body(raw),
        render_body(f"# a\n\n## b {raw}\n\n- {raw}\n"),
        visible_html(raw),
        html_form(raw, ()).body,
    ]


@pytest.mark.parametrize("seed", range(60))
def test_any_html_is_fitted_and_keeps_its_words(seed: int) -> None:
    raw = _random_html(random.Random(seed))
    shown = visible_html(raw)
    for word in re.findall(r"w\d+", re.sub(r"<[^>]*>", " ", raw)):
        assert word in shown, raw
    for body in _held(raw):
        page = f'<!doctype html><html lang="en"><head><title>x</title></head><body><h1>x</h1><div>{body}</div></body></html>'
        assert list(parse_errors(page)) == [], raw


def test_a_heading_that_skips_a_level_says_its_own() -> None:
    """The page's outline has no gaps, and the heading looks as it was filed."""
    filed = "<h1>A</h1><h4>B</h4><h3>C</h3><h6>D</h6><h2>E</h2>"
    assert sanitise(filed, is_raw=False) == (
        '<h2>A</h2><h3 data-level="4">B</h3><h3>C</h3><h4 data-level="6">D</h4><h2>E</h2>'
    )


@pytest.mark.parametrize("tag", ["div", "pre", "blockquote", "ul", "section"])
def test_blocks_too_deep_lose_their_tags_and_no_word(tag: str) -> None:
    deep = f"<{tag}>" * 3_000 + "w1" + f"</{tag}>" * 3_000 + "<p>w2</p><script>w3</script>"
    body = sanitise("<p>w0</p>" + deep, is_raw=True)
    assert re.findall(r"w\d", body) == ["w0", "w1", "w2"]
    assert body.count("<") < 2_100


def test_many_blocks_beside_one_another_are_not_deep() -> None:
    """The end tags of items may be left out (html.spec.whatwg.org §13.1.2.4)."""
    listed = "".join(f"<li>w{number}" for number in range(2_000))
    body = sanitise(f"<ul>{listed}</ul>" + "<div>a</div>" * 2_000, is_raw=True)
    assert (body.count("<li>"), body.count("<div>")) == (2_000, 2_000)
