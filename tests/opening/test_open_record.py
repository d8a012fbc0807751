"""One way to open a record: whoever asks what is wrong with it gets the same answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from loomworks_record.bundle.archive import archived
from loomworks_record.bundle.log import ArchiveError, Log, LogError, append_missing
from loomworks_record.opening.open_record import open_record
from loomworks_record.source.problem import CODES
from loomworks_record.source.project import load_project
from loomworks_record.source.store import read_content
from support.site import PROJECT, write_content

NOTE = "# A note\n\n**Version.** {0} **Date.** 2026-05-1{1}\n\nIts text.\n"
SOUND = {"notes/note-v0_2.md": NOTE.format("0.2", 2), "notes/archive/note-v0_1.md": NOTE.format("0.1", 1)}
OLD = "notes/archive/note-v0_1.md"

# What is filed beside a sound record, or in place of a part of it (None takes it away): one problem each.
ONE_PROBLEM: dict[str, Mapping[str, str | bytes | None]] = {
    "encoding-unknown": {"notes/odd-v0_1.md": b"\xff\xfe\xfd"},
    "encoding-not-utf8": {"notes/odd-v0_1.md": "# Odd\n\nText.\n".encode("utf-16")},
    "file-empty": {"notes/odd-v0_1.md": ""},
    "file-hidden": {"notes/.odd.md": "# Odd\n"},
    "name-extension": {"notes/odd.MD": "# Odd\n"},
    "name-not-portable": {"notes/an odd-v0_1.md": "# Odd\n"},
    "front-matter-malformed": {"notes/odd-v0_1.md": "---\ntitle: [a\n---\n\n# Odd\n"},
    "header-version-mismatch": {"notes/odd-v0_1.md": "# Odd\n\n**Version.** 0.7\n\nText.\n"},
    "date-invalid": {"notes/odd-v0_1.md": "# Odd\n\n**Date.** 2026-02-30\n\nText.\n"},
    "version-gap": {"notes/note-v0_4.md": NOTE.format("0.4", 4), "notes/note-v0_2.md": None},
    "superseded-outside-archive": {"notes/odd-v0_1.md": "# Odd\n", "notes/odd-v0_2.md": "# Odd\n"},
    "phase-folder-mismatch": {"phases/phase-7-x/phase-8-odd-v0_1.md": "# Odd\n"},
    "phase-file-malformed": {"phases/phase-7/phase.yml": "titel: x\n", "phases/phase-7/phase-7-odd-v0_1.md": "# Odd\n"},
    "section-missing": {"notes/odd-v0_1.md": "# Odd\n\nSee note-v0_2.md §7.\n"},
    "link-broken": {"notes/odd-v0_1.md": "# Odd\n\n[gone](gone.md)\n"},
    "link-unsafe": {"notes/odd-v0_1.md": "# Odd\n\n[odd](javascript:alert)\n"},
    "attachment-missing": {"notes/odd-v0_1.md": "# Odd\n\n![odd](gone.png)\n"},
    "log-missing-entry": {"notes/archive/note-v0_0.md": NOTE.format("0.0", 0)},
    "log-archive-differs": {OLD: NOTE.format("0.1", 1) + "Other bytes.\n"},
    "log-archive-missing": {OLD: None},
}  # fmt: skip
A_BUILD_REFUSES = ("log-archive-differs", "log-archive-missing")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    finished = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, encoding="utf-8", timeout=170, check=False
    )
    assert "Traceback" not in finished.stderr, finished.stderr
    return finished


def record(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "loomworks_record.cli.main", *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound project, with its log."""
    write_content(SOUND, tmp_path / "content")
    config = {
        "site_name": "A record",
        "site_url": "https://record.example.org/",
        "docs_dir": "content",
        "theme": {"name": "material", "custom_dir": str(PROJECT / "overrides")},
        "plugins": [{"record": {"search": False, "workers": 1}}],
    }
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    entered = append_missing(Log(), archived(read_content(tmp_path / "content").documents))
    (tmp_path / "record.log.jsonl").write_bytes(bytes(entered))
    return tmp_path


def file_one(folder: Path, code: str) -> None:
    for path, body in ONE_PROBLEM[code].items():
        if body is None:
            (folder / "content" / path).unlink()
        else:
            write_content({path: body}, folder / "content")


def told(text: str) -> list[tuple[str, str]]:
    return [(problem["code"], problem["path"]) for problem in json.loads(text)]


def test_a_sound_record_has_no_problem(folder: Path) -> None:
    assert open_record(load_project(folder)).problems == ()


@pytest.mark.parametrize("code", ONE_PROBLEM)
def test_one_problem_each(code: str, folder: Path) -> None:
    file_one(folder, code)
    opened = open_record(load_project(folder))
    assert [problem.code for problem in opened.problems] == [code]
    if code in A_BUILD_REFUSES:
        with pytest.raises(ArchiveError):
            opened.refuse_wrong_log()
    else:
        opened.refuse_wrong_log()


@pytest.mark.parametrize("host", ["github-pages", "plain", "cloudflare-free", "none"])
def test_filed_html_on_a_host_that_sends_no_headers(host: str, folder: Path) -> None:
    filed = {"notes/page-v0_1.html": "<title>Page</title><p>Text.", "notes/drawn.svg": "<svg/>", "notes/a.png": b"x"}
    write_content(filed, folder / "content")
    config = yaml.safe_load((folder / "mkdocs.yml").read_text("utf-8"))
    config["plugins"][0]["record"]["host"] = host
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    may_run = [(each.code, each.path, each.severity) for each in open_record(load_project(folder)).problems]
    told = [("file-may-run", path, "notice") for path in ("notes/drawn.svg", "notes/page-v0_1.html")]
    assert may_run == (told if host in ("github-pages", "plain") else [])
    assert record(folder, "check", "--strict").returncode == 0


