"""Other hosts: ProperDocs, and the oldest Material that is supported. Only their names differ in the bundle."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.site import PROJECT, write_project

pytestmark = pytest.mark.full

# The host's own name and version, and what names the file in which they stand.
NAMED = {"integrity/provenance.json", "integrity/manifest-sha256.txt", "integrity/stamp.json"}
MARK = '<meta name="record" content="loomworks-record/1">'
HOSTS = {
    "ProperDocs": ("properdocs==1.6.7", "properdocs", "record"),
    "the oldest Material": ("mkdocs-material==9.7.7", "mkdocs", "material"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample record without the search index, which Pagefind makes and no host has a part in."""
    folder = tmp_path_factory.mktemp("hosts") / "project"
    write_project(PROJECT / "content", folder, config={"plugins": {"record": {"search": False}}})
    built_with(folder, "mkdocs", "locked", "record")
    return folder


def built_with(folder: Path, program: str, site: str, theme: str, first: Path | None = None) -> Path:
    """Build ``folder`` with a host and give the site; ``first`` is a folder of packages that goes before all others."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1780000000"}
    if first is not None:
        environment["PYTHONPATH"] = str(first)
    command = [sys.executable, "-m", program, "build", "--strict", "-q", "-f", "mkdocs.yml"]
    command += ["--site-dir", str(folder / site), "--theme", theme]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / site


def files(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def verified(site: Path) -> int:
    """The exit status of ``record verify``."""
    command = [sys.executable, "-m", "loomworks_record.cli.main", "verify", str(site)]
    return subprocess.run(command, capture_output=True, timeout=60).returncode


def statement(site: Path) -> dict[str, object]:
    values: dict[str, object] = json.loads((site / "integrity/provenance.json").read_bytes())
    return values


@pytest.mark.parametrize("host", HOSTS)
def test_the_bundle_is_the_same_but_for_the_name_of_the_host(
    host: str, project: Path, fetched: Callable[[str], Path]
) -> None:
    requirement, program, theme = HOSTS[host]
    other = built_with(project, program, host, theme, fetched(requirement))
    here, there = files(project / "locked"), files(other)
    assert here.keys() == there.keys()
    assert {path for path in here if here[path] != there[path]} <= NAMED
    assert MARK in there["index.html"].decode()
    mine, its = statement(project / "locked"), statement(other)
    assert mine["subject"] == its["subject"]  # the digests of the content and of the log
    name, _, version = requirement.partition("==")
    assert its["predicate"]["runDetails"]["builder"]["version"][name] == version  # type: ignore[index]
    assert verified(other) == 0
    assert mine["predicate"]["buildDefinition"] == its["predicate"]["buildDefinition"]  # type: ignore[index]


def test_the_documentation_lists_what_differs_and_what_is_tested() -> None:
    text = (PROJECT / "docs/hosts.md").read_text("utf-8")
    listed = re.findall(r"^\| `(integrity/[\w.-]+)` \|", text, re.MULTILINE)
    assert set(listed) == NAMED
    for requirement, _, _ in HOSTS.values():
        assert requirement.replace("==", " ") in text
