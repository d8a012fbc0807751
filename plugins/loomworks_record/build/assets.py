"""Our assets, named after what they hold: they can be kept for ever, and an old page finds the old one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from loomworks_record.bundle.headers import hashed_name
from loomworks_record.source.project import files_below

FOLDER = "assets/record"


def asset_names(templates: Path) -> Mapping[str, str]:
    """``assets/record/record.css`` → ``assets/record/record.<hash>.css``, for every asset that we ship."""
    named = {file.relative_to(templates).as_posix(): file.read_bytes() for file in files_below(templates / FOLDER)}
    return {path: hashed_name(path, data) for path, data in named.items()}
