"""The folder of a site: the same bytes whatever stood there before, and nothing is written that is right."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.build.folder import SiteFolder
from loomworks_record.bundle.files import sign_of
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.bundle.provenance import Inputs
from loomworks_record.bundle.seal import SealSettings, seal

FILES = {"index.html": b"home", "view/a.md.html": b"a", "view/archive/b.md.html": b"b", "raw/a.md": b"# A"}


def build(folder: SiteFolder, files: dict[str, bytes]) -> dict[str, str]:
    folder.begin()
    for address, data in files.items():
        folder.put(address, data)
    folder.finish()
    return {path: file.digest for path, file in folder.wanted.items()}


def held(root: Path) -> dict[str, bytes]:
    files = (Path(top) / name for top, _, names in os.walk(root) for name in names)
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def test_what_is_right_stays(tmp_path: Path) -> None:
    build(SiteFolder(tmp_path), FILES)
    before = {path: (tmp_path / path).stat().st_ino for path in FILES}
    folder = SiteFolder(tmp_path)
    digests = build(folder, FILES | {"index.html": b"new"})
    assert folder.written == 1
    assert held(tmp_path) == FILES | {"index.html": b"new"}
    assert {path: (tmp_path / path).stat().st_ino for path in FILES if path != "index.html"} == {
        path: number for path, number in before.items() if path != "index.html"
    }
    assert set(digests) == set(FILES)


def test_what_is_stale_goes_with_its_folder(tmp_path: Path) -> None:
    build(SiteFolder(tmp_path), FILES)
    build(SiteFolder(tmp_path), {"index.html": b"home"})
    assert held(tmp_path) == {"index.html": b"home"}
    assert list(tmp_path.iterdir()) == [tmp_path / "index.html"]


def test_what_the_host_writes_meanwhile_stays(tmp_path: Path) -> None:
    build(SiteFolder(tmp_path), FILES | {"assets/old.css": b"old", "assets/record.css": b"css"})
    folder = SiteFolder(tmp_path)
    folder.begin()
    for address, data in FILES.items():
        folder.put(address, data)
    (tmp_path / "assets/record.css").write_bytes(b"css")
    (tmp_path / "assets/more.css").write_bytes(b"more")
    folder.finish()
    assert held(tmp_path) == FILES | {"assets/record.css": b"css", "assets/more.css": b"more"}
    css, index = (folder.known[path].sign for path in ("assets/record.css", "index.html"))
    assert css != sign_of((tmp_path / "assets/record.css").stat())  # it does not know what that holds now
    assert index == sign_of((tmp_path / "index.html").stat())


def test_what_nobody_else_wrote_is_sealed_as_it_was_put(tmp_path: Path) -> None:
    """Without a look at it, and not as somebody has it meanwhile."""
    folder = SiteFolder(tmp_path)
    digests = build(folder, FILES)
    (tmp_path / "index.html").write_bytes(b"another home")
    (tmp_path / "more.html").write_bytes(b"more")
    inputs = Inputs(sources={}, parts={}, commit=None, modified=False, builder={})
    settings = SealSettings(origin="record.example.org")
    for trusted in (True, False):
        known = folder.wanted if trusted else folder.known
        sealed = seal(tmp_path, log=b"", inputs=inputs, settings=settings, issued=0, known=known, are_as_known=trusted)
        listed = parse_manifest(sealed.manifest, name="x").digests
        assert listed.items() >= (digests.items() if trusted else set())
        assert (listed["index.html"] == digests["index.html"]) is trusted
        assert listed["more.html"] == hashlib.sha256(b"more").hexdigest()


def test_a_file_in_place_of_a_folder_and_the_other_way(tmp_path: Path) -> None:
    build(SiteFolder(tmp_path), {"a/b": b"1", "c": b"2", "d/e/f": b"3"})
    build(SiteFolder(tmp_path), {"a": b"1", "c/x": b"2", "d/e": b"4"})
    assert held(tmp_path) == {"a": b"1", "c/x": b"2", "d/e": b"4"}


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside, site = tmp_path / "outside", tmp_path / "site"
    outside.mkdir()
    (outside / "kept").write_bytes(b"kept")
    site.mkdir()
    (site / "view").symlink_to(outside)
    (site / "index.html").symlink_to(outside / "kept")
    build(SiteFolder(site), FILES)
    assert held(site) == FILES
    assert held(outside) == {"kept": b"kept"}


def test_a_copy_of_hard_links_keeps_what_it_had(tmp_path: Path) -> None:
    build(SiteFolder(tmp_path / "site"), FILES)
    (tmp_path / "copy").hardlink_to(tmp_path / "site/index.html")
    build(SiteFolder(tmp_path / "site"), FILES | {"index.html": b"new"})
    assert (tmp_path / "copy").read_bytes() == b"home"


@pytest.mark.parametrize("again", [True, False], ids=["the same process", "another process"])
def test_what_somebody_changed_is_mended(tmp_path: Path, again: bool) -> None:
    folder = SiteFolder(tmp_path)
    build(folder, FILES)
    (tmp_path / "index.html").write_bytes(b"hOme")
    (tmp_path / "view/a.md.html").unlink()
    build(folder if again else SiteFolder(tmp_path), FILES)
    assert held(tmp_path) == FILES


names = st.sampled_from(["a", "b", "a/a", "a/b", "b/a/c", "b/a", "c/ü", "c"])


def possible(files: dict[str, bytes]) -> bool:
    return not any(other.startswith(f"{path}/") for path in files for other in files)


sites = st.dictionaries(names, st.binary(max_size=3), max_size=6).filter(possible)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(sites, min_size=2, max_size=5), remembered=st.booleans())
def test_any_site_after_any_other(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, bytes]], remembered: bool
) -> None:
    root = tmp_path_factory.mktemp("site")
    folder = SiteFolder(root)
    for files in steps:
        digests = build(folder if remembered else SiteFolder(root), files)
        assert held(root) == files
        assert set(digests) == set(files)
