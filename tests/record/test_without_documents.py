"""Folders and files that hold no document that can be read at once."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from loomworks_record.cli.main import record
from loomworks_record.source.decode import decode
from loomworks_record.source.document import document_problems, read_document
from loomworks_record.source.kinds import KindTable
from support.site import write_content


def test_a_folder_of_other_files_is_told_as_that(tmp_path: Path) -> None:
    write_content({f"note-{number}.rst": "Note\n====\n" for number in range(3)}, tmp_path)
    checked = CliRunner().invoke(record, ["check", "--content", str(tmp_path)])
    assert checked.stderr == "0 documents; 3 .rst files: record reads Markdown (.md) and HTML (.html)\n"


def test_html_in_the_encoding_that_it_declares_is_read() -> None:
    page = '<html><head><meta charset="iso-8859-1"><title>Gr\xf6\xdfe</title></head><body><p>\x80 5</p></body></html>'
    document = read_document("size-v0_1.html", page.encode("latin-1"), KindTable())
    assert document.title == "Größe"
    assert "€ 5" in document.text
    assert [problem.code for problem in document_problems(document)] == ["encoding-not-utf8"]


def test_what_is_not_declared_is_not_guessed() -> None:
    assert decode("Größe".encode("latin-1")).text is None
    assert decode(b'<meta charset="koi8-r">' + "Größe".encode("latin-1")).text is None
