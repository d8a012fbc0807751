"""Reading a folder: every file is read, or told as a problem with its path; nothing vanishes, nothing stops it."""

from __future__ import annotations

import os
import socket
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source import store
from loomworks_record.source.store import Content, NoContentError, read_content
from other_user import open_folder, other_user
from support.memo import DictMemo
from support.site import write_content

NFC, NFD = (unicodedata.normalize(form, "über-v0_1.md") for form in ("NFC", "NFD"))


def told(content: Content) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in content.problems]


def held(content: Content) -> list[str]:
    return [*(document.path for document in content.documents), *(a.path for a in content.attachments)]


def test_documents_attachments_and_phase_files_by_path(tmp_path: Path) -> None:
    write_content(
        {"b/x.png": b"\x89PNG", "a/x-v0_1.md": "# X", "phases/phase-1/phase.yml": "title: x", "a/y": "y"}, tmp_path
    )
    content = read_content(tmp_path)
    assert [document.path for document in content.documents] == ["a/x-v0_1.md"]
    assert [attachment.path for attachment in content.attachments] == ["a/y", "b/x.png", "phases/phase-1/phase.yml"]
    assert content.phase_files == (("phases/phase-1/phase.yml", b"title: x"),)
    assert content.problems == ()


def test_no_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(NoContentError, match=r"there is no folder '.*nowhere'.*--content"):
        read_content(tmp_path / "nowhere")


def test_a_file_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(NoContentError):
        read_content(tmp_path / "x")


def test_hidden_files_are_told_and_the_usual_ones_are_not(tmp_path: Path) -> None:
    write_content({".DS_Store": b"", "a/.gitkeep": b"", ".git/HEAD": b"", ".x-v0_1.md": "x", ".f/y.md": "y"}, tmp_path)
    content = read_content(tmp_path)
    assert held(content) == []
    assert told(content) == [("file-hidden", ".f"), ("file-hidden", ".x-v0_1.md")]


def test_what_is_no_regular_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A")
    (tmp_path / "link.md").symlink_to("a.md")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket must be short
        try:
            listening.bind("socket.md")
        finally:
            os.chdir(here)
        content = read_content(tmp_path)
    assert held(content) == ["a.md"]
    assert told(content) == [("file-not-regular", path) for path in ("link.md", "loop", "pipe.md", "socket.md")]
    assert "a symbolic link to 'a.md'" in content.problems[0].message
    assert "a named pipe" in content.problems[2].message


def test_a_name_in_nfd_has_its_address_in_nfc(tmp_path: Path) -> None:
    write_content({NFD: "# X"}, tmp_path)
    content = read_content(tmp_path)
    assert held(content) == [NFC]
    assert told(content) == [("name-not-nfc", NFC), ("name-not-portable", NFC)]


def test_of_two_forms_of_one_name_nfc_is_held(tmp_path: Path) -> None:
    write_content({NFD: "# NFD", NFC: "# NFC"}, tmp_path)
    content = read_content(tmp_path)
    assert [(document.path, document.data) for document in content.documents] == [(NFC, b"# NFC")]
    assert ("name-collision", NFC) in told(content)


def test_names_that_differ_in_case_only(tmp_path: Path) -> None:
    write_content({"a/X.md": "# 1", "a/x.md": "# 2", "A/y.md": "# 3", "a/z.md": "# 4"}, tmp_path)
    if len(list((tmp_path / "a").iterdir())) < 3:
        pytest.skip("the file system holds one of two names that differ only in case")
    content = read_content(tmp_path)
    assert told(content) == [("name-collision", "a"), ("name-collision", "a/x.md")]
    assert len(content.documents) == 4


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/bad-\xff-v0_1.md")).write_bytes(b"# X")
    except OSError:
        pytest.skip("the file system takes names in UTF-8 only")
    content = read_content(tmp_path)
    assert held(content) == ["bad-\ufffd-v0_1.md"]
    assert told(content) == [("name-not-portable", "bad-\ufffd-v0_1.md")]


@pytest.mark.parametrize("name", ["a\nb-v0_1.md", "a\\b.png", "a\x7f.md", "a\u2028.md"])
def test_a_name_that_cannot_be_an_address(tmp_path: Path, name: str) -> None:
    write_content({name: "x", f"f{name}/x.md": "x", "fine.md": "x"}, tmp_path)
    content = read_content(tmp_path)
    assert held(content) == ["fine.md"]
    assert sorted(told(content)) == sorted([("name-unpublishable", name), ("name-unpublishable", f"f{name}")])
    assert all(len(str(problem).splitlines()) == 1 for problem in content.problems)


def test_names_are_looked_at_once_folders_and_attachments_too(tmp_path: Path) -> None:
    write_content(
        {"my folder/a.md": "# A", "my folder/b.md": "# B", "a#b?.png": b"x", "fine_1.2-x.md": "# X"}, tmp_path
    )
    assert told(read_content(tmp_path)) == [("name-not-portable", "a#b?.png"), ("name-not-portable", "my folder")]


