"""Told to end by a signal. Every command loads this: it imports next to nothing."""

import signal
import sys
from typing import NoReturn

_asked: list[int] = []


def end(number: int, _: object = None) -> NoReturn:
    """Told to end by a signal: what was begun and put into temporary folders goes first. It is noted besides, since
    Python drops what is raised in the functions that modules have called at a fork (those of logging)."""
    _asked.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def end_if_asked() -> None:
    """End where a signal said so and nothing came of it."""
    if _asked:
        end(_asked[0])
