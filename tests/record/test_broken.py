"""One record with every problem in it: the exact list, from ``record check --json``."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from loomworks_record.cli.main import record
from loomworks_record.source.problem import CODES
from source.other_user import open_folder, other_user
from support.site import write_content

BROKEN = Path(__file__).parents[1] / "data" / "broken"
TOO_LONG = "y" * 210 + "-v0_1.md"
# Only a project has a log and a host (tests/opening), and rows of identifiers (tests/citations/test_numbers.py); what
# the program fails to read, only a broken program has (tests/build).
ELSEWHERE = {code for code in CODES if code.startswith(("log-", "identifier-"))}
ELSEWHERE |= {"document-unreadable", "file-may-run", "file-not-checked-out"}

# What is filed in the repository. (code, path, line)
FILED = [
    ("newest-in-archive", "chains/archive/gone-v0_1.md", None),
    ("version-duplicate", "chains/archive/twice-v0_1.md", None),
    ("twins-apart", "chains/archive/twins-v0_1.md", None),
    ("date-contradiction", "chains/dated-v0_2.md", None),
    ("version-gap", "chains/gap-v0_4.md", None),
    ("superseded-outside-archive", "chains/misplaced-v0_1.md", None),
    ("older-outside-newer-archived", "chains/older-v0_1.md", None),
    ("attachment-missing", "citations/links-v0_1.md", 3),
    ("link-broken", "citations/links-v0_1.md", 3),
    ("link-unsafe", "citations/links-v0_1.md", 5),
    ("section-missing", "citations/links-v0_1.md", 7),
    ("citation-ground-moved", "citations/relies-v0_1.md", 3),
    ("file-hidden", "files/.hidden-v0_1.md", None),
    ("file-empty", "files/empty-v0_1.md", None),
    ("encoding-unknown", "files/latin1-v0_1.md", None),
    ("file-is-pointer", "files/pointer-v0_1.md", 1),
    ("encoding-not-utf8", "files/utf16-v0_1.md", None),
    ("date-invalid", "headers/date-v0_1.md", 5),
    ("date-ambiguous", "headers/either-v0_1.md", 3),
    ("front-matter-malformed", "headers/front-matter-v0_1.md", 1),
    ("date-without-day", "headers/month-v0_1.md", 3),
    ("header-version-unread", "headers/titled-v0_1.md", 1),
    ("header-version-mismatch", "headers/version-v0_2.md", 3),
    ("name-version-malformed", "names/parted-v0-1.md", None),
    ("name-version-inside", "names/rooms-v0.1-spec.md", None),
    ("name-version-missing", "names/said.md", 3),
    ("name-extension", "names/shouted-v0_1.MD", None),
    ("name-not-portable", "names/with space-v0_1.md", None),
    ("cycle-without-halt", "phases/phase-7-seven/loomworks-phase-7-cr-amendment-handoff-v0_1.md", None),
    ("version-not-held", "phases/phase-7-seven/loomworks-phase-7-cr-amendment-handoff-v0_1.md", 3),
    ("phase-folder-mismatch", "phases/phase-7-seven/phase-8-notes-v0_1.md", None),
    ("phase-file-malformed", "phases/phase-7-seven/phase.yml", 2),
    ("phase-looks-closed", "phases/phase-9-nine/phase-9-cr-nine-v0_1.md", None),
    ("supersession-one-sided", "standing/doors.md", None),
    ("status-not-in-force", "standing/keys.md", 2),
    ("supersession-contradiction", "standing/keys.md", 2),
    ("status-not-in-force", "standing/lamps.md", 2),
]

# What not every file system or checkout can hold, made for the test.
MADE: dict[str, str | bytes] = {
    "made/large-v0_1.md": "# Large\n\n" + "A line of it.\n" * 80_000,
    "made/Case-v0_1.md": "# One\n",
    "made/case-v0_1.md": "# Other\n",
    "made/archive/Chain-v0_1.md": "# One\n",
    "made/chain-v0_2.md": "# Other\n",
    unicodedata.normalize("NFD", "made/größe-v0_1.md"): "# NFD\n",
    f"made/{TOO_LONG}": "# Too long\n",
    "made/a\nline-v0_1.md": "# A line end\n",
    "made/closed-v0_1.md": "# Closed\n",
}
MADE_TOLD = [
    ("name-unpublishable", "made/a\nline-v0_1.md", None),
    ("newest-in-archive", "made/archive/Chain-v0_1.md", None),
    ("name-collision", "made/case-v0_1.md", None),
    ("name-collision", "made/chain-v0_2.md", None),
    ("file-unreadable", "made/closed-v0_1.md", None),
    ("name-not-nfc", "made/größe-v0_1.md", None),
    ("name-not-portable", "made/größe-v0_1.md", None),
    ("file-large", "made/large-v0_1.md", None),
    ("file-not-regular", "made/link-v0_1.md", None),
    ("name-too-long", f"made/{TOO_LONG}", None),
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(record, arguments)


def told(result: Result) -> list[tuple[str, str, int | None]]:
    return [(each["code"], each["path"], each["line"]) for each in json.loads(result.stdout)]


@pytest.fixture(scope="module")
def everything() -> Iterator[Path]:
    """The broken record with all that cannot lie in a repository."""
    with open_folder() as folder:
        write_content(BROKEN, folder)
        write_content(MADE, folder)
        if len(list((folder / "made").iterdir())) < len(MADE):
            pytest.skip("the file system holds one of two names that differ only in case")
        (folder / "made/link-v0_1.md").symlink_to("case-v0_1.md")
        (folder / "made/closed-v0_1.md").chmod(0)
        run("check", "--content", str(BROKEN))  # imports what the command needs, with the rights to do so
        yield folder


@pytest.fixture(scope="module")
def checked(everything: Path) -> Result:
    with other_user():
        return run("check", "--json", "--content", str(everything))


def test_the_filed_record_has_exactly_these_problems() -> None:
    assert told(run("check", "--json", "--content", str(BROKEN))) == FILED


def test_the_whole_record_has_exactly_these_problems(checked: Result) -> None:
    assert sorted(told(checked), key=str) == sorted(FILED + MADE_TOLD, key=str)


def test_every_code_occurs(checked: Result) -> None:
    assert {code for code, _, _ in told(checked)} == set(CODES) - ELSEWHERE


def test_problems_stand_in_order_of_their_place(checked: Result) -> None:
    places = [(path, line or 0, code) for code, path, line in told(checked)]
    assert places == sorted(places)


def test_each_problem_is_told_in_full(checked: Result) -> None:
    for problem in json.loads(checked.stdout):
        assert list(problem) == ["code", "severity", "path", "line", "message"]
        assert problem["severity"] == CODES[problem["code"]].severity
        assert problem["message"].strip()
        assert not problem["message"].endswith(".")


def test_text_tells_the_same_one_line_each(everything: Path, checked: Result) -> None:
    with other_user():
        result = run("check", "--content", str(everything))
    lines = result.stdout.splitlines()
    assert len(lines) == len(told(checked))
    for line, (code, path, at) in zip(lines, told(checked), strict=True):
        place = path.replace("\n", "\\x0a") + (f":{at}" if at else "")
        assert line.startswith(f"{place}: {CODES[code].severity}: ")
        assert line.endswith(f" [{code}]")
    counted = {word: sum(CODES[code].severity == word for code, _, _ in told(checked)) for word in ("error", "warning")}
    assert f"{counted['error']} errors, {counted['warning']} warnings, " in result.stderr


@pytest.mark.parametrize(
    ("content", "plain", "strict"),
    [
        ({"a-v0_1.md": "# A\n"}, 0, 0),
        ({}, 0, 0),
        ({"archive/a-v0_1.md": "# A\n", "a-v0_3.md": "# A\n"}, 0, 0),
        ({"a-v0_1.md": ""}, 0, 1),
        ({"a-v0_1.md": b"\xff"}, 1, 1),
    ],
    ids=["clean", "nothing", "a notice", "a warning", "an error"],
)
def test_exit_codes_of_check(tmp_path: Path, content: dict[str, Any], plain: int, strict: int) -> None:
    write_content(content, tmp_path)
    for json_too in ([], ["--json"]):
        assert run("check", "--content", str(tmp_path), *json_too).exit_code == plain
        assert run("check", "--strict", "--content", str(tmp_path), *json_too).exit_code == strict


def test_list_ends_well_whatever_the_problems(everything: Path) -> None:
    with other_user():
        assert run("list", "--content", str(everything)).exit_code == 0
        whole = json.loads(run("list", "--json", "--content", str(everything)).stdout)
    assert len(whole["problems"]) == len(FILED + MADE_TOLD)
