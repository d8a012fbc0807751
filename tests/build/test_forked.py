"""Work done in two processes: each result once, whatever becomes of the other one."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest
from loomworks_record.build import forked
from loomworks_record.build.forked import in_two

NUMBERS = list(range(40))
HERE = os.getpid()

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked here")


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "processors", lambda: 2)
    monkeypatch.setattr(forked, "may_fork", lambda: True)  # whatever threads other tests have left


def _where(number: int) -> tuple[int, bool]:
    """Each takes as long as it takes, so that both have their part."""
    threading.Event().wait(0.01)
    return number, os.getpid() == HERE


def _ended(number: int) -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _fails(number: int) -> int:
    if os.getpid() != HERE:
        raise ValueError("in the other process")
    return number


def _in_pieces(number: int) -> bytes:
    """A result that is begun and not ended."""
    if os.getpid() != HERE and number % 3 == 0:
        os._exit(0)
    return b"x" * 5_000


def test_both_work_and_each_result_comes_once() -> None:
    found = list(in_two(_where, NUMBERS))
    assert sorted(number for number, _ in found) == NUMBERS
    assert {here for _, here in found} == {True, False}


@pytest.mark.parametrize("work", [_ended, _fails])
def test_what_the_other_leaves_undone_is_done_here(work: Callable[[int], int]) -> None:
    assert sorted(in_two(work, NUMBERS)) == NUMBERS


def test_results_that_are_cut_short_are_made_here() -> None:
    assert list(in_two(_in_pieces, NUMBERS)) == [b"x" * 5_000] * 40


def test_who_stops_early_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: begun.append(fork()) or begun[-1])  # type: ignore[func-returns-value]
    working = in_two(_where, NUMBERS)
    next(working)
    working.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(begun[0], os.WNOHANG)


def test_few_batches_are_worth_no_process() -> None:
    assert [here for _, here in in_two(_where, range(3))] == [True] * 3
