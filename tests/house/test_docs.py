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
DECISIONS = PROJECT / "docs/decisions"
STATUS = re.compile(
    r"\*\*Status\.\*\* (?:Accepted|Replaced) \d{4}-\d\d-\d\d\."
    r"(?P<relation> Amended by| Amends| Replaced by| Replaces)?(?P<others>(?:.|\n(?!\n))*)"
)
OTHER = re.compile(r"\[(?P<number>\d+)\]\((?P<file>[\w-]+\.md)\)")
BACK = {" Amended by": " Amends", " Amends": " Amended by", " Replaced by": " Replaces", " Replaces": " Replaced by"}
# A table's row, a picture, and an address cannot be wrapped; code is as it is.
UNBREAKABLE = re.compile(r" *(?:\||!\[|<)|\S*\]\(\S+$")
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


def test_every_module_is_listed_with_what_it_holds() -> None:
    page = (PROJECT / "docs/architecture.md").read_text("utf-8")
    package = PROJECT / "plugins/loomworks_record"
    modules = [file.relative_to(package).as_posix() for file in package.rglob("*.py") if file.name != "__init__.py"]
    listed = re.findall(r"^- `([\w/]+\.py)`: \S", page, re.MULTILINE)
    assert sorted(listed) == sorted(modules), "run: python scripts/modules.py"


def test_pages_that_the_code_refers_to_exist() -> None:
    folders = (PROJECT / "plugins", PROJECT / "overrides")
    code = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".html", ".js", ".css")]
    named = {name for file in code for name in MENTIONED.findall(file.read_text("utf-8"))}
    assert sorted(name for name in named if not (PROJECT / name).is_file()) == []


def test_commands_in_the_readme_exist() -> None:
    text = (PROJECT / "README.md").read_text("utf-8")
    assert set(re.findall(r"`record ([a-z]+)`", text)) <= set(COMMANDS)


def long_lines(text: str) -> Iterator[int]:
    """Numbers of the lines outside code that are longer than 120 characters."""
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        fenced ^= line.lstrip().startswith("```")
        if len(line) > 120 and not fenced and not UNBREAKABLE.match(line):
            yield number


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_of_prose_are_not_longer_than_120_characters(page: Path) -> None:
    assert list(long_lines(page.read_text("utf-8"))) == []


def test_each_decision_has_a_status_that_its_relation_answers() -> None:
    found = {}
    for page in DECISIONS.glob("0*.md"):
        match = STATUS.search(page.read_text("utf-8"))
        assert match, page.name
        found[page.name] = match
    for name, match in found.items():
        others = OTHER.findall(match["others"])
        assert bool(others) == bool(match["relation"]), name
        for number, file in others:
            assert int(number) == int(file[:4]), name
            assert BACK[match["relation"]] == found[file]["relation"], name
            assert name in [each for _, each in OTHER.findall(found[file]["others"])], name


def test_the_index_of_decisions_has_each_once_in_order() -> None:
    names = sorted(page.name for page in DECISIONS.glob("0*.md"))
    index = (DECISIONS / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| (\d+) \| \[(.+)\]\(([\w-]+\.md)\) \| (?:Accepted|Replaced)", index, re.M)
    titles = [(DECISIONS / name).read_text("utf-8").split("\n", 1)[0] for name in names]
    assert [name for _, _, name in listed] == names
    assert [f"# {number}. {title}" for number, title, _ in listed] == titles
    assert len({name[:4] for name in names}) == len(names)


# Turns of phrase that are another language's: what stands beside each is how it is said in English.
TURNS = {
    r"\b(?<!there )(?:is|was|be|are|were) no (?!longer|more|such|other|one\b|part\b)[a-z]+": "is not a",
    r"\bof the calendar\b": "a valid date",
    r"\b(?:is|are|was|were) (?:none of|no part of|no fault of)\b": "is not part of",
    r"\bto be had\b": "can be read, could be started",
    r"\b(?:that|which|what) (?:is|are) none\b": "is not one",
    r"\bturns out to be none\b": "is not one after all",
    r"\b(?:a problem|shown|wanted|there) no more\b": "no longer",
    r"\b(?:mentions?|it) comes? to\b(?! be)": "resolves to",
    r"\bfor who (?:tells|asks)\b": "for callers that",
    r"\bwho cites whom\b": "which document cites which",
    r"\bgone back since\b": "was rolled back",
    r"\bmakes? that one\b": "does that",
}
WRITTEN = [*PAGES, *sorted((PROJECT / "plugins").rglob("*.py")), *sorted((PROJECT / "overrides").rglob("*.html"))]


def test_no_turn_of_phrase_is_another_languages() -> None:
    wrong = [
        f"{file.relative_to(PROJECT)}: {match.group()!r}: write {better!r}"
        for file in WRITTEN
        if DECISIONS not in file.parents and file.name != "CHANGELOG.md"
        for turn, better in TURNS.items()
        for match in re.finditer(turn, file.read_text("utf-8"), re.IGNORECASE)
    ]
    assert wrong == []
