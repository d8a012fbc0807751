"""A bag that the public validator accepts, the same for the same record."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest
import sealed
from bagit_utils import Bag
from loomworks_record.bundle.exports import export_bag
from loomworks_record.bundle.faults import CheckError, ContentError
from loomworks_record.errors import UsageError


def export(project: sealed.Project, target: Path) -> int:
    payload = {"content": project.content, "record.log.jsonl": project.root / "record.log.jsonl", "site": project.site}
    return export_bag(target, payload, epoch=1_700_000_000, info={"External-Identifier": "record.example"})


def test_the_public_validator_accepts_it(small: sealed.Project, tmp_path: Path) -> None:
    count = export(small, tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate(processes=1)
    assert count == len(bag.payload_entries()) == len(sealed.tree(small.content)) + len(sealed.tree(small.site)) + 1
    assert bag.info["Bagging-Date"] == "2023-11-14"
    assert bag.info["Payload-Oxum"].endswith(f".{count}")
    assert not list(tmp_path.glob(".*"))


def test_it_finds_what_was_changed(small: sealed.Project, tmp_path: Path) -> None:
    export(small, tmp_path / "bag")
    sealed.write(tmp_path / "bag/data/content/README.md", b"edited")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(tmp_path / "bag")).validate(processes=1)


@pytest.mark.parametrize(
    "name", ["scan ", "scan\u00a0", "scan\u3000", "a\u0085b", "a\u2028b.md", "a\u2029", "a\tb", "50%"]
)
def test_names_that_readers_of_bags_read_differently(name: str, tmp_path: Path) -> None:
    sealed.write(tmp_path / "in/folder" / name, b"x")
    with pytest.raises(ContentError, match="read differently"):
        export_bag(tmp_path / "bag", {"content": tmp_path / "in"}, epoch=0, info={})


def test_ordinary_names_are_valid_for_two_readers(tmp_path: Path) -> None:
    names = (" a b.md", "*", "~x", "#1", "what?", "a:b", "é.md", "cafe\u0301", "(x)", "empty")
    for name in names:
        sealed.write(tmp_path / "in" / name, b"" if name == "empty" else name.encode())
    hidden = (".env", ".git/config", ".obsidian/app.json", "notes/.DS_Store")
    for name in hidden:
        sealed.write(tmp_path / "in" / name, b"a secret")
    (tmp_path / "in/.git/link").symlink_to("/etc/hostname")
    assert export_bag(tmp_path / "bag", {"content": tmp_path / "in"}, epoch=0, info={}) == len(names)
    assert not [path for path in sealed.tree(tmp_path / "bag") if "/." in path]
    bagit.Bag(str(tmp_path / "bag")).validate(processes=1)
    report = Bag(tmp_path / "bag", load=True).validate()
    assert report.valid, report.issues


def test_two_exports_are_equal(small: sealed.Project, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(small, tmp_path / name)
    assert sealed.tree(tmp_path / "one") == sealed.tree(tmp_path / "two")


def test_what_cannot_be_in_a_bag(small: sealed.Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is there already"):
        export(small, tmp_path)
    sealed.write(tmp_path / "in/100%.md", b"x")
    with pytest.raises(ContentError, match="rename"):
        export_bag(tmp_path / "bag", {"content": tmp_path / "in"}, epoch=0, info={})
    (tmp_path / "in/100%.md").unlink()
    (tmp_path / "in/link").symlink_to("/etc/hostname")
    with pytest.raises(ContentError, match="symlink"):
        export_bag(tmp_path / "bag", {"content": tmp_path / "in"}, epoch=0, info={})
    with pytest.raises(CheckError, match="nothing was exported"):
        export_bag(tmp_path / "in/link/bag", {}, epoch=0, info={})
    assert not (tmp_path / "bag").exists()
    assert not list(tmp_path.glob(".*"))
