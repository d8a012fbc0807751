"""What a document cites, what of that is not held, and who cites it: each with the sentence around it, and with the
ground of the citation: whether the section of an archived version still reads the same. And ``/registers/moved/``:
which current documents rely on text that has changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Link, full_link
from loomworks_record.pages.wording import counted, full_name, grouped, joined, version_or_name, version_word
from loomworks_record.record.chains import Standing
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.grounds import Ground
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import GOING_ON
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import Note
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem

_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"}
MOST = 3  # versions, or sections, that are named in one line


class Quote(Struct, frozen=True):
    """A sentence with the mention in it."""

    before: str
    text: str
    after: str


class CitedDocument(Struct, frozen=True):
    """One document that is cited, or that cites. ``now`` leads to the current version where one superseded it;
    ``grounds`` say whether the sections that are cited read the same there."""

    name: str
    address: str
    standing: Standing
    against: str
    where: str
    date: date | None
    now: Link | None
    quote: Quote
    grounds: tuple[Link, ...]


class AbsentCitation(Struct, frozen=True):
    """Something cited that is not held. ``outcome`` is elsewhere or unresolved; ``place`` is what the text says."""

    name: str
    outcome: str
    place: str
    where: str
    quote: Quote


class Cites(Struct, frozen=True):
    """Three lists, each split into what is shown and what is folded. ``sections``: by anchor, how many documents cite
    what stands there."""

    said: str
    cites: tuple[CitedDocument, ...]
    not_held: tuple[AbsentCitation, ...]
    cited_by: tuple[CitedDocument, ...]
    sections: Mapping[str, int]


def cites_of(whole: Whole, document: Document) -> Cites:
    """What the page of a document says of its citations, and of those of it in others (current documents first)."""
    record, own, by = whole.record, whole.citations.of(document.path), whole.citations.by(document.path)
    others = [citation for citation in own if citation.target and citation.target != document.path]
    by_target = grouped(others, lambda citation: citation.target or "")
    held = [_cited(whole, path, citations) for path, citations in by_target.items() if path in record.by_path]
    held.sort(key=lambda cited: cited.now is not None)
    absent = (citation for citation in own if citation.target is None and citation.named)
    missing = grouped(absent, lambda citation: citation.named)
    citing = grouped(by, lambda citation: citation.source)
    counts = Counter(anchor for anchor, _ in {(citation.anchor, citation.source) for citation in by} if anchor)
    return Cites(
        said=f"{counted(len(held), 'document')}, {counted(len(others), 'mention')}",
        cites=tuple(held),
        not_held=tuple(_not_held(citations) for citations in missing.values()),
        cited_by=tuple(_citing(whole, path, citations) for path, citations in citing.items()),
        sections=dict(sorted(counts.items())),
    )


def _cited(whole: Whole, path: str, citations: list[Citation]) -> CitedDocument:
    """What all of ``citations`` name: where one section of it is meant, that."""
    record, target, first = whole.record, whole.record.by_path[path], citations[0]
    anchors = {citation.anchor for citation in citations}
    current, now = record.by_path.get(first.now or ""), None
    if current:  # in force for it: the version of its chain, or what has replaced it by its name
        words = version_word(current.version) if current.chain == target.chain else full_name(record, current)
        now = Link(words, addresses.view(current))
    address = _at(addresses.view(target), (len(anchors) == 1 and first.anchor) or "")
    return _told(whole, target, citations, address, f"cited {where_words(citations)}", now)


def _told(
    whole: Whole, document: Document, citations: list[Citation], address: str, where: str, now: Link | None = None
) -> CitedDocument:
    record = whole.record
    return CitedDocument(
        full_name(record, document), address, record.standing(document), record.against(document), where,
        document.date, now, quote_of(citations[0]), grounds_in(whole, citations),
    )  # fmt: skip


def _citing(whole: Whole, path: str, citations: list[Citation]) -> CitedDocument:
    source = whole.record.by_path[path]
    return _told(whole, source, citations, addresses.view(source), where_words(citations))


def _not_held(citations: list[Citation]) -> AbsentCitation:
    told = next((citation for citation in citations if citation.place), citations[0])
    return AbsentCitation(told.named, told.outcome, told.place, where_words(citations), quote_of(citations[0]))


def where_words(citations: list[Citation]) -> str:
    """ "in §3, twice", "in §1 and §4", "in the header"."""
    places = dict.fromkeys("the header" if citation.where == "header" else citation.where for citation in citations)
    named_places = [place for place in places if place]
    times = f", {_TIMES.get(len(citations), f'{len(citations)} times')}" if len(citations) > 1 else ""
    if not named_places:
        return "before the first section" + times
    if len(named_places) > 3:
        named_places = [*named_places[:3], f"{len(named_places) - 3} more"]
    return f"in {joined(named_places)}{times}"


def section_words(citation: Citation) -> str:
    """Where a document cites: "§3", "in the header"."""
    return "in the header" if citation.where == "header" else citation.where


def quote_of(citation: Citation) -> Quote:
    return Quote(citation.before, citation.text, citation.after)


def ground_parts(record: Record, ground: Ground) -> tuple[Link, ...]:
    """The parts of one line, some of which lead somewhere: "reads the same in v0.4", "changed in v0.3, v0.4"."""
    now = record.by_path[ground.now]
    there = Link(version_or_name(now), _at(addresses.view(now), ground.anchor))
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
    return tuple(_ground_lines(whole.record, list(known.values())))


def _ground_lines(record: Record, grounds: Sequence[Ground]) -> Iterator[Link]:
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
    return Link(version_or_name(new), _at(address, change))


def _at(address: str, anchor: str) -> str:
    return f"{address}#{anchor}" if anchor else address


class MovedRow(Struct, frozen=True):
    """One place that a document cites. ``said`` are the parts of what became of it; ``waits`` says that somebody is to
    look at it: the document's phase is not closed, and the baseline does not know of it."""

    document: Link
    path: str
    where: str
    quote: Quote
    cited: Link
    said: tuple[Link, ...]
    waits: bool


@dataclass(frozen=True)
class MovedGround:
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
        phase = record.phase(document)
        goes_on = phase is None or self.whole.stories.state(phase) in GOING_ON
        return MovedRow(
            document=full_link(record, document),
            path=document.path,
            where=section_words(citation),
            quote=quote_of(citation),
            cited=Link(f"{full_name(record, target)} {ground.name}", f"{addresses.view(target)}#{citation.anchor}"),
            said=ground_parts(record, ground),
            waits=goes_on and self.whole.grounds.problem(citation, ground) not in self.known,
        )


def relying(documents: int) -> str:
    """ "3 current documents rely on text that has changed"."""
    return f"{counted(documents, 'current document')} {'relies' if documents == 1 else 'rely'} on text that has changed"
