"""Shortcuts change nothing: what is rendered is the same with and without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.render.code import CodeExtension
from loomworks_record.render.markdown import EXTENSIONS, OF_CODE, SETTINGS, Renderer
from loomworks_record.render.shortcuts import ShortcutsExtension
from markdown import Markdown
from markdown.extensions import Extension
from pymdownx.highlight import HighlightExtension
from support.site import PROJECT

PIECES = [
    "word", "Word", "1", "(", ")", "`code`", "`", "``a`b``", "\\*", "\\\\`", "**bold**", "*em*", "_em_", "__b__", "**",
    "*", "_", "~~gone~~", "~", "[a](b.md)", "[a]", "[a][b]", "[a]: b.md", "[^1]", "[^1]: note", "![a](b.png)", "![a]",
    "<b>", "</b>", "<div>", "</div>", "<https://a.example>", "<a@b.example>", "&amp;", "&", "a_b_c", "- ", "* ", "1. ",
    "> ", "# ", "## ", ": ", "    ", "  ", "---", "===", "| a | b |", "|---|---|", "```", "```py", "~~~", "- [ ] ", "…",
    "§3", "“x”",
]  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", "  \n", "\n", "\n\n", "\n\n    "])), max_size=16
)


def parser(*more: Extension) -> Markdown:
    return Markdown(extensions=[*EXTENSIONS, *more], extension_configs=SETTINGS, output_format="html")


SHORT, LONG = parser(CodeExtension(**OF_CODE), ShortcutsExtension()), parser(HighlightExtension(**OF_CODE))


@given(TEXTS)
def test_any_text(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + joint for piece, joint in pieces)
    assert SHORT.reset().convert(text) == LONG.reset().convert(text)


@given(st.text(alphabet="ab `*_~[]()<>&\\!^:|#-\n1.", max_size=60))
def test_any_signs(text: str) -> None:
    assert SHORT.reset().convert(text) == LONG.reset().convert(text)


@pytest.mark.parametrize("file", sorted((PROJECT / "docs").glob("*.md")), ids=lambda file: file.name)
def test_texts_that_people_wrote(file: Path) -> None:
    text = file.read_text("utf-8")
    assert SHORT.reset().convert(text) == LONG.reset().convert(text)


@given(st.text(alphabet="aB1 ,.;:()/—-’*_", min_size=1, max_size=12))
def test_a_value_of_words_alone(text: str) -> None:
    """Blanks around a line would be kept by a text that is not parsed."""
    assert Renderer().body(text) == Renderer().body(f"{text}\n")


def test_code_is_highlighted_the_same_when_it_comes_again() -> None:
    heads = ("", "py", "py title='a'", " {.py #here linenums='1'}", "no-such-language")
    text = "".join(f"```{head}\nx = 1\n```\n\n" for head in heads)
    first = SHORT.reset().convert(text)
    assert SHORT.reset().convert(text) == first == LONG.reset().convert(text)
