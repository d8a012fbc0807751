"""The site of the last build, out of MkDocs' way: it empties ``site_dir`` before every build, and what is right there
need not be written again. So the folder is set aside before that and put back after.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path


def set_aside(site_dir: Path) -> None:
    """Give the folder another name. Where that cannot be, MkDocs empties it, and everything is written."""
    put_back(site_dir)  # a build that was killed between the two may have left it there
    if site_dir.exists():  # and somebody made another since: what was left would be in the way for ever
        shutil.rmtree(_aside(site_dir), ignore_errors=True)
    with suppress(OSError):
        site_dir.rename(_aside(site_dir))


def put_back(site_dir: Path) -> None:
    """Give it its name again, unless another folder has that by now."""
    with suppress(OSError):
        if _aside(site_dir).exists() and not site_dir.exists():
            _aside(site_dir).rename(site_dir)


def _aside(site_dir: Path) -> Path:
    return site_dir.with_name(f".{site_dir.name}.aside")
