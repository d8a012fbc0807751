"""Whether a process may be forked to share work with, and how many may work."""

import os
import sys
import threading


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def may_fork() -> bool:
    """What other threads hold (those of a preview) would be held for ever in the child, and libraries of macOS begin
    threads of their own."""
    return threading.active_count() == 1 and sys.platform.startswith("linux")
