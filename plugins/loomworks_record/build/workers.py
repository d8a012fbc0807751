"""Who renders what is missing: this process, others beside it, or a cluster. All take a function and its batch.

Any ``concurrent.futures.Executor`` will do: a batch is a plain value with all that it needs, and so is its result.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from loomworks_record.errors import RecordError

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_AHEAD = 2  # batches handed out for each worker: one at work, one waiting, so that memory stays bounded


class WorkersError(RecordError):
    """The configured workers are not to be had, or went away."""


@contextmanager
def executor(workers: int | str | None) -> Iterator[Executor | None]:
    """The executor of the option ``workers``: a number of processes (None: one for each processor that this process
    may use), or the address of a Dask scheduler. None stands for rendering in this process."""
    if isinstance(workers, str):
        with _dask(workers) as cluster:
            yield cluster
        return
    count = processors() if workers is None else workers
    if count < 2:
        yield None
        return
    with ProcessPoolExecutor(count, mp_context=_context()) as pool:
        yield pool


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def results(
    pool: Executor | None, work: Callable[[Batch], Result], batches: Iterable[Batch], most: int = 0
) -> Iterator[Result]:
    """The results of ``work`` on each batch, as they come. ``most``: how many may be at work at once."""
    if pool is None:
        yield from map(work, batches)
        return
    waiting: set[Future[Result]] = set()
    try:
        for batch in batches:
            waiting.add(pool.submit(work, batch))
            if len(waiting) >= (most or _AHEAD * processors()):
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BrokenProcessPool:
        message = "a process that renders was ended (out of memory?); build again, or set 'workers: 1'"
        raise WorkersError(message) from None
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 - a second of start-up, and an extra that few install
    except ImportError:
        message = f"'workers: {address}' needs Dask: install loomworks-record[dask], or give a number of processes"
        raise WorkersError(message) from None
    try:
        client = Client(address, set_as_default=False, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as wrong:
        message = f"no Dask scheduler answers at '{address}' ({wrong}); start it, or set 'workers: 2'"
        raise WorkersError(message) from None
    with client, client.get_executor() as cluster:  # type: ignore[no-untyped-call]
        yield cluster


def _context() -> multiprocessing.context.BaseContext:
    """Forked processes begin with all modules loaded; a process with other threads (a preview) must not fork."""
    alone = threading.active_count() == 1 and sys.platform.startswith("linux")
    return multiprocessing.get_context("fork" if alone else "spawn")
