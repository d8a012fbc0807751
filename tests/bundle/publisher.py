"""A publisher as a process of its own, to be killed: ``publisher.py PROJECT TARGET ISSUED [PAUSE]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import sealed
from loomworks_record.bundle.publish import publish_site


def main(project: str, target: str, issued: str, pause: str = "0") -> None:
    """Print ``building`` when the lock is held and the build begins, ``published`` at the end."""
    made = sealed.Project(Path(project))

    def build(site: Path) -> None:
        print("building", flush=True)
        sealed.build(made, site, issued=int(issued))
        time.sleep(float(pause))

    publish_site(Path(target), build, keep=2, now=lambda: int(issued) + 1)
    print("published", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
