"""Whoever renders, the bytes are the same: this process, several, or a Dask cluster."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from build import edits
from build.workshop import Workshop, differences, held
from loomworks_record.build import pages as build_pages
from loomworks_record.build.workers import Workers, WorkersError

distributed = pytest.importorskip("distributed")


@pytest.fixture
def expected(tmp_path: Path) -> tuple[Workshop, dict[str, bytes]]:
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(7))
    return workshop, workshop.build_anew()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small record has several."""
    monkeypatch.setattr(build_pages, "_WEIGHT", 1000)


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of a scheduler with two worker processes, on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made.scheduler_address


def identity(number: int) -> tuple[int, int]:
    return number, os.getpid()


def test_several_processes(expected: tuple[Workshop, dict[str, bytes]]) -> None:
    workshop, cold = expected
    workshop.workers = 2
    workshop.build()
    assert differences(held(workshop.site), cold) == []


def test_results_come_from_several_processes() -> None:
    with Workers(2) as workers:
        found = list(workers.results(identity, range(60)))
    assert sorted(number for number, _ in found) == list(range(60))
    assert os.getpid() not in {process for _, process in found}


def test_one_batch_is_made_here() -> None:
    with Workers(2) as workers:
        assert list(workers.results(identity, [1])) == [(1, os.getpid())]
        assert list(workers.results(identity, [])) == []


def end_the_process(number: int) -> int:
    os._exit(9)


@pytest.mark.parametrize("spare", [2, 6, 9])
def test_processes_that_cannot_all_be_begun_are_not_waited_for(spare: int) -> None:
    """The system refuses a file more, before the first process or between two."""
    script = (
        "import os, resource, sys\n"
        "from loomworks_record.build.workers import Workers\n"
        f"most = len(os.listdir('/proc/self/fd')) - 1 + {spare}\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))\n"
        "try:\n"
        "    with Workers(4) as workers:\n"
        "        workers.begin()\n"
        "except OSError as refused:\n"
        "    sys.exit(refused.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], timeout=60, capture_output=True, check=False)
    assert done.returncode == errno.EMFILE, done.stderr.decode()


def test_processes_whose_thread_cannot_be_begun_are_not_waited_for() -> None:
    script = (
        "import sys, threading\n"
        "from loomworks_record.build.workers import Workers\n"
        "from loomworks_record.errors import refusals_of_threads\n"
        "def refuse(_):\n"
        "    raise RuntimeError(\"can't start new thread\")\n"
        "threading.Thread.start = refuse\n"
        "try:\n"
        "    with refusals_of_threads(), Workers(4) as workers:\n"
        "        workers.begin()\n"
        "except OSError as refused:\n"
        "    sys.exit(refused.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], timeout=60, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (errno.EAGAIN, b"")


def test_a_worker_that_goes_away_is_said() -> None:
    with Workers(2) as workers, pytest.raises(WorkersError, match="a process that renders was ended"):
        list(workers.results(end_the_process, range(3)))


def test_a_cluster(expected: tuple[Workshop, dict[str, bytes]], cluster: str) -> None:
    """Both worker processes render, neither has the record, and the site is the same."""
    workshop, cold = expected
    workshop.workers = cluster
    workshop.build()
    assert differences(held(workshop.site), cold) == []
    with distributed.Client(cluster, set_as_default=False) as client:
        counted = client.run(rendered_here)
    assert len(counted) == 2
    assert min(counted.values()) > 0


def rendered_here() -> int:
    """How many looks this process unpacked: none where no batch came."""
    from loomworks_record.build.look import unpacked_look  # noqa: PLC0415 - runs in the worker

    return unpacked_look.cache_info().misses


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nothing://"])
def test_a_cluster_that_is_not_there_is_said(address: str) -> None:
    with Workers(address) as workers, pytest.raises(WorkersError, match="no Dask scheduler answers"):
        list(workers.results(identity, range(3)))
