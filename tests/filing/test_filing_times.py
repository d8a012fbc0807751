"""When a version was filed: written by filing, adopted by ``record log``, and nothing that was made before breaks."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from filing_support import record
from loomworks_record.bundle.log import ArchivedDocument, Log, LogError, append_missing, parse_log
from loomworks_record.bundle.receipts import Evidence, check_receipt, make_receipt
from loomworks_record.bundle.statements import checkpoint_of, extends

CONFIGURATION = "plugins:\n  - record:\n      origin: record.example.org\ndocs_dir: content\n"


def note(version: str, day: str = "2026-05-12") -> str:
    return f"# Plan\n\n**Version.** {version} **Date.** {day} **Status.** Draft\n\nText of {version}, in some words.\n"


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "record.log.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "content/notes/archive").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(CONFIGURATION, "utf-8")
    (folder / "content/notes/archive/plan-v0_1.md").write_text(note("0.1", "2026-05-10"), "utf-8")
    (folder / "content/notes/plan-v0_2.md").write_text(note("0.2"), "utf-8")
    (folder / "content/notes/undated-v0_1.md").write_text("# Undated\n\n**Version.** 0.1 **Status.** Draft\n", "utf-8")
    return folder


def git(folder: Path, *arguments: str, when: str = "2026-05-20T08:00:00Z") -> None:
    known = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *who, *arguments], cwd=folder, env=os.environ | known, check=True, capture_output=True)


def commit(folder: Path, when: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "A step", when=when)


def filed(folder: Path) -> dict[str, tuple[str, str | None]]:
    return {e["path"]: (e["filed"], e.get("adopted")) for e in entries(folder) if e["type"] == "filed"}


def test_filing_writes_the_time_and_archives_under_another_entry(project: Path) -> None:
    (project / "plan-v0_3.md").write_text(note("0.3", "2026-05-13"), "utf-8")
    assert record(project, "file", "plan-v0_3.md", "--yes").status == 0
    told = [(e["type"], e["path"]) for e in entries(project)]
    assert told == [("archived", "notes/archive/plan-v0_2.md"), ("filed", "notes/plan-v0_3.md")]
    when, adopted = filed(project)["notes/plan-v0_3.md"]
    assert len(when) == len("2026-05-20T08:00:00Z") and adopted is None
    # What is current may be edited: its filing says what it was then, and is no promise.
    (project / "content/notes/plan-v0_3.md").write_text(note("0.3", "2026-05-13") + "More.\n", "utf-8")
    assert record(project, "check").status == 0


def test_without_history_the_documents_own_date_is_adopted(project: Path) -> None:
    done = record(project, "log", "--yes")
    assert done.status == 0
    assert "1 document has neither a commit nor a date" in done.err
    assert filed(project) == {
        "notes/plan-v0_1.md": ("2026-05-10", "document"),
        "notes/plan-v0_2.md": ("2026-05-12", "document"),
    }
    before = (project / "record.log.jsonl").read_bytes()
    assert record(project, "log", "--yes").status == 0
    assert (project / "record.log.jsonl").read_bytes() == before


@pytest.mark.parametrize("left", range(1, 6))
def test_what_has_an_entry_already_changes_nothing_of_what_is_added(project: Path, left: int) -> None:
    """Of a document that the log has as it is, the text is not read; of all others, what they say of themselves."""
    twin = project / "content/notes/archive/twin-v0_1.md"  # beside one of its name outside the archive
    for file, day in ((twin, "2026-05-01"), (project / "content/notes/twin-v0_1.md", "2026-05-02")):
        file.write_text(note("0.1", day), "utf-8")
    log = project / "record.log.jsonl"
    assert record(project, "log", "--yes").status == 0
    whole = log.read_bytes()
    assert len(whole.splitlines()) == 6
    log.write_bytes(b"".join(whole.splitlines(keepends=True)[:left]))
    assert record(project, "log", "--yes").status == 0
    assert log.read_bytes() == whole
    twin.write_text(note("0.2", "2026-05-03"), "utf-8")
    assert record(project, "log", "--yes").status == 1
    given = ("--correct", "notes/archive/twin-v0_1.md", "--reason", "another scan", "--yes")
    assert record(project, "log", *given).status == 0
    assert (entries(project)[-1]["type"], entries(project)[-1]["date"]) == ("correction", "2026-05-03")


@pytest.mark.parametrize("worktree", [False, True])
def test_git_tells_when_each_was_first_committed(project: Path, tmp_path: Path, worktree: bool) -> None:
    content = project / "content/notes"
    first = (content / "archive/plan-v0_1.md").read_text("utf-8")
    (content / "archive/plan-v0_1.md").rename(content / "plan-v0_1.md")
    (content / "plan-v0_2.md").rename(tmp_path / "later.md")
    git(project, "init", "--initial-branch=main")
    commit(project, "2026-05-18T08:00:00Z")
    # Superseded in one step by a text that is nearly the same, which is no rename; the old one is moved.
    (content / "plan-v0_1.md").rename(content / "archive/plan-v0_1.md")
    (content / "plan-v0_2.md").write_text(first.replace("0.1", "0.2"), "utf-8")
    commit(project, "2026-05-19T10:30:00+02:00")
    (content / "undated-v0_1.md").rename(content / "without-date-v0_1.md")
    (content / "without-date-v0_1.md").open("a").write("A line more.\n")
    commit(project, "2026-05-21T08:00:00Z")
    folder = project
    if worktree:
        folder = tmp_path / "tree"
        git(project, "worktree", "add", "--detach", str(folder))
    assert record(folder, "log", "--yes").status == 0
    assert filed(folder) == {
        "notes/plan-v0_1.md": ("2026-05-18T08:00:00Z", "git"),
        "notes/without-date-v0_1.md": ("2026-05-18T08:00:00Z", "git"),
        "notes/plan-v0_2.md": ("2026-05-19T08:30:00Z", "git"),
    }


def test_a_version_made_from_one_that_stays_has_its_own_time(project: Path) -> None:
    """'git log --follow' would give it the other's: it takes what resembles a file that is still there for a copy."""
    content = project / "content/notes"
    text = "# Rates\n\n**Version.** 0.1 **Status.** Draft\n\n" + "A rate holds from the day of signing.\n" * 40
    (content / "rates-v0_1.md").write_text(text, "utf-8")
    git(project, "init", "--initial-branch=main")
    commit(project, "2026-05-18T08:00:00Z")
    (content / "rates-v0_2.md").write_text(text.replace("0.1", "0.2"), "utf-8")
    commit(project, "2026-06-18T08:00:00Z")
    assert record(project, "log", "--yes").status == 0
    found = filed(project)
    assert [found[f"notes/rates-v0_{n}.md"][0][:7] for n in (1, 2)] == ["2026-05", "2026-06"]


