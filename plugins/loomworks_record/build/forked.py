"""Work shared with one forked process, for a command that reads a record. It has all that this one has read, so nothing
is sent to it but numbers, and there is no pool of processes to load and to begin: half of the time that would save."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO, NoReturn, TypeVar

from loomworks_record.forking import may_fork, processors

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_LEAST, _MOST = 4, 10_000  # batches: fewer are not worth a process, the numbers of more do not fit into a pipe
_SIZE = 4  # bytes of a number


def in_two(work: Callable[[Batch], Result], batches: Iterable[Batch]) -> Iterator[Result]:
    """The results of ``work`` on each batch, as they come, made here and in one process more, where there is a
    processor for it. What that leaves undone (it may be killed) is done here."""
    waiting = list(batches)
    if not _LEAST <= len(waiting) <= _MOST or processors() < 2 or not may_fork():
        yield from map(work, waiting)
        return
    numbers, to_numbers = os.pipe()
    os.write(to_numbers, b"".join(number.to_bytes(_SIZE, "big") for number in range(len(waiting))))
    os.close(to_numbers)
    left = set(range(len(waiting)))
    with tempfile.TemporaryFile(prefix="record-") as results, open(numbers, "rb", buffering=0) as given:  # noqa: PTH123
        taken = (int.from_bytes(number, "big") for number in iter(lambda: given.read(_SIZE), b""))
        other = os.fork()
        if not other:
            _write(work, waiting, taken, results)
        try:
            for number in taken:
                left.remove(number)
                yield work(waiting[number])
        finally:
            given.close()  # where this one ends before its time, the other makes no more than it has begun
            os.waitpid(other, 0)
        results.seek(0)
        with suppress(EOFError, pickle.UnpicklingError):
            while True:
                number, result = pickle.load(results)
                left.remove(number)
                yield result
    yield from (work(waiting[number]) for number in sorted(left))


def _write(
    work: Callable[[Batch], Result], batches: Sequence[Batch], taken: Iterator[int], results: IO[bytes]
) -> NoReturn:
    """In the other process: its results with their numbers, one after the other."""
    try:
        for number in taken:
            pickle.dump((number, work(batches[number])), results, pickle.HIGHEST_PROTOCOL)
        results.flush()
    finally:
        os._exit(0)  # nothing of what both have is written or closed twice
