"""Programs of the system that tests run: found, or else a skip with a reason, or a failure in CI."""

from __future__ import annotations

import os
import shutil

import pytest

# Debian keeps nginx in a folder that a user's path leaves out.
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def in_ci() -> bool:
    """In CI nothing may be skipped for want of a program."""
    return os.environ.get("CI") == "true"


def find(*names: str) -> str | None:
    """The path of the first of ``names`` that is installed."""
    return next((path for name in names if (path := shutil.which(name, path=_PATH))), None)


def need(*names: str, package: str) -> str:
    """The path of one of ``names``; where none is installed the test is skipped, and fails when CI=true."""
    found = find(*names)
    if found is not None:
        return found
    message = f"{names[0]} is not installed: apt install {package}"
    if in_ci():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
