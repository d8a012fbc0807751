"""Withdrawals: entry and deletion, both or neither; and the bytes are nowhere afterwards."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest
from filing_support import LAMP, document, lamp_record, make_project, record, tree, write
from loomworks_record.filing.rules import unreadable_refusals
from loomworks_record.filing.values import FiledDocument
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.problem import Problem
from loomworks_record.source.store import Content
from test_filing_kill import killed_at

OLD = f"{LAMP}/archive/phase-7-cr-lamp-v0_1.md"
WITHDRAW = ("withdraw", OLD, "--reason", "a secret", "--yes")
SECRET = b"The word is swordfish."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", lamp_record())


def holding(folder: Path, secret: bytes) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.relative_to(folder).as_posix() for file in files if secret in file.read_bytes()]


def test_what_cannot_be_deleted_is_not_withdrawn(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(project)
    real = Path.unlink

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self.name == Path(OLD).name:
            raise PermissionError(13, "Permission denied", str(self))
        real(self, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refused)
        ended = record(project, *WITHDRAW)
    assert (ended.status != 0, ended.err.count("\n")) == (True, 1), ended
    assert "Permission denied; everything was put back, nothing was done" in ended.err
    assert tree(project) == before
    assert record(project, *WITHDRAW).status == 0  # once that is mended
    assert not (project / "content" / OLD).exists()


def test_every_form_of_the_name_goes(project: Path) -> None:
    forms = [unicodedata.normalize(form, "notes/archive/café-note-v0_1.md") for form in ("NFC", "NFD")]
    for form in forms:
        write(project / "content" / form, document("0.1", body=f"{form} {SECRET.decode()}"))
    assert record(project, "log", "--yes").status == 0
    done = record(project, "withdraw", forms[0], "--reason", "a secret", "--yes")
    assert (done.status, done.out.count("delete ")) == (0, 2), done
    assert holding(project, SECRET) == []


def test_a_folder_in_another_form(project: Path) -> None:
    form = unicodedata.normalize("NFD", "phases/é/archive/x-v0_1.md")
    write(project / "content" / form, document("0.1", body=SECRET.decode()))
    assert record(project, "withdraw", unicodedata.normalize("NFC", form), "--reason", "x", "--yes").status == 0
    assert holding(project, SECRET) == []


def test_no_journal_keeps_what_was_withdrawn(project: Path, tmp_path: Path) -> None:
    """Not that of the filing before either."""
    newer = write(tmp_path / "phase-7-cr-lamp-v0_4.md", document("0.4", date="2026-03-04", body=SECRET.decode()))
    assert record(project, "file", "--yes", newer).status == 0
    assert len(holding(project, SECRET)) > 1
    assert record(project, "withdraw", f"{LAMP}/{newer.name}", "--reason", "a secret", "--yes").status == 0
    assert holding(project, SECRET) == []


def test_put_back_it_goes_again(project: Path) -> None:
    assert record(project, *WITHDRAW).status == 0
    write(project / "content" / OLD, SECRET)
    log = (project / "record.log.jsonl").read_bytes()
    again = record(project, *WITHDRAW)
    assert (again.status, (project / "content" / OLD).exists()) == (0, False), again
    assert (project / "record.log.jsonl").read_bytes() == log
    assert record(project, *WITHDRAW).status == 4  # and nothing is left of it


def test_killed_at_every_change_of_the_disk(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    original = make_project(tmp_path / "original", lamp_record())
    done = Path(shutil.copytree(original, tmp_path / "done"))
    assert record(done, *WITHDRAW).status == 0
    states = tree(original), tree(done)
    outcomes = set()
    for moment in range(1, 99, 1 if request.config.getoption("--full") else 3):
        project = Path(shutil.copytree(original, tmp_path / f"project-{moment}"))
        if not killed_at(moment, project, *WITHDRAW):
            break
        assert record(project, "file").status == 0
        outcomes.add(states.index({path: what for path, what in tree(project).items() if ".cache" not in path}))
        again = record(project, *WITHDRAW)
        assert again.status in (0, 4), again
        assert tree(project) == states[1]
    assert outcomes == {0, 1}


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        (f"{LAMP}/phase-7-cr-lamp-v0_3.md", True),
        (f"{LAMP}/archive/phase-7-cr-lamp-v0_3.md", True),
        (f"{LAMP}/archive", True),
        (f"{LAMP}/phase-7-scoping-note-v0_1.md", False),
        ("d/" * 101, False),
    ],
)
def test_no_version_is_filed_beside_one_that_cannot_be_read(path: str, refused: bool) -> None:
    data = document("0.4").encode()
    new = read_document(f"{LAMP}/phase-7-cr-lamp-v0_4.md", data, KindTable())
    content = Content((), (), (), (Problem(path, None, "file-unreadable", "the file cannot be read"),))
    found = list(unreadable_refusals(FiledDocument("given", new, "", None), Record(RecordConfig(), content)))
    assert [refusal.code for refusal in found] == ["unreadable-beside"] * refused
