"""The scripts: each runs from any folder and says how to use it, and a fresh clone needs nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.site import PROJECT

SCRIPTS = PROJECT / "scripts"
COMMANDS = ("build", "serve", "test", "lock", "bench")
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


def test_benchmarks_are_listed_with_a_line_each(tmp_path: Path) -> None:
    listed = run(str(SCRIPTS / "bench"), cwd=tmp_path).stdout.partition("Benchmarks:\n")[2]
    lines = [line.split(maxsplit=1) for line in listed.splitlines()]
    assert [name for name, *_ in lines] == BENCHMARKS
    assert all(len(line) == 2 and line[1].endswith(".") for line in lines)


def test_an_unknown_benchmark_is_refused_in_one_line(tmp_path: Path) -> None:
    finished = run(str(SCRIPTS / "bench"), "weather", cwd=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr == "bench: there is no benchmark 'weather'. 'scripts/bench' lists them\n"


def test_the_reading_benchmark_runs(tmp_path: Path) -> None:
    script = str(SCRIPTS / "bench_reading.py")
    finished = run(sys.executable, script, "--documents=12", "--bytes=3000", "--rounds=2", cwd=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert [line.split()[0] for line in finished.stdout.splitlines()] == ["12", "read", "record", "ratio", "goal"]
    assert list(tmp_path.iterdir()) == []


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    """With nothing in the path but an old python3, one line says what is needed, and nothing is made."""
    copy = tmp_path / "project"
    (copy / "scripts").mkdir(parents=True)
    for name in ("build", "environment.sh"):
        (copy / "scripts" / name).write_bytes((SCRIPTS / name).read_bytes())
    for name in ("requirements.txt", "requirements-build.txt", "pyproject.toml"):
        (copy / name).write_text("")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "basename", "cat", "dirname", "readlink", "sed", "sha256sum", "id"):
        (programs / name).symlink_to(shutil.which(name) or "")
    (programs / "python3").write_text("#!/usr/bin/env bash\n[ \"$1\" = -V ] && echo Python 3.9.2\nexit 1\n")
    (programs / "python3").chmod(0o755)
    finished = run("/bin/bash", str(copy / "scripts" / "build"), cwd=tmp_path, PATH=str(programs))
    assert finished.returncode == 1
    assert finished.stderr.startswith("build: Python 3.11 or later is needed, 'python3' is Python 3.9.2. ")
    assert not (copy / ".venv").exists()


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
