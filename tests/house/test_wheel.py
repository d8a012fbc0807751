"""The wheel: it holds the package, the templates and the licence, and a record can be built with it alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.site import PROJECT, mkdocs, write_content


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    finished = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    return next(folder.glob("*.whl"))


def relative_files(folder: Path, pattern: str) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob(pattern) if file.is_file()}


def test_the_wheel_holds_what_the_tree_holds(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    modules = {f"loomworks_record/{path}" for path in relative_files(PROJECT / "plugins/loomworks_record", "*.py")}
    templates = {f"loomworks_record/overrides/{path}" for path in relative_files(PROJECT / "overrides", "*.*")}
    assert templates
    assert modules | templates | {"loomworks_record/py.typed"} <= held


def test_the_wheel_carries_its_licence_and_entry_points(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        texts = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "Apache License" in texts["LICENSE"]
    assert "License-Expression: Apache-2.0" in texts["METADATA"]
    assert "record = loomworks_record.host.plugin:RecordPlugin" in texts["entry_points.txt"]
    assert "record = loomworks_record.cli.start:main" in texts["entry_points.txt"]


def test_nothing_of_the_tests_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"loomworks_record"}


def test_a_record_is_built_with_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """The plugin, its templates and its assets come out of the wheel, with the mkdocs.yml that README.md shows."""
    ZipFile(wheel).extractall(tmp_path / "installed")
    project = tmp_path / "project"
    write_content({"notes/a-note-v0_1.md": "# A note\n\nIts text.\n"}, project / "content")
    (project / "mkdocs.yml").write_text(
        "site_name: My record\ndocs_dir: content\ntheme:\n  name: record\nplugins:\n  - record\n"
    )
    environment = {"PYTHONPATH": str(tmp_path / "installed")}
    status, output = mkdocs(project, "build", environment=environment)
    assert status == 0, output
    page = (project / "site/view/notes/a-note-v0_1.md.html").read_text("utf-8")
    assert "Its text." in page
    assert '<meta name="record" content="loomworks-record/1">' in page
    assert list((project / "site/assets/record").glob("record.*.css"))
    # The tree is installed too, as an editable one; the wheel must have gone before it.
    where = "import loomworks_record, sys; sys.stdout.write(loomworks_record.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], env={**os.environ, **environment}, capture_output=True, encoding="utf-8"
    )
    assert Path(found.stdout).is_relative_to(tmp_path / "installed")
