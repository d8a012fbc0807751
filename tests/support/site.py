"""Real builds: a record in a folder of its own, built by a real ``mkdocs build``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]
INVENTORY = PROJECT.parent / "shared" / "record" / "inventory.jsonl"  # of the real record; it may not be there


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build. ``folder`` holds mkdocs.yml, content/ and site/; ``output`` is all that was printed."""

    folder: Path
    status: int
    output: str

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def content(self) -> Path:
        return self.folder / "content"

    def text(self, path: str) -> str:
        """The text of a file of the site, by its path from the site's top."""
        return (self.site / path).read_text("utf-8")


def page_at(path: str) -> str:
    """The page of the document that is filed at a path."""
    return f"view/{path.replace('archive/', '')}.html"


def write_content(content: Mapping[str, str | bytes] | Path, folder: Path) -> None:
    """Put a record into ``folder``: paths with their text or bytes, or a folder to copy."""
    if isinstance(content, Path):
        shutil.copytree(content, folder, dirs_exist_ok=True)
        return
    for path, body in content.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body if isinstance(body, bytes) else body.encode("utf-8"))


def write_project(
    content: Mapping[str, str | bytes] | Path, folder: Path, *, config: Mapping[str, Any] | None = None
) -> None:
    """Put a project into ``folder``: the record, and an mkdocs.yml that takes over the project's own.

    ``config``: keys for it. A map is merged into the project's own, anything else stands in its place.
    """
    (folder / "content").mkdir(parents=True)
    write_content(content, folder / "content")
    given = dict(config or {})
    # Relative to the new mkdocs.yml it would name nothing.
    given["theme"] = {"custom_dir": str(PROJECT / "overrides"), **given.get("theme", {})}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump({"INHERIT": str(PROJECT / "mkdocs.yml"), **given}), "utf-8")


def mkdocs(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit status and the output of ``mkdocs`` run in ``folder``."""
    finished = subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
    )
    return finished.returncode, finished.stdout


def build(
    content: Mapping[str, str | bytes] | Path,
    folder: Path,
    *,
    config: Mapping[str, Any] | None = None,
    strict: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Build:
    """Write a project into ``folder``, which is made, and build it. The caller looks at ``status``."""
    write_project(content, folder, config=config)
    return rebuild(folder, strict=strict, environment=environment)


def rebuild(folder: Path, *, strict: bool = False, environment: Mapping[str, str] | None = None) -> Build:
    """Build the project in ``folder`` as it stands now."""
    status, output = mkdocs(folder, "build", *(["--strict"] if strict else []), environment=environment)
    return Build(folder, status, output)
