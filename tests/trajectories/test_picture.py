"""The geometry of the picture."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.pages.picture import WIDTH, PictureStep, Stretch, picture
from loomworks_record.source.kinds import KindTable

KINDS = ("halt-surface", "scoping-note", "findings", "session-handoff", "change-request", "methodology", "note")
TABLE = KindTable()

_steps = st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=6)


def stretches(drawn: list[list[tuple[str, bool]]]) -> list[Stretch]:
    found, number = [], 0
    for at, steps in enumerate(drawn):
        made = []
        for kind, versioned in steps:
            number += 1
            made.append(
                PictureStep(
                    number, TABLE.row(kind).lane, "node", "v0.1" if versioned and kind == "change-request" else ""
                )
            )
        found.append(Stretch(f"Cycle {at}", at > 0, tuple(made)))
    return found


def test_nothing_is_drawn_of_one_event() -> None:
    assert picture("Lanes", stretches([[("note", False)]]), TABLE.lanes) is None
    assert picture("Lanes", [], TABLE.lanes) is None


def test_lanes_are_those_that_are_used_and_the_request_stands_last() -> None:
    made = picture(
        "Lanes", stretches([[("scoping-note", False), ("change-request", True), ("note", False)]]), TABLE.lanes
    )
    assert made is not None
    assert [lane.title for lane in made.lanes] == ["Scoping", "Other", "CR"]
    assert TABLE.lanes == ("Halt", "Scoping", "Findings", "Handoff", "Other", "CR")
    assert made.lanes[0].x < made.lanes[1].x < made.lanes[2].x


def test_versions_are_joined_from_the_first_to_the_last() -> None:
    made = picture(
        "Lanes", stretches([[("change-request", True)], [("note", False), ("change-request", True)]]), TABLE.lanes
    )
    assert made is not None
    assert made.versions is not None
    assert (made.versions.y, made.versions.to_y) == (made.marks[0].y, made.marks[2].y)
    assert made.versions.x == made.marks[0].x == made.marks[2].x


def test_long_titles_are_cut() -> None:
    steps = stretches([[("note", False)] * 2])[0].steps
    made = picture("Lanes", [Stretch("Cycle 1: " + "very " * 30, True, steps)], TABLE.lanes)
    assert made is not None
    assert len(made.bands[0].title) <= 52


@given(st.lists(_steps, max_size=13))
def test_everything_lies_inside_and_nothing_on_another(drawn: list[list[tuple[str, bool]]]) -> None:
    given_stretches = stretches(drawn)
    made = picture("Lanes", given_stretches, TABLE.lanes)
    steps = [step for stretch in given_stretches for step in stretch.steps]
    if made is None:
        assert len(steps) < 2
        return
    assert [mark.step.number for mark in made.marks] == [step.number for step in steps]
    at = {lane.title: lane.x for lane in made.lanes}
    for step, mark in zip(steps, made.marks, strict=True):
        assert mark.x == at[step.lane]
        assert 24 < mark.x < WIDTH - 8
        assert 26 < mark.y < made.height - 8
    heights = [mark.y for mark in made.marks]
    assert all(after - before >= 27 for before, after in pairwise(heights))
    assert all(before.y + before.height < after.y for before, after in pairwise(made.bands))
    assert len(made.flows) == sum(max(0, len(stretch.steps) - 1) for stretch in given_stretches)
