"""Questions as people type them, over the sample record: the same table is run in Chromium (tests/browser)."""

from __future__ import annotations

from functools import cache

import pytest
from loomworks_record.asking.look import Matches, answers, look
from loomworks_record.asking.table import NamesTable
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.answers import whole_entries
from loomworks_record.source.project import load_project
from support.asked import CASES, Case
from support.site import PROJECT


@cache
def table() -> NamesTable:
    return NamesTable.of(whole_entries(open_record(load_project(PROJECT)).whole))


def _is(found: Matches, case: Case) -> bool:
    if not found.ranks:
        return case.how == "nothing"
    first = table().entries[found.ranks[0]]
    right = case.first == "*" or case.first in (first.path, first.address) or first.name.startswith(f"{case.first} ·")
    sure = {"sure": True, "first": False, "candidates": False, "unsure": False}.get(case.how)
    many = case.how != "candidates" or len(found.ranks) > 1
    return right and found.sure is sure and many


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 300
    assert {case.how for case in CASES} == {"sure", "first", "candidates", "unsure", "nothing"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_what_is_asked_for_comes_first(case: Case) -> None:
    found = look(table(), case.text)
    assert _is(found, case), (found, answers(table(), case.text, 3)[1])


def test_a_section_is_named_where_the_document_has_it() -> None:
    _, (first, *_) = answers(table(), "phase 57 cr v0.4 §3")
    assert (first["what"], first["address"].rpartition("#")[2]) == ("section", "s3")
    found, (first, *_) = answers(table(), "phase 57 cr v0.4 §99")
    assert first["what"] == "version"
    assert "it has no §99" in first["why"]
    assert not found.sure
