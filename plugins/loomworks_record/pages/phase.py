"""The page of a phase: where it stands, its trajectory, its documents, and what to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from loomworks_record.pages import addresses, trajectory_words
from loomworks_record.pages.picture import Mark, Picture, PictureStep, Stretch, picture
from loomworks_record.pages.reading import OrderedDocument, context_address, reading, reading_order
from loomworks_record.pages.shell import (
    CONTEXT,
    TRAJECTORY_CSS,
    Head,
    Link,
    ListEntry,
    Sidebar,
    Sidebars,
    Site,
    crumbs,
    head_values,
    phase_data,
    record_data,
    shortened,
)
from loomworks_record.pages.wording import counted, day, grouped, in_reading_order, kilobytes, named, version_word
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.events import Event
from loomworks_record.record.trajectories.requests import change_request
from loomworks_record.record.trajectories.stories import Stories
from loomworks_record.record.trajectories.trajectory import Cycle, Trajectory
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS, Role

_LISTED_FIRST: tuple[Role, ...] = ("request", "halt", "amendment-handoff", "amendment-scoping", "scoping")
_MARK_WORDS = {
    "current": "Current",
    "archived": "Archived (read-only)",
    "answered": "Halt, answered",
    "open": "Halt, open",
    "elsewhere": "Held elsewhere",
    "node": "",
}


class Item(Struct, frozen=True):
    """One numbered step of the list. ``mark`` is its shape, ``mark_words`` the same in words; ``links`` are the
    documents of the step, ``name`` what is not held, with ``note`` saying where it is. ``version`` is that of a
    change request, else ""."""

    number: int
    lane: str
    version: str
    mark: Mark
    mark_words: str
    verb: str
    date: date | None
    links: tuple[Link, ...]
    name: str
    note: str
    place: str
    said: str


class Part(Struct, frozen=True):
    """The prologue or a cycle. ``state`` is "", "open", "answered", or "unhalted" for a cycle without a halt."""

    anchor: str
    title: str
    state: Literal["", "open", "answered", "unhalted"]
    words: str
    answer: str
    items: tuple[Item, ...]


Identifiers = tuple[str, tuple[Link, ...]]  # the title of one kind, and those that are defined in the phase


class PhasePage(Struct, frozen=True):
    """All that the template shows, top to bottom."""

    crumbs: tuple[Link, ...]
    path: str
    title: str
    goal: str
    sentence: tuple[Link, ...]
    state: str
    actions: tuple[Link, ...]
    sidebar: Sidebar | None
    counts: str
    parts: tuple[Part, ...]
    picture: Picture | None
    held: str
    groups: tuple[tuple[str, tuple[ListEntry, ...]], ...]
    identifiers: tuple[Identifiers, ...]
    order: tuple[OrderedDocument, ...]
    context: Link | None
    printed: Link
    previous: Link | None
    next: Link | None


def phase_page(
    stories: Stories,
    phase: Phase,
    identifiers: Sequence[Identifiers] = (),
    context_size: int | None = None,
    sidebars: Sidebars | None = None,
) -> PhasePage:
    """The values of one phase's page; ``context_size``: the bytes of its context.md, None where none is published."""
    record, told = stories.record, stories.of(phase)
    parts = _parts(record, told)
    events = counted(sum(len(part.items) for part in parts), "event")
    stretches = [Stretch(part.title, part.anchor != "before", tuple(map(_step, part.items))) for part in parts]
    file = stories.file(phase)
    paths = reading_order(record, phase, told)
    size = kilobytes(context_size or 0)
    context = Link(f"context.md, {size}", context_address(phase.folder)) if context_size is not None else None
    at = next(at for at, each in enumerate(record.phases) if each.folder == phase.folder)
    return PhasePage(
        crumbs=crumbs(phase),
        path=f"phases/{phase.folder}/",
        title=phase.heading,
        goal=file.goal if file else "",
        sentence=trajectory_words.phase_sentence(record, phase, told, stories.state(phase)),
        state=stories.state(phase),
        actions=tuple(_actions(record, phase, told, paths, context)),
        sidebar=(sidebars or Sidebars(record)).of_phase(phase),
        counts=f"{events}, {counted(len(told.cycles), 'cycle')}" if told.cycles else events,
        parts=parts,
        picture=picture(_picture_title(phase, told), stretches, record.config.kinds.lanes),
        held=f"{len(phase.documents):,} held",
        groups=tuple(_groups(record, phase)),
        identifiers=tuple(identifiers),
        order=tuple(reading(record, record.by_path[path], told) for path in paths),
        context=context,
        printed=Link("One page to print", addresses.printable(phase.folder)),
        previous=_beside(record, at - 1),
        next=_beside(record, at + 1),
    )


def _beside(record: Record, at: int) -> Link | None:
    found = record.phases[at : at + 1] if at >= 0 else ()
    return next((Link(each.heading, addresses.phase(each.folder)) for each in found), None)


def phase_head(site: Site, phase: Phase, page: PhasePage) -> Head:
    sentence = trajectory_words.sentence_text(page.sentence)
    neighbours = (("prev", page.previous), ("next", page.next))
    head = site.head(
        page.title,
        shortened(f"{page.title}. {page.goal + ' ' if page.goal else ''}{sentence}"),
        "phases",
        relations=tuple((relation, link.address) for relation, link in neighbours if link),
        kind="phase",
        stylesheets=(TRAJECTORY_CSS,),
    )
    data = {
        "@context": CONTEXT,
        **phase_data(site, phase),
        "description": sentence,
        "isPartOf": record_data(site),
        "hasPart": [
            {"@type": "DigitalDocument", "name": row.name, "url": site.absolute(row.address)}
            for _, rows in page.groups
            for row in rows
        ],
    }
    return head_values(site, addresses.phase(phase.folder), head, data)


