"""The cache: what was put is found, what is damaged is not, and it keeps to its size."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loomworks_record.cli.main import record
from loomworks_record.kept.cache import FILE, Cache, KindTotal

ROOM = 10_000_000


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Cache(tmp_path / "cache", ROOM) as made:
        yield made


def key(number: int) -> bytes:
    return number.to_bytes(20)


def test_what_stands_beside_a_value_is_read_apart_and_goes_with_it(cache: Cache) -> None:
    cache.put_many("text", {key(1): b"one", key(2): b"two"}, {key(1): b"the bulk"})
    assert cache.get_many("text", [key(1), key(2)]) == {key(1): b"one", key(2): b"two"}
    assert cache.get_bulks("text", [key(1), key(2)]) == {key(1): b"the bulk"}
    assert cache.kept() == [KindTotal("text", 2, len(b"onetwothe bulk"))]
    cache.put_many("text", {key(1): b"uno"})
    assert cache.get_bulks("text", [key(1)]) == {}


def test_what_was_put_is_found(cache: Cache) -> None:
    values = {key(number): bytes([number % 256]) * number for number in range(1200)}
    cache.put_many("page", values)
    assert cache.get_many("page", [*values, key(9999)]) == values
    assert cache.get_many("text", list(values)) == {}
    assert cache.kept() == [KindTotal("page", 1200, sum(map(len, values.values())))]


def test_it_is_there_for_the_next_build(tmp_path: Path) -> None:
    with Cache(tmp_path, ROOM) as first:
        first.put_many("page", {key(1): b"one", key(2): b"two"})
        first.put_many("page", {key(1): b"uno"})
    with Cache(tmp_path, ROOM) as second:
        assert second.get_many("page", [key(1), key(2)]) == {key(1): b"uno", key(2): b"two"}
        assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_several_builds_at_once(tmp_path: Path) -> None:
    with Cache(tmp_path, ROOM) as one, Cache(tmp_path, ROOM) as other:
        for number in range(50):
            one.put_many("page", {key(number): b"one"})
            other.put_many("page", {key(number + 25): b"other"})
        found = one.get_many("page", [key(number) for number in range(75)])
        assert len(found) == 75
        assert other.get_many("page", list(found)) == found


def test_with_no_room_nothing_is_kept(tmp_path: Path) -> None:
    with Cache(tmp_path / "none", 0) as cache:
        cache.put_many("page", {key(1): b"one"})
        assert cache.get_many("page", [key(1)]) == {}
    assert not (tmp_path / "none").exists()


def test_past_its_size_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    def on(day: int) -> Cache:
        return Cache(tmp_path, 100, today=lambda: day)

    with on(1) as cache:
        cache.put_many("page", {key(1): bytes(40), key(2): bytes(40)})
    with on(2) as cache:
        assert cache.get_many("page", [key(1)])
    with on(3) as cache:
        cache.put_many("page", {key(3): bytes(40)})
    with on(3) as cache:
        assert set(cache.get_many("page", [key(1), key(2), key(3)])) == {key(1), key(3)}
        assert cache.kept() == [KindTotal("page", 2, 80)]


def test_clearing_gives_the_disk_back(tmp_path: Path) -> None:
    with Cache(tmp_path, ROOM) as cache:
        cache.put_many("page", {key(1): bytes(100_000)})
    assert cache.clear() > 100_000
    assert [file.name for file in tmp_path.iterdir()] == [".gitignore"]
    with Cache(tmp_path, ROOM) as cache:
        assert cache.get_many("page", [key(1)]) == {}


def test_a_value_under_another_key_is_not_believed(tmp_path: Path) -> None:
    with Cache(tmp_path, ROOM) as cache:
        cache.put_many("page", {key(1): b"one", key(2): b"two"})
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("UPDATE entries SET key = ? WHERE key = ?", (key(3), key(1)))
        file.execute("UPDATE entries SET kind = 'text' WHERE key = ?", (key(2),))
    with Cache(tmp_path, ROOM) as cache:
        assert cache.get_many("page", [key(1), key(2), key(3)]) == {}
        assert cache.get_many("text", [key(2)]) == {}


def test_a_value_that_is_no_value_is_not_there(tmp_path: Path) -> None:
    with Cache(tmp_path, ROOM) as cache:
        cache.put_many("page", {key(1): b"one", key(2): b"two", key(3): b"three"})
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("UPDATE bodies SET value = 'text' WHERE value = ?", (b"one",))
        file.execute("DELETE FROM bodies WHERE value = ?", (b"two",))
    with Cache(tmp_path, ROOM) as cache:
        assert cache.get_many("page", [key(1), key(2), key(3)]) == {key(3): b"three"}
        cache.put_many("page", {key(1): b"one"})
        assert cache.get_many("page", [key(1)]) == {key(1): b"one"}


def test_a_file_of_another_layout_is_begun_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("CREATE TABLE entries (something)")
        file.execute("PRAGMA user_version = 77")
    with Cache(tmp_path, ROOM) as cache:
        assert cache.get_many("page", [key(1)]) == {}
        cache.put_many("page", {key(1): b"one"})
        assert cache.get_many("page", [key(1)]) == {key(1): b"one"}


def test_a_folder_that_cannot_be_written_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Cache(tmp_path / "file" / "cache", ROOM) as cache:
        cache.put_many("page", {key(1): b"one"})
        assert cache.get_many("page", [key(1)]) == {}
        assert cache.kept() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_never_believed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Bytes changed, cut off or added anywhere: a value is found as it was put, or not at all."""
    folder = tmp_path_factory.mktemp("damaged")
    values = {key(number): bytes([number]) * 300 for number in range(40)}
    with Cache(folder, ROOM) as cache:
        cache.put_many("page", values)
    file = folder / FILE
    whole = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(whole)), st.integers(0, len(whole))))
    file.write_bytes(bytes(whole[:cut]) + data.draw(st.binary(max_size=50)))
    with Cache(folder, ROOM) as cache:
        found = cache.get_many("page", list(values))
        assert found.items() <= values.items()
        cache.put_many("page", values)
    with Cache(folder, ROOM) as cache:
        assert cache.get_many("page", list(values)).items() <= values.items()


