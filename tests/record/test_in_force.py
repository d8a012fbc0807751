"""When versions were in force: as a reading of the filings up to that moment says, one after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from citations.records import PROJECT
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loomworks_record.cli.main import record as command
from loomworks_record.errors import UsageError
from loomworks_record.opening.open_record import open_record
from loomworks_record.record.filings import end_of, moment
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import read_document
from loomworks_record.source.project import load_project
from loomworks_record.source.store import Content

FIRST = date(2026, 5, 1)


def held_on(record: Record, when: str) -> set[str]:
    """The paths of what was in force, as ``--on`` has it."""
    end = end_of(when)
    return {each.path for each in record.documents if (held := record.in_force(each)) and held.holds(end)}


def brute_force(filings: Mapping[str, list[tuple[int, str]]], day: str) -> set[str]:
    """Chain → (version, day of filing); read day by day: the newest of what was filed by then."""
    found = set()
    for chain, versions in filings.items():
        there = [version for version, filed in versions if filed[:10] <= day]
        if there:
            found.add(f"{chain}-v0_{max(there)}.md")
    return found


def record_of(filings: Mapping[str, list[tuple[int, str]]]) -> Record:
    config = RecordConfig()
    documents, filed = [], {}
    for chain, versions in filings.items():
        newest = max(version for version, _ in versions)
        for version, when in versions:
            name = f"{chain}-v0_{version}.md"
            path = name if version == newest else name.replace("notes/", "notes/archive/")
            documents.append(read_document(path, b"# A note\n\n**Date.** 2020-01-01\n", config.kinds))
            filed[name] = moment(when, "")
    return Record(config, Content(tuple(sorted(documents, key=lambda each: each.path)), (), (), ()), filed)


_times = st.integers(0, 20).flatmap(
    lambda days: st.sampled_from(["", "T00:00:00Z", "T09:30:00Z", "T23:59:59Z"]).map(
        lambda time: (FIRST + timedelta(days)).isoformat() + time
    )
)
_chains = st.dictionaries(
    st.sampled_from([f"notes/note-{letter}" for letter in "abc"]),
    st.dictionaries(st.integers(1, 12), _times, min_size=1, max_size=6).map(lambda found: sorted(found.items())),
    min_size=1,
)


def _agree(filings: dict[str, list[tuple[int, str]]]) -> None:
    record = record_of(filings)
    for number in range(-1, 23):
        day = (FIRST + timedelta(number)).isoformat()
        assert {path.replace("archive/", "") for path in held_on(record, day)} == brute_force(filings, day), day


@settings(max_examples=40, deadline=None)
@given(_chains)
def test_every_day_equals_a_reading_of_the_filings(filings: dict[str, list[tuple[int, str]]]) -> None:
    _agree(filings)


@pytest.mark.parametrize(
    "text", ["20261129T100000Z", "2026-W20-2T10:00:00Z", "2026-11-29T10:00:00+00:00", "2026-11-29Z", ""]
)
def test_a_moment_has_one_form(text: str) -> None:
    assert moment("2026-11-29T10:00:00Z").at.isoformat() == "2026-11-29T10:00:00+00:00"
    with pytest.raises(ValueError):
        moment(text)


@pytest.mark.full
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(_chains)
def test_every_day_of_many_histories(filings: dict[str, list[tuple[int, str]]]) -> None:
    _agree(filings)


def test_every_day_of_the_sample() -> None:
    filings: dict[str, list[tuple[tuple[int, ...], str, str]]] = {}
    for line in (PROJECT / "record.log.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["type"] == "filed":
            chain = entry["path"].rpartition("-v")[0]
            version = tuple(map(int, entry["version"].split(".")))
            filings.setdefault(chain, []).append((version, entry["filed"], entry["path"]))
    record = open_record(load_project(PROJECT, None)).whole.record
    assert len(filings) > 35
    for number in range(50):
        day = (date(2026, 4, 15) + timedelta(number)).isoformat()
        wanted = set()
        for versions in filings.values():
            newest = max((version for version, filed, _ in versions if filed <= day), default=None)
            wanted |= {path for version, filed, path in versions if version == newest and filed <= day}
        assert {path.replace("archive/", "") for path in held_on(record, day)} == wanted, day


def test_a_day_and_a_time_on_the_command_line() -> None:
    def listed(*arguments: str) -> str:
        done = CliRunner().invoke(command, ["list", "--content", str(PROJECT / "content"), *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    on = listed("--on", "2026-05-12")
    assert "current-status-manifest-v0_41.md" in on and "deferred-work-v0_11.md" in on
    assert "current-status-manifest-v0_42.md" not in on and "current-status-manifest-v0_40.md" not in on
    assert listed("--on", "2026-05-12T10:00") == listed("--on", "2026-05-12T12:00+02:00") == on
    told = json.loads(listed("--on", "2026-05-12", "--json"))
    manifest = next(each for each in told["documents"] if "manifest" in each["path"])
    assert manifest["in_force"] == {"from": "2026-05-12", "until": "2026-05-13"}
    assert len(told["documents"]) == len(on.splitlines())


@pytest.mark.parametrize("when", ["12 May", "2026-05-32", "2026-05-12 10:00", "", "2026-05-12T"])
def test_what_is_no_day_is_refused_in_a_line(when: str) -> None:
    done = CliRunner().invoke(command, ["list", "--content", str(PROJECT / "content"), "--on", when])
    assert isinstance(done.exception, UsageError) and repr(when) in str(done.exception)
