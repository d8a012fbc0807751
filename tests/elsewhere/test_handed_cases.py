"""Records of a few files, handed to us beside this checkout, each with what must be read from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.site import PROJECT

CASES = PROJECT.parent / "shared" / "cases"


@pytest.mark.full
@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout (../shared/cases)")
@pytest.mark.parametrize("name", sorted(case.parent.name for case in CASES.glob("real-*/case.json")))
def test_it_holds(name: str) -> None:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    run = subprocess.run(
        [sys.executable, str(CASES / "real-run.py"), name], stdout=subprocess.PIPE, env={**os.environ, "PATH": path}
    )
    assert run.returncode == 0, run.stdout.decode()
