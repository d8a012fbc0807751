"""Sealed sites for the tests of the bundle: made once, copied by hard links where a test changes something."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> sealed.Project:
    """Some 60 files."""
    return _built(tmp_path_factory.mktemp("small"), phases=3)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> sealed.Project:
    """Some 470 files: enough for the walk to hash in two processes."""
    return _built(tmp_path_factory.mktemp("large"), phases=29)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """``copy_of(folder)``: a copy of hard links; write to it with ``sealed.write`` only."""
    made = iter(range(10_000))
    return lambda folder: Path(
        shutil.copytree(folder, tmp_path / f"copy-{next(made)}", copy_function=_link, symlinks=True)
    )


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory, ssh_keygen: str) -> Path:
    """A private key; ``key.with_suffix(".pub")`` is its public one."""
    return make_key(tmp_path_factory.mktemp("keys") / "record", ssh_keygen)


@pytest.fixture(scope="session")
def other_key(tmp_path_factory: pytest.TempPathFactory, ssh_keygen: str) -> Path:
    return make_key(tmp_path_factory.mktemp("keys") / "other", ssh_keygen)


def make_key(path: Path, ssh_keygen: str) -> Path:
    subprocess.run([ssh_keygen, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path], check=True)
    return path


def _built(root: Path, phases: int) -> sealed.Project:
    project = sealed.make_project(root, phases=phases)
    sealed.build(project, project.site)
    return project


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)
