"""Files that are not what they seem: pointers of Git LFS, and checkouts in which git changed or left out some."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from loomworks_record.cli.main import record
from support.site import write_content

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{7:064d}\nsize 12345\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(record, [*words])


def git(*words: str, folder: Path) -> None:
    subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], cwd=folder, check=True)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    folder = tmp_path / "origin"
    assert run("init", str(folder)).exit_code == 0
    git("init", "-q", "-b", "main", ".", folder=folder)
    return folder


def checked_out(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone as git makes it under Windows, as the current folder."""
    git("add", "-A", folder=origin)
    git("commit", "-qm", "one", folder=origin)
    git("-c", "core.autocrlf=true", "clone", "-q", str(origin), str(origin.parent / "clone"), folder=origin)
    monkeypatch.chdir(origin.parent / "clone")


def test_a_new_record_keeps_its_bytes_in_every_checkout(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked_out(origin, monkeypatch)
    checked = run("check")
    assert (checked.stdout, checked.stderr) == ("", "4 documents: no problems\n")
    assert run("log", "--dry-run").exit_code == 0


def test_changed_line_ends_are_told_as_that(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (origin / ".gitattributes").unlink()
    checked_out(origin, monkeypatch)
    checked = run("check")
    assert "1 archived document has other line ends than in the log, CRLF" in checked.stdout
    assert "record.log.jsonl: error: it has CRLF line ends, which git's core.autocrlf makes of LF" in checked.stdout
    assert "write 'content/** -text'" in checked.stderr
    logged = run("log", "--dry-run")
    assert logged.exit_code != 0
    assert "core.autocrlf" in str(logged.exception)
    assert "restore the log" not in str(logged.exception)


@pytest.mark.parametrize("attributes", ["* text=auto\n", "content/** text\n", ""])
def test_line_ends_that_git_took_when_a_text_was_added_are_told_too(
    origin: Path, monkeypatch: pytest.MonkeyPatch, attributes: str
) -> None:
    """Filed with CRLF, kept by git with LF: what comes out of it has other bytes than the log, in every clone."""
    filed = next((origin / "content").rglob("archive/*.md"))
    filed.write_bytes(filed.read_bytes().replace(b"\n", b"\r\n"))
    (origin / "record.log.jsonl").unlink()
    monkeypatch.chdir(origin)
    assert run("log", "--yes").exit_code == 0
    (origin / ".gitattributes").write_text(attributes)
    git("config", "core.autocrlf", "false" if attributes else "input", folder=origin)
    git("add", "-A", folder=origin)
    git("commit", "-qm", "one", folder=origin)
    git("clone", "-q", str(origin), str(origin.parent / "clone"), folder=origin)
    monkeypatch.chdir(origin.parent / "clone")
    told = [line for line in run("check").stdout.splitlines() if "log-archive-differs" in line]
    assert len(told) == 1 and "other line ends than in the log, LF, which git's core.autocrlf, or its" in told[0]
    logged = run("log", "--dry-run")
    assert logged.exit_code == 1 and "git add --renormalize ." in logged.stderr
    # What is told to do: the attribute, and the bytes added once more where they are as they were filed.
    monkeypatch.chdir(origin)
    (origin / ".gitattributes").write_text("content/** -text\nrecord.log.jsonl -text\n")
    git("add", ".gitattributes", folder=origin)
    git("add", "--renormalize", ".", folder=origin)
    git("commit", "-qm", "two", folder=origin)
    git("clone", "-q", str(origin), str(origin.parent / "anew"), folder=origin)
    monkeypatch.chdir(origin.parent / "anew")
    assert run("check").stdout == ""


def test_what_a_sparse_checkout_leaves_out_is_not_to_be_withdrawn_first(
    origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git calls such a tree clean; a withdrawal, which is for ever, must not be the way that is named first."""
    checked_out(origin, monkeypatch)
    git("sparse-checkout", "set", "--no-cone", "/*", "!archive/", folder=Path.cwd())
    told = [line for line in run("check").stdout.splitlines() if "[log-archive-missing]" in line]
    assert len(told) == 1 and "git sparse-checkout disable" in told[0].split("withdraw")[0]
    git("sparse-checkout", "disable", folder=Path.cwd())
    assert run("check").stdout == ""


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("* -text\n", True), ("* text=auto\n", False), ("*.md binary\n*.jsonl -text\n", True), ("*.md -text\n", False),
        ("content/** -text\nrecord.log.jsonl -text\n*.md text\n", False), ("# content/** -text\n", False),
    ],
)  # fmt: skip
def test_what_a_repository_keeps(origin: Path, monkeypatch: pytest.MonkeyPatch, attributes: str, kept: bool) -> None:
    (origin / ".gitattributes").write_text(attributes)
    monkeypatch.chdir(origin)
    assert ("note: git may change" in run("check").stderr) is not kept


def test_a_pointer_is_an_error_and_never_current(tmp_path: Path) -> None:
    files = {
        "rooms/archive/plan-v0_1.md": "# Plan\n",
        "rooms/plan-v0_2.md": POINTER,
        "rooms/about.md": f"# About\n\n{POINTER}",
        "rooms/plan.png": POINTER.replace("git-lfs", "hawser"),
        "rooms/plan.txt": f"A {POINTER}",
    }
    write_content(files, tmp_path)
    checked = run("check", "--content", str(tmp_path))
    assert (checked.exit_code, checked.stdout.count("[file-is-pointer]")) == (1, 2)
    assert "rooms/plan.png:1: error: it is a pointer of Git LFS, not the file" in checked.stdout
    assert "rooms/plan-v0_2.md:1: error: it is a pointer of Git LFS" in checked.stdout
    assert [line.split()[0] for line in run("list", "--content", str(tmp_path)).stdout.splitlines()] == [
        "Current", "Archived", "Archived",
    ]  # fmt: skip
