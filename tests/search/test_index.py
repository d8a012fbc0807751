"""The files of the search: one sequence of bytes for the same pages, names that fit, and errors in one line."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.asking.words import digest
from loomworks_record.search.engine import SearchError, run_pagefind
from loomworks_record.search.form import IndexFormError, packed, published
from loomworks_record.search.index import index_shard, shard_list, shared_files
from loomworks_record.search.search_text import SearchFields, SearchText
from loomworks_record.search.shards import SearchedPage, shards
from support import searching
from support.site import Build, rebuild

CONTENT = {
    f"phases/phase-{number}-x/phase-{number}-cr-x-v0_1.md": f"# CR {number}\n\nWords.\n" for number in range(1, 25)
}


def index(site: Path) -> dict[str, bytes]:
    folder = site / "pagefind"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def decoded(data: bytes) -> list[object]:
    return list(cbor2.loads(gzip.decompress(data)[len(b"pagefind_dcd") :]))


def test_two_builds_have_the_same_index(build_site: Callable[..., Build]) -> None:
    built = build_site(CONTENT)
    assert built.status == 0, built.output
    first = index(built.site)
    assert index(rebuild(built.folder).site) == first


def html(number: int, archived: bool = False) -> bytes:
    filters = (("standing", "Archived" if archived else "Current"), ("kind", f"Kind {number % 3}"))
    body = f'<h2 id="s{number}">§{number} Here</h2><p>word{number} is said, café and so on.</p>'
    by = SearchFields(f"Title {number}", f"n{number}.md", archived, "v0.1", "", filters, "", (), False, "", "")
    return SearchText(by, (), body, (), ()).html()


def pages(numbers: range) -> tuple[list[SearchedPage], dict[str, bytes]]:
    made = {f"view/é {number}#?.md.html": html(number, number % 2 == 1) for number in numbers}
    found = [
        SearchedPage(address, address, address, b">Archived<" in data, hashlib.sha256(data).hexdigest())
        for address, data in made.items()
    ]
    return found, made


def test_the_files_name_each_other() -> None:
    found, made = pages(range(12))
    (shard,) = shards(found)
    files = index_shard(shard, made)
    assert index_shard(shard, made) == files
    entry = json.loads(files["pagefind-entry.json"])["languages"]["en"]
    assert entry["page_count"] == 12
    _, listed, chunks, filters, *_ = decoded(files[f"pagefind.{entry['hash']}.pf_meta"])
    named = {f"fragment/{page}.pf_fragment" for page, _ in listed}
    named |= {f"index/{chunk}.pf_index" for _, _, chunk in chunks}
    named |= {f"filter/{file}.pf_filter" for _, file in filters}
    assert named | {"pagefind-entry.json", f"pagefind.{entry['hash']}.pf_meta"} == set(files)
    assert all(chunk in (begins, f"-{number}") for number, (begins, _, chunk) in enumerate(chunks))
    assert [name for name, _ in filters] == ["kind", "standing"]
    for name, file in filters:
        told, values = decoded(files[f"filter/{file}.pf_filter"])
        assert told == name
        assert [value for value, _ in values] == sorted(value for value, _ in values)
    assert all(page.startswith("all-") for page, _ in listed)
    for page, _ in listed:
        fragment = json.loads(gzip.decompress(files[f"fragment/{page}.pf_fragment"])[12:])
        assert page.endswith("a") == (fragment["filters"]["standing"] == ["Archived"])
        assert fragment["url"].startswith("/view/%C3%A9%20")


def test_a_chunk_has_a_name_that_every_disk_takes() -> None:
    words = ["con", "con1", "CON", "éclair", "日本", "😀", "x" * 60, "v0_3", "nul", "word"]
    files = published(run_pagefind([("/a", f"<html><body><p>{' '.join(words)}</p></body></html>")], chunk=1), "all")
    names = [path.removeprefix("index/").removesuffix(".pf_index") for path in files if path.startswith("index/")]
    assert len({name.lower() for name in names}) == len(names) >= 8
    assert all(re.fullmatch("-[0-9]+|[0-9a-z]+", name) and name not in ("con", "nul") for name in names)
    assert {"con1", "w"} <= set(names)


def test_pages_are_numbered_by_their_addresses() -> None:
    """So that the browser finds the page of a document before it loads one; two of one number are told apart."""
    found, made = pages(range(12))
    (shard,) = shards(found)
    files = index_shard(shard, made)
    numbers = {
        unquote(json.loads(gzip.decompress(data)[12:])["url"]): path.split("-")[1].split(".")[0]
        for path, data in files.items()
        if path.startswith("fragment/")
    }
    assert {url.removeprefix("/") for url in numbers} == set(made)
    for url, number in numbers.items():
        assert number.removesuffix("a") == str(digest(url) % 10_000)


def test_two_addresses_of_one_number_are_both_there() -> None:
    same: dict[int, str] = {}
    for number in range(10_000):
        address = f"view/{number}.html"
        other = same.setdefault(digest(f"/{address}") % 10_000, address)
        if other != address:
            break
    page = html(1)
    made = {other: page, address: page}
    (shard,) = shards([SearchedPage(each, each, each, False, "") for each in made])
    files = index_shard(shard, made)
    fragments = [path for path in files if path.startswith("fragment/")]
    assert len(fragments) == len(set(fragments)) == 2
    assert len({path.split("-")[1].split(".")[0] for path in fragments}) == 1


def filter_rows(files: dict[str, bytes]) -> list[tuple[str, str, int]]:
    """What an index says of its filters: name, value, number of pages."""
    read = [decoded(data) for path, data in files.items() if path.endswith(".pf_filter")]
    return [(name, value, len(pages)) for name, values in read for value, pages in values]  # type: ignore[misc, attr-defined]


@pytest.mark.parametrize("value", ["a  b", " a\tb ", "a\u00a0\u00a0b", "a \n b", "a\u00a0b", "R&D", "\u3000a", "a, b"])
def test_the_list_has_values_as_the_index_has_them(value: str) -> None:
    by = SearchFields("A", "a.md", False, "", "", (("kind", value),), "", (), False, "", "")
    made = {"a": SearchText(by, (), "<p>word</p>", (), ()).html()}
    (shard,) = shards([SearchedPage("a", "a", "a", False, "")])
    ((_, indexed, _),) = filter_rows(index_shard(shard, made))
    assert json.loads(shard_list([shard], [("kind", value)]))["filters"] == {"kind": {indexed: 1}}


@settings(max_examples=10)
@given(st.sets(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 5))
def test_the_list_counts_what_the_shards_hold(numbers: set[int], largest: int) -> None:
    found, made = pages(range(31))
    kept = [page for page in found if int(page.address.split(" ")[1].split("#")[0]) in numbers]
    parted = shards(kept, largest=largest)
    held = [row for shard in parted for row in filter_rows(index_shard(shard, made))]
    told = json.loads(shard_list(parted, [(name, value) for name, value, number in held for _ in range(number)]))
    assert sum(shard["pages"] for shard in told["shards"]) == len(numbers)
    assert sum(told["filters"]["standing"].values()) == sum(told["filters"]["kind"].values()) == len(numbers)
    archived = sum(number % 2 for number in numbers)
    assert told["filters"]["standing"].get("Archived", 0) == archived
    assert sum(shard["pages"] for shard in told["shards"] if shard["holds"] == "archived") in (0, archived)


def test_what_all_shards_share_is_there_once(sample_site: Build) -> None:
    files = index(sample_site.site)
    shared = {path.removeprefix("pagefind/"): data for path, data in shared_files().items()}
    assert shared.items() <= files.items()
    (folder,) = searching.shard_folders(sample_site.site)
    inside = f"{folder.relative_to(sample_site.site / 'pagefind').as_posix()}/"
    assert {path for path in files if not path.startswith(inside)} == {*shared, "shards.json"}
    entry = json.loads(shared["pagefind-entry.json"])["languages"]["en"]
    assert entry["page_count"] == 0
    assert decoded(shared[f"pagefind.{entry['hash']}.pf_meta"])[1:4] == [[], [], []]


def test_an_index_of_the_same_pages_has_the_same_bytes_in_another_folder(tmp_path: Path, sample_site: Build) -> None:
    copy = searching.in_shards(sample_site.site, sample_site.folder, tmp_path / "copy", largest=600)
    assert index(copy) == index(sample_site.site)


@pytest.mark.parametrize(
    "data",
    [b"", b"text", gzip.compress(b"else"), gzip.compress(b"pagefind_dcd\x01")],
    ids=["empty", "not packed", "something else", "cut short"],
)
def test_an_unknown_form_is_said_in_one_line(data: bytes) -> None:
    entry = b'{"languages":{"en":{"hash":"en_1"}}}'
    with pytest.raises(IndexFormError, match=r"pagefind\.en_1\.pf_meta"):
        published({"pagefind-entry.json": entry, "pagefind.en_1.pf_meta": data}, "all")


@pytest.mark.parametrize("missing", ["pf_meta", "pf_fragment", "pf_index", "pf_filter", "entry.json"])
def test_a_file_that_is_not_there_is_said_in_one_line(missing: str) -> None:
    files = run_pagefind([("/a", html(1).decode())])
    with pytest.raises(IndexFormError, match="of a form not known"):
        published({path: data for path, data in files.items() if not path.endswith(missing)}, "all")


@pytest.mark.parametrize("pages", [1, 2_000])
def test_a_pagefind_that_ends_is_said(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    monkeypatch.setattr("pagefind.service.get_executable", lambda: shutil.which("false"))
    with pytest.raises(SearchError, match="Pagefind ended with "):
        run_pagefind([("/a", "<p>a</p>" * 1_000)] * pages)


def test_a_pagefind_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    with pytest.raises(SearchError, match="pip install"):
        run_pagefind([])
    monkeypatch.setattr("pagefind.service.get_executable", lambda: tmp_path / "gone")
    with pytest.raises(SearchError, match="cannot be run: No such file"):
        run_pagefind([])


def test_what_is_packed_has_the_same_bytes_everywhere() -> None:
    """Whatever Python, its zlib and the machine: the gzip headers of CPython 3.11 and 3.13 differ."""
    assert packed(["standing", [["Archived", [0, 2, 5]]]]).hex() == (
        "1f8b08000000000002ff2b484c4f4dcbcc4b894f494e69ca282e49cc4bc9cc4b6f6cca702c4acec82c4b4d6966606205005f2effca25000000"
    )
    pages = ["kind", [["change-request", list(range(0, 400, 3))], ["note", list(range(1, 400, 3))]]]
    digest = hashlib.sha256(packed(pages)).hexdigest()
    assert digest == "e237128c0a1a554a11cf9bba1f3e10e393cc4b4d992b4a5a66d2b52c4cccb861"


@pytest.mark.parametrize("settings", [{"pagefind.toml": 'root_selector = "nothing"'}, {"pagefind.json": "no"}, {}])
def test_settings_of_a_project_for_pagefind_are_not_for_this_index(
    settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [("/a", html(1).decode())]
    files = published(run_pagefind(pages), "all")
    for name, text in settings.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAGEFIND_ROOT_SELECTOR", "nothing")
    assert published(run_pagefind(pages), "all") == files
