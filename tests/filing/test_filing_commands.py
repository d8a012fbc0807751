"""``record file`` and ``record unfile`` as they are used: asking, showing, committing, undoing."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filing_support import LAMP, Typed, document, lamp_record, make_project, record, tree, write
from loomworks_record.bundle import log_file
from loomworks_record.filing import apply

CR = "phase-7-cr-lamp"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", lamp_record())


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return write(tmp_path / "downloads" / f"{CR}-v0_4.md", document("0.4", date="2026-03-04"))


def run_git(git: str, project: Path, *arguments: str) -> str:
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    finished = subprocess.run(
        [git, *who, *arguments], cwd=project, env={**os.environ, **identity}, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture
def repository(project: Path, git: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, committed."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.org")
    run_git(git, project, "init", "--quiet", "--initial-branch=main")
    run_git(git, project, "add", "--all")
    run_git(git, project, "commit", "--quiet", "-m", "Begin")
    return project


def test_a_dry_run_shows_all_and_writes_nothing(project: Path, newer: Path) -> None:
    before = tree(project, journal=True)
    shown = record(project, "file", "--dry-run", newer)
    assert (shown.status, shown.err) == (0, "")
    assert shown.out == (
        f"{CR}-v0_4.md\n"
        "  Change request, CR-2026-007, v0.4, 4 March 2026; follows v0.3; 'Phase 7 CR — Lamp'\n"
        f"  to {LAMP}: its chain lives there\n"
        "Move to archive/\n"
        f"  {LAMP}/{CR}-v0_3.md\n"
        f"  {LAMP}/{CR}-v0_3.html\n"
        "Write\n"
        f"  {LAMP}/{CR}-v0_4.md  {newer.stat().st_size} bytes\n"
        "The log gains\n"
        f"  10 archived {LAMP}/archive/{CR}-v0_3.md sha256 {tree(project)[f'content/{LAMP}/{CR}-v0_3.md']}\n"
        f"  11 archived {LAMP}/archive/{CR}-v0_3.html sha256 {tree(project)[f'content/{LAMP}/{CR}-v0_3.html']}\n"
        f"  12 filed {LAMP}/{CR}-v0_4.md sha256 {hashlib.sha256(newer.read_bytes()).hexdigest()}\n"
        "Note\n"
        "  v0.3 is held as .md and .html; v0.4 comes as .md only\n"
        "Nothing was written.\n"
    )
    assert tree(project, journal=True) == before


def test_filing_and_undoing(project: Path, newer: Path) -> None:
    before = tree(project)
    done = record(project, "file", "--yes", newer)
    assert done.status == 0
    assert done.out.endswith(
        "Done: File CR-2026-007 v0.4; archive v0.3; `record unfile` undoes it until it is committed\n"
    )
    assert newer.read_text() == (project / "content" / LAMP / newer.name).read_text()
    undone = record(project, "unfile", "--yes")
    assert undone.out == (
        "Undo: File CR-2026-007 v0.4; archive v0.3\n"
        "Move back\n"
        f"  {LAMP}/archive/{CR}-v0_3.md -> {LAMP}/{CR}-v0_3.md\n"
        f"  {LAMP}/archive/{CR}-v0_3.html -> {LAMP}/{CR}-v0_3.html\n"
        "Remove\n"
        f"  {LAMP}/{CR}-v0_4.md\n"
        "The log\n"
        "  becomes what it was before\n"
        "Undone: File CR-2026-007 v0.4; archive v0.3\n"
    )
    assert tree(project) == before
    again = record(project, "unfile", "--yes")
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert "there is no filing to undo" in again.err


def test_a_new_folder_is_made_and_undone(project: Path, tmp_path: Path) -> None:
    before = tree(project)
    file = write(tmp_path / "phase-9-cr-wick-v0_1.md", document("0.1", "Phase 9 CR — Wick", cr=None))
    assert record(project, "file", "--yes", file).status == 0
    assert (project / "content/phases/phase-9-wick" / file.name).is_file()
    assert record(project, "unfile", "--yes").status == 0
    assert tree(project) == before


def test_what_was_changed_since_is_not_undone(project: Path, newer: Path) -> None:
    assert record(project, "file", "--yes", newer).status == 0
    filed = project / "content" / LAMP / newer.name
    filed.write_text(document("0.4", body="Mended by hand."))
    after = tree(project)
    refused = record(project, "unfile", "--yes")
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert re.search(r"v0_4\.md': expected sha256 \w{16}… there, got sha256 \w{16}…; nothing was done", refused.err)
    assert tree(project) == after


@pytest.mark.parametrize("command", [["file", "x-v0_1.md"], ["unfile"]])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_nothing_is_done_where_nobody_can_be_asked(project: Path, command: list[str], options: list[str]) -> None:
    refused = record(project, *command, *options)
    assert (refused.status, refused.out) == (2, "")
    assert "nobody can be asked here; say --yes, or --dry-run" in refused.err


def test_answers_decide(project: Path, newer: Path) -> None:
    before = tree(project)
    no = record(project, "file", newer, typed="n\n")
    assert (no.status, no.err) == (130, "record: stopped; nothing more was done\n")
    assert tree(project) == before
    assert record(project, "file", newer, typed="y\n").status == 0
    assert record(project, "unfile", typed="n\n").status == 130
    assert record(project, "unfile", typed="y\n").status == 0
    assert tree(project) == before


def test_places_are_asked_about_one_by_one(project: Path, tmp_path: Path) -> None:
    """Also the version line, without which the document would be refused."""
    text = document("0.3", "Lamp v0.3", date="2026-03-04", body="Words.\n\nLamp — v0.3 — 2026")
    file = write(tmp_path / f"{CR}-v0_4.md", text)
    done = record(project, "file", file, typed="n\ny\ny\ny\n")
    assert done.status == 0, done.err
    assert f"{CR}-v0_4.md, title:1: change 'v0.3' to 'v0.4'? (# Lamp v0.3)" in done.out
    filed = (project / "content" / LAMP / file.name).read_text()
    assert filed == text.replace("**Version.** 0.3", "**Version.** 0.4").replace("— v0.3 —", "— v0.4 —")
    assert file.read_text() == text
    kept = record(project, "file", write(tmp_path / "b" / f"{CR}-v0_5.md", document("0.4")), typed="n\n")
    assert kept.status == 1
    assert "expected v0.5 as in the name" in kept.err


def test_a_folder_is_asked_for(project: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "phase-9-scoping-note-v0_1.md", document("0.1", "Phase 9 scoping note", cr=None))
    done = record(project, "file", file, typed="phases/phase-9-wicks\ny\n")
    assert done.status == 0, done.err
    assert "[phases/phase-9]" in done.out
    assert (project / "content/phases/phase-9-wicks" / file.name).is_file()
    thought = write(tmp_path / "a-thought-v0_1.md", document("0.1", "A thought", cr=None, body="Light."))
    done = record(project, "file", thought, typed="content/notes\ny\n")
    assert (project / "content/notes" / thought.name).is_file(), done


def test_a_record_that_changed_while_somebody_was_asked(project: Path, newer: Path, tmp_path: Path) -> None:
    """Another version was filed between the question and the answer."""
    other = write(tmp_path / "other" / f"{CR}-v0_5.md", document("0.5", date="2026-03-05"))

    class Meanwhile(Typed):
        def readline(self, size: int | None = -1) -> str:
            assert record(project, "file", "--yes", other).status == 0
            return "y\n"

    refused = record(project, "file", newer, typed=Meanwhile())
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "the record was changed meanwhile; nothing was done" in refused.err
    assert not (project / "content" / LAMP / newer.name).exists()


def test_another_command_that_writes_is_waited_for(project: Path, newer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "_PATIENCE", 0.1)
    descriptor = os.open(project, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        refused = record(project, "file", "--yes", newer)
    finally:
        os.close(descriptor)
    assert refused.status == 6
    assert "another command is writing here; nothing was done" in refused.err
    assert record(project, "file", "--yes", newer).status == 0


def test_json(project: Path, newer: Path) -> None:
    shown = json.loads(record(project, "file", "--dry-run", "--json", newer).out)
    assert (shown["format"], shown["ok"], shown["done"]) == ("loomworks-filing/1", True, False)
    done = json.loads(record(project, "file", "--yes", "--json", newer).out)
    assert done == {**shown, "done": True}
    assert done["title"] == "File CR-2026-007 v0.4; archive v0.3"
    assert done["moves"][0] == {"from": f"{LAMP}/{CR}-v0_3.md", "to": f"{LAMP}/archive/{CR}-v0_3.md"}
    assert [(entry["sequence"], entry["type"]) for entry in done["log"]] == [
        (10, "archived"),
        (11, "archived"),
        (12, "filed"),
    ]
    refused = record(project, "file", "--yes", "--json", newer)
    assert refused.status == 1
    answer = json.loads(refused.out)
    assert (answer["ok"], answer["done"]) == (False, False)
    assert [each["code"] for each in answer["refusals"]] == ["already-filed"]
    undone = json.loads(record(project, "unfile", "--yes", "--json").out)
    assert (undone["done"], undone["title"]) == (True, done["title"])


def test_a_commit_holds_exactly_what_was_filed(repository: Path, newer: Path, git: str) -> None:
    (repository / "notes.txt").write_text("mine")
    run_git(git, repository, "add", "notes.txt")
    done = record(repository, "file", "--yes", "--commit", newer)
    assert done.status == 0, done.err
    assert re.search(r"archive v0\.3, committed as [0-9a-f]{7,}\n\Z", done.out)
    changed = run_git(git, repository, "show", "--name-status", "--no-renames", "--format=%s", "HEAD").split("\n")
    assert changed[0] == "File CR-2026-007 v0.4; archive v0.3"
    assert sorted(filter(None, changed[1:])) == [
        f"A\tcontent/{LAMP}/archive/{CR}-v0_3.html",
        f"A\tcontent/{LAMP}/archive/{CR}-v0_3.md",
        f"A\tcontent/{LAMP}/{CR}-v0_4.md",
        f"D\tcontent/{LAMP}/{CR}-v0_3.html",
        f"D\tcontent/{LAMP}/{CR}-v0_3.md",
        "M\trecord.log.jsonl",
    ]
    assert run_git(git, repository, "status", "--porcelain") == "A  notes.txt\n"
    refused = record(repository, "unfile", "--yes")
    assert refused.status == 1
    assert re.search(r"is committed \([0-9a-f]{7,}\) and part of the history; file a new version", refused.err)


def test_what_was_filed_without_a_commit_is_committed_later(repository: Path, tmp_path: Path, git: str) -> None:
    """The version in between was never committed at its first place, so git does not know that place."""
    for version in ("0.4", "0.5"):
        file = write(tmp_path / f"{CR}-v{version.replace('.', '_')}.md", document(version, date="2026-03-05"))
        done = record(repository, "file", "--yes", *(["--commit"] if version == "0.5" else []), file)
        assert done.status == 0, done.err
    held = run_git(git, repository, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    assert f"content/{LAMP}/archive/{CR}-v0_4.md" in held
    assert f"content/{LAMP}/{CR}-v0_5.md" in held


def test_a_commit_that_a_hook_refuses_takes_the_filing_back(repository: Path, newer: Path, git: str) -> None:
    before = tree(repository / "content"), run_git(git, repository, "status", "--porcelain")
    hook = write(repository / ".git/hooks/pre-commit", "#!/bin/sh\necho 'not today' >&2\nexit 1\n")
    hook.chmod(0o755)
    refused = record(repository, "file", "--yes", "--commit", newer)
    assert (refused.status, refused.err) == (
        1,
        "record: git commit: not today; the filing was taken back, nothing was done\n",
    )
    assert (tree(repository / "content"), run_git(git, repository, "status", "--porcelain")) == before


def test_a_filing_is_undone_until_git_has_it(repository: Path, newer: Path, git: str) -> None:
    before = tree(repository / "content")
    assert record(repository, "file", "--yes", newer).status == 0
    assert ".record-filing" not in run_git(git, repository, "status", "--porcelain", "--untracked-files=all")
    assert record(repository, "unfile", "--yes").status == 0
    assert tree(repository / "content") == before
    assert record(repository, "file", "--yes", newer).status == 0
    run_git(git, repository, "add", "--all")
    run_git(git, repository, "commit", "--quiet", "-m", "By hand")
    assert "is committed" in record(repository, "unfile", "--yes").err


def test_no_commit_outside_git(project: Path, newer: Path) -> None:
    before = tree(project, journal=True)
    refused = record(project, "file", "--yes", "--commit", newer)
    assert refused.status == 2
    assert "--commit: 'project' is not in a git repository; run `git init` or leave it out" in refused.err
    assert tree(project, journal=True) == before


def test_a_link_in_the_way_is_not_followed(project: Path, newer: Path, tmp_path: Path) -> None:
    """archive/ leads out of the record: nothing is written there."""
    elsewhere = tmp_path / "elsewhere"
    (project / "content" / LAMP / "archive").rename(elsewhere)
    (project / "content" / LAMP / "archive").symlink_to(elsewhere)
    before = tree(project), tree(elsewhere)
    refused = record(project, "file", "--yes", newer)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "is expected to be a folder, and is a link or a file; nothing was done" in refused.err
    assert (tree(project), tree(elsewhere)) == before


def test_a_full_disk_leaves_all_as_it_was(project: Path, newer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(project)
    real, calls = apply.write_atomic, [0]

    def full(path: Path, data: bytes) -> None:
        calls[0] += 1
        if calls[0] == 3:
            raise OSError(28, "No space left on device", str(path))
        real(path, data)

    monkeypatch.setattr(apply, "write_atomic", full)
    refused = record(project, "file", "--yes", newer)
    assert refused.status == 6
    assert "No space left on device; everything was put back, nothing was done" in refused.err
    assert tree(project) == before
    assert {file.name for file in (project / ".record-filing").iterdir()} == {".gitignore"}


def test_the_content_folder_may_lie_elsewhere(tmp_path: Path, newer: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    content = make_project(tmp_path / "project", lamp_record()) / "content"
    done = record(work, "file", "--yes", "--content", content, newer)
    assert done.status == 0, done.err
    assert (content / LAMP / newer.name).is_file()
    assert (work / "record.log.jsonl").is_file()
    refused = record(work, "unfile", "--yes", "--content", tmp_path)
    assert f"run the command with --content {content}" in refused.err
    assert record(work, "unfile", "--yes", "--content", content).status == 0


def test_at_a_terminal(project: Path, newer: Path) -> None:
    """A real one: in colour, asking, and answered by somebody who types."""
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "loomworks_record.cli.main", "file", str(newer)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    ends = {"stdin": terminal, "stdout": terminal, "stderr": terminal}
    with subprocess.Popen(command, cwd=project, env=environment, **ends) as run:
        os.close(terminal)
        said = read_until(controller, b"[y/N]")
        os.write(controller, b"y\n")
        said += read_until(controller, b"committed")
        assert run.wait(timeout=20) == 0
    os.close(controller)
    text = said.decode()
    assert "\x1b[1mMove to archive/\x1b[0m" in text
    assert "File it? [y/N]" in text
    assert "Done: File CR-2026-007 v0.4; archive v0.3" in text


def read_until(descriptor: int, expected: bytes) -> bytes:
    said, deadline = b"", time.monotonic() + 20
    while expected not in said:
        ready, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
        assert ready, said
        said += os.read(descriptor, 4096)
    return said
