"""How a command is timed, bounded and looked at, and what a server sent is counted."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from benchmark import memory
from benchmark.builds import Builds
from benchmark.hosting import Tally, serving
from benchmark.projects import Projects
from benchmark.results import NotMeasured
from benchmark.running import run
from support.site import PROJECT

MIB = 2**20
# A process that holds so much memory for half a second, once every byte of it was written.
HOLD = "import time; held = bytearray({size}); held[::4096] = b'x' * len(held[::4096]); time.sleep(0.5)"
MEASURED = """
import sys
from pathlib import Path
from benchmark.running import run
finished = run([sys.executable, "-c", sys.argv[1]], Path(sys.argv[2]), timeout=60)
print(finished.seconds, finished.resident)
"""


def test_wall_time_and_memory_of_a_command(tmp_path: Path) -> None:
    # By a process of its own, as small as the benchmark's: Linux counts what a parent held when it began a child.
    command = [sys.executable, "-c", MEASURED, HOLD.format(size=100 * MIB), tmp_path]
    finished = subprocess.run(command, cwd=PROJECT / "scripts", capture_output=True, check=True, timeout=60)
    seconds, resident = map(float, finished.stdout.split())
    assert seconds > 0.5
    assert 100 * MIB < resident < 500 * MIB


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match=r"^python\S* -c import sys; sys.exit\('no'\) in .* ended with 1: no$"):
        run([sys.executable, "-c", "import sys; sys.exit('no')"], tmp_path, timeout=60)


def test_a_command_that_takes_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(tmp_path / 'late')!r}).touch()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    start = time.monotonic()
    with pytest.raises(NotMeasured, match=r"took more than 0\.5 s and was ended"):
        run([sys.executable, "-c", parent], tmp_path, timeout=0.5)
    assert time.monotonic() - start < 2.5
    time.sleep(3)
    assert not (tmp_path / "late").exists()


@pytest.mark.skipif(memory.method() is None, reason="there is no /proc")
def test_memory_of_all_processes_counts_without_pagefinds(tmp_path: Path) -> None:
    (tmp_path / "pagefind.py").write_text(HOLD.format(size=200 * MIB))
    start = "import subprocess, sys; each = [subprocess.Popen([sys.executable, *a]) for a in {commands}]\n"
    commands = [["-c", HOLD.format(size=80 * MIB)], ["-m", "pagefind"]]
    wait = HOLD.format(size=40 * MIB) + "; [process.wait() for process in each]"
    peak = memory.Peak()
    run([sys.executable, "-c", start.format(commands=commands) + wait], tmp_path, 60, peak.look)
    assert 115 * MIB < peak.bytes < 195 * MIB


def test_a_server_counts_what_it_sends(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("word " * 1000)
    (tmp_path / "b.bin").write_bytes(bytes(5000))
    tally = Tally()
    with serving(tmp_path, tally) as base:
        with urllib.request.urlopen(f"{base}/a.html") as answer:
            assert gzip.decompress(answer.read()).startswith(b"word word")
        small = tally.bytes
        with urllib.request.urlopen(f"{base}/b.bin") as answer:
            assert len(answer.read()) == 5000
    assert 100 < small < 600  # compressed, with its headers
    assert 5100 < tally.bytes - small < 5500
    assert tally.addresses == ["/a.html", "/b.bin"]


def test_plain_material_is_not_begun_where_its_pages_have_no_room(tmp_path: Path) -> None:
    builds = Builds(Projects(tmp_path, 100_000_000), timeout=1)
    with pytest.raises(NotMeasured, match=r"^needs some \d+ GB of disk, and \d+ GB are free; see --keep$"):
        next(builds.material_cold())
