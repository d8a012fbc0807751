"""Who renders what is missing: this process, others beside it, or a cluster. All take a function and its batch.

Any ``concurrent.futures.Executor`` will do: a batch is a plain value with all that it needs, and so is its result.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import partial
from itertools import chain, islice
from multiprocessing.process import BaseProcess
from typing import TypeVar

from loomworks_record.endings import end_with
from loomworks_record.errors import RecordError
from loomworks_record.forking import may_fork, processors

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_UNTIL_GIVEN_BACK = 32  # batches: a site goes through this process, and little of it is kept
_PATIENCE = 60.0  # seconds for the first process to begin
_AHEAD = 2  # batches handed out for each worker, one at work and one waiting: memory stays bounded


class WorkersError(RecordError):
    """The configured workers could not be started, or died."""


class Workers:
    """Those of the option ``workers``: a number of processes (None: one for each processor that this process may
    use), or the address of a Dask scheduler. They are begun when there is work for more than one."""

    def __init__(self, workers: int | str | None) -> None:
        self._cluster = workers if isinstance(workers, str) else None
        self.count = workers if isinstance(workers, int) else processors()
        self._open = ExitStack()
        self._pool: Executor | None = None
        self._first: Future[int] | None = None  # of the processes

    def begin(self) -> None:
        """Begin processes now, where that is cheap: forked before a record is read, they hold none of it. What a
        process shares with the one it was forked from is copied as soon as either touches it."""
        if self._cluster is None and self.count > 1 and may_fork():
            self._begun()

    def results(self, work: Callable[[Batch], Result], batches: Iterable[Batch]) -> Iterator[Result]:
        """The results of ``work`` on each batch, as they come. Raises WorkersError where a worker goes away."""
        waiting = iter(batches)
        first = list(islice(waiting, 2))
        if len(first) < 2 or (self.count < 2 and self._cluster is None):
            yield from map(work, chain(first, waiting))
            return
        try:
            pool = self._begun()
            if self._first and not wait([self._first], _PATIENCE).done:
                raise WorkersError("no process that renders has begun (ulimit -u?); set 'workers: 1', and build again")
            made = shared(pool, partial(_giving_back, work), chain(first, waiting), self.count)
            for number, result in enumerate(made, 1):
                yield result
                if number % _UNTIL_GIVEN_BACK == 0:
                    give_back()
        except BrokenProcessPool:
            message = "a process that renders was ended (out of memory?); build again, or set 'workers: 1'"
            raise WorkersError(message) from None

    def apart(self, work: Callable[..., Result], *given: object) -> Future[Result] | None:
        """``work``, begun in a process that is there already; None where there is none."""
        return None if self._cluster or self._pool is None else self._pool.submit(work, *given)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _begun(self) -> Executor:
        if self._pool is None:
            self._pool = self._of_cluster(self._cluster) if self._cluster else self._of_processes()
        return self._pool

    def _of_processes(self) -> Executor:
        begin = partial(_settle, os.getpid())
        self._open.callback(_end_all_but, multiprocessing.active_children())
        pool = ProcessPoolExecutor(self.count, mp_context=_context(), initializer=begin)
        # Begins them, all at once where they are forked. Where the system refuses one more, nothing waits for the pool.
        self._first = pool.submit(processors)
        return self._open.enter_context(pool)

    def _of_cluster(self, address: str) -> Executor:
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
        self._open.enter_context(client)
        self.count = max(1, len(client.scheduler_info()["workers"]))
        pool: Executor = self._open.enter_context(client.get_executor())  # type: ignore[no-untyped-call]
        return pool


def shared(pool: Executor, work: Callable[[Batch], Result], batches: Iterable[Batch], workers: int) -> Iterator[Result]:
    """The results of ``work`` as they come; only as many batches are made as ``workers`` are busy with."""
    waiting: set[Future[Result]] = set()
    try:
        for batch in batches:
            waiting.add(pool.submit(work, batch))
            if len(waiting) >= _AHEAD * workers:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    finally:
        for future in waiting:
            future.cancel()


def _end_all_but(before: list[BaseProcess]) -> None:
    """End processes that are left of a pool: those of one that could not begin a thread are told by nobody, and Python
    would wait for them."""
    for process in multiprocessing.active_children():
        if process not in before:
            process.kill()


def _settle(parent: int) -> None:
    """A process that renders ends with the one that began it, and by signals as any program does. It makes trees by
    the thousand and few cycles: it need not look for them so often, and never among what it began with, which it would
    then no longer share."""
    end_with(parent)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _giving_back(work: Callable[[Batch], Result], batch: Batch) -> Result:
    """The result of ``work``; the memory that it took is given back to the system. The C library would hold on to
    what trees and texts of a batch left behind, in each process a quarter of all that it has."""
    result = work(batch)
    give_back()
    return result


def give_back() -> None:
    """Give memory that is free back to the system, where the C library can be told to."""
    if _trim is not None:
        _trim(0)


# Of the GNU C library; None elsewhere.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None


def _context() -> multiprocessing.context.BaseContext:
    """Forked processes begin with all modules loaded."""
    return multiprocessing.get_context("fork" if may_fork() else "spawn")
