"""What is installed elsewhere: the wheel, and other hosts than the locked one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.site import PROJECT

PIP = (sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--retries", "1")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``fetched("properdocs==1.6.7")``: a folder with that package alone, to stand first in PYTHONPATH."""

    def fetch(requirement: str) -> Path:
        folder = tmp_path_factory.mktemp("fetched")
        done = subprocess.run(
            [*PIP, "--target", str(folder), requirement],
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            pytest.skip(f"{requirement} cannot be installed here: {said[-1] if said else 'pip gave no reason'}")
        return folder

    return fetch
