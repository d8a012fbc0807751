"""The sample's chains: facts that were labelled from the filed texts, without this program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from loomworks_record.opening.open_record import open_record
from loomworks_record.record.through import Thread, Through
from loomworks_record.record.whole import Whole
from loomworks_record.source.project import load_project
from support.site import PROJECT

_ROWS = Path(__file__).with_name("facts.tsv").read_text("utf-8").splitlines()
FACTS = [tuple(line.split("\t")) for line in _ROWS if not line.startswith("#")]
QUEUED = "queued-directions/loomworks-queued-directions-and-deferred-work"


@cache
def _whole() -> Whole:
    return open_record(load_project(PROJECT)).whole


def _followed(chain: str) -> tuple[Through, list[str]]:
    through = _whole().grounds.through(_whole().record.chain_by_id[chain])
    return through, [str(_whole().record.by_path[path].version) for path in through.versions]


def _thread(chain: str, place: str, at: int) -> Thread:
    through, _ = _followed(chain)
    found = _whole().citations.sections(through.versions[at])
    anchor = next(each.anchor for each in found if place in (each.identifier, f"§{each.number}"))
    thread = through.thread(at, anchor)
    assert thread is not None
    return thread


def test_there_are_enough() -> None:
    assert len(FACTS) >= 80


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact[0].rpartition('/')[2]} {fact[1]}")
def test_the_newest_version_of_a_place(fact: tuple[str, ...]) -> None:
    chain, place, first, changed, before = fact
    _, versions = _followed(chain)
    last = len(versions) - 1
    thread = _thread(chain, place, last)
    told = [versions[stage.at] for stage in thread.changed(last)]
    called = [f"{_name(each.name)} until {versions[each.at]}" for each in thread.earlier(last)]
    assert (versions[thread.first.at], told[-1] if told else "-") == (first, changed)
    assert (", ".join(called) or "-") == before


def _name(mark: str) -> str:
    return f"§{mark}" if mark[0].isdigit() else mark


@pytest.mark.parametrize(
    ("chain", "place", "version", "gone"),
    [(QUEUED, "§3.4", "0.10", "0.11"), ("current-status/current-status-manifest", "§2.2", "0.41", "")],
)
def test_what_went(chain: str, place: str, version: str, gone: str) -> None:
    _, versions = _followed(chain)
    thread = _thread(chain, place, versions.index(version))
    assert (versions[thread.last.at + 1] if thread.last.at + 1 < len(versions) else "") == gone
