"""The ground of citations: whether the section or identifier of an archived version that a text cites reads the same
in the version in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from loomworks_record.record.chains import Chain
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.record import Record
from loomworks_record.record.through import Stage, Thread, Through, called
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import AMENDMENTS, Role
from loomworks_record.source.problem import Problem

State = Literal["same", "changed", "gone"]
_BRING_CHANGE: frozenset[Role] = AMENDMENTS | {"halt", "amending"}
_AT_HAND = 256  # chains: the pages of one ask for it one after the other


class Ground(NamedTuple):
    """``name`` is what is cited ("§4", "Gate 5b"), ``now`` the path of the version in force, ``anchor`` where it stands
    there, or of what is gone where most of its text went ("": nobody knows). ``mark`` is its number or identifier there
    where that is another, else "". ``versions`` are the paths of those in which it changed, oldest first, or of the
    first that does not have it; each with the version before, and the anchor on the page of their comparison."""

    state: State
    name: str
    now: str
    anchor: str
    mark: str
    versions: tuple[tuple[str, str, str], ...]


class Grounds:
    """Of one record. Without ``follow``, which follows a chain, nothing is known."""

    def __init__(self, record: Record, citations: Citations, follow: Callable[[Chain], Through] | None) -> None:
        self.record = record
        self.citations = citations
        self._follow = follow
        self._through: dict[str, Through] = {}
        self._grounds: dict[tuple[str, str], Ground | None] = {}

    def through(self, chain: Chain) -> Through:
        """How a chain went through its versions; an empty one where that is not known."""
        if self._follow is None:
            return Through()
        known = self._through.get(chain.id)
        if known is None:
            if len(self._through) >= _AT_HAND:
                self._through.clear()
            known = self._through[chain.id] = self._follow(chain)
        return known

    def of(self, citation: Citation) -> Ground | None:
        """None where no section or identifier of an archived version is cited, or nothing is known of it."""
        if citation.outcome != "superseded" or not citation.target or not citation.anchor:
            return None
        return self.of_place(citation.target, citation.anchor)

    def of_place(self, path: str, anchor: str) -> Ground | None:
        """That of a citation of a section of the archived version at ``path``."""
        place = path, anchor
        if place not in self._grounds:
            self._grounds[place] = self.at(self.record.by_path[path], anchor)
        return self._grounds[place]

    @cached_property
    def moved(self) -> tuple[tuple[Citation, Ground], ...]:
        """The citations of current documents whose ground has changed or is gone, one of each place in a document.

        A document relies neither on what it is a version of, nor a halt note or an amendment on what it has changed.
        """
        return tuple(self._moved())

    def _moved(self) -> Iterator[tuple[Citation, Ground]]:
        for document in self.record.documents:
            if self._follow is None or self.record.standing(document) != "current":
                continue
            told = set()
            for citation in self.citations.of(document.path):
                ground = self.of(citation)
                if ground is None or ground.state == "same" or (citation.target, citation.anchor) in told:
                    continue
                told.add((citation.target, citation.anchor))
                if self._relies(document, self.record.by_path[citation.target or ""]):
                    yield citation, ground

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self.problem(citation, ground) for citation, ground in self.moved)

    def problem(self, citation: Citation, ground: Ground) -> Problem:
        target = self.record.by_path[citation.target or ""]
        said = ", ".join(f"v{self.record.by_path[path].version}" for _, path, _ in ground.versions)
        became = "is gone since" if ground.state == "gone" else "has changed in"
        message = f"'{citation.text}' is {ground.name} of {target.name}, which {became} {said}"
        return Problem(citation.source, citation.line, "citation-ground-moved", message)

    def _relies(self, document: Document, target: Document) -> bool:
        brings_change = document.role in _BRING_CHANGE
        same_phase = document.phase_folder is not None and document.phase_folder == target.phase_folder
        return document.chain != target.chain and not (brings_change and same_phase)

    def at(self, target: Document, anchor: str) -> Ground | None:
        """What became of one section of a version; None where that is not known."""
        chain = self.record.chain(target)
        through = self.through(chain)
        at, to = through.number(target.path), through.number(chain.current.path if chain.current else "")
        thread = None if at is None else through.thread(at, anchor)
        stage = thread.in_version(at) if thread and at is not None else None
        if thread is None or stage is None or to is None:
            return None
        return _ground(through, thread, stage, to)


def _ground(through: Through, thread: Thread, stage: Stage, to: int) -> Ground:
    paths, now = through.versions, through.versions[to]
    name = called(stage.mark) or f"“{stage.title}”"
    last = thread.in_version(to)
    if last is None:
        gone = thread.last.at + 1
        went = through.thread(gone, thread.went)
        there = went.in_version(to) if went else None
        steps = ((paths[gone - 1], paths[gone], thread.change),)
        return Ground("gone", name, now, there.anchor if there else "", there.called if there else "", steps)
    changed = tuple((paths[each.at - 1], paths[each.at], each.change) for each in thread.changed(to, stage.at))
    mark = called(last.mark) if last.mark != stage.mark else ""
    return Ground("changed" if changed else "same", name, now, last.anchor, mark, changed)
