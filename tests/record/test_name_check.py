"""Names that are not read as a version: each told once, with the name that would be and what is Current meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from loomworks_record.cli.main import record
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.store import read_content

HELD = {"lamps/desk-v0_2.md": "# Desk\n\n**Version.** 0.2 **Date.** 2026-05-12\n\nText.\n"}
NEWER = "# Desk\n\n**Version.** 0.3 **Date.** 2026-05-13\n\nText.\n"


def write_files(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def told(folder: Path, files: dict[str, str], config: RecordConfig | None = None) -> dict[str, tuple[str, str]]:
    """path → (code, message) of what is told of names."""
    write_files(folder, files)
    config = config or RecordConfig()
    read = Record(config, read_content(folder, config.kinds, notation=config.notation))
    found = [problem for problem in read.problems if problem.code.startswith("name-version")]
    assert len({problem.path for problem in found}) == len(found), "each name once"
    return {problem.path: (problem.code, problem.message) for problem in found}


COPIES = [
    "desk-v0_3 (1)", "desk-v0_3 copy", "desk-v0_3 copy 2", "desk-v0_3-1", "desk-v0-3", "desk-v00_3", "desk-r3",
    "desk-rev3",
    "desk-v0_3.sync-conflict-20260513-090000-QWERTYU", "Copy of desk-v0_3", "desk-final", "desk (2)", "desk-new",
    "desk-v0_3-approved", "desk v0.3 (from Ann)", "desk-0.3.0",
    "desk",
]  # fmt: skip


# The same with signs that nobody sees.
UNSEEN = [stem.replace("-", "\u2011").replace(" ", "\u00a0").replace("_", "_\u200b") for stem in COPIES[:-1]]


@pytest.mark.parametrize("stem", [*COPIES, *UNSEEN])
def test_a_copy_is_told_with_its_name_and_what_is_current(tmp_path: Path, stem: str) -> None:
    [(path, (code, message))] = told(tmp_path, HELD | {f"lamps/{stem}.md": NEWER}).items()
    assert (path, code) == (f"lamps/{stem}.md", "name-version-malformed")
    assert "'desk-v0_3.md'" in message
    assert "meanwhile v0.2 is shown as Current" in message


@pytest.mark.parametrize(
    "stem",
    ["desk-v0_3 - Copy", "desk-v0_3-final-final", "desk-v0_3-1 (1)", "desk-0.3", "desk_0_3", "desk-version-0.3",
     "desk-ver0_3", "desk-v.0.3", "desk-v0,3", "desk-[v0.3]"],
)  # fmt: skip
def test_a_copy_whose_text_says_nothing_is_told(tmp_path: Path, stem: str) -> None:
    [(path, (code, message))] = told(tmp_path, HELD | {f"lamps/{stem}.md": "Text.\n"}).items()
    assert (path, code) == (f"lamps/{stem}.md", "name-version-malformed")
    assert "'desk-v0_3.md'" in message
    assert "meanwhile v0.2 is shown as Current" in message


@pytest.mark.parametrize("stem", ["lamp-0.3", "desk-2026.05", "desk-3", "desk-part-3"])
def test_numbers_are_no_version_of_what_has_none(tmp_path: Path, stem: str) -> None:
    assert told(tmp_path, HELD | {"lamps/lamp.md": "Text.\n", f"lamps/{stem}.md": "Text.\n"}) == {}


def test_a_list_marks_what_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, HELD | {"lamps/desk-v0-3.md": NEWER})
    printed = CliRunner().invoke(record, ["list", "--content", str(tmp_path)]).stdout.splitlines()
    assert [line.split()[0] for line in printed] == ["Current?", "Current", "?:"]


@pytest.mark.parametrize(
    "stem",
    [
        "desk-appendix",
        "notes-2026-05-12",
        "phase-57",
        "step-2e",
        "migrating-to-v0.2",
        "desk-v0.2-review",
        "python-3.11",
    ],
)
def test_nothing_is_told_of_a_name_that_says_no_version_of_its_own(tmp_path: Path, stem: str) -> None:
    assert told(tmp_path, HELD | {f"lamps/{stem}.md": "# Another\n\nText.\n"}) == {}


@pytest.mark.parametrize("stem", ["Rates_v4_1_Spec", "rates-v0.3-overview"])
def test_a_version_within_a_name_is_told_unless_a_row_reads_it(tmp_path: Path, stem: str) -> None:
    files = {f"{stem}.md": "# Rates\n\nText.\n"}
    assert [code for code, _ in told(tmp_path, files).values()] == ["name-version-inside"]
    row = {"pattern": r"[-_]v(?P<version>\d+[._]\d+)(?P<rest>[-_][A-Za-z]+)$"}
    assert told(tmp_path, files, parse_config({"versions": [row]})) == {}


def test_versions_within_names_that_differ_in_nothing_else_are_their_own(tmp_path: Path) -> None:
    files = {f"rates_v{minor}_draft_text.md": "# Rates\n" for minor in (1, 2)}
    assert [code for code, _ in told(tmp_path, files).values()] == ["name-version-malformed"] * 2


def test_a_copy_is_one_of_something_that_is_held(tmp_path: Path) -> None:
    alone = {"1419-slice-copy.md": "# Copy a slice\n", "3678-final.md": "# Final\n"}
    assert told(tmp_path / "a", alone) == {}
    assert list(told(tmp_path / "b", alone | {"1419-slice.md": "# Slices\n"})) == ["1419-slice-copy.md"]


def test_numbers_of_short_drafts_are_told_unless_a_row_reads_them(tmp_path: Path) -> None:
    files = {f"draft-rates-0{number}.md": "# Rates\n" for number in (0, 1)}
    assert len(told(tmp_path, files)) == 2
    assert told(tmp_path, files, parse_config({"versions": [{"pattern": r"-(?P<number>\d\d)$"}]})) == {}


def test_a_document_with_another_extension_after_its_own_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"desk-v0_3.md.txt": "# Desk\n", "list.txt": "a\n", "desk-v0_3.md.asc": "x\n"})
    found = [problem for problem in read_content(tmp_path).problems if problem.code == "name-extension"]
    assert [problem.path for problem in found] == ["desk-v0_3.md.txt"]
    assert "expected 'desk-v0_3.md'" in found[0].message


@pytest.mark.parametrize(
    "name", ["desk.md~", "desk.md.rej", "desk.html.orig", "desk.md.~1~", "desk.md.1", "#desk.md#", "desk.md.LOCAL",
             "desk.md.part", "desk.md.backup-2026-05-13", "desk.md (1)", "desk.md.icloud"],
)  # fmt: skip
def test_what_a_program_leaves_beside_a_document_is_told(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {name: "# Desk\n", "desk.md.sig": "x", "desk.md.pdf": "x", "mdesk.mdx": "x", "c.md5": "x"})
    found = [problem for problem in read_content(tmp_path).problems if problem.code == "name-extension"]
    assert [problem.path for problem in found] == [name]
    assert f"expected 'desk.{'html' if 'html' in name else 'md'}'" in found[0].message


SAME_TITLE = "# Desk\n\nText that says no version.\n"


@pytest.mark.parametrize(
    "stem",
    [
        "desk-v0_2 (copy)", "desk-v0_2 – Kopie", "desk-v0_2 - Copie (2)", "desk-v0_2 のコピー", "desk-v0_2 拷贝",
        "desk-v0_2 (3rd copy)",
        "desk-v0_2 (Ann's conflicted copy 2026-05-13)", "desk-v0_2_conflict-20260513", "desk-v0_2-LAPTOP-7Q",
        "desk-v0_2.LOCAL",
        "desk-v0_2 (Autosaved)", "desk-v0_2 [2026_05_13 10_11 UTC]", "desk-v0_2.bak", "desk-v0_2.md", "desk-v0_2-",
        "desk-v0_2~1",
        "desk-v0_2-with-remarks-of-ann", "Kopia desk-v0_2", "Cópia de desk-v0_2", "Copy (2) of desk-v0_2", "_desk-v0_2",
        "copy-of-desk-v0_2", "~$desk-v0_2",
    ],
)  # fmt: skip
def test_a_name_that_holds_that_of_a_version_and_more_is_told(tmp_path: Path, stem: str) -> None:
    [(path, (code, message))] = told(tmp_path, HELD | {f"lamps/{stem}.md": SAME_TITLE}).items()
    assert (path, code) == (f"lamps/{stem}.md", "name-version-malformed")
    assert "desk-v0_2.md" in message or "'desk-v<major>_<minor>.md'" in message
    assert "meanwhile v0.2 is shown as Current" in message


@pytest.mark.parametrize("stem", ["desk (Ann in conflict 2026)", "desk - Kopie", "desk~1", "Kopie desk", "desk.orig"])
def test_so_is_one_that_holds_the_name_of_a_document_without_versions(tmp_path: Path, stem: str) -> None:
    held = {"lamps/desk.md": "# Desk\n\nAnother text.\n"}
    [(path, (_, message))] = told(tmp_path, held | {f"lamps/{stem}.md": SAME_TITLE}).items()
    assert path == f"lamps/{stem}.md"
    assert "meanwhile 'lamps/desk.md' is shown as Current" in message


@pytest.mark.parametrize("stem", ["desk-v0_2-remarks-of-ann", "oak-desk-v0_2", "desk-v0_2-v0_1", "desk-de", "oak desk"])
def test_nothing_is_told_of_a_document_about_another(tmp_path: Path, stem: str) -> None:
    assert told(tmp_path, HELD | {f"lamps/{stem}.md": "# Words on the desk\n\nText.\n"}) == {}


@pytest.mark.parametrize("stem", ["Copy of desk-v0_2", "desk-v0_2 (1)", "desk-v0_2 copy", "Kopie von desk-v0_2"])
def test_a_copy_of_what_is_held(stem: str, tmp_path: Path) -> None:
    """The name that it would be given is taken: it is told what it is a copy of, and what to do."""
    held = HELD["lamps/desk-v0_2.md"]
    for text, do in ((held, "it has the same bytes: remove it"), (held + "More.\n", "its text differs: give")):
        code, message = told(tmp_path, HELD | {f"lamps/{stem}.md": text})[f"lamps/{stem}.md"]
        assert code == "name-version-malformed"
        assert message.startswith(f"'{stem}.md' is called a copy of 'lamps/desk-v0_2.md', and {do}")


def test_a_copy_of_a_document_without_versions(tmp_path: Path) -> None:
    found = told(tmp_path, {"desk.md": "# Desk\n\nText.\n", "desk (1).md": "# Desk\n\nText.\n"})
    assert "is called a copy of 'desk.md', and it has the same bytes" in found["desk (1).md"][1]
