"""The picture of a trajectory: lanes by kind, time downwards. Numbers only; the template draws them.

The list beside it is its text. Each row has the number of its event in the list, so that one can be found by the
other. Units are those of the viewBox; a unit is about one CSS pixel at the width of the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

Mark = Literal["node", "elsewhere", "current", "archived", "open", "answered"]

WIDTH = 376.0
_TOP = 26.0  # below the heads of the lanes
_TITLE = 36.0  # of a cycle: the words above its first row
_ROW = 27.0
_BETWEEN = 6.0
_LEFT, _RIGHT = 66.0, 46.0  # room for the numbers, and for the versions
_LONGEST_TITLE = 52  # characters


class PictureStep(Struct, frozen=True):
    """What is drawn in one row: ``lane`` is the head of its lane, ``label`` the version, of requests. It leads to
    ``address``, where it has one, and ``title`` says what it is and when it was."""

    number: int
    lane: str
    mark: Mark
    label: str = ""
    address: str = ""
    title: str = ""


class Stretch(Struct, frozen=True):
    """The prologue or a cycle: its title and its steps."""

    title: str
    shaded: bool
    steps: tuple[PictureStep, ...]


class Lane(Struct, frozen=True):
    """A vertical line at ``x`` with a word above it."""

    title: str
    x: float


class Band(Struct, frozen=True):
    """The ground of a cycle, ``y`` and ``height``, and the baseline ``base`` of its title."""

    title: str
    shaded: bool
    y: float
    height: float
    base: float


class Flow(Struct, frozen=True):
    """A curve from one event to the next, and the height of its two control points."""

    x: float
    y: float
    bend: float
    to_bend: float
    to_x: float
    to_y: float


class PictureMark(Struct, frozen=True):
    """A step at the centre of its mark."""

    step: PictureStep
    x: float
    y: float


class PictureLine(Struct, frozen=True):
    """The versions of the change request, joined."""

    x: float
    y: float
    to_y: float


class Picture(Struct, frozen=True):
    """All that is drawn. ``title`` is its accessible name; ``tall`` says that it is taller than a screen."""

    title: str
    width: float
    height: float
    lanes: tuple[Lane, ...]
    bands: tuple[Band, ...]
    flows: tuple[Flow, ...]
    versions: PictureLine | None
    marks: tuple[PictureMark, ...]

    @property
    def tall(self) -> bool:
        return self.height > 700

    @property
    def kinds(self) -> tuple[Mark, ...]:
        """The marks that occur, for the legend."""
        found = {drawn.step.mark for drawn in self.marks}
        return tuple(mark for mark in ("current", "archived", "answered", "open", "elsewhere") if mark in found)


def picture(title: str, stretches: Sequence[Stretch], order: Sequence[str]) -> Picture | None:
    """The picture of these stretches, with the lanes that they use in this order; None where there is nothing that a
    list does not say as well: fewer than two events."""
    steps = [step for stretch in stretches for step in stretch.steps]
    if len(steps) < 2:
        return None
    lanes = _lanes(steps, order)
    at = {lane.title: lane.x for lane in lanes}
    bands: list[Band] = []
    flows: list[Flow] = []
    marks: list[PictureMark] = []
    y = _TOP
    for stretch in stretches:
        height, first = _TITLE + _ROW * len(stretch.steps) - 2, y + _TITLE + 9.5
        bands.append(Band(_short(stretch.title), stretch.shaded, y, height, y + 15))
        drawn = [PictureMark(step, at[step.lane], first + _ROW * row) for row, step in enumerate(stretch.steps)]
        flows += [Flow(a.x, a.y, a.y + 16, b.y - 18, b.x, b.y) for a, b in pairwise(drawn)]
        marks += drawn
        y += height + _BETWEEN
    return Picture(title, WIDTH, y, lanes, tuple(bands), tuple(flows), _versions(marks), tuple(marks))


def _lanes(steps: Sequence[PictureStep], order: Sequence[str]) -> tuple[Lane, ...]:
    """The lanes that are used, at equal distances."""
    used = {step.lane for step in steps}
    titles = [title for title in order if title in used]
    if len(titles) == 1:
        return (Lane(titles[0], WIDTH / 2),)
    distance = (WIDTH - _LEFT - _RIGHT) / (len(titles) - 1)
    return tuple(Lane(title, round(_LEFT + distance * number, 1)) for number, title in enumerate(titles))


def _versions(marks: Sequence[PictureMark]) -> PictureLine | None:
    requests = [drawn for drawn in marks if drawn.step.label]
    if len(requests) < 2:
        return None
    return PictureLine(requests[0].x, requests[0].y, requests[-1].y)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
