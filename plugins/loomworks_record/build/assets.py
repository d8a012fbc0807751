"""Our assets, named after what they hold: they can be kept for ever, and an old page finds the old one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from loomworks_record.bundle.headers import hashed_name

FOLDER = "assets/record"


def asset_names(templates: Path) -> Mapping[str, str]:
    """``assets/record/record.css`` → ``assets/record/record.<hash>.css``, for every asset that we ship."""
    folder = templates / FOLDER
    found = sorted(file for file in folder.rglob("*") if file.is_file())
    named = {file.relative_to(templates).as_posix(): file.read_bytes() for file in found}
    return {path: hashed_name(path, data) for path, data in named.items()}
