"""The search index, made by Pagefind over the finished pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from loomworks_record.errors import RecordError


class SearchError(RecordError):
    """The index could not be made."""


def build_search(site_dir: Path) -> None:
    """Index the document pages below ``site_dir`` into ``site_dir/pagefind``."""
    command = [
        sys.executable, "-m", "pagefind", "--site", str(site_dir), "--glob", "view/**/*.html",
        "--output-path", str(site_dir / "pagefind"), "--force-language", "en", "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise SearchError(f"Pagefind ended with {done.returncode}: {said[-1] if said else 'it said nothing'}")
