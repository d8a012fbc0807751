"""Generated documents and edits: what the property tests of comparison run over."""

from __future__ import annotations

from html import escape

from hypothesis import strategies as st

WORDS = [
    "gate", "Gate", "step", "the", "of", "a", "and", "halt", "engine", "surface", "P57-D1", "P57-D2", "v0.2", "v0.3",
    "2,279", "§7.2", "it’s", "re-run", "Ünïcode", "漢字", "x", "1", "2", ".", ",", "(", ")", "…", "—", "a/b",
    "phase-57-cr-marketing-engagement-creation-v0_2.md", "<tag>", "&", '"quoted"', "no\u00a0break",
]  # fmt: skip
_word = st.sampled_from(WORDS).map(escape)
_words = st.lists(_word, min_size=1, max_size=12).map(" ".join)


def _wrapped(tag: str) -> st.SearchStrategy[str]:
    return _words.map(lambda text: f"<{tag}>{text}</{tag}>")


_inline = st.one_of(
    _words,
    _words,
    _wrapped("strong"),
    _wrapped("em"),
    _wrapped("code"),
    _wrapped("del"),
    _wrapped("ins"),
    _words.map(lambda text: f'<a href="#s1">{text}</a>'),
    _words.map(lambda text: f'<a class="m m--held" href="x.html">{text}</a><span class="m-note">now v0.4</span>'),
    st.builds(lambda one, two: f"<strong>{one} <em>{two}</em></strong>", _words, _words),
    st.sampled_from(['<img src="a.png" alt="A">', "<br>", "<code> </code>", '<a id="here"></a>']),
)
text = st.lists(_inline, min_size=1, max_size=4).flatmap(
    lambda parts: st.lists(st.sampled_from([" ", "", "\n"]), min_size=len(parts), max_size=len(parts)).map(
        lambda between: "".join(part + gap for part, gap in zip(parts, between, strict=True))
    )
)
paragraph = text.map(lambda inner: f"<p>{inner}</p>")
_number = st.sampled_from(["§1", "§2", "§3.A", "§10", "Step 2b:", "4.", "4a.", ""])
heading = st.builds(
    lambda level, number, words, name: (
        f'<h{level} id="{name}"><a class="secno" href="#{name}">{number}</a> {words}</h{level}>'
    ),
    st.sampled_from([2, 2, 3, 4]),
    _number,
    _words,
    st.sampled_from(["s1", "s2", "s3-a", "r-change-1", "step-2b"]),
)


def _list(item: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, items: f"<{tag}>\n" + "".join(f"<li>{entry}</li>\n" for entry in items) + f"</{tag}>",
        st.sampled_from(["ul", "ol"]),
        st.lists(item, min_size=1, max_size=5),
    )


_item = st.one_of(text, paragraph, st.builds(lambda one, two: f"{one}\n{two}", text, _list(text)))
_cell = st.one_of(_words, text, st.just(""))


@st.composite
def table(draw: st.DrawFn) -> str:
    width = draw(st.integers(1, 4))
    heads = draw(st.permutations(["#", "Gate", "What must hold", "Where"]))[:width]
    rows = draw(st.lists(st.lists(_cell, min_size=width, max_size=width), max_size=7))
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    inner = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
    region = f'<div class="r-scroll" role="region" aria-label="x" tabindex="0">{inner}</div>'
    return region if draw(st.booleans()) else inner


_line = st.builds(
    lambda indent, words: " " * indent + words,
    st.integers(0, 4),
    st.one_of(_words, _wrapped("span"), st.just("")),
)
code = st.builds(
    lambda lines, wrap: wrap.replace("@", "\n".join(lines)),
    st.lists(_line, min_size=1, max_size=9),
    st.sampled_from(
        ["<pre><code>@\n</code></pre>", '<div class="highlight"><pre><span></span><code>@\n</code></pre></div>',
         "<pre>\n\n@</pre>", '<pre><code><span class="s">@</span></code></pre>']
    ),
)  # fmt: skip
block = st.one_of(
    paragraph, paragraph, heading, _list(_item), table(), code,
    st.builds(lambda inner: f"<blockquote>\n{inner}\n</blockquote>", paragraph),
    st.sampled_from(["<hr>", "loose text"]),
    st.just("<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>"),
    st.builds(lambda one, two: f"<dl><dt>{one}</dt><dd>{two}</dd></dl>", _words, text),
)  # fmt: skip
document = st.lists(block, max_size=12)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A document and the same after a few edits of its blocks: put in, taken out, replaced, moved, words swapped."""
    old = draw(document)
    new = list(old)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(new)))
        edit = draw(st.sampled_from(["put in", "take out", "replace", "move", "words"]))
        if edit == "put in" or at == len(new):
            new.insert(at, draw(block))
        elif edit == "take out":
            del new[at]
        elif edit == "replace":
            new[at] = draw(block)
        elif edit == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))
        else:
            before, after = draw(_word), draw(_word)
            new[at] = new[at].replace(f" {before} ", f" {after} ")
    return old, new
