"""``record compare``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loomworks_record.cli.main import main

from compare.filed import file_content

OLD, NEW = "notes/archive/gate-notes-v0_1.md", "notes/archive/gate-notes-v0_2.md"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return file_content(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = 0
    try:
        main(["compare", *arguments])
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_text(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, OLD, NEW, "--content", str(content))
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith(f"From {OLD} · v0.1 · 11 May 2026 · ")
    assert "2 sections changed, 1 added, 0 removed." in lines[2]
    assert "[-0.1-]{+0.2+}" in out
    assert "The gates of a phase, and what each {+of them +}asks." in out
    assert "{+1b | Branches are cut | Step 0+}" in out
    assert "\x1b[" not in out


def test_summary_leaves_the_text_out(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, OLD, NEW, "--summary", "--content", str(content))
    assert status == 0
    assert "§2 Gates (1 row added)" in out
    assert "{+" not in out


def test_json(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, OLD, NEW, "--json", "--content", str(content))
    values = json.loads(out)
    assert status == 0
    assert values["format"] == "loomworks-record/1"
    assert (values["old"]["path"], values["old"]["version"], values["old"]["date"]) == (OLD, "0.1", "2026-05-11")
    assert values["same"] is False
    assert values["blocks"] == {"differing": 4, "total": 12}
    assert [(each["sort"], each["number"]) for each in values["sections"]] == [
        ("changed", "§1"), ("changed", "§2"), ("added", "§2.A"),
    ]  # fmt: skip
    assert values["header"][0] == {"label": "Version", "sort": "changed", "old": "0.1", "new": "0.2"}
    assert values["changes"][0] == {
        "sort": "changed", "section": "§1 Purpose", "kind": "paragraph",
        "old": "The gates of a phase, and what each asks.",
        "new": "The gates of a phase, and what each of them asks.",
    }  # fmt: skip


def test_json_summary(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "changes" not in json.loads(run(capsys, OLD, NEW, "--json", "--summary", "--content", str(content))[1])


def test_files_anywhere_and_other_forms(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text((content / NEW).read_text("utf-8"), "utf-8")
    assert "Both were filed with the same bytes." in run(capsys, str(draft), NEW, "--content", str(content))[1]
    status, out, _ = run(capsys, str(draft), "notes/gate-notes-v0_3.html", "--content", str(content))
    assert status == 0
    assert "[-" in out


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Delete ~~all~~ records.", "Delete all records.", "Delete [-~~all~~-]{+all+} records."),
        ("- [x] Audit", "- [ ] Audit", "- [-[x]-]{+[ ]+} Audit"),
        ("- Ship.\n  - Not in May.", "- Ship.\n- Not in May.", "  - [-Not in May.-]"),
        ("| a | b |\n|---|---|\n| yes | |", "| a | b |\n|---|---|\n| | yes |", "[-yes-] | {+yes+}"),
        ("Hold the release\nuntil the audit.", "Hold the release\n\nuntil the audit.", "{+Hold the release+}"),
    ],
    ids=["struck no more", "a tick", "out of its step", "another column", "two paragraphs"],
)
def test_what_changes_no_word_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, shown: str
) -> None:
    paths = [tmp_path / f"content/notes/gate-v0_{number}.md" for number in (1, 2)]
    paths[0].parent.mkdir(parents=True)
    for path, text in zip(paths, (old, new), strict=True):
        path.write_text(f"# Gate\n\n{text}\n", "utf-8")
    _, out, _ = run(capsys, *map(str, paths))
    assert shown in out
    _, out, _ = run(capsys, *map(str, paths), "--json")
    assert all(change.get("old") != change.get("new") for change in json.loads(out)["changes"])


@pytest.mark.parametrize("missing", ["notes/nothing-v0_1.md", "notes"])
def test_no_such_document(content: Path, capsys: pytest.CaptureFixture[str], missing: str) -> None:
    status, out, err = run(capsys, missing, NEW, "--content", str(content))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 or "it is not clear what 'notes' means" in err
    assert missing in err
    assert "record list" in err


def test_no_text(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "notes" / "bytes-v0_1.md").write_bytes(b"\xff\xfe\x00\xd8\x81\x82" * 9)
    status, _, err = run(capsys, "notes/bytes-v0_1.md", NEW, "--content", str(content))
    assert status == 2
    assert "is not text" in err


def test_one_document_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, OLD)[0] == 2


def test_a_name_alone_is_compared_with_the_version_before(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def compared(*names: str) -> list[str]:
        status, out, err = run(capsys, *names, "--summary", "--content", str(content))
        assert status == 0, err
        return [line.split(" · ")[0] for line in out.splitlines()[:2]]

    assert compared("gate-notes v0.2") == [f"From {OLD}", f"To   {NEW}"]
    assert compared("gate-notes", "0.1", "V0.2") == [f"From {OLD}", f"To   {NEW}"]
    status, _, err = run(capsys, "gate-notes v0.1", "--content", str(content))
    assert (status, "is the first version" in err) == (2, True)
