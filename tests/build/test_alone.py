"""A site that is built without MkDocs: the same files, but for those that name the builder; and its preview."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.error import HTTPError

import pytest
from support.site import Build, mkdocs, write_project

RECORD = (sys.executable, "-m", "loomworks_record.cli.main")
NAMING_THE_BUILDER = {f"integrity/{name}" for name in ("manifest-sha256.txt", "provenance.json", "stamp.json")}
CONTENT = {
    "phases/phase-1-x/phase-1-cr-x-v0_2.md": "# Request\n\n**Version.** 0.2\n\nSee CR v0.1 §1.\n",
    "phases/phase-1-x/archive/phase-1-cr-x-v0_1.md": "# Request\n\n**Version.** 0.1\n\n## 1. Why\n\nOne.\n",
    "robots.txt": "User-agent: *\n",
}
LOOK = {
    "extra_css": ["own/own.css"],
    "extra_javascript": ["own/one.js", {"path": "own/two.js", "defer": True}],
    "theme": {"name": "material", "custom_dir": "own-theme", "palette": {"scheme": "slate"}},
}


def files(site: Path) -> dict[str, bytes]:
    return {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def without_host(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*RECORD, "build", "--host", "none", "--site-dir", "alone", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("look", [{}, LOOK], ids=["plain", "with a look of its own"])
def test_every_page_is_the_same(tmp_path: Path, look: dict[str, object]) -> None:
    project = tmp_path / "project"
    write_project(CONTENT, project, config=look)
    for path in ("own/own.css", "own/one.js", "own/two.js", ".hidden/x.css", "record/x.html", "about.html", "x.py"):
        file = project / "own-theme" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("/* ours */")
    status, output = mkdocs(project, "build", "--quiet")
    assert status == 0, output
    done = without_host(project)
    assert done.returncode == 0, done.stderr
    one, other = files(project / "site"), files(project / "alone")
    assert one.keys() == other.keys()
    assert {path for path in one if one[path] != other[path]} == NAMING_THE_BUILDER
    assert b"mkdocs" in one["integrity/provenance.json"] and b"mkdocs" not in other["integrity/provenance.json"]


def test_a_site_without_a_host_is_rebuilt_without_one(tmp_path: Path) -> None:
    write_project(CONTENT, tmp_path / "project")
    assert without_host(tmp_path / "project").returncode == 0
    command = [*RECORD, "verify", "alone", "--rebuild"]
    done = subprocess.run(command, cwd=tmp_path / "project", capture_output=True, text=True, timeout=120)
    assert (done.returncode, "files checked" in done.stdout) == (0, True), done


def test_the_sample_record_is_the_same(sample_site: Build) -> None:
    done = without_host(sample_site.folder)
    assert done.returncode == 0, done.stderr
    one, other = files(sample_site.site), files(sample_site.folder / "alone")
    assert {path for path in one if one[path] != other.get(path)} == NAMING_THE_BUILDER


def test_neither_mkdocs_nor_its_theme_is_imported(tmp_path: Path) -> None:
    write_project(CONTENT, tmp_path / "project")
    code = (
        "import sys; from loomworks_record.cli.main import main\n"
        "try: main(['build', '--host', 'none'])\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "tops = {name.partition('.')[0] for name in sys.modules}\n"
        "print('imported:', *sorted(tops & {'mkdocs', 'material', 'properdocs'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "project", capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "imported:", done.stdout + done.stderr


def test_strict_fails_on_our_own_problems(tmp_path: Path) -> None:
    write_project({"a-v0_1.md": "# A\n", "a-v0_2.md": "# A\n"}, tmp_path / "project")
    assert without_host(tmp_path / "project").returncode == 0
    failed = without_host(tmp_path / "project", "--strict")
    assert failed.returncode == 1 and "superseded-outside-archive" in failed.stderr


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[tuple[Path, str, Callable[[], str]]]:
    project = tmp_path / "project"
    write_project(CONTENT, project)
    command = [*RECORD, "serve", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    # What a shell begins in the background ignores Ctrl-C, and so does what it begins.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=heed
    )
    assert process.stdout is not None
    yield project, process.stdout.readline().split()[0], process.stdout.readline
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0


def test_a_preview_follows_edits(preview: tuple[Path, str, Callable[[], str]]) -> None:
    project, address, next_line = preview
    page = f"{address}view/phases/phase-1-x/phase-1-cr-x-v0_2.md.html"
    assert b"See" in urllib.request.urlopen(page, timeout=10).read()
    file = project / "content/phases/phase-1-x/phase-1-cr-x-v0_2.md"
    file.write_text(file.read_text().replace("See", "Behold"))
    assert "built again" in next_line()
    assert b"Behold" in urllib.request.urlopen(page, timeout=10).read()
    with pytest.raises(HTTPError) as missing:
        urllib.request.urlopen(f"{address}nothing", timeout=10)
    assert missing.value.code == 404 and b'name="record"' in missing.value.read()
    assert not (project / "site").exists()
