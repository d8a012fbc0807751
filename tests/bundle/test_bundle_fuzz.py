"""Any byte of a signed bundle that changes is found, and nothing that a bundle may hold ends in a traceback."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.paths import shown
from loomworks_record.bundle.verify import verify_directory

NOW = sealed.ISSUED + 60
INTEGRITY = sorted((*paths.SEALED, paths.HEADERS, paths.REDIRECTS))
JSON_FILES = [paths.STAMP, paths.PROVENANCE, paths.LOG]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def signed(small: sealed.Project, tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    site = tmp_path_factory.mktemp("signed") / "site"
    sealed.build(small, site, key=key)
    return site


def changed_once(site: Path, chance: random.Random, path: str) -> Callable[[], object]:
    """Change one byte of a file; what puts it back."""
    data = (site / path).read_bytes()
    edited = bytearray(data or b"x")
    edited[chance.randrange(len(edited))] ^= 1 << chance.randrange(8)
    sealed.write(site / path, bytes(edited))
    return lambda: sealed.write(site / path, data)


def flips(site: Path, key: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    files = sorted(str(file.relative_to(site)) for file in site.rglob("*") if file.is_file())
    for number in range(count):
        path = chance.choice(INTEGRITY if number % 2 else files)
        restore = changed_once(site, chance, path)
        found = verify_directory(site, Expectations(NOW, key=key.with_suffix(".pub")))
        assert found.faults, f"seed {seed}, number {number}: a changed byte of {path} was not found"
        restore()
    assert not verify_directory(site, Expectations(NOW, key=key.with_suffix(".pub"))).faults


def test_any_changed_byte_of_a_signed_bundle_is_found(signed: Path, key: Path) -> None:
    flips(signed, key, 40, seed=1)


@pytest.mark.full
def test_very_many_changed_bytes_of_a_signed_bundle_are_found(signed: Path, key: Path) -> None:
    flips(signed, key, 1000, seed=2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(INTEGRITY), data=st.binary(max_size=120))
def test_any_bytes_in_an_integrity_file_are_reported(path: str, data: bytes, signed: Path, key: Path) -> None:
    before = (signed / path).read_bytes()
    sealed.write(signed / path, data)
    try:
        found = verify_directory(signed, Expectations(NOW, key=key.with_suffix(".pub")))
    finally:
        sealed.write(signed / path, before)
    assert bool(found.faults) == (data != before)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(JSON_FILES), value=VALUES, chance=st.randoms(use_true_random=False))
def test_any_value_in_a_json_file_is_reported(path: str, value: object, chance: random.Random, signed: Path) -> None:
    before = (signed / path).read_bytes()
    line = json.loads(before.splitlines()[0])
    replaced = _replaced(line, value, chance)
    data = json.dumps(replaced, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    sealed.write(signed / path, data)
    try:
        found = verify_directory(signed, Expectations(NOW))
    finally:
        sealed.write(signed / path, before)
    assert bool(found.faults) == (data != before)


@pytest.mark.parametrize("path", JSON_FILES)
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "1" * 10_000, '"\\ud800"', '{"path":"\\ud800"}'])
def test_hostile_json_is_reported(path: str, text: str, signed: Path) -> None:
    before = (signed / path).read_bytes()
    sealed.write(signed / path, text.encode() + b"\n")
    try:
        found = verify_directory(signed, Expectations(NOW))
    finally:
        sealed.write(signed / path, before)
    assert found.faults


@given(st.text(max_size=20))
def test_what_is_printed_of_a_path_cannot_move_a_terminal(path: str) -> None:
    line = str(Fault("file-unlisted", shown(path), "is there"))
    assert line.isprintable()
    line.encode("utf-8")


def _replaced(value: object, new: object, chance: random.Random) -> object:
    """``value`` with one part of it, at any depth, replaced."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        return value | {key: _replaced(value[key], new, chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _replaced(value[at], new, chance), *value[at + 1 :]]
    return new
