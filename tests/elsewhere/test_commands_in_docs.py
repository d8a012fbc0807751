"""Commands that the documentation shows exist, with the options that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.site import PROJECT

from elsewhere.test_workflows import CALLED, wrong_calls

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]


def code(page: Path) -> Iterator[str]:
    """Shell blocks line by line, without comments, and what stands in backquotes."""
    language = None
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            language = line[3:] if language is None else None
        elif language in ("", "sh"):
            yield line.partition("   #")[0]
        elif language is None:
            yield from re.findall(r"`([^`]+)`", line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_shown_exists(page: Path) -> None:
    assert [wrong for piece in code(page) for wrong in wrong_calls(piece)] == []


def test_calls_are_found() -> None:
    shown = [piece for page in PAGES for piece in code(page) if CALLED.search(piece)]
    assert len(shown) > 40
    assert list(wrong_calls("record check --nothing")) == ["record check --nothing"]
    assert list(wrong_calls("cd x && record nothing")) == ["record nothing"]


def test_every_page_is_in_the_index() -> None:
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (PROJECT / "docs/index.md").read_text("utf-8")))
    assert listed == {page.name for page in (PROJECT / "docs").glob("*.md")} - {"index.md"}


def test_start_needs_five_commands() -> None:
    """And a text, which is written before them."""
    text, commands, *_ = re.findall(r"```sh\n(.*?)```", (PROJECT / "docs/start.md").read_text("utf-8"), re.DOTALL)
    assert text.startswith("printf ") and len(text.splitlines()) == 1
    assert commands.startswith("record init ") and len(commands.splitlines()) == 5
