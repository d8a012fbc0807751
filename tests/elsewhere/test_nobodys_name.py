"""A site made as README says names its own record, or nobody: never the one that this project was made for."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support import site

EXAMPLE = next(iter(re.findall(r"```yaml\n(.*?)```", (site.PROJECT / "README.md").read_text("utf-8"), re.DOTALL)))
NOTES = {
    "rates-v0_2.md": "# Rates\n\nVersion. 0.2\nDate. 2026-03-04\n\nAs [before](archive/rates-v0_1.md), and 2 %.\n",
    "archive/rates-v0_1.md": "# Rates\n\nVersion. 0.1\nDate. 2026-03-01\n\n1 %.\n",
}
# The program's own name, as the generator and in the names of formats, and the name of its package.
OURS = re.compile(rb"loomworks[-_]record")
THEIRS = re.compile(rb"dunin7|loomworks", re.IGNORECASE)


def project(folder: Path, **settings: object) -> Path:
    """README's example beside its folder of notes; a setting of None is left out."""
    values = yaml.safe_load(EXAMPLE) | settings
    site.write_content(NOTES, folder / values["docs_dir"])
    if settings:
        (folder / "mkdocs.yml").write_text(yaml.safe_dump({k: v for k, v in values.items() if v is not None}), "utf-8")
    else:
        (folder / "mkdocs.yml").write_text(EXAMPLE, "utf-8")
    return folder


def record(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "loomworks_record.cli.main", *arguments], capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


def named(folder: Path) -> Iterator[str]:
    """Every file below ``folder`` that holds a name of theirs, with what stands around it."""
    for file in folder.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        found = THEIRS.search(OURS.sub(b"", plain))
        if found:
            yield f"{file.relative_to(folder)}: {found.group()!r}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project(tmp_path_factory.mktemp("readme"))
    status, output = site.mkdocs(folder, "build")
    assert status == 0, output
    return folder


def test_the_example_of_readme_names_its_own_record(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built)
    assert record("log", "--yes")[0] == 0
    assert record("export", "--bagit", "bag")[0] == 0
    assert record("receipt", "archive/rates-v0_1.md")[0] == 0
    assert list(named(built)) == []
    checkpoint = (built / "site/integrity/checkpoint").read_text("utf-8")
    assert checkpoint.startswith("record.example.org\n")
    home = (built / "site/index.html").read_text("utf-8")
    assert '<h1 class="r-title">Our record</h1>' in home
    assert 'data-line="Our record"' in home
    assert "/registers/decisions/" not in home, "a register without rows is offered"
    assert 'placeholder="Words, a name, a version …"' in home
    assert ">Phases<" not in home, "a record without phases is asked for its phases"
    assert "0 phases" not in home
    assert "No phase is active" not in home
    feed = (built / "site/feed.atom").read_text("utf-8")
    assert "<id>tag:record.example.org,2026:/</id>" in feed
    assert "<name>Our record</name>" in feed
    bag = (built / "bag/bag-info.txt").read_text("utf-8")
    assert "Source-Organization" not in bag
    assert "Bagging-Date: 2026-03-04\n" in bag, "outside git the newest document dates a bag"


def test_a_name_of_ones_own_stands_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project(tmp_path, plugins=[{"record": {"origin": "log.example.net", "organisation": "Lamps"}}]))
    assert record("export", "--bagit", "bag")[0] == 0
    bag = (tmp_path / "bag/bag-info.txt").read_text("utf-8")
    assert "Source-Organization: Lamps\n" in bag
    assert "External-Identifier: log.example.net\n" in bag


def test_without_a_name_there_is_a_site_but_no_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path, site_url=None)
    monkeypatch.chdir(folder)
    for arguments in (["build"], ["build", "--strict"]):
        status, output = site.mkdocs(folder, *arguments)
        assert status == 0, output
        assert "not sealed" in output
        assert "site_url" in output
    assert (folder / "site/index.html").is_file()
    assert not (folder / "site/integrity/checkpoint").exists()
    assert "feed.atom" not in (folder / "site/index.html").read_text("utf-8")
    assert list(named(folder)) == []
    status, output = record("build")
    assert status == 0
    assert "not sealed" in output
    assert record("check")[0] == record("list")[0] == record("export", "--bagit", "bag")[0] == 0
    record("log", "--yes")
    for refused in (("publish", "public"), ("receipt", "archive/rates-v0_1.md")):
        status, output = record(*refused)
        assert status == 2, refused
        assert "set site_url in mkdocs.yml" in output
        assert output.count("\n") == 1
    assert not (folder / "public").exists()


def test_a_seal_goes_when_the_name_does(tmp_path: Path) -> None:
    folder = project(tmp_path)
    site.mkdocs(folder, "build")
    assert (folder / "site/integrity/stamp.json").exists()
    project(folder, site_url=None)
    site.mkdocs(folder, "build")
    assert not (folder / "site/_headers").exists()
    assert not (folder / "site/integrity/stamp.json").exists()
