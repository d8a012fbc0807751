"""Other people's programs, in an environment of their own: what they read of ours is what the world reads."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from support import programs


def environment(*packages: str) -> Path:
    """The ``bin`` folder of a virtual environment with these packages (``name==version``); kept between runs.

    Skips the test where they cannot be installed. What a package says of Python's version is passed over: those that
    ask for a newer one than ours are taken when they run.
    """
    name = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"record-strangers-{name}"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        command = [folder / "bin/python", "-m", "pip", "install", "-q", "--ignore-requires-python", *packages]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"{', '.join(packages)} cannot be installed here: {done.stderr.strip()[-200:]}")
        (folder / "complete").touch()
    return folder / "bin"


def node_modules(*packages: str) -> Path:
    """The ``node_modules`` folder with these packages of npm (``name@version``); kept between runs.

    Skips the test where they cannot be installed.
    """
    npm = programs.need("npm", package="npm")
    name = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"record-strangers-{name}"
    if not (folder / "complete").exists():
        options = ("--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder)
        done = subprocess.run([npm, "install", *options, *packages], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"{', '.join(packages)} cannot be installed here: {done.stderr.strip()[-200:]}")
        (folder / "complete").touch()
    return folder / "node_modules"
