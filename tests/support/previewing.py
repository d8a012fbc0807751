"""A preview as ``record serve`` builds it, in this process and without a server."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from loomworks_record.build.alone import write_alone
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.search_later import THREAD, SearchLater
from loomworks_record.source.project import load_project

ADDRESS = "http://127.0.0.1:8000/"
_PATIENCE = 60  # seconds


class Preview:
    """Of the project in ``folder``, into a folder beside it; ``quiet``: see ``SearchLater``."""

    def __init__(self, folder: Path, quiet: float) -> None:
        self.folder = folder
        self.site = SiteFolder(folder.with_name("preview"), ours=True)
        self.search = SearchLater(quiet)

    def build(self) -> None:
        self.search.stop()
        with self.search.lock:
            write_alone(load_project(self.folder), self.site, site_url=ADDRESS, later=self.search)

    def listed(self) -> dict[str, Any]:
        """What the search page reads first."""
        listed: dict[str, Any] = json.loads((self.site.root / "pagefind/shards.json").read_bytes())
        return listed

    def wait_beside(self) -> None:
        """Until what was edited is found beside the search as it was; it stays so."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with suppress(OSError, ValueError):  # it is being written
                if "outdated" in self.listed():
                    return self.search.stop()
            time.sleep(0.05)
        raise AssertionError("nothing is outdated")

    def wait(self) -> None:
        """Until the search is made."""
        for thread in threading.enumerate():
            if thread.name == THREAD:  # other tests have servers at work
                thread.join(_PATIENCE)
