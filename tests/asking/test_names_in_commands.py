"""Commands take names: what they print for one that is clear, one that is not, and one that nothing has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from loomworks_record.cli.names import document_named
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.name_tables import Names
from loomworks_record.source.project import load_project
from support.site import PROJECT, write_content

_CR = "phases/phase-57-marketing-engagement-creation/phase-57-cr-marketing-engagement-creation-v0_4.md"


def run(*arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "loomworks_record.cli.main", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", env=os.environ, timeout=60)


def test_show_says_what_a_number_means() -> None:
    shown = run("show", "cr", "2026", "090")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("CR-2026-090: CR")
    assert f"Path:        {_CR}" in shown.stdout
    for said in ("Current, v0.4, in force since 12 May 2026", "Supersedes:  v0.3", "Cited by:    24 documents"):
        assert said in shown.stdout


def test_show_gives_a_program_the_answers_best_first() -> None:
    shown = json.loads(run("show", "--json", "CR v0.3").stdout)
    assert shown["query"] == "CR v0.3"
    assert [(each["version"], each["standing"]) for each in shown["answers"]] == [
        ("0.3", "archived"),
        ("0.3", "current"),
    ]
    assert set(shown["answers"][0]) == {"what", "path", "address", "name", "version", "standing", "why"}


def test_a_name_that_is_not_clear_lists_the_candidates() -> None:
    for command in (
        ("show", "CR v0.3"),
        ("compare", "CR v0.3", "CR v0.4"),
        ("receipt", "CR v0.3"),
        ("list", "--cites", "CR v0.3"),
    ):
        asked = run(*command)
        assert asked.returncode == 2, command
        assert "it is not clear what 'CR v0.3' means" in asked.stderr
        assert "CR-2026-090 v0.3 · Archived" in asked.stderr
        assert "CR-2026-062 v0.3 · Current" in asked.stderr


def test_a_name_that_nothing_has_says_what_to_do() -> None:
    asked = run("show", "zzzz")
    assert asked.returncode == 2
    assert "nothing is named 'zzzz'; `record list` prints what there is" in asked.stderr


def test_compare_takes_a_name_and_two_versions() -> None:
    compared = run("compare", "--summary", "CR-2026-090", "v0.1", "v0_3")
    assert compared.returncode == 0, compared.stderr
    first, second = (line.split(" · ") for line in compared.stdout.splitlines()[:2])
    assert (first[1], second[1]) == ("v0.1", "v0.3")


def test_a_receipt_is_of_what_is_named() -> None:
    by_name, by_path = (
        run("receipt", name, "-o", "-")
        for name in ("CR-2026-090 v0.2", _CR.replace("phase-57-cr", "archive/phase-57-cr").replace("v0_4", "v0_2"))
    )
    assert by_name.stdout == by_path.stdout != ""


@pytest.mark.parametrize(
    "path", ["docs/phases/phase-7-kiln/kiln-firing-plan-v0_1.md", "phases/phase-7-kiln-firing-plan-v0_1.md"]
)
def test_context_of_a_document_is_that_of_its_phase_wherever_it_lies(tmp_path: Path, path: str) -> None:
    write_content({path: "# Kiln firing plan\n\n**Version.** 0.1\n\nHot.\n"}, tmp_path)
    asked = run("context", "kiln firing plan", "--content", str(tmp_path))
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout == run("context", "7", "--content", str(tmp_path)).stdout


def test_context_is_the_pack_of_the_site() -> None:
    packs = [run("context", *phase).stdout for phase in (("57",), ("phase", "57"), ("CR-2026-090",))]
    assert packs[0].startswith("# Phase 57: Marketing Engagement Creation")
    assert packs[0] == packs[1] == packs[2]
    assert run("context", "99").returncode == 2


def test_status_is_home_in_a_terminal() -> None:
    said = run("status").stdout
    for part in ("Needs you (2)", "Active (2)", "Recent\n", "Problems: "):
        assert part in said


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        (["--kind", "CR"], ["archive/a-cr-x-v0_1.md", "a-cr-x-v0_2.md"]),
        (["--standing", "archived"], ["archive/a-cr-x-v0_1.md"]),
        (["--since", "2026-05-02"], ["a-cr-x-v0_2.md", "phases/phase-7-x/phase-7-y-v0_1.md"]),
        (["--phase", "7"], ["phases/phase-7-x/phase-7-y-v0_1.md"]),
        (["--cites", "a cr x v0.1"], ["phases/phase-7-x/phase-7-y-v0_1.md"]),
        (["--sort", "date"], ["phases/phase-7-x/phase-7-y-v0_1.md", "a-cr-x-v0_2.md", "archive/a-cr-x-v0_1.md"]),
    ],
)
def test_list_leaves_out_what_is_not_asked_for(tmp_path: Path, options: list[str], paths: list[str]) -> None:
    write_content(
        {
            "archive/a-cr-x-v0_1.md": "# A\n\n**Date.** 2026-05-01\n",
            "a-cr-x-v0_2.md": "# A\n\n**Date.** 2026-05-02\n",
            "phases/phase-7-x/phase-7-y-v0_1.md": "# Y\n\n**Date.** 2026-05-03\n\nSee a-cr-x-v0_1.md.\n",
        },
        tmp_path,
    )
    listed = run("list", "--content", ".", *options, cwd=tmp_path)
    assert sorted(line.split()[-1] for line in listed.stdout.splitlines()) == sorted(paths)
    if options[0] == "--sort":
        assert [line.split()[-1] for line in listed.stdout.splitlines()] == paths
    as_json = json.loads(run("list", "--json", "--content", ".", *options, cwd=tmp_path).stdout)
    assert sorted(document["path"] for document in as_json["documents"]) == sorted(paths)


def test_a_kind_that_is_not_known_names_those_that_are(tmp_path: Path) -> None:
    write_content({"a-cr-x-v0_1.md": "# A\n"}, tmp_path)
    asked = run("list", "--content", ".", "--kind", "letter", cwd=tmp_path)
    assert (asked.returncode, asked.stderr) == (
        2,
        "record: there is no kind 'letter'; expected one of change-request\n",
    )


def test_a_mistyped_command_is_guessed() -> None:
    asked = run("lst")
    assert asked.returncode == 2
    assert "there is no command 'lst'; did you mean 'list'?" in asked.stderr
    assert "there is no command 'comapre'; did you mean 'compare'?" in run("log", "comapre").stderr
    kind = run("list", "--kind", "scopingnote")
    assert kind.returncode == 2
    assert kind.stderr == "record: there is no kind 'scopingnote'; did you mean 'scoping-note'?\n"


def test_a_receipt_is_held_against_what_is_named(tmp_path: Path) -> None:
    receipt = str(tmp_path / "cr.receipt.json")
    assert run("receipt", "CR-2026-090 v0.2", "-o", receipt).returncode == 0
    right, wrong, unclear = (
        run("verify", "--receipt", receipt, name) for name in ("cr 2026 090 v0_2", "CR-2026-090 v0.3", "CR v0.3")
    )
    assert (right.returncode, right.stdout.splitlines()[-1]) == (0, "ok: the receipt and the document are right")
    assert wrong.returncode == 1
    assert "receipt-document" in wrong.stderr
    assert unclear.returncode == 2
    assert "it is not clear what 'CR v0.3' means" in unclear.stderr
    # Where there is no record, a file is meant.
    elsewhere = run("verify", "--receipt", receipt, "CR-2026-090 v0.2", cwd=tmp_path)
    assert elsewhere.returncode == 2
    assert "No such file or directory; give the document of the receipt" in elsewhere.stderr


def test_show_names_what_replaced_a_document_without_a_version(tmp_path: Path) -> None:
    texts = {"a.md": "# Old fees\n\n**Status.** Superseded by b.md\n", "b.md": "# Fees\n\n**Supersedes.** a.md\n"}
    write_content(texts, tmp_path)
    shown = run("show", "a.md", "--content", str(tmp_path)).stdout
    assert "In force:    Fees · b.md" in shown and "Followed by: Fees · b.md" in shown


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        ("{}.html", "html"),
        ("{}.md", "md"),
        ("{}", "md"),
        ("/view/investigations/{}.html.html", "html"),
        ("https://record.example.org/view/investigations/{}.md.html#s1", "md"),
        ("investigations\\{}.HTML", "html"),
        ("/raw/investigations/{}.html?x=1", "html"),
    ],
)
def test_of_two_forms_the_one_that_is_named_is_meant(asked: str, form: str) -> None:
    whole = open_record(load_project(PROJECT)).whole
    stem = "loomworks-foray-protocol-deep-read-v0_1"
    path = f"investigations/{stem}.{form}"
    assert document_named(whole.record, asked.format(stem)).path == path
    found, (first, *_) = Names(whole).answers(asked.format(stem))
    assert (found.sure, first["path"], first["address"].partition("#")[0]) == (True, path, f"/view/{path}.html")
