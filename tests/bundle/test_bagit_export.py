"""A bag that the public validator accepts, the same for the same record."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest
import sealed
from loomworks_record.bundle.bagit import export_bag
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
