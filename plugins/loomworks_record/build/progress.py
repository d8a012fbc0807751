"""How far a long build is, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_PATIENCE = 1.0  # seconds; a build that is over sooner shows no bar


def progress() -> Callable[[int, int], None] | None:
    """Told (pages done, pages in all), it draws a bar on stderr, gone at the end; None where no terminal is there."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    return _Bar()


class _Bar:
    def __init__(self) -> None:
        # A fortieth of a second, for a terminal alone.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        self._started = time.monotonic()
        columns = (TextColumn("Rendering"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("")

    def __call__(self, done: int, in_all: int) -> None:
        if time.monotonic() - self._started < _PATIENCE:
            return
        self._progress.start()
        self._progress.update(self._task, completed=done, total=in_all)
        if done >= in_all:
            self._progress.stop()