def test_a_name_of_more_than_200_bytes(tmp_path: Path) -> None:
    longest, longer = "x" * 197 + ".md", "x" * 198 + ".md"
    write_content({longest: "# X", longer: "# Y"}, tmp_path)
    content = read_content(tmp_path)
    assert held(content) == [longest]
    assert told(content) == [("name-too-long", longer)]
    assert "201 bytes, expected at most 200" in content.problems[0].message


@pytest.mark.parametrize("filename", ["a-v0_1.MD", "a-v0_1.Html", "a-v0_1.htm", "a-v0_1.markdown"])
def test_an_extension_that_is_not_read_is_told(tmp_path: Path, filename: str) -> None:
    write_content({filename: "# X"}, tmp_path)
    content = read_content(tmp_path)
    assert [attachment.path for attachment in content.attachments] == [filename]
    assert told(content) == [("name-extension", filename)]


@pytest.mark.parametrize(
    ("data", "code", "encoding"),
    [
        (b"", "file-empty", "utf-8"),
        (b" \n\n", "file-empty", "utf-8"),
        (b"\xef\xbb\xbf", "file-empty", "utf-8"),
        ("# X".encode("utf-16"), "encoding-not-utf8", "utf-16"),
        ("# X".encode("utf-32"), "encoding-not-utf8", "utf-32"),
        ("# X".encode("utf-16-le"), "encoding-unknown", None),
        ("# Ü".encode("latin-1"), "encoding-unknown", None),
        (b"\x89PNG\r\n\x1a\n\0\0", "encoding-unknown", None),
        (b"# X\0", "encoding-unknown", None),
        (b"# X\n" + b"word " * 210_000, "file-large", "utf-8"),
    ],
)
def test_bytes(tmp_path: Path, data: bytes, code: str, encoding: str | None) -> None:
    write_content({"x-v0_1.md": data}, tmp_path)
    content = read_content(tmp_path)
    assert told(content) == [(code, "x-v0_1.md")]
    assert [(document.data, document.encoding) for document in content.documents] == [(data, encoding)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_before_the_text_is_no_part_of_it(tmp_path: Path, encoding: str) -> None:
    write_content({"x-v0_1.md": "# Ünder\r\n\r\n**Version.** 0.1\r\n".encode(encoding)}, tmp_path)
    (document,) = read_content(tmp_path).documents
    assert (document.title, document.header.first("version")) == ("Ünder", "0.1")


def test_what_goes_away_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_content({"a-v0_1.md": "# A", "b-v0_1.md": "# B", "c.png": b"c"}, tmp_path)

    def without_b(*arguments: object) -> Iterator[object]:
        (tmp_path / "b-v0_1.md").unlink(missing_ok=True)
        return collisions(*arguments)  # type: ignore[arg-type]

    collisions = store._collisions
    monkeypatch.setattr(store, "_collisions", without_b)
    content = read_content(tmp_path)
    assert held(content) == ["a-v0_1.md", "c.png"]
    assert told(content) == [("file-unreadable", "b-v0_1.md")]
    assert content.problems[0].message == "the file cannot be read: it was taken away meanwhile"


def test_what_may_not_be_read_is_told() -> None:
    filed = {"a.md": "# A", "b.md": "# B", "c.png": b"c", "d/e.md": "# E", "f/g.md": "# G"}
    with open_folder() as folder:
        write_content(filed, folder)
        for path, mode in (("b.md", 0), ("c.png", 0), ("d", 0), ("f", 0o444)):
            (folder / path).chmod(mode)
        with other_user():
            content = read_content(folder)
    assert held(content) == ["a.md"]
    assert told(content) == [("file-unreadable", path) for path in ("b.md", "c.png", "d", "f/g.md")]
    assert {problem.message.rpartition(": ")[2].lower() for problem in content.problems} == {"permission denied"}


@given(st.binary(max_size=300), st.sampled_from(["x-v0_1.md", "x-v0_1.html", "x-v0_1"]))
def test_any_bytes_are_a_document(data: bytes, filename: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_content({filename: data}, Path(folder))
        content = read_content(Path(folder))
    assert [(document.path, document.data) for document in content.documents] == [(filename, data)]


def test_a_preview_reads_again_what_somebody_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_content({"a-v0_1.md": "# A", "b-v0_1.md": "# B", "c-v0_1.md": "# C"}, tmp_path)
    memo = DictMemo()
    memo.left = {}
    first, again = (read_content(tmp_path, memo=memo).documents for _ in range(2))
    assert not {id(document) for document in first} & {id(document) for document in again}  # too fresh to be trusted
    monkeypatch.setattr(store, "_SETTLED", -(10**12))  # as if all had been there for long
    before = read_content(tmp_path, memo=memo).documents
    (tmp_path / "b-v0_1.md").write_text("# X")  # of the same size
    (tmp_path / "c-v0_1.md").unlink()
    after = read_content(tmp_path, memo=memo).documents
    assert [document.title for document in after] == ["A", "X"]
    assert after[0] is before[0] and after[1] is not before[1]
