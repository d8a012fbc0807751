"""The folder of a site: what no build made stays where it is, and is not built over."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.ownership import (
    BusyFolderError,
    ForeignFolderError,
    alone_in,
    leave_note,
    refuse_foreign,
)
from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import BundleError
from loomworks_record.bundle.files import digest_files, walk
from loomworks_record.bundle.manifest import format_manifest
from loomworks_record.bundle.seal import list_unsealed

KEPT = (".git", ".nojekyll", ".well-known/x", ".ssh/id", "CNAME")


def write(file: Path, text: str = "precious") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def held(root: Path) -> set[str]:
    return {os.path.relpath(Path(top, name), root) for top, _, names in os.walk(root) for name in names}


def built(site: Path) -> None:
    """As a build leaves it."""
    write(site / "index.html", "home")
    write(site / "raw/a.md", "# A")
    digests = digest_files(site, walk(site).files)
    write(site / paths.MANIFEST, format_manifest({path: digest or "" for path, digest in digests.items()}).decode())
    write(site / paths.STAMP, "{}")


@pytest.mark.parametrize(
    "names",
    [
        ("letter.txt",),
        ("HEAD", "config", "objects/ab/cdef", "refs/heads/main"),  # the folder .git of a repository
        ("index.html",),  # of another generator
        ("raw/a.md", "public_html/index.php"),
    ],
)
def test_a_folder_that_no_build_made_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        write(tmp_path / name)
    with pytest.raises(ForeignFolderError, match="holds what no build of a record put there"):
        refuse_foreign(tmp_path)
    assert held(tmp_path) == set(names)


@pytest.mark.parametrize("name", ["letter.txt", "raw/mine.md", "view/deep/down/x.html"])
def test_what_somebody_put_into_a_site_is_refused(tmp_path: Path, name: str) -> None:
    built(tmp_path)
    refuse_foreign(tmp_path)
    write(tmp_path / name)
    with pytest.raises(ForeignFolderError, match=name):
        refuse_foreign(tmp_path)


def test_a_link_in_a_site_is_refused(tmp_path: Path) -> None:
    built(tmp_path / "site")
    (tmp_path / "site/elsewhere").symlink_to(tmp_path)
    with pytest.raises(ForeignFolderError, match="elsewhere"):
        refuse_foreign(tmp_path / "site")


def test_a_file_and_a_link_to_nowhere_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "file")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    for name in ("file", "link"):
        with pytest.raises(ForeignFolderError):
            refuse_foreign(tmp_path / name)


def stopped(site: Path) -> None:
    """As a build that was killed at work leaves it: it was about to make one more page."""
    with leave_note(site) as tell:
        folder = SiteFolder(site)
        folder.begin(refuse_foreign(site))
        folder.tell = tell
        folder.put("view/half.html", b"half")
        tell("view/next.html")


@pytest.mark.parametrize("before", ["nothing", "a site", "a site, stopped twice"])
@pytest.mark.parametrize("name", ["thesis.pdf", "view/thesis.html", "CNAME", ".well-known/x"])
def test_what_is_put_into_the_site_of_a_stopped_build_is_not_taken_away(tmp_path: Path, before: str, name: str) -> None:
    site = tmp_path / "site"
    for step in before.split(", "):
        if step == "a site":
            built(site)
        elif step == "stopped twice":
            stopped(site)
    stopped(site)
    write(site / "view/next.html")
    write(site / "integrity/log.jsonl", "")
    refuse_foreign(site)
    write(site / name)
    if name.startswith((".", "CNAME")):
        assert name in refuse_foreign(site).others
    else:
        with pytest.raises(ForeignFolderError, match=name):
            refuse_foreign(site)


def test_where_others_write_too_nobody_knows_after_a_stop(tmp_path: Path) -> None:
    with leave_note(tmp_path, lists=False):
        write(tmp_path / "of-a-plugin.html")
    refuse_foreign(tmp_path)
    with leave_note(tmp_path) as tell:
        tell("view/a.html")
    refuse_foreign(tmp_path)


@pytest.mark.parametrize(
    "state", ["nothing", "empty", "stopped at once", "kept names alone", "a site", "a stamp killed", "stopped"]
)
def test_what_may_be_built_into(tmp_path: Path, state: str) -> None:
    site = tmp_path / "site"
    if state != "nothing":
        site.mkdir()
    if state == "kept names alone":
        for name in KEPT:
            write(site / name)
    elif state == "a site":
        built(site)
    elif state == "stopped at once":
        write(site / "integrity/.unsealed.27028.tmp")
    elif state == "a stamp killed":
        built(site)
        write(site / "integrity/.stamp.json.27028.tmp")
    elif state == "stopped":
        stopped(site)
    refuse_foreign(site)


def test_names_that_stay_are_not_touched(tmp_path: Path) -> None:
    built(tmp_path)
    for name in KEPT:
        write(tmp_path / name)
    (tmp_path / ".link").symlink_to("/etc")
    folder = SiteFolder(tmp_path)
    folder.begin(refuse_foreign(tmp_path))
    folder.put("index.html", b"new")
    folder.finish()
    assert held(tmp_path) >= set(KEPT)
    assert (tmp_path / ".link").is_symlink()
    assert not (tmp_path / "raw").exists()
    assert set(folder.wanted) == {"index.html"}


@pytest.mark.parametrize("name", [*KEPT, ".htaccess"])
def test_names_that_stay_do_so_after_they_were_listed_too(tmp_path: Path, name: str) -> None:
    """A manifest lists what a server serves; only what was filed to be there is of our making."""
    write(tmp_path / name)
    built(tmp_path)
    assert name in refuse_foreign(tmp_path).others
    write(tmp_path / paths.SOURCES, format_manifest({name: "0" * 64}).decode())
    write(tmp_path / paths.MANIFEST, format_manifest(dict.fromkeys(walk(tmp_path).files, "0" * 64)).decode())
    assert name not in refuse_foreign(tmp_path).others


def test_what_somebody_put_into_a_site_without_a_name_is_refused(tmp_path: Path) -> None:
    """It is never sealed; which files are its own is listed all the same."""
    with leave_note(tmp_path):
        write(tmp_path / "index.html")
    list_unsealed(tmp_path)
    refuse_foreign(tmp_path)
    write(tmp_path / "thesis.txt")
    with pytest.raises(ForeignFolderError, match=r"thesis\.txt"):
        refuse_foreign(tmp_path)


def test_a_folder_that_cannot_be_listed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path)

    def refusing(folder: bytes) -> Iterator[os.DirEntry[bytes]]:
        raise OSError(errno.EIO, "Input/output error", folder)

    monkeypatch.setattr("loomworks_record.bundle.files.os.scandir", refusing)
    with pytest.raises(BundleError, match="Input/output error") as refused:
        refuse_foreign(tmp_path)
    assert refused.value.exit_code == 6


def test_one_build_at_a_time(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with alone_in(site), pytest.raises(BusyFolderError, match="another command is at work"), alone_in(site):
        pass
    with alone_in(tmp_path / "site"):
        pass


def test_what_git_writes_while_a_build_begins_is_left_alone(tmp_path: Path) -> None:
    """A commit in the folder of a published branch, after the build has looked whose the folder is."""
    built(tmp_path)
    write(tmp_path / ".git/HEAD")
    others = refuse_foreign(tmp_path)
    write(tmp_path / ".git/objects/ab/cdef")
    (tmp_path / ".git/link").symlink_to("HEAD")
    folder = SiteFolder(tmp_path)
    folder.begin(others)
    folder.put("index.html", b"home")
    folder.finish()
    assert held(tmp_path) >= {".git/HEAD", ".git/objects/ab/cdef", ".git/link", "index.html"}
    assert "raw/a.md" not in held(tmp_path)
