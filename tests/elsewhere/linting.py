"""The linters of files for other programs, and what stands in those files."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.programs import in_ci
from support.site import PROJECT

WORKFLOWS = sorted((PROJECT / ".github/workflows").glob("*.yml"))
ACTION = PROJECT / ".github/actions/record/action.yml"
HOOKS = PROJECT / ".pre-commit-hooks.yaml"


def need_module(name: str, package: str) -> None:
    """Skip the test where a development dependency is missing; in CI that is a failure."""
    if importlib.util.find_spec(name) is not None:
        return
    message = f"{package} is not installed: pip install {package}"
    if in_ci():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def module(*arguments: str) -> tuple[int, str]:
    """The exit status and the output of ``python -m …``."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """Every step of a workflow or a composite action."""
    values = yaml.safe_load(file.read_text("utf-8"))
    yield from values.get("runs", {}).get("steps", [])
    for job in values.get("jobs", {}).values():
        yield from job["steps"]


def scripts(file: Path) -> list[str]:
    return [step["run"] for step in steps(file) if "run" in step]
