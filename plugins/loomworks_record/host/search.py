"""The search index, made by Pagefind over the finished pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from loomworks_record.errors import RecordError
from loomworks_record.host.search_order import order_index


class SearchError(RecordError):
    """The index could not be made."""


def build_search(site_dir: Path) -> None:
    """Index the document pages below ``site_dir`` into ``site_dir/pagefind``; without any there is no index."""
    if not (site_dir / "view").is_dir():
        return
    command = [
        sys.executable, "-m", "pagefind", "--site", str(site_dir), "--glob", "view/**/*.html",
        "--output-path", str(site_dir / "pagefind"), "--force-language", "en", "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise SearchError(f"Pagefind ended with {done.returncode}: {said[-1] if said else 'it said nothing'}")
    order_index(site_dir / "pagefind")
