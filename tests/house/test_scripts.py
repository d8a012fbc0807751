"""The scripts: each runs from any folder and says how to use it, and a fresh clone needs nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.site import PROJECT

SCRIPTS = PROJECT / "scripts"
COMMANDS = ("build", "serve", "test", "lock", "bench", "debian")
BENCHMARKS = sorted(file.stem.removeprefix("bench_") for file in SCRIPTS.glob("bench_*.py"))


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", timeout=900
    )


def test_every_script_is_tested_here() -> None:
    executable = {file.name for file in SCRIPTS.iterdir() if os.access(file, os.X_OK) and file.is_file()}
    assert executable == set(COMMANDS)


@pytest.mark.parametrize("name", [*(f"scripts/{name}" for name in (*COMMANDS, "environment.sh")), ".ci/run"])
def test_scripts_are_valid_shell(name: str) -> None:
    finished = run("bash", "-n", str(PROJECT / name), cwd=PROJECT)
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_usage_from_any_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(SCRIPTS / name)
    for command in (str(SCRIPTS / name), os.path.relpath(SCRIPTS / name, tmp_path), "./link"):
        finished = run(command, "--help", cwd=tmp_path)
        assert (finished.returncode, finished.stderr) == (0, "")
        assert finished.stdout.startswith(f"Usage: scripts/{name}")
        assert "#" not in finished.stdout


def test_build_takes_no_argument(tmp_path: Path) -> None:
    finished = run(str(SCRIPTS / "build"), "elsewhere", cwd=tmp_path)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.count("\n") == 1
    assert "it takes no argument, got 'elsewhere'" in finished.stderr


def test_an_installation_says_how_far_it_is(tmp_path: Path) -> None:
    said = "".join(f"Collecting p{number}==1\n  Downloading p{number}.whl\n" for number in range(60))
    said += "Installing collected packages: p0, p1\nSuccessfully installed p0-1\n"
    script = f"source {SCRIPTS / 'environment.sh'}; told_packages 60"
    finished = subprocess.run(["bash", "-c", script], input=said, capture_output=True, text=True, cwd=tmp_path)
    assert finished.stdout.splitlines() == ["  25 of 60 packages", "  50 of 60 packages", "  unpacking 60 packages"]


def test_benchmarks_are_listed_with_a_line_each(tmp_path: Path) -> None:
    listed = run(str(SCRIPTS / "bench"), "--help", cwd=tmp_path).stdout.partition("Benchmarks:\n")[2]
    lines = [line.split(maxsplit=1) for line in listed.splitlines()]
    assert [name for name, *_ in lines] == BENCHMARKS
    assert all(len(line) == 2 and line[1].endswith(".") for line in lines)


def test_an_unknown_benchmark_is_refused_in_one_line(tmp_path: Path) -> None:
    finished = run(str(SCRIPTS / "bench"), "weather", cwd=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr == "bench: there is no benchmark 'weather'. 'scripts/bench --help' lists them\n"


def test_the_reading_benchmark_runs(tmp_path: Path) -> None:
    script = str(SCRIPTS / "bench_reading.py")
    finished = run(sys.executable, script, "--documents=12", "--bytes=3000", "--rounds=2", cwd=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    lines = [line.split()[0] for line in finished.stdout.splitlines()]
    assert lines == ["12", "read", "record", "ratio", "goal", "record", "goal"]
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with the few programs that every system has; as the whole path it stands for a fresh machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "basename", "cat", "chmod", "dirname", "readlink", "sed", "sha256sum"):
        (folder / name).symlink_to(shutil.which(name) or "")
    put_program(folder, "id", "echo 1000")
    return folder


def put_program(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(("#!/usr/bin/env bash", *lines, "")))
    (folder / name).chmod(0o755)


def test_a_python_that_is_too_old_is_named(tmp_path: Path, bare: Path) -> None:
    """With nothing in the path but an old python3, one line says what is needed, and nothing is made."""
    copy = tmp_path / "project"
    (copy / "scripts").mkdir(parents=True)
    for name in ("build", "environment.sh"):
        (copy / "scripts" / name).write_bytes((SCRIPTS / name).read_bytes())
    for name in ("requirements.txt", "requirements-build.txt", "pyproject.toml"):
        (copy / name).write_text("")
    put_program(bare, "python3", '[ "$1" = -V ] && echo Python 3.9.2', "exit 1")
    finished = run("/bin/bash", str(copy / "scripts" / "build"), cwd=tmp_path, PATH=str(bare))
    assert finished.returncode == 1
    assert finished.stderr.startswith("build: Python 3.11 or later is needed, 'python3' is Python 3.9.2. ")
    assert not (copy / ".venv").exists()


def test_ci_does_not_start_the_tests_without_a_browser(tmp_path: Path, bare: Path) -> None:
    finished = run("/bin/bash", str(SCRIPTS / "test"), cwd=tmp_path, PATH=str(bare), CI="true")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == "test: chromium is needed. Install it: apt install chromium fonts-liberation\n"


def test_root_gets_what_is_missing_from_apt(tmp_path: Path, bare: Path) -> None:
    """This apt brings Chromium and nothing else, so the run ends at the next program, which it could not bring."""
    put_program(bare, "id", "echo 0")
    put_program(
        bare,
        "apt-get",
        f'echo "$@" >>"{tmp_path}/asked"',
        '[[ " $* " == *" chromium "* ]] || exit 0',
        f'echo >"{bare}/chromium" && chmod +x "{bare}/chromium"',
    )
    finished = run("/bin/bash", str(SCRIPTS / "test"), cwd=tmp_path, PATH=str(bare), CI="true")
    asked = [line.split() for line in (tmp_path / "asked").read_text().splitlines()]
    assert [line[0] for line in asked] == ["update", "install"] * (len(asked) // 2)
    assert asked[1][-2:] == ["chromium", "fonts-liberation"]
    assert finished.returncode == 1
    assert re.search(r"^test: (nginx|git) is needed\. Install it: apt install \S+$", finished.stderr, re.M)


@pytest.mark.full
def test_a_fresh_clone_builds_and_builds_again(tmp_path: Path, git: str) -> None:
    """Two folders deep, with a space in the name, called from elsewhere, with the committed files only."""
    clone = tmp_path / "a folder" / "clone"
    assert run(git, "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(clone), cwd=tmp_path).returncode == 0
    for _ in range(2):
        finished = run(str(clone / "scripts" / "build"), cwd=tmp_path)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        assert f"The site is in {clone / 'site'}" in finished.stdout
        assert "Preview it:  scripts/serve" in finished.stdout
    assert "Installing" not in finished.stdout
    assert (clone / "site" / "index.html").is_file()
    assert run(git, "status", "--porcelain", cwd=clone).stdout == ""