def _actions(record: Record, phase: Phase, told: Trajectory, order: Sequence[str], context: Link | None) -> list[Link]:
    """The first is what a reader most likely came for: the note of an open halt, else the change request."""
    notes = [record.by_path[cycle.halt] for cycle in reversed(told.open_halts) if cycle.halt in record.by_path]
    actions = [Link("Read the halt note", addresses.view(note)) for note in notes[:1]]
    chain = change_request(record, phase)
    stands = chain.current or chain.newest if chain else record.by_path[order[0]] if order else None
    if stands:
        actions.append(Link(f"Read {named(stands)}", addresses.view(stands)))
    if order:
        actions.append(Link("Reading order", addresses.phase(phase.folder) + "#order"))
    return [*actions, context] if context else actions


def _picture_title(phase: Phase, told: Trajectory) -> str:
    if not told.cycles:
        return f"Swim lanes of {phase.label}: its documents in the order of the list"
    cycles = f"{trajectory_words.number_word(len(told.cycles))} {'cycle' if len(told.cycles) == 1 else 'cycles'}"
    return f"Swim lanes of {phase.label}: {cycles}, each from its halt or amendment to a version of the change request"


def _parts(record: Record, told: Trajectory) -> tuple[Part, ...]:
    """The prologue and the cycles, their items numbered through."""
    parts: list[Part] = []
    number = 1
    if told.prologue:
        items = _items(record, told.prologue, None, number)
        first = "halt" if any(cycle.halt for cycle in told.cycles) else "amendment"
        title = f"Before the first {first}" if told.cycles else "In order"
        parts.append(Part("before", title, "", "", "", items))
        number += len(items)
    for cycle in told.cycles:
        items = _items(record, cycle.events, cycle, number)
        state: Literal["open", "answered", "unhalted"] = cycle.state if cycle.halt else "unhalted"
        words = trajectory_words.cycle_words(record, cycle)
        answer = trajectory_words.answer_address(record, cycle)
        parts.append(Part(f"cycle-{cycle.number}", trajectory_words.cycle_title(cycle), state, words, answer, items))
        number += len(items)
    return tuple(parts)


def _items(record: Record, events: Sequence[Event], cycle: Cycle | None, first: int) -> tuple[Item, ...]:
    """Versions of one document that follow each other on one day are one item; change requests never are."""
    grouped: list[list[Event]] = []
    for event in events:
        if grouped and _goes_on(record, grouped[-1][-1], event):
            grouped[-1].append(event)
        else:
            grouped.append([event])
    return tuple(_item(record, group, cycle, number) for number, group in enumerate(grouped, first))


def _goes_on(record: Record, before: Event, event: Event) -> bool:
    if not before.path or not event.path or event.role in REQUESTS:
        return False
    one, other = record.by_path[before.path], record.by_path[event.path]
    return one.chain == other.chain and before.date == event.date


def _item(record: Record, group: list[Event], cycle: Cycle | None, number: int) -> Item:
    newest = group[-1]
    document = record.by_path.get(newest.path or "")
    mark = _mark(record, newest, cycle)
    return Item(
        number=number,
        lane=record.config.kinds.row(newest.kind).lane,
        # A request about a request is a step like others.
        version=version_word(newest.version) if newest.role == "request" else "",
        mark=mark,
        mark_words=_MARK_WORDS[mark],
        verb=newest.verb,
        date=newest.date,
        links=tuple(_event_link(record, event, at) for at, event in enumerate(group)) if newest.held else (),
        name="" if newest.held else trajectory_words.event_name(record, newest),
        note="" if newest.held else trajectory_words.place_words(newest.place),
        place=newest.place,
        said=trajectory_words.event_said(document) if document else "",
    )


def _event_link(record: Record, event: Event, at: int) -> Link:
    """The first with its name, those after it with their version only: "Scoping note v0.1, then v0.2"."""
    name = trajectory_words.event_name(record, event) if at == 0 or not event.version else version_word(event.version)
    return Link(name, addresses.view(record.by_path[event.path or ""]))


def _mark(record: Record, event: Event, cycle: Cycle | None) -> Mark:
    if event.role == "halt" and cycle:
        return cycle.state
    if not event.path:
        return "elsewhere"
    return record.standing(record.by_path[event.path])


def _step(item: Item) -> PictureStep:
    """A step as the picture shows it: of documents that are not change requests, only what they are."""
    mark: Mark = item.mark if item.version or item.mark in ("open", "answered", "elsewhere") else "node"
    address = item.links[-1].address if item.links else ""
    names = ", then ".join(link.text for link in item.links) or f"{item.name} ({item.note})"
    on = f", {day(item.date)}" if item.date else ""
    return PictureStep(item.number, item.lane, mark, item.version, address, f"{item.number}. {item.verb}{on}: {names}")


def _groups(record: Record, phase: Phase) -> list[tuple[str, tuple[ListEntry, ...]]]:
    """By kind, each newest first; the change request and its amendments before the rest."""
    kinds = record.config.kinds
    found = grouped(in_reading_order(record, phase.documents), lambda document: document.kind)
    ranks = {role: rank for rank, role in enumerate(_LISTED_FIRST)}
    ordered = sorted(found, key=lambda kind: (ranks.get(kinds.row(kind).role, len(ranks)), kinds.label(kind)))
    return [(kinds.label(kind), tuple(_row(record, document) for document in found[kind])) for kind in ordered]


def _row(record: Record, document: Document) -> ListEntry:
    form = " (HTML)" if record.chain(document).twins(document) and document.form == "html" else ""
    standing, against = record.standing(document), record.against(document)
    return ListEntry(named(document) + form, addresses.view(document), standing, against=against)
