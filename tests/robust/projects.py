"""Projects to be disturbed: a record made by ``record init``, commands run in it, and what must be so afterwards."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PHASE = "phases/phase-1-room-booking"
CURRENT = f"{PHASE}/phase-1-cr-room-booking-v0_2.md"
ARCHIVED = f"{PHASE}/archive/phase-1-cr-room-booking-v0_1.md"


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        return (self.err.strip() or self.out.strip() or "(nothing)").splitlines()[-1]


@dataclass(frozen=True)
class Project:
    """A folder with mkdocs.yml, content/ and a log, named so that its site is sealed."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def start(self, *arguments: str | Path, **more: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        return subprocess.Popen(
            command(*arguments), cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL, env=environment, **more,
        )  # type: ignore[call-overload,no-any-return]  # fmt: skip

    def run(self, *arguments: str | Path, timeout: float = 120, **more: object) -> Ran:
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=timeout)
        return Ran(process.returncode, out, err)

    def run_installed(self, *arguments: str | Path) -> Ran:
        """With the command as pip puts it beside Python: the folder of the project is not on Python's path."""
        record = Path(sys.executable).with_name("record")
        done = subprocess.run([record, *arguments], cwd=self.root, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", "-C", self.root, *who, *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def filed(self) -> dict[str, str]:
        """sha256 of every filed file, by path: found without the product."""
        return _digests(self.content)

    def published(self) -> dict[str, str]:
        return _digests(self.site / "raw")


def command(*arguments: str | Path) -> list[str]:
    if arguments[0] == "mkdocs":
        return [sys.executable, "-m", *map(str, arguments)]
    return [sys.executable, "-m", "loomworks_record.cli.main", *map(str, arguments)]


def make(root: Path) -> Project:
    """The record that ``record init`` makes, with a picture, a template of its own, and an address."""
    done = subprocess.run(command("init", root), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    project = Project(root)
    file = root / "mkdocs.yml"
    settings = file.read_text("utf-8")
    if "site_url:" not in settings:
        settings = f"site_url: https://record.example.org/\n{settings}"
    file.write_text(settings, "utf-8")
    (project.content / PHASE / "plan.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    return project


def _digests(folder: Path) -> dict[str, str]:
    files = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
