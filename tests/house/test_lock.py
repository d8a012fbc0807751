"""The lock files: complete, hashed, free of places, and good for every Python that the project supports."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from support.site import PROJECT

LOCKS = ("requirements.txt", "requirements-build.txt")
PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[0-9][^ ]*)( ; (?P<pythons>python_version < \"[0-9.]+\"))? \\"
)
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?P<more> \\)?")
NOTE = re.compile(r"|# The following packages are considered to be unsafe in a requirements file:")
# python3 of Debian 12.
OLDEST = "3.11.2"


def pins(text: str) -> dict[str, str]:
    """Names and versions of a lock file; AssertionError for any line but pins, their hashes and pip-compile's note.

    A pin may be for Pythons below some version: newer ones have of themselves what it brings."""
    found: dict[str, str] = {}
    more = False
    for number, line in enumerate(text.splitlines(), 1):
        if more:
            hashed = HASH.fullmatch(line)
            assert hashed, f"line {number}: expected a hash, got {line!r}"
            more = hashed["more"] is not None
        elif not NOTE.fullmatch(line):
            pin = PIN.fullmatch(line)
            assert pin, f"line {number}: expected 'name==version \\', got {line!r}"
            found[pin["name"]] = pin["version"]
            more = True
    assert not more, "the last pin has no hash"
    return found


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links wheels",
        "click @ https://example.org/click.whl",
        "click==8.1.0",
        "click>=8 \\",
        "-e .",
        'click==8.1.0 ; sys_platform == "win32" \\',
    ],
)
def test_the_rule_itself(line: str) -> None:
    with pytest.raises(AssertionError):
        pins(f"{line}\n")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_only(name: str) -> None:
    assert pins((PROJECT / name).read_text("utf-8"))


def test_the_lock_answers_every_requirement_of_the_project() -> None:
    locked = pins((PROJECT / "requirements.txt").read_text("utf-8"))
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    requirements = [Requirement(line) for line in wanted]
    unmet = [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"), prereleases=True)
    ]
    assert unmet == [], "run scripts/lock"


def test_what_stands_in_both_locks_has_one_version() -> None:
    run, build = (pins((PROJECT / name).read_text("utf-8")) for name in LOCKS)
    assert {name: version for name, version in build.items() if run.get(name, version) != version} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_installed_and_runs_on_the_oldest_python(name: str) -> None:
    wrong = []
    text = (PROJECT / name).read_text("utf-8")
    lines = {found["name"]: found["pythons"] for found in map(PIN.fullmatch, text.splitlines()) if found}
    for package, version in pins(text).items():
        if lines[package] and not Marker(lines[package]).evaluate():
            continue
        try:
            found = metadata(package)
        except PackageNotFoundError:
            wrong.append(f"{package} is not installed")
            continue
        if found["Version"] != version:
            wrong.append(f"{package} is {found['Version']}, locked is {version}")
        if "Requires-Python" in found and OLDEST not in SpecifierSet(found["Requires-Python"]):
            wrong.append(f"{package} {version} needs Python {found['Requires-Python']}")
    assert wrong == [], "run scripts/build, or scripts/lock with the oldest Python"


def test_each_dependency_has_its_line() -> None:
    """docs/contributing.md says of every package that is needed at run time what it is for, and of no other."""
    needed = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    page = (PROJECT / "docs/contributing.md").read_text("utf-8").partition("## Dependencies")[2].partition("\n## ")[0]
    told = [name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)]
    assert sorted(told) == sorted(re.split(r"[<>=;]", each)[0] for each in needed)