def test_a_killed_writer_leaves_a_cache(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from loomworks_record.kept.cache import Cache\n"
        "cache = Cache(Path(sys.argv[1]), 10**8)\n"
        "cache.put_many('page', {n.to_bytes(20): bytes(5000) for n in range(50)})\n"
        "cache.put_many('page', {n.to_bytes(20): bytes(5000) for n in range(50, 100)})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode < 0
    with Cache(tmp_path, ROOM) as cache:
        found = cache.get_many("page", [key(number) for number in range(100)])
        assert len(found) == 100
        assert set(found.values()) == {bytes(5000)}


def test_show_names_all_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, by what it is for; a kind of a value of which it has no words is of another version."""
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_url: https://record.example.org/\ndocs_dir: content\nplugins: [record]\n", "utf-8"
    )
    (tmp_path / "content/a-plan-v0_1.md").write_text("# A plan\n\n**Version.** 0.1\n\nWords.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    for command in (["build", "--host", "none"], ["list", "--json"], ["show", "a plan"]):
        done = CliRunner().invoke(record, command)
        assert done.exit_code == 0, done.output
    said = CliRunner().invoke(record, ["cache", "show"]).output.splitlines()
    assert not any(line.startswith("what another version") for line in said)
    with Cache(tmp_path / ".cache/record", ROOM) as kept:
        count = sum(row.count for row in kept.kept())
        kept.put_many("of old", {key(1): b"12"})
    assert sum(int(line[30:40].replace(",", "")) for line in said[:-1]) == count
    assert "what another version kept" in CliRunner().invoke(record, ["cache", "show"]).output
