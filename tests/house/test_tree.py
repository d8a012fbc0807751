"""What the tree may not hold: paths of somebody's machine, hosts of package registries, and strangers at its top."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.site import PROJECT

# Folders that exist on one machine only. Written so that this file does not hold them itself.
MACHINE = re.compile(r"(?<![\w.<>…~-])/(?:home/[a-z]\w*|Users/[A-Za-z]\w*|root|work|tmp|var/tmp|opt)/[\w.]")
REGISTRY = re.compile(
    r"\b(?:pypi[.]org|test[.]pypi[.]org|files[.]pythonhosted[.]org|registry[.]npmjs[.]org|registry[.]yarnpkg[.]com"
    r"|[\w.-]+[.]jfrog[.]io|[\w.-]+[.]pkg[.]dev|(?:artifactory|nexus|devpi)[\w.-]*[.][a-z]{2,})\b"
)


def complaints(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers and what is wrong there."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in ((MACHINE, "a path of a machine"), (REGISTRY, "the host of a package registry")):
            if found := pattern.search(line):
                yield number, f"{what}: {found[0]}"


def tracked(git: str) -> list[Path]:
    """The files that git knows, and the new ones that it does not ignore."""
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=60)
    if listed.returncode != 0:
        pytest.skip(f"not a git repository: {listed.stderr.strip()}")
    return [file for name in listed.stdout.split("\0") if name and (file := PROJECT / name).is_file()]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("see /{}/somebody/notes".format("home"), True),
        ("open('/{}/x.txt')".format("tmp"), True),
        ("file:///{}/simple".format("opt"), True),
        ("content/{}/notes.md".format("tmp"), False),
        ("`/{}/` is left alone".format("tmp"), False),
        ("https://{}.org/simple".format("pypi"), True),
        ("https://example.{}.io/api".format("jfrog"), True),
        ("PyPI has it", False),
        ("https://example.org/work/x", False),
    ],
)
def test_the_rule_itself(text: str, wrong: bool) -> None:
    assert bool(list(complaints(text))) is wrong


def test_no_file_names_a_machine_or_a_registry(git: str) -> None:
    found = []
    for file in tracked(git):
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # pictures and the like
        found += [f"{file.relative_to(PROJECT)}:{line}: {what}" for line, what in complaints(text)]
    assert found == []


def test_no_file_names_this_machine(git: str) -> None:
    """The folder of this very checkout and the reader's home, wherever they are."""
    places = [f"{place}/".encode() for place in (PROJECT, Path.home()) if len(place.parts) > 1]
    found = [file for file in tracked(git) if any(place in file.read_bytes() for place in places)]
    assert found == []


def test_at_the_top_is_only_what_people_expect(git: str) -> None:
    folders = {"content", "docs", "findings", "overrides", "plugins", "scripts", "tests"}
    files = {"README.md", "CHANGELOG.md", "LICENSE", "mkdocs.yml", "pyproject.toml", "record.log.jsonl"}
    locks = {"requirements.txt", "requirements-build.in", "requirements-build.txt"}
    there = {file.relative_to(PROJECT).parts[0] for file in tracked(git)}
    assert {name for name in there if not name.startswith(".")} == folders | files | locks


def test_what_is_built_is_not_tracked(git: str) -> None:
    tops = {file.relative_to(PROJECT).parts[0] for file in tracked(git)}
    assert tops & {"site", "releases", ".venv", ".cache", "dist"} == set()
