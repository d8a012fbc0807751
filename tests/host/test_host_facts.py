"""What MkDocs drops, eats or stumbles over, filed on purpose: all of it is published whole, or told with its path."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from loomworks_record.source.publishable import is_root_file
from support import site
from support.site import Build

NFD = unicodedata.normalize("NFD", "hosts/größe-v0_1.md")
NFC = unicodedata.normalize("NFC", NFD)
LONG = "hosts/" + "x" * 192 + "-v0_1.md"
LONGER = "hosts/" + "y" * 220 + "-v0_1.md"
SEARCHLESS = {"plugins": [{"record": {"search": False}}]}
NO_TEXT = "not text in an encoding that can be told"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"

# path → (bytes or text, what its page must show)
DOCUMENTS: dict[str, tuple[str | bytes, str]] = {
    "hosts/malformed-front-matter-v0_1.md": (
        "---\ntitle: [unclosed\nkept: as filed\n---\n\n# Malformed\n\nVersion. 0.1\n\nBODY ONE\n",
        "BODY ONE",
    ),
    "hosts/note-v0_1.md": ("Note: text that must stay\nOther: too\n\nBODY TWO\n", "Note: text that must stay"),
    "templates/kept-v0_1.md": ("# Kept\n\nBODY THREE\n", "BODY THREE"),
    "hosts/utf16-v0_1.md": ("# Sixteen\n\nBODY FOUR — ☃\n".encode("utf-16"), "BODY FOUR — ☃"),
    "hosts/utf16-unmarked-v0_1.md": ("# Sixteen\n\nBODY\n".encode("utf-16-le"), NO_TEXT),
    "hosts/latin1-v0_1.md": ("# Größe\n".encode("latin-1"), NO_TEXT),
    "hosts/binary-v0_1.md": (bytes(range(256)) * 20, NO_TEXT),
    "hosts/empty-v0_1.md": (b"", "This document was filed empty."),
    "hosts/with spaces in it-v0_1.md": ("# Spaces\n\nBODY FIVE\n", "BODY FIVE"),
    NFD: ("# NFD\n\nBODY SIX\n", "BODY SIX"),
    "hosts/README.md": ("# Readme\n\nBODY SEVEN\n", "BODY SEVEN"),
    "hosts/index.md": ("# Index\n\nBODY EIGHT\n", "BODY EIGHT"),
    "README.md": ("# Readme at the top\n\nBODY NINE\n", "BODY NINE"),
    "index.md": ("# Index at the top\n\nBODY TEN\n", "BODY TEN"),
    "404.md": ("# About 404\n\nBODY ELEVEN\n", "BODY ELEVEN"),
    "search/index.md": ("# About search\n\nBODY TWELVE\n", "BODY TWELVE"),
    "hosts/page-v0_1.html": ("<!doctype html><h1>Page</h1><script>alert(1)</script>", "was filed as HTML"),
    "hosts/nested/index.html": ("<!doctype html><h1>Nested index</h1>", "was filed as HTML"),
    "brand/no-extension-v0_15": ("<!doctype html><h1>Guide</h1><p>v0.15·2026-04-23·x", "was filed as HTML"),
    "hosts/crlf-v0_1.md": ("# CRLF\r\n\r\n**Version.** 0.1\r\n\r\n| a |\r\n|---|\r\n| 2 |\r\n", "<td>2</td>"),
    "hosts/cr-v0_1.md": ("# CR only\r\r**Version.** 0.1\r\rBODY THIRTEEN\r", "BODY THIRTEEN"),
    "hosts/bom-v0_1.md": (b"\xef\xbb\xbf# BOM\n\n**Version.** 0.1\n\nBODY FOURTEEN\n", "BODY FOURTEEN"),
    "hosts/hash#1-v0_1.md": ("# Hash\n\nBODY FIFTEEN\n", "BODY FIFTEEN"),
    "hosts/what?-v0_1.md": ("# What\n\nBODY SIXTEEN\n", "BODY SIXTEEN"),
    "hosts/100%25-v0_1.md": ("# Percent\n\nBODY SEVENTEEN\n", "BODY SEVENTEEN"),
    "hosts/qu'o\"te-v0_1.md": ("# Quote\n\nBODY EIGHTEEN\n", "BODY EIGHTEEN"),
    "hosts/<b>&amp;-v0_1.md": ("# Angle\n\nBODY NINETEEN\n", "BODY NINETEEN"),
    "hosts/ümläut-v0_1.md": ("# Umlaut\n\nBODY TWENTY\n", "BODY TWENTY"),
    LONG: ("# Long\n\nBODY TWENTY-ONE\n", "BODY TWENTY-ONE"),
    "hosts/{{ config }}-v0_1.md": ("# {{ config }} {% raw %}\n\nBODY {{ 7 * 7 }}\n", "BODY {{ 7 * 7 }}"),
    "hosts/links-v0_1.md": (
        "# Links\n\n![picture](picture%20one.png) [data](data.csv) [up](../templates/kept-v0_1.md) "
        "[spaces](<with spaces in it-v0_1.md>) [umlaut](ümläut-v0_1.md) [what](what%3F-v0_1.md) "
        f"[nfd]({Path(NFD).name}) [hash](hash%231-v0_1.md) "
        "[html](page-v0_1.html) [gone](gone-v0_1.md) ![gone](gone.png)\n",
        "Links",
    ),
}  # fmt: skip
ATTACHMENTS: dict[str, str | bytes] = {
    "hosts/picture one.png": PICTURE,
    "hosts/data.csv": "a,b\n1,2\n",
    "assets/record/record.css": "body { display: none }",
    "api/record.json": "{}",
    "CNAME": "example.org",
}
NOT_PUBLISHED = {
    "hosts/.hidden-v0_1.md": "file-hidden",
    "hosts/link-v0_1.md": "file-not-regular",
    LONGER: "name-too-long",
}
TOLD = NOT_PUBLISHED | {
    "hosts/malformed-front-matter-v0_1.md": "front-matter-malformed",
    "hosts/utf16-v0_1.md": "encoding-not-utf8",
    "hosts/utf16-unmarked-v0_1.md": "encoding-unknown",
    "hosts/latin1-v0_1.md": "encoding-unknown",
    "hosts/binary-v0_1.md": "encoding-unknown",
    "hosts/empty-v0_1.md": "file-empty",
    NFC: "name-not-nfc",
    "hosts/case-v0_1.md": "name-collision",
    "hosts/large-v0_1.md": "file-large",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("hosts") / "project"
    content = {path: filed for path, (filed, _) in DOCUMENTS.items()} | ATTACHMENTS
    content |= {"hosts/.hidden-v0_1.md": "# Hidden\n", LONGER: "# Longer\n", "hosts/large-v0_1.md": _large()}
    content |= {"hosts/Case-v0_1.md": "# Case one\n", "hosts/case-v0_1.md": "# Case two\n"}
    site.write_project(content, folder, config=SEARCHLESS)
    (folder / "content/hosts/link-v0_1.md").symlink_to("note-v0_1.md")
    return site.rebuild(folder, environment={"NO_MKDOCS_2_WARNING": "1"})


def _large() -> str:
    """A text of 5 MB: sections, paragraphs, lists, tables and code."""
    paragraph = "A paragraph of **some** length, with `code` and a [link](note-v0_1.md) in it. " * 9 + "\n\n"
    table, code = "| Item | Setting |\n|---|---|\n| cell {0} | set |\n\n", "```python\nx = {0}\n```\n\n"
    section = "## {0}. Section\n\n" + paragraph * 6 + "- one\n- two\n\n" + table + code
    count = 5_000_000 // len(section) + 1
    return "# Large\n\n**Version.** 0.1\n\n" + "".join(section.format(number) for number in range(count)) + "THE END\n"


def filed(built: Build) -> Iterator[tuple[str, Path]]:
    for file in sorted(built.content.rglob("*")):
        if not file.is_dir():
            yield file.relative_to(built.content).as_posix(), file


def problems(built: Build) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in json.loads(built.text("api/problems.json"))]


def test_the_build_ends_well(built: Build) -> None:
    assert built.status == 0, built.output
    assert "Traceback" not in built.output


def test_nothing_vanishes(built: Build) -> None:
    told = {path for path, _ in problems(built)}
    count = 0
    for path, file in filed(built):
        path = unicodedata.normalize("NFC", path)
        raw = built.site / "raw" / path
        assert raw.is_file() or path in told, path
        if raw.is_file():
            assert raw.read_bytes() == file.read_bytes(), path
            count += 1
    assert count == len(DOCUMENTS) + len(ATTACHMENTS) + 3


def test_what_is_not_published_is_nowhere(built: Build) -> None:
    for path, code in NOT_PUBLISHED.items():
        assert (path, code) in problems(built)
        assert not (built.site / "raw" / path).exists()
        assert not (built.site / "view" / f"{path}.html").exists()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: ascii(path)[:50])
def test_each_document_is_published_whole(built: Build, path: str) -> None:
    page = built.text(f"view/{unicodedata.normalize('NFC', path)}.html")
    assert '<meta name="record" content="loomworks-record/1">' in page
    assert DOCUMENTS[path][1] in unescape(page)


@pytest.mark.parametrize(("path", "code"), TOLD.items(), ids=lambda text: ascii(text)[:50])
def test_each_trouble_is_told(built: Build, path: str, code: str) -> None:
    assert (path, code) in problems(built)
    assert re.search(rf"{re.escape(path)}(:\d+)?: .*\[{code}\]", built.output)


def test_odd_names_are_told_once(built: Build) -> None:
    odd = [path for path, code in problems(built) if code == "name-not-portable"]
    assert len(odd) == len(set(odd))
    names = {unicodedata.normalize("NFC", path) for path, _ in filed(built)}
    expected = {path for path in names if not re.fullmatch(r"[\w./-]+", path, re.ASCII)}
    assert set(odd) == expected - set(NOT_PUBLISHED)


def test_mkdocs_publishes_nothing_of_its_own(built: Build) -> None:
    """Nothing stands where MkDocs would put what is filed: not at its path, nor as a page or folder of its name."""
    ours = {"index.html", "404.html", "search/index.html", "api/record.json"}
    for path in (path for path, _ in filed(built) if not is_root_file(path)):
        stem = re.sub(r"\.(md|html)$", "", path)
        folder = stem.removesuffix("index").removesuffix("README").rstrip("/")
        for address in (path, f"{stem}.html", f"{stem}/index.html", f"{folder}/index.html".lstrip("/")):
            assert address in ours or not (built.site / address).is_file(), address


def test_every_page_is_ours(built: Build) -> None:
    pages = [page for page in built.site.rglob("*.html") if not page.is_relative_to(built.site / "raw")]
    assert len(pages) > len(DOCUMENTS)
    unmarked = [
        page for page in pages if '<meta name="record" content="loomworks-record/1">' not in page.read_text("utf-8")
    ]
    assert unmarked == []


def test_front_matter_that_is_no_yaml_is_shown_as_code(built: Build) -> None:
    page = built.text("view/hosts/malformed-front-matter-v0_1.md.html")
    code = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert code
    assert "title: [unclosed\nkept: as filed" in unescape(re.sub("<[^>]*>", "", code[1]))
    assert re.search(r"<dt>Version</dt>\s*<dd[^>]*>0\.1", page)


def test_a_document_is_no_template(built: Build) -> None:
    assert "BODY 49" not in built.text("view/hosts/{{ config }}-v0_1.md.html")


def test_an_html_document_is_framed_without_rights(built: Build) -> None:
    page = built.text("view/hosts/page-v0_1.html.html")
    assert re.search(r'<iframe[^>]*src="../../raw/hosts/page-v0_1\.html"[^>]*sandbox=""', page)
    assert "alert(1)" not in page


LINKS = {
    "picture": "raw/hosts/picture one.png",
    "data": "raw/hosts/data.csv",
    "up": "view/templates/kept-v0_1.md.html",
    "spaces": "view/hosts/with spaces in it-v0_1.md.html",
    "umlaut": "view/hosts/ümläut-v0_1.md.html",
    "what": "view/hosts/what?-v0_1.md.html",
    "html": "view/hosts/page-v0_1.html.html",
    "nfd": f"view/{NFC}.html",
    "hash": "view/hosts/hash#1-v0_1.md.html",
}


@pytest.mark.parametrize(("words", "address"), LINKS.items(), ids=LINKS)
def test_a_link_leads_to_what_is_filed(built: Build, words: str, address: str) -> None:
    page = built.site / "view/hosts/links-v0_1.md.html"
    body = page.read_text("utf-8").partition('<div class="r-body">')[2].partition("</p>")[0]
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{words}</a>|<img [^>]*alt="{words}"[^>]*>', body)
    assert found
    href = found[1] or re.findall(r'src="([^"]*)"', found[0])[0]
    target = unquote(urlsplit(unescape(href)).path)
    assert (page.parent / target).resolve() == (built.site / address).resolve()


def test_a_link_to_what_is_not_filed_keeps_its_words(built: Build) -> None:
    page = built.text("view/hosts/links-v0_1.md.html")
    assert 'href="gone' not in page
    assert re.search(r"<span[^>]*>gone</span>", page)
    assert "[Image not filed: gone]" in page


def test_a_text_of_5_mb_is_published_whole(built: Build) -> None:
    filed = (built.content / "hosts/large-v0_1.md").read_text()
    page = built.text("view/hosts/large-v0_1.md.html")
    assert "THE END" in page
    assert page.count("<table") == filed.count("|---|---|")
    assert page.count("<h2 id=") >= filed.count("\n## ")
    assert "| cell" not in page


@pytest.mark.full
def test_a_text_of_5_mb_costs_a_minute_at_most(tmp_path: Path) -> None:
    before = time.monotonic()
    alone = site.build({"large-v0_1.md": _large()}, tmp_path / "project", config=SEARCHLESS)
    assert alone.status == 0, alone.output
    assert time.monotonic() - before < 60
