"""A record is read without Python's search for cycles, and kept out of it afterwards.

What is read is a few million objects that stay until the build is over, and none of them is garbage. Looking through
them again and again costs a fifth of the time. And a process that is forked copies each page of memory that it
writes to: its own search would write to all of them, and so double the memory. Afterwards it searches as seldom as a
process that renders: few cycles are made.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """What is made here is not looked through before the next build; what the build before made is, from now on."""
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        gc.enable()