def test_a_log_that_cannot_be_read(folder: Path) -> None:
    (folder / "record.log.jsonl").write_text("{}\n", "utf-8")
    opened = open_record(load_project(folder))
    assert {problem.code for problem in opened.problems} == {"log-malformed"}
    with pytest.raises(LogError):
        opened.refuse_wrong_log()


def test_what_was_withdrawn_and_is_there(folder: Path) -> None:
    text = (folder / "content" / OLD).read_bytes()
    assert record(folder, "withdraw", OLD, "--reason", "a secret", "--yes").returncode == 0
    assert open_record(load_project(folder)).problems == ()
    (folder / "content" / OLD).write_bytes(text)
    assert [problem.code for problem in open_record(load_project(folder)).problems] == ["log-withdrawn-held"]


def test_another_folder_has_another_log(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    write_content({"a-v0_1.md": "# A\n"}, other)
    assert open_record(load_project(folder, other)).problems == ()
    assert open_record(load_project(folder, folder / "content")).project.is_own_content


def strict_statuses(folder: Path) -> dict[str, int]:
    """How each command that knows ``--strict`` ends, and how it ends without."""
    script = (PROJECT / "scripts/build").read_text("utf-8")
    build = next(line for line in script.splitlines() if "mkdocs build" in line).split("mkdocs ")[1].split()
    steps = yaml.safe_load((PROJECT / ".github/actions/record/action.yml").read_text("utf-8"))["runs"]["steps"]
    assert "record check" in next(step["run"] for step in steps if step.get("name") == "Check")  # as the commands below
    return {
        "record check": record(folder, "check").returncode,
        "record check --strict": record(folder, "check", "--strict").returncode,
        "record build --strict": record(folder, "build", "--strict").returncode,
        "record build --host none --strict": record(folder, "build", "--host", "none", "--strict").returncode,
        "mkdocs build --strict": run(folder, "mkdocs", "build", "--strict").returncode,
        "scripts/build": run(folder, "mkdocs", *build).returncode,
    }


def agree(folder: Path, code: str | None) -> None:
    """All commands end as the severity of the one problem ``code`` asks; all that tell problems tell this one."""
    if code:
        file_one(folder, code)
    severity = CODES[code].severity if code else "notice"
    fails = int(severity != "notice")
    statuses = strict_statuses(folder)
    assert statuses.pop("record check") == int(severity == "error")
    assert set(statuses.values()) == {fails}, statuses
    checked = told(record(folder, "check", "--json").stdout)
    assert [each for each, _ in checked] == ([code] if code else [])
    listed: dict[str, Any] = json.loads(record(folder, "list", "--json").stdout)
    assert [(each["code"], each["path"]) for each in listed["problems"]] == checked
    if code not in A_BUILD_REFUSES:
        assert record(folder, "build").returncode == 0
        assert told((folder / "site/api/problems.json").read_text("utf-8")) == checked


@pytest.mark.parametrize("code", [None, "version-gap", "log-missing-entry", "encoding-unknown"])
def test_strict_is_one_thing(code: str | None, folder: Path) -> None:
    """No problem, and one of each severity."""
    agree(folder, code)


@pytest.mark.full
@pytest.mark.parametrize("code", ONE_PROBLEM)
def test_twenty_broken_records(code: str, folder: Path) -> None:
    agree(folder, code)


def test_what_the_baseline_knows_fails_nothing(folder: Path) -> None:
    file_one(folder, "file-empty")
    (folder / "mkdocs.yml").write_text(
        (folder / "mkdocs.yml").read_text("utf-8").replace("search: false", "baseline: known.json\n    search: false")
    )
    grow = ("--update-baseline", "--grow", "--reason", "filed long ago")
    assert record(folder, "check", "--strict", *grow).returncode == 0
    assert run(folder, "mkdocs", "build", "--strict").returncode == 0


def test_what_a_sparse_checkout_leaves_out_is_told(tmp_path: Path) -> None:
    """Else v0.1 would be shown as current without a word, beside a v0.2 that lies in a folder that is left out."""
    repository = tmp_path / "repository"
    for path, version in (("notes/a-plan-v0_1.md", "0.1"), ("later/a-plan-v0_2.md", "0.2"), ("later/b-v0_1.md", "0.1")):
        file = repository / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# A plan\n\n**Version.** {version}\n\nWords.\n", "utf-8")
    (repository / "mkdocs.yml").write_text("docs_dir: content\nplugins: [record]\n", "utf-8")
    git(repository, "init", "-q")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "All")
    assert codes(repository) == []
    git(repository, "sparse-checkout", "set", "content/notes")
    assert not (repository / "content/later").exists()
    problem = next(each for each in open_record(load_project(repository)).problems if each.severity == "error")
    assert (problem.code, problem.path, problem.severity) == ("file-not-checked-out", "later/a-plan-v0_2.md", "error")
    assert "leaves out 2 of the files" in problem.message
    git(repository, "worktree", "add", "-q", str(tmp_path / "beside"))
    git(tmp_path / "beside", "sparse-checkout", "set", "content/notes")
    assert codes(tmp_path / "beside") == ["file-not-checked-out"]
    git(repository, "sparse-checkout", "disable")
    assert codes(repository) == []
    (repository / "content/later/b-v0_1.md").unlink()  # taken away by hand: that is for git to say
    assert codes(repository) == []


def codes(root: Path) -> list[str]:
    return [each.code for each in open_record(load_project(root)).problems if each.severity == "error"]


def git(folder: Path, *arguments: str) -> None:
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *person, *arguments], cwd=folder, check=True, capture_output=True)
