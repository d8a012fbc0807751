"""The journal: written and read back, and never a way to write outside the record."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from filing_support import document, lamp_record, make_project, record, tree
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.filing.journal import FileChange, Journal, Transaction, parse_transaction

_digest = st.one_of(st.none(), st.text("0123456789abcdef", min_size=64, max_size=64))
_path = st.lists(st.text("abcé-_.v0", min_size=1, max_size=9).filter(lambda t: t.strip(".")), min_size=1).map("/".join)
_transactions = st.builds(
    Transaction,
    kind=st.sampled_from(["filing", "undoing"]),
    title=st.text(max_size=40),
    content=st.just("content"),
    changes=st.lists(st.builds(FileChange, path=st.one_of(_path, st.just("")), before=_digest, after=_digest)).map(
        tuple
    ),
    made=st.lists(_path, max_size=3).map(tuple),
    emptied=st.lists(_path, max_size=3).map(tuple),
)


@given(_transactions)
def test_a_transaction_is_read_as_it_was_written(transaction: Transaction) -> None:
    assert parse_transaction(bytes(transaction)) == transaction
    assert transaction.inverse.inverse == transaction


GOOD = {"format": "loomworks-filing-journal/1", "kind": "filing", "title": "x", "content": "content", "made": [],
        "emptied": [], "changes": [{"path": "a/b.md", "before": None, "after": "0" * 64}]}  # fmt: skip


def written(**other: object) -> bytes:
    return json.dumps({**GOOD, **other}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_the_good_one_is_good() -> None:
    assert parse_transaction(written()).changes == (FileChange("a/b.md", None, "0" * 64),)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        written(format="2"),
        written(kind="burning"),
        written(more=1),
        written(made=["../x"]),
        written(emptied=["/etc"]),
        written(changes=[{"path": "../../.ssh/keys", "before": None, "after": "0" * 64}]),
        written(changes=[{"path": "/etc/passwd", "before": None, "after": "0" * 64}]),
        written(changes=[{"path": "a", "before": None, "after": "../../x"}]),
        written(changes=[{"path": "a", "before": None}]),
        written(changes=3),
        written(content=7),
        written(emptied=[[]]),
        written(changes=[{"path": {}, "before": [], "after": 7}]),
        written() + b"\n",
    ],
)
def test_all_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_transaction(data)


@pytest.mark.parametrize("place", ["current", "last"])
def test_a_journal_that_cannot_be_read_is_named(tmp_path: Path, place: str) -> None:
    """A repository that somebody cloned may hold anything."""
    project = make_project(tmp_path / "project", lamp_record())
    folder = project / ".record-filing" / place
    folder.mkdir(parents=True)
    (folder / "transaction.json").write_bytes(written(made=["../x"]))
    before = tree(project, journal=True)
    refused = record(project, "unfile", "--yes")
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert f".record-filing/{place} cannot be read (unsafe path '../x')" in refused.err
    assert tree(project, journal=True) == before


@pytest.mark.parametrize("place", ["current", "current/transaction.json", "last/transaction.json"])
def test_a_journal_of_pipes_is_not_waited_for(tmp_path: Path, place: str) -> None:
    project = make_project(tmp_path / "project", lamp_record())
    pipe = project / ".record-filing" / place
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    before = tree(project)
    refused = record(project, "unfile", "--yes")
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "cannot be read" in refused.err
    assert tree(project) == before


@pytest.mark.parametrize("place", ["discarded", "preparing"])
def test_a_link_in_the_journal_is_removed_and_what_it_leads_to_stays(tmp_path: Path, place: str) -> None:
    project = make_project(tmp_path / "project", lamp_record())
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine").touch()
    (project / ".record-filing").mkdir()
    (project / ".record-filing" / place).symlink_to(other)
    file = tmp_path / "phase-7-cr-lamp-v0_4.md"
    file.write_text(document("0.4"))
    record(project, "file")
    assert record(project, "file", "--yes", file).status == 0
    assert (other / "mine").exists()


def test_bytes_that_are_not_those_of_their_digest_are_not_written(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", lamp_record())
    before = tree(project)
    file = tmp_path / "phase-7-cr-lamp-v0_4.md"
    file.write_text(document("0.4"))
    assert record(project, "file", "--yes", file).status == 0
    journal = Journal(project)
    last = journal.read(journal.last)
    assert last is not None
    held = next(change.before for change in last.changes if change.path.endswith("v0_3.md") and change.before)
    (journal.last / held).write_text("other bytes")
    after = tree(project)
    refused = record(project, "unfile", "--yes")
    assert refused.status == 1
    assert f".record-filing/last/{held} has other bytes" in refused.err
    assert tree(project) == after != before


@pytest.mark.parametrize("outside", ["absolute", "link"])
@pytest.mark.parametrize(
    "arguments",
    [("file",), ("unfile", "--yes"), ("log", "--yes"), ("withdraw", "x-v0_1.md", "--reason", "x", "--yes")],
)
def test_a_journal_that_came_with_a_checkout_changes_nothing_outside_of_it(
    tmp_path: Path, arguments: tuple[str, ...], outside: str
) -> None:
    """Who hands over a project names the content folder and writes the journal: together they would be any file."""
    project = make_project(tmp_path / "project", lamp_record())
    home = tmp_path / "home"
    home.mkdir()
    settings = (project / "mkdocs.yml").read_text()
    if outside == "link":
        (project / "content").rename(project / "elsewhere")
        (project / "content").symlink_to(home)
    else:
        (project / "mkdocs.yml").write_text(settings.replace("docs_dir: content", f"docs_dir: {home}"))
        assert str(home) in (project / "mkdocs.yml").read_text()
    profile = hashlib.sha256(b"run me").hexdigest()
    name = "content" if outside == "link" else str(home)
    journal = Journal(project)
    place = journal.last if arguments[0] == "unfile" else journal.current
    place.mkdir(parents=True)
    states = (profile, None) if arguments[0] == "unfile" else (None, profile)  # undoing makes what was before
    change = FileChange(".profile", *states)
    (place / "transaction.json").write_bytes(bytes(Transaction("filing", "File it", name, (change,))))
    (place / profile).write_bytes(b"run me")
    refused = record(project, *arguments)
    assert refused.status != 0 and "--content" in refused.err
    assert list(home.iterdir()) == []
    record(project, "unfile" if arguments[0] == "unfile" else "file", *arguments[1:2], "--content", home)
    assert [file.name for file in home.iterdir()] == [".profile"]  # it is theirs, as they say
