"""The search index of one site is one sequence of bytes, and the browser can still read it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import cbor2
import pytest
from loomworks_record.host.search_order import IndexFormError, order_index
from support.site import Build, rebuild

CONTENT = {
    f"phases/phase-{number}-x/phase-{number}-cr-x-v0_1.md": f"# CR {number}\n\nWords.\n" for number in range(1, 25)
}


def index(site: Path) -> dict[str, bytes]:
    folder = site / "pagefind"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_two_builds_have_the_same_index(build_site: Callable[..., Build]) -> None:
    built = build_site(CONTENT)
    assert built.status == 0, built.output
    first = index(built.site)
    assert index(rebuild(built.folder).site) == first


def test_the_files_name_each_other(sample_site: Build) -> None:
    files = index(sample_site.site)
    known = json.loads(files["pagefind-entry.json"])["languages"]["en"]
    meta = cbor2.loads(gzip.decompress(files[f"pagefind.{known['hash']}.pf_meta"])[12:])
    filters = dict(meta[3])
    assert list(filters) == sorted(filters) == ["kind", "phase", "section", "standing"]
    assert {f"filter/{name}.pf_filter" for name in filters.values()} == {
        name for name in files if name.startswith("filter/")
    }
    for name, file in filters.items():
        told, values = cbor2.loads(gzip.decompress(files[f"filter/{file}.pf_filter"])[12:])
        assert told == name
        assert [value for value, _ in values] == sorted(value for value, _ in values)


@pytest.mark.parametrize("data", [b"", b"text", gzip.compress(b"else"), gzip.compress(b"pagefind_dcd\x01")])
def test_an_unknown_form_is_said_in_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pagefind-entry.json").write_text('{"languages":{"en":{"hash":"en_1"}}}')
    (tmp_path / "pagefind.en_1.pf_meta").write_bytes(data)
    with pytest.raises(IndexFormError, match=r"pagefind\.en_1\.pf_meta"):
        order_index(tmp_path)
