"""Through versions: where each section, row and label of a chain first appeared, where it last changed, what else it
was called, and where it went. One value for a chain, made of what became of them from each version to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from loomworks_record.text.sections import Section

if TYPE_CHECKING:  # loaded by who compares
    from loomworks_record.comparison.values import Fate, Fates

FOLLOWED = ("heading", "row", "label")  # kinds of sections


def called(mark: str) -> str:
    """A number of a section as a sentence says it: "§7" for the 7 of "## 7. Shape"; other marks as they are."""
    return f"§{mark}" if mark[:1].isdigit() else mark


class Stage(NamedTuple):
    """One place in one version: ``at`` is that version's number, oldest first. ``mark`` is its number or identifier, as
    written, or "". ``differing``: how many of a hundred characters differ from the version before, 100 for what is new.
    ``change`` is the anchor on the page of the comparison with that version, or ""."""

    at: int
    anchor: str
    mark: str
    title: str
    differing: int
    moved: bool = False
    change: str = ""

    @property
    def name(self) -> str:
        return self.mark or self.title

    @property
    def called(self) -> str:
        """Its name within a sentence."""
        return called(self.mark) or self.title


class Thread(NamedTuple):
    """One section, row or label through the versions that have it, which follow each other: ``stages``, oldest first.
    ``kind`` is one of ``FOLLOWED``. ``went``: of what the next version does not have, the anchor of the section there
    that most of its text stands in, or ""; ``change`` is the anchor on the comparison's page where it is gone."""

    kind: str
    level: int
    stages: tuple[Stage, ...]
    went: str = ""
    change: str = ""

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def last(self) -> Stage:
        return self.stages[-1]

    def in_version(self, at: int) -> Stage | None:
        place = at - self.first.at
        return self.stages[place] if 0 <= place < len(self.stages) else None

    def changed(self, until: int, after: int | None = None) -> tuple[Stage, ...]:
        """The stages in which a word of it changed, up to a version; ``after`` that version, else after the first."""
        start = self.first.at if after is None else max(after, self.first.at)
        return tuple(stage for stage in self.stages if start < stage.at <= until and stage.differing)

    def earlier(self, at: int) -> tuple[Stage, ...]:
        """Before a version, the last stage under each other number or identifier that it had, newest first."""
        runs = [newer for older, newer in pairwise(reversed(self.stages[: at - self.first.at + 1]))
                if older.mark != newer.mark]  # fmt: skip
        return tuple(runs)


@dataclass(frozen=True)
class Through:
    """``versions`` are the paths of the chain's documents, oldest first. ``blocks``: for each version after the first,
    of each of its blocks the number of the block of the version before that has the same words, else -1."""

    versions: tuple[str, ...] = ()
    threads: tuple[Thread, ...] = ()
    blocks: tuple[tuple[int, ...], ...] = ()

    @property
    def said(self) -> tuple[object, ...]:
        """Plain values: all of it but how much of a section has changed, block by block, and where a comparison shows
        it."""
        return self.versions, [
            (thread.kind, thread.level, thread.went, [(*s[:4], s.differing > 0, s.moved) for s in thread.stages])
            for thread in self.threads
        ]

    @cached_property
    def _by_place(self) -> dict[tuple[int, str], Thread]:
        return {(stage.at, stage.anchor): thread for thread in self.threads for stage in thread.stages}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {path: number for number, path in enumerate(self.versions)}

    def number(self, path: str) -> int | None:
        """The number of a version, None of a document that is not followed."""
        return self._numbers.get(path)

    def thread(self, at: int, anchor: str) -> Thread | None:
        return self._by_place.get((at, anchor))

    def in_version(self, at: int) -> Iterator[tuple[Thread, Stage]]:
        """What one version has, in order."""
        found = ((thread, thread.in_version(at)) for thread in self.threads)
        return ((thread, stage) for thread, stage in found if stage)

    def blocks_since(self, at: int) -> tuple[int, ...]:
        """For each block of a version the number of the version in which it got its words; none of the first."""
        found: tuple[int, ...] = ()
        for number, step in enumerate(self.blocks[:at], 1):
            found = tuple(number if block < 0 else found[block] if found else 0 for block in step)
        return found


def followed(versions: Sequence[str], sections: Sequence[Sequence[Section]], fates: Sequence[Fates]) -> Through:
    """``sections`` are those of each version, oldest first; ``fates`` what became of them from each to the next."""
    from loomworks_record.comparison.values import Fate  # noqa: PLC0415 - with all that compares

    places = [{each.anchor: each for each in found if each.kind in FOLLOWED} for found in sections]
    threads = [_Thread(each, [_stage(0, each)]) for each in places[0].values()] if places else []
    open_ = {thread.stages[-1].anchor: thread for thread in threads}
    for at, step in enumerate(fates, 1):
        now, told = places[at], {fate.new: fate for fate in step.places if fate.new}
        following = {anchor: open_.pop(fate.old, None) for anchor, fate in told.items() if anchor in now}
        for fate in step.places:
            if not fate.new and fate.old in open_:
                open_[fate.old].went, open_[fate.old].change = fate.went, fate.change
        open_ = {}
        for anchor, section in now.items():
            thread = following.get(anchor)
            if thread is None:
                thread = _Thread(section, [])
                threads.append(thread)
            thread.section = section
            thread.stages.append(_stage(at, section, told.get(anchor, Fate("", anchor, 100)), is_new=not thread.stages))
            open_[anchor] = thread
    return Through(tuple(versions), tuple(_ordered(threads, places)), tuple(step.blocks for step in fates))


@dataclass(slots=True)
class _Thread:
    section: Section
    stages: list[Stage]
    went: str = ""
    change: str = ""


def _stage(at: int, section: Section, fate: Fate | None = None, is_new: bool = True) -> Stage:
    mark = section.identifier or section.written
    differing = 100 if fate is None or is_new else fate.differing
    moved, change = (fate.moved and not is_new, fate.change) if fate else (False, "")
    return Stage(at, section.anchor, mark, section.title, differing, moved, change)


def _ordered(threads: Sequence[_Thread], places: Sequence[Mapping[str, Section]]) -> Iterator[Thread]:
    """As the newest version that has each of them orders them; what is gone after what it stood behind."""
    orders = [{anchor: number for number, anchor in enumerate(found)} for found in places]
    ends = [[thread for thread in threads if thread.stages[-1].at == at] for at in range(len(places))]
    ordered: list[_Thread] = []
    for at in reversed(range(len(places))):
        ordered = _merged(
            ordered, sorted(ends[at], key=lambda each: orders[at][each.stages[-1].anchor]), orders[at], at
        )
    for each in ordered:
        yield Thread(each.section.kind, each.section.level, tuple(each.stages), each.went, each.change)


def _merged(ordered: list[_Thread], more: list[_Thread], order: Mapping[str, int], at: int) -> list[_Thread]:
    """``more``, which version ``at`` is the last to have, put behind what stands before each of them there."""
    if not ordered:
        return more
    places = [-1]
    for each in ordered:  # where each of those that stay stands in that version
        own = next((order[stage.anchor] for stage in each.stages if stage.at == at), None)
        places.append(places[-1] if own is None else own)
    behind: list[list[_Thread]] = [[] for _ in places]
    for each in more:
        own = order[each.stages[-1].anchor]
        best = max((number for number, place in enumerate(places) if place < own), key=lambda n: places[n], default=0)
        behind[best].append(each)
    result = behind[0]
    for each, after in zip(ordered, behind[1:], strict=True):
        result += [each, *after]
    return result
