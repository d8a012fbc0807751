"""An OCFL storage root that the public validator accepts, the same for the same record."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
import sealed
from click.testing import CliRunner
from loomworks_record.bundle.exports import Agent, OcflState, export_ocfl, object_folder
from loomworks_record.cli.export import export
from loomworks_record.errors import UsageError
from support import strangers
from support.site import PROJECT

OCFL = "ocfl-py==2.1.0"
WHEN = "2026-05-12T00:00:00Z"


def run(root: Path, *arguments: str) -> int:
    before = Path.cwd()
    os.chdir(root)
    try:
        done = CliRunner().invoke(export, arguments)
    finally:
        os.chdir(before)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code


def validate(root: Path, objects: int) -> None:
    """No error, by the standard's own words and a validator by others."""
    program = (
        "import sys, ocfl; store = ocfl.StorageRoot(root=sys.argv[1]); store.validate(log_warnings=True);"
        "print(store.num_objects, store.good_objects, store.errors)"
    )
    python = strangers.environment(OCFL) / "python"
    done = subprocess.run([python, "-c", program, root], capture_output=True, text=True, check=False)
    # Its exit code is 0 for a root that holds an invalid object: only the counts tell.
    assert done.stdout.split()[:2] == [str(objects), str(objects)], done.stdout + done.stderr[-2000:]
    assert "[E" not in done.stdout + done.stderr


def inventories(root: Path) -> list[dict[str, object]]:
    found = []
    for file in sorted(root.rglob("inventory.json")):
        digest = hashlib.sha512(file.read_bytes()).hexdigest()
        assert file.with_name("inventory.json.sha512").read_text() == f"{digest} inventory.json\n"
        inventory = json.loads(file.read_bytes())
        holder = file.parent if (file.parent / "0=ocfl_object_1.1").exists() else file.parent.parent
        for sha512, places in inventory["manifest"].items():
            for place in places:
                assert hashlib.sha512((holder / place).read_bytes()).hexdigest() == sha512
        for version in inventory["versions"].values():
            assert version["state"].keys() <= inventory["manifest"].keys()
        if holder == file.parent:
            found.append(inventory)
            assert object_folder(inventory["id"]) == str(holder.relative_to(root))
            assert {place for each in inventory["manifest"].values() for place in each} == {
                str(each.relative_to(holder)) for each in holder.glob("v*/content/*")
            }
    return found


def test_each_chain_is_an_object_and_each_version_a_version(tmp_path: Path) -> None:
    project = sealed.make_project(tmp_path / "project")
    assert run(project.root, "--ocfl", str(tmp_path / "root")) == 0
    found = inventories(tmp_path / "root")
    assert len(found) == 3 * 3 + 1  # two chains of three versions and a report a phase, and the README
    change_request = next(each for each in found if str(each["id"]).endswith("phase-02-x/cr"))
    assert [version["message"] for version in change_request["versions"].values()] == ["v0.1", "v0.2", "v0.3"]  # type: ignore[attr-defined]
    assert run(project.root, "--ocfl", str(tmp_path / "again")) == 0
    assert sealed.tree(tmp_path / "root") == sealed.tree(tmp_path / "again")
    with pytest.raises(UsageError):
        run(project.root, "--ocfl", str(tmp_path / "again"))
    assert run(project.root) == run(project.root, "--ocfl", "x", "--bagit", "y") == 2
    assert run(project.root, "--ocfl", "x", "--site") == 2


def odd_objects() -> dict[str, list[OcflState]]:
    twins = OcflState({"a-v0_1.md": b"# A\n", "a-v0_1.html": b"<h1>A</h1>"}, WHEN, "v0.1")
    same = OcflState({"a-v0_2.md": b"# A\n", "b": b"# A\n", "empty": b""}, WHEN, "v0.2")
    return {
        "https://record.example/history/a.html": [twins, same, twins],
        "urn:record:größe/" + "long/" * 60: [twins],
        "urn:record:a b?#&": [OcflState({"größe (1).md": b"x"}, WHEN, "")],
    }


def test_twins_and_bytes_that_stand_twice(tmp_path: Path) -> None:
    assert export_ocfl(tmp_path / "root", odd_objects().items(), Agent("somebody", None)) == 3
    first = next(
        each for each in inventories(tmp_path / "root") if each["id"] == "https://record.example/history/a.html"
    )
    assert len(first["manifest"]) == 3  # type: ignore[arg-type]
    assert first["head"] == "v3"
    with pytest.raises(UsageError, match="is there already"):
        export_ocfl(tmp_path / "root", [], Agent("x", None))


@pytest.mark.full
def test_the_public_validator_accepts_odd_objects(tmp_path: Path) -> None:
    export_ocfl(tmp_path / "root", odd_objects().items(), Agent("somebody", None))
    validate(tmp_path / "root", 3)


@pytest.mark.full
def test_the_public_validator_accepts_the_sample(tmp_path: Path) -> None:
    assert run(PROJECT, "--ocfl", str(tmp_path / "root")) == 0
    found = inventories(tmp_path / "root")
    validate(tmp_path / "root", len(found))


@pytest.mark.full
def test_the_public_validator_accepts_a_thousand_documents(tmp_path: Path) -> None:
    project = sealed.make_project(tmp_path / "project", phases=143)
    assert run(project.root, "--ocfl", str(tmp_path / "root")) == 0
    validate(tmp_path / "root", 143 * 3 + 1)
