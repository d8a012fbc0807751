"""The wheel: it holds the package, the templates and the licence, and a record can be built with it alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.site import PROJECT


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
    assert "record = loomworks_record.cli.main:main" in texts["entry_points.txt"]


def test_nothing_of_the_tests_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"loomworks_record"}
