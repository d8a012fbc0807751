"""The baseline of a project: where its file is, and read."""

from __future__ import annotations

from pathlib import Path

from loomworks_record.source.baseline import Baseline, BaselineError, parse_baseline
from loomworks_record.source.project import Project


def baseline_file(project: Project, given: Path | None = None) -> Path | None:
    """The file given, else the configured one (relative to the project's folder), else none."""
    if given is not None or project.config.baseline is None or not project.is_own_content:
        return given
    return project.root / project.config.baseline


def read_baseline(file: Path, *, may_begin: bool = False) -> Baseline:
    """The baseline in ``file``; an empty one where there is none and it ``may_begin``. Raises BaselineError."""
    if file.exists() and not file.is_file():
        raise BaselineError(f"{file}: cannot be read; expected a regular file")
    try:
        return parse_baseline(file.read_bytes(), name=file.name)
    except FileNotFoundError:
        if may_begin:
            return Baseline()
        raise BaselineError(f"{file}: there is no such file; begin it with --update-baseline --grow --reason") from None