def test_a_shallow_clone_guesses_nothing(project: Path, tmp_path: Path) -> None:
    git(project, "init", "--initial-branch=main")
    commit(project, "2026-05-18T08:00:00Z")
    (project / "content/notes/more-v0_1.md").write_text(note("0.1"), "utf-8")
    commit(project, "2026-05-19T08:00:00Z")
    git(tmp_path, "clone", "--depth=1", project.as_uri(), "shallow")
    done = record(tmp_path / "shallow", "log", "--yes")
    assert done.status == 0
    assert done.err.count("\n") == 1 and done.err.startswith("this clone is shallow: ")
    assert [entry["type"] for entry in entries(tmp_path / "shallow")] == ["archived"]


def test_what_was_made_before_still_verifies(project: Path) -> None:
    document = (project / "content/notes/archive/plan-v0_1.md").read_bytes()
    old = b'{"bytes":%d,"date":"2026-05-10","path":"notes/archive/plan-v0_1.md","sequence":0,"sha256":"%s",' % (
        len(document), hashlib.sha256(document).hexdigest().encode(),
    ) + b'"type":"archived","version":"0.1"}\n'  # fmt: skip
    (project / "record.log.jsonl").write_bytes(old)
    before = parse_log(old)
    checkpoint = checkpoint_of("record.example.org", before.leaves)
    receipt = bytes(make_receipt(before, "notes/archive/plan-v0_1.md", origin="record.example.org"))
    assert record(project, "log", "--yes").status == 0
    after = parse_log((project / "record.log.jsonl").read_bytes())
    assert bytes(after).startswith(old) and len(after.entries) > len(before.entries)
    assert extends("record.example.org", after.leaves, hashlib.sha256(bytes(checkpoint)).hexdigest())
    told = check_receipt(receipt, Evidence(document=document, log=bytes(after)), name="r")
    assert not told.faults


def test_a_receipt_of_what_is_current_is_of_its_filing(project: Path) -> None:
    assert record(project, "log", "--yes").status == 0
    log = parse_log((project / "record.log.jsonl").read_bytes())
    filing = make_receipt(log, "notes/plan-v0_2.md", origin="record.example.org")
    assert filing.entry.type == "filed"
    data = (project / "content/notes/plan-v0_2.md").read_bytes()
    assert not check_receipt(bytes(filing), Evidence(document=data, log=bytes(log)), name="r").faults
    by_address = make_receipt(log, "notes/plan-v0_1.md", origin="record.example.org")
    assert by_address.entry.path == "notes/archive/plan-v0_1.md"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"filed":"12 May","path":"a-v0_1.md"', "filed: expected YYYY-MM-DD"),
        ('"filed":"2026-05-12T25:00:00Z","path":"a-v0_1.md"', "filed: expected YYYY-MM-DD"),
        ('"path":"a-v0_1.md"', "filed: expected with an entry of the type filed"),
        ('"adopted":"guess","filed":"2026-05-12","path":"a-v0_1.md"', "adopted: expected one of"),
        ('"filed":"2026-05-12","path":"a-v0_1.md","reason":"x"', "reason: expected with"),
    ],
)
def test_what_is_no_filing(line: str, said: str) -> None:
    fields = json.loads("{" + line + "}") | {
        "bytes": 1, "date": None, "sequence": 0, "sha256": "0" * 64, "type": "filed", "version": "0.1"
    }  # fmt: skip
    with pytest.raises(LogError, match=said):
        parse_log(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def test_a_path_is_filed_once() -> None:
    log = append_missing(Log(), [ArchivedDocument("archive/a-v0_1.md", "0.1", None, "0" * 64, 1)])
    entry = '{"bytes":1,"date":null,"filed":"2026-05-12","path":"a-v0_1.md","sequence":%d,"sha256":"' + "0" * 64
    twice = bytes(log) + b"".join((entry % n + '","type":"filed","version":"0.1"}\n').encode() for n in (1, 2))
    with pytest.raises(LogError, match="was filed already"):
        parse_log(twice)
