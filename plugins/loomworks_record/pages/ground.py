"""What pages say of the ground of a citation: whether the section of an archived version still reads the same; and
``/registers/moved/``: which current documents rely on text that has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from loomworks_record.pages import addresses
from loomworks_record.pages.names import full_name, named
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, version_word
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.grounds import Ground
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.phase_state import GOING_ON
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import Note
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem

MOST = 3  # versions, or sections, that are named in one line
MOVED = addresses.register("moved")


def ground_parts(record: Record, ground: Ground) -> tuple[Link, ...]:
    """The parts of one line, some of which lead somewhere: "reads the same in v0.4", "changed in v0.3, v0.4"."""
    now = record.by_path[ground.now]
    there = Link(_version(now), _at(addresses.view(now), ground.anchor))
    if ground.state == "same":
        called = f", as {ground.mark}" if ground.mark else ""
        return Link("reads the same in ", ""), there, Link(called, "")
    steps = [_step(record, *each) for each in ground.versions]
    if ground.state == "gone":
        went = (Link("; most of it is in ", ""), Link(ground.mark, there.address)) if ground.anchor else ()
        return Link("no longer there in ", ""), *steps, *went
    more = f", {len(steps) - MOST} more and " if len(steps) > MOST else ""
    shown = steps if not more else [*steps[: MOST - 1], steps[-1]]
    called = f"; {ground.mark} in " if ground.mark else "; now "
    return Link("changed in ", ""), *_listed(shown, more), Link(called, ""), there


def ground_words(record: Record, ground: Ground) -> str:
    """The same without links."""
    return "".join(part.text for part in ground_parts(record, ground))


def notes_of(whole: Whole, document: Document) -> dict[str, Note]:
    """What stands beside the mentions of a document, by the address that they lead to, as it is written on its page."""
    page, found = addresses.view(document), dict[str, Note]()

    def led(address: str) -> str:
        return addresses.relative(address, page) if address else ""

    for citation in whole.citations.of(document.path):
        ground = whole.grounds.of(citation)
        if ground and citation.target and citation.now != document.path:
            cited = addresses.view(whole.record.by_path[citation.target])
            parts = ground_parts(whole.record, ground)
            found[led(_at(cited, citation.anchor or ""))] = tuple((part.text, led(part.address)) for part in parts)
    return found


def grounds_in(whole: Whole, citations: Sequence[Citation]) -> tuple[Link, ...]:
    """What is said of the sections that citations of one document by another cite, each once: "§4 changed in v0.4"."""
    known: Mapping[str, Ground] = {c.anchor or "": g for c in citations if (g := whole.grounds.of(c))}
    return tuple(_lines(whole.record, list(known.values())))


def _lines(record: Record, grounds: Sequence[Ground]) -> Iterator[Link]:
    for ground in grounds[:MOST]:
        now = addresses.view(record.by_path[ground.now])
        address = _at(now, ground.anchor) if ground.state == "same" else _step(record, *ground.versions[-1]).address
        yield Link(f"{ground.name} {ground_words(record, ground)}", address)
    if len(grounds) > MOST:
        yield Link(f"{len(grounds) - MOST} more", "")


def _listed(steps: Sequence[Link], more: str) -> Iterator[Link]:
    for number, step in enumerate(steps):
        if number:
            yield Link(more if more and number == len(steps) - 1 else ", ", "")
        yield step


def _step(record: Record, before: str, after: str, change: str) -> Link:
    old, new = record.by_path[before], record.by_path[after]
    address = addresses.compare(record.chain(new).id, old, new)
    return Link(_version(new), _at(address, change))


def _version(document: Document) -> str:
    return version_word(document.version) or named(document)


def _at(address: str, anchor: str) -> str:
    return f"{address}#{anchor}" if anchor else address


@dataclass(frozen=True, slots=True)
class MovedRow:
    """One place that a document cites. ``said`` are the parts of what became of it; ``waits`` says that somebody is to
    look at it: the document's phase is not closed, and the baseline does not know of it."""

    document: Link
    path: str
    where: str
    before: str
    text: str
    after: str
    cited: Link
    said: tuple[Link, ...]
    waits: bool


@dataclass(frozen=True)
class Moved:
    """Of one record; ``known`` are the problems that its baseline lists."""

    whole: Whole
    known: frozenset[Problem] = frozenset()

    @cached_property
    def rows(self) -> tuple[MovedRow, ...]:
        """Those that wait first, then by path and place."""
        found = (self._moved_row(citation, ground) for citation, ground in self.whole.grounds.moved)
        return tuple(sorted(found, key=lambda row: not row.waits))

    @property
    def waiting(self) -> int:
        """How many documents somebody is to look at."""
        return len({row.path for row in self.rows if row.waits})

    @property
    def said(self) -> str:
        """How many documents and places are listed, and how many of the documents home counts."""
        documents = len({row.path for row in self.rows})
        places = f", in {len(self.rows):,} places" if len(self.rows) > documents else ""
        waiting = f"; {self.waiting:,} of them wait for a look" if self.waiting < documents else ""
        return relying(documents) + places + waiting

    def _moved_row(self, citation: Citation, ground: Ground) -> MovedRow:
        record = self.whole.record
        document, target = record.by_path[citation.source], record.by_path[citation.target or ""]
        return MovedRow(
            document=Link(full_name(record, document), addresses.view(document)),
            path=document.path,
            where="in the header" if citation.where == "header" else citation.where,
            before=citation.before,
            text=citation.text,
            after=citation.after,
            cited=Link(f"{full_name(record, target)} {ground.name}", f"{addresses.view(target)}#{citation.anchor}"),
            said=ground_parts(record, ground),
            waits=self._goes_on(document) and self.whole.grounds.problem(citation, ground) not in self.known,
        )

    def _goes_on(self, document: Document) -> bool:
        phase = self.whole.record.phase(document)
        return phase is None or self.whole.stories.state(phase) in GOING_ON


def relying(documents: int) -> str:
    """ "3 current documents rely on text that has changed"."""
    return f"{counted(documents, 'current document')} {'relies' if documents == 1 else 'rely'} on text that has changed"
