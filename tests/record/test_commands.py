"""``record list`` and ``record check`` as processes: what they print, how they end, and what they say of bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from loomworks_record.cli.list import list_documents
from support.site import write_content


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "loomworks_record.cli.main", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, encoding="utf-8", env={**os.environ, **environment}, timeout=60
    )


def test_list_prints_standing_version_date_and_path(tmp_path: Path) -> None:
    write_content(
        {"archive/a-v0_1.md": "# A\n", "a-v0_2.md": "# A\n\n**Date.** 2026-05-12\n", "README.md": "# R\n"}, tmp_path
    )
    listed = run("list", "--content", ".", cwd=tmp_path)
    assert listed.stdout.splitlines() == [
        "Current                     README.md",
        "Current   v0.2  2026-05-12  a-v0_2.md",
        "Archived  v0.1              archive/a-v0_1.md",
    ]
    assert (listed.returncode, listed.stderr) == (0, "")


def test_what_is_kept_of_a_record_is_listed_until_something_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_content({"a-v0_1.md": "# A\n\nSee b v0.1.\n", "b-v0_1.md": "# B\n\n## 1. One\n"}, tmp_path / "content")
    (tmp_path / "mkdocs.yml").write_text("site_name: A record\n")
    monkeypatch.chdir(tmp_path)

    def listed(*options: str) -> str:
        return CliRunner().invoke(list_documents, ["--json", *options], catch_exceptions=False).stdout

    choices: tuple[tuple[str, ...], ...] = ((), ("--sections",), ("--sort", "title", "--cites", "b"))
    cold = [listed(*each) for each in choices]
    with monkeypatch.context() as made_never:
        made_never.delattr("loomworks_record.pages.api.whole_json")
        assert [listed(*each) for each in choices] == cold
    assert len(set(cold)) == 3
    for name, text in {"content/b-v0_2.md": "# B\n", "record.log.jsonl": "{\n"}.items():
        (tmp_path / name).write_text(text)
        assert listed() not in cold
        cold.append(listed())


def test_a_list_of_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    listed = run("list", "--content", "empty", cwd=tmp_path)
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", f"0 documents in {tmp_path / 'empty'}\n")
    write_content({"a-v0_1.md": "# A\n"}, tmp_path)
    chosen = run("list", "--phase", "9", "--content", ".", cwd=tmp_path)
    assert chosen.stderr == "none of 1 document is of this choice\n"


@pytest.mark.parametrize("command", ["list", "check"])
def test_content_may_be_any_folder_and_is_found_without_being_named(tmp_path: Path, command: str) -> None:
    write_content({"content/a-v0_1.md": b"\xff", "docs/b-v0_1.md": b"\xff", "docs/deep/x": ""}, tmp_path)
    assert "a-v0_1.md" in run(command, cwd=tmp_path).stdout
    (tmp_path / "mkdocs.yml").write_text("docs_dir: docs\nplugins:\n  - record\ntheme: !ENV [X, y]\n")
    assert "b-v0_1.md" in run(command, cwd=tmp_path).stdout
    assert "b-v0_1.md" in run(command, cwd=tmp_path / "docs" / "deep").stdout
    assert "a-v0_1.md" in run(command, "--content", "content", cwd=tmp_path).stdout


def test_settings_may_be_inherited(tmp_path: Path) -> None:
    settings = {"mkdocs.yml": "INHERIT: base.yml\n", "base.yml": "docs_dir: docs\n"}
    write_content({"docs/b-v0_1.md": "# B\n", **settings}, tmp_path)
    assert run("list", cwd=tmp_path).stdout.split() == ["Current", "v0.1", "b-v0_1.md"]


@pytest.mark.parametrize("command", ["list", "check"])
@pytest.mark.parametrize(
    ("arguments", "config", "words"),
    [
        (["--content", "nowhere"], "", "there is no folder"),
        ([], "docs_dir: gone\n", "there is no folder"),
        ([], "a: [b\n", "mkdocs.yml cannot be read"),
        ([], "- a\n", "expected settings"),
        ([], "INHERIT: base.yml\n", "INHERIT: there is no file base.yml; correct the path"),
        ([], "plugins:\n  - record:\n      nmae: x\n", "option 'nmae' is not known"),
        ([], "plugins:\n  - record:\n      kinds: 3\n", "option 'kinds': expected a list of rows, got 3"),
        (["--nothing"], "", "No such option"),
    ],
)
def test_bad_input_is_one_clear_line(
    tmp_path: Path, command: str, arguments: list[str], config: str, words: str
) -> None:
    if config:
        (tmp_path / "mkdocs.yml").write_text(config)
    ended = run(command, *arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len([line for line in ended.stderr.splitlines() if words in line]) == 1


@pytest.mark.parametrize("command", ["list", "check"])
def test_help_has_an_example_and_the_exit_codes(tmp_path: Path, command: str) -> None:
    said = run(command, "--help", cwd=tmp_path).stdout
    assert "Example:" in said
    assert f"record {command}" in said
    assert "Exit status:" in said


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    write_content({f"a{number}-v0_1.md": "# A\n" for number in range(3000)}, tmp_path)
    command = f"'{sys.executable}' -m loomworks_record.cli.main list --content . | head -1"
    ended = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert ended.stdout.count("\n") == 1
    assert ended.stderr == ""


def test_json_is_utf_8_whatever_the_terminal_is(tmp_path: Path) -> None:
    write_content({"größe-v0_1.md": "# Größe — ☃\n", "größe-v0_2.md": ""}, tmp_path)
    for command in ("list", "check"):
        ended = run(command, "--json", "--content", ".", cwd=tmp_path, PYTHONIOENCODING="ascii")
        assert ended.stderr == ""
        assert "größe-v0_1.md" in ended.stdout


def test_names_are_printed_in_the_plainest_locale(tmp_path: Path) -> None:
    write_content({"größe-v0_1.md": "# Größe — ☃\n"}, tmp_path)
    for command in ("list", "check"):
        ended = run(command, "--content", ".", cwd=tmp_path, LC_ALL="C")
        assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
