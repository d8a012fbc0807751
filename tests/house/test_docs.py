"""The documentation names only what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from loomworks_record.cli.main import COMMANDS
from support.site import PROJECT

PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
ROOMS = "|".join(sorted(folder.name for folder in (PROJECT / "plugins/loomworks_record").iterdir() if folder.is_dir()))
CODE = re.compile(rf"`((?:{ROOMS}|overrides|tests|scripts)/[\w./-]+)`")
MENTIONED = re.compile(r"\bdocs/[\w-]+\.md\b")


def missing(page: Path) -> Iterator[str]:
    """Links that lead nowhere, and files of the package named in code that are not there."""
    text = page.read_text("utf-8")
    for target in LINK.findall(text):
        if not (page.parent / target).exists():
            yield f"{page.relative_to(PROJECT)}: {target}"
    for path in CODE.findall(text):
        if not any((folder / path).exists() for folder in (PROJECT, PROJECT / "plugins/loomworks_record")):
            yield f"{page.relative_to(PROJECT)}: {path}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_paths_exist(page: Path) -> None:
    assert list(missing(page)) == []


def test_pages_that_the_code_refers_to_exist() -> None:
    folders = (PROJECT / "plugins", PROJECT / "overrides")
    code = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".html", ".js", ".css")]
    named = {name for file in code for name in MENTIONED.findall(file.read_text("utf-8"))}
    assert sorted(name for name in named if not (PROJECT / name).is_file()) == []


def test_commands_in_the_readme_exist() -> None:
    text = (PROJECT / "README.md").read_text("utf-8")
    assert set(re.findall(r"`record ([a-z]+)`", text)) <= set(COMMANDS)
