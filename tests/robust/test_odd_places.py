"""Files of another kind, links, folders of somebody else, wherever a command looks: a line, an exit code, an end."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from robust.projects import Project, import_commands, make

LARGE = 8 << 40  # bytes of a file without blocks


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _large(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(LARGE)


def _endless(place: Path) -> None:
    place.symlink_to("/dev/zero")


def _itself(place: Path) -> None:
    place.symlink_to(place.name)


def _nowhere(place: Path) -> None:
    place.symlink_to("not-there")


BUILD = ("build", "--host", "none")
# What is put where, the command, its exit code, and what it says.
PLACES: list[tuple[Callable[[Path], None], str, tuple[str, ...], int, str]] = [
    (_pipe, "mkdocs.yml", ("check",), 2, "expected a regular file"),
    (_nowhere, "mkdocs.yml", ("check",), 2, "expected a regular file"),
    (_itself, "mkdocs.yml", ("fresh",), 2, "expected a regular file"),
    (_endless, "mkdocs.yml", BUILD, 2, "expected a regular file"),
    (_pipe, "record.log.jsonl", ("fresh",), 4, "expected a regular file"),
    (_pipe, "known.json", ("check", "--baseline", "known.json"), 2, "expected a regular file"),
    (_itself, "site", BUILD, 6 if sys.version_info < (3, 13) else 2, "link"),
    (_large, "content/large-v0_1.md", ("check",), 1, "more than 100,000,000"),
    (_large, "content/large.svg", ("check",), 1, "more than 100,000,000"),
    (_large, "content/large.svg", BUILD, 6, "make it readable"),
    (_large, "requirements.txt", ("fresh",), 2, "is it the right file?"),
    (_large, "site/index.html", ("verify", "site"), 6, "more than 512 MiB"),
    (_large, "site/index.html", BUILD, 0, "built and verified"),
    (_endless, "key", ("verify", "site", "--key", "key"), 2, "is it the right file?"),
    (_endless, "receipt", ("verify", "--receipt", "receipt"), 2, "is it the right file?"),
]  # fmt: skip


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    import_commands()
    project = make(tmp_path_factory.mktemp("odd") / "project")
    assert project.run("build", "--host", "none").status == 0
    return project


@pytest.mark.parametrize(("put", "where", "arguments", "status", "words"), PLACES)
def test_what_is_no_file_is_told(
    prepared: Project, tmp_path: Path, put: Callable[[Path], None], where: str, arguments: tuple[str, ...], status: int,
    words: str,
) -> None:  # fmt: skip
    shutil.copytree(prepared.root, tmp_path / "project")
    place = tmp_path / "project" / where
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    put(place)
    done = Project(tmp_path / "project").fork(*arguments).ran(60)
    assert (done.status, words in done.out + done.err) == (status, True), done
    assert "Traceback" not in done.err


@pytest.mark.parametrize("folder", [".", "content", "content/site", "/dev/null"])
def test_no_site_is_built_over_what_is_there(prepared: Project, folder: str) -> None:
    before = prepared.filed()
    done = prepared.fork(*BUILD, "--site-dir", folder).ran(60)
    assert (done.status, done.err.count("\n")) == (2, 1), done
    assert prepared.filed() == before


def test_no_site_is_built_into_a_home(prepared: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home/.cache").mkdir(parents=True)
    (tmp_path / "home/.cache/kept").write_text("mine", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    done = prepared.fork(*BUILD, "--site-dir", str(tmp_path / "home")).ran(60)
    assert (done.status, "a home" in done.err) == (2, True), done
    assert [each.name for each in (tmp_path / "home").rglob("*")] == [".cache", "kept"]


@pytest.mark.parametrize("folder", [".", "content", "content/www", "/", "~", ".git/www"])
def test_nothing_is_published_into_what_is_there(prepared: Project, folder: str, tmp_path: Path) -> None:
    before = {each.name for each in prepared.root.iterdir()}
    place = os.path.expanduser(folder)  # noqa: PTH111 - "/" and "." as they are given
    done = prepared.fork("publish", place).ran(60)
    assert (done.status, done.err.count("\n")) == (2, 1), done
    assert {each.name for each in prepared.root.iterdir()} == before
    assert not Path(place, "releases").exists()


def test_a_silent_git_is_told(prepared: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loomworks_record.bundle.git._SOON", 0.3)
    shutil.copytree(prepared.root, tmp_path / "project")
    project = Project(tmp_path / "project")
    project.git("init", "-q")
    (project.root / ".git/HEAD").unlink()
    os.mkfifo(project.root / ".git/HEAD")
    done = project.fork("fresh").ran(60)
    assert (done.status, "git gave no answer" in done.err, done.err.count("\n")) == (6, True, 1), done


@pytest.mark.parametrize(
    ("asked", "refusal", "words"),
    [
        ("threading.Thread.start", RuntimeError("can't start new thread"), "(ulimit -u)"),
        ("loomworks_record.search.engine._service", OSError(errno.EMFILE, "Too many open files"), "(ulimit -n)"),
        ("loomworks_record.render.templates.without_invisible", OSError(errno.EMFILE, "Too many"), "(ulimit -n)"),
    ],
)
def test_a_thread_or_file_too_many_is_told(
    prepared: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, refusal: Exception, words: str
) -> None:
    shutil.copytree(prepared.root, tmp_path / "project", ignore=shutil.ignore_patterns(".cache", "site"))
    monkeypatch.setattr(asked, Mock(side_effect=refusal))
    done = Project(tmp_path / "project").fork(*BUILD).ran(60)
    assert (done.status, words in done.line, "Traceback" in done.err) == (6, True, False), done


def test_assets_of_ones_own_are_found_in_their_folder_alone(prepared: Project, tmp_path: Path) -> None:
    shutil.copytree(prepared.root, tmp_path / "project")
    project = Project(tmp_path / "project")
    settings = project.root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace("name: record", "name: record\n  custom_dir: own")
    settings.write_text(text, "utf-8")
    assert project.fork(*BUILD).ran().status == 2  # there is no such folder
    (project.root / "own").mkdir()
    (project.root / "own/mine.css").write_text("a {}", "utf-8")
    (project.root / "own/also.css").symlink_to("mine.css")
    (project.root / "own/theirs.css").symlink_to("/etc/passwd")
    os.mkfifo(project.root / "own/pipe.css")
    assert project.fork(*BUILD).ran().status == 0
    names = {name for name in ("mine.css", "also.css", "theirs.css", "pipe.css") if (project.site / name).exists()}
    assert names == {"mine.css", "also.css"}
