"""From the wheel, in an empty environment and an empty folder, to a published record that verifies."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., str]
DOCUMENT = "# Rates\n\n**Version.** 0.2 **Date.** 2026-05-14 **Status.** Draft.\n\n## 1 Scope\n\nRates by weight.\n"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing in it but the wheel; what the wheel depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    venv.create(folder)
    python = folder / "bin/python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    done = subprocess.run([*command, str(wheel)], capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    # Afterwards, or pip would find the tree's own installation and do nothing. A folder named in a .pth file has its
    # own .pth files left unread, so that the editable installation stays out.
    packages = next((folder / "lib").glob("python*/site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture
def run(installed: Path) -> Run:
    """``run(folder, "record", "check")``: what the command printed; it must end with 0."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment = {**kept, "PATH": os.pathsep.join((str(installed / "bin"), os.environ["PATH"]))}

    def run(folder: Path, *command: str) -> str:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=170)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    return run


def test_the_package_is_the_one_of_the_wheel(installed: Path, run: Run, tmp_path: Path) -> None:
    where = run(tmp_path, "python", "-c", "import loomworks_record; print(loomworks_record.__file__)")
    assert Path(where.strip()).is_relative_to(installed)


def test_a_record_is_begun_checked_built_and_verified(run: Run, tmp_path: Path) -> None:
    assert "Made a record with 4 documents in this folder." in run(tmp_path, "record", "init")
    assert "4 documents: no problems" in run(tmp_path, "record", "check", "--strict")
    run(tmp_path, "python", "-m", "mkdocs", "build", "--strict")
    assert run(tmp_path, "record", "verify", "site").startswith("ok: ")
    assert '<meta name="record" content="loomworks-record/1">' in (tmp_path / "site/index.html").read_text("utf-8")


@pytest.mark.full
def test_a_new_user_needs_five_commands_and_three_minutes(run: Run, tmp_path: Path) -> None:
    """The commands that docs/start.md gives, without the preview, which does not end by itself."""
    begun = time.monotonic()
    (tmp_path / "loomworks-shipping-rates-v0_1.md").write_text(DOCUMENT.replace("0.2", "0.1"), "utf-8")
    run(tmp_path, "record", "init", "our-record")
    folder = tmp_path / "our-record"
    run(folder, "record", "file", "--yes", "--to", "notes", "../loomworks-shipping-rates-v0_1.md")
    run(folder, "record", "publish", "public")
    assert run(folder, "record", "verify", "public/current").startswith("ok: ")
    page = folder / "public/current/view/notes/loomworks-shipping-rates-v0_1.md.html"
    assert "Rates by weight." in page.read_text("utf-8")
    assert time.monotonic() - begun < 180
