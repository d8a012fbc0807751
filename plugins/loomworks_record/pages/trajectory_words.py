"""The words in which trajectories are told. Every sentence about a phase, a cycle or a halt is made here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import day, joined, named, version_or_name, version_word
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.events import Event
from loomworks_record.record.trajectories.requests import change_request
from loomworks_record.record.trajectories.trajectory import Cycle, Trajectory, place_in_trajectory
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.kinds import AMENDMENTS

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\.(?:md|html)\b[^()]*\)")  # a file name beside the words for it
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-?")
_STEP_IN_NAME = re.compile(r"(?:^|-)step-(\d{1,3}[a-z]?)(?=-|$)")


class PlaceLine(Struct, frozen=True):
    """Where a document stands in its phase's trajectory: the words, and the steps before and after it."""

    words: str
    address: str
    previous: Link | None
    next: Link | None


def number_word(number: int) -> str:
    """ "three", and figures from thirteen on."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def phase_sentence(record: Record, phase: Phase, told: Trajectory, state: str) -> tuple[Link, ...]:
    """Where a phase stands, in one or two sentences."""
    if told.open_halts:
        return (Link(_open_words(told.open_halts), ""),)
    chain = change_request(record, phase)
    if chain is None:
        return (Link(_without_request(phase, told, state), ""),)
    stands = chain.current or chain.newest
    address = addresses.view(stands)
    if not told.cycles and state == "closed":
        return (Link("Built without a halt.", ""),)
    version = version_word(stands.version) or "its only version"
    verb = "The change request stands at " if chain.current else "No change request is current; the newest held is "
    return Link(verb, ""), Link(version, address), Link(_history_words(told), "")


def sentence_text(pieces: Sequence[Link]) -> str:
    return "".join(piece.text for piece in pieces)


def halt_words(cycle: Cycle) -> str:
    """ "the halt of 12 May 2026 at Step 2b", or "" for a cycle without a halt."""
    halted = cycle.halted
    if halted is None:
        return ""
    of = f" of {day(halted.date)}" if halted.date else ""
    return f"the halt{of}{_at(halted)}"


def cycle_title(cycle: Cycle) -> str:
    """ "Cycle 3: Step 2b live", from the name of its halt note, else from its step."""
    subject = _step_words(cycle)
    return f"Cycle {cycle.number}: {subject}" if subject else f"Cycle {cycle.number}"


def cycle_words(record: Record, cycle: Cycle) -> str:
    """What its mark says: "Halt answered by v0.3", "Halt open"; without a halt, what it led to."""
    answer = record.by_path.get(cycle.answered_by or "")
    if cycle.halt:
        return f"Halt answered by {version_or_name(answer)}" if answer else "Halt open"
    if answer:
        return f"Led to {version_or_name(answer)}; no halt note is named"
    return "No halt note is named, and no later change request is held"


def answer_address(record: Record, cycle: Cycle) -> str:
    """Of the version that answers its halt, or ""."""
    answer = record.by_path.get(cycle.answered_by or "")
    return addresses.view(answer) if answer else ""


def place_line(record: Record, phase: Phase, told: Trajectory, path: str) -> PlaceLine | None:
    """What a document's page says of its place, or None when the trajectory does not tell it. Links lead to
    documents, or to the phase page for what is not held."""
    place = place_in_trajectory(told, path)
    if place is None:
        return None
    at = told.events.index(place.event) + 1
    before = "Before the first halt" if told.cycles else f"{at} of {len(told.events)} in the story of the phase"
    anchor = f"#cycle-{place.cycle.number}" if place.cycle else "#before"
    return PlaceLine(
        words=" · ".join(_cycle_place(record, place.cycle, place.event)) if place.cycle else before,
        address=addresses.phase(phase.folder) + anchor,
        previous=_step_link(record, phase, place.previous),
        next=_step_link(record, phase, place.next),
    )


def event_name(record: Record, event: Event) -> str:
    """What a list calls the document of an event: "Amendment 2 handoff v0.1", "Halt surface, Step 2b live"."""
    document, kinds = record.by_path.get(event.path or ""), record.config.kinds
    if event.role == "halt":
        rest = _halt_rest(event)
        later = version_word(event.version) if event.version and str(event.version) != "0.1" else ""
        return " ".join(filter(None, [kinds.label(event.kind) + (f", {rest}" if rest else ""), later]))
    return named(document or read_document(event.name, b"", kinds, record.config.notation))


def event_said(document: Document) -> str:
    """One line of what a document says of itself: of a halt note, what its title adds; else its status."""
    if document.role == "halt":
        said = re.split(r"\s[—–]\s|:\s", document.title, maxsplit=1)[-1]
        return _line(said) if said != document.title else _line(document.declared_status or "")
    return _line(document.declared_status or document.header.first("purpose") or "")


def place_words(place: str) -> str:
    """ "elsewhere: engine repo", folders left away; "not held here" where no text says where it is."""
    if not place:
        return "not held here"
    short = " ".join(word for word in place.split() if "/" not in word)
    return f"elsewhere: {short or place}"


def request_version(record: Record, request: Document) -> str:
    """ "CR v0.4"."""
    return f"{record.config.kinds.short('request')} {version_word(request.version)}".strip()


def _open_words(cycles: Sequence[Cycle]) -> str:
    if len(cycles) == 1:
        since = _since(cycles[0].halted)
        return f"Halted{' ' if since else ''}{since}; no change request held here answers it yet."
    where = joined([_since(cycle.halted) for cycle in cycles if cycle.halted])
    number = number_word(len(cycles)).capitalize()
    return f"{number} halts are open{', ' if where else ''}{where}; no change request held here answers them yet."


def _history_words(told: Trajectory) -> str:
    """What follows "The change request stands at v0.4"."""
    halts = [cycle for cycle in told.cycles if cycle.halt]
    if halts:
        count = len(halts)
        words = f" after {number_word(count)} {'halt' if count == 1 else 'halts'}{_dates([c.halted for c in halts])}."
        all_words = {1: "It is", 2: "Both are"}.get(count, f"All {number_word(count)} are")
        return f"{words} {all_words} answered; nothing is open."
    if told.cycles:
        count = len(told.cycles)
        amendments = f"{number_word(count)} {'amendment' if count == 1 else 'amendments'}"
        unanswered = any(cycle.state == "open" for cycle in told.cycles)
        rest = "the version it leads to is not held here." if unanswered else "no halt note is named."
        return f" after {amendments}; {rest}"
    return ". No halt is recorded here."


def _without_request(phase: Phase, told: Trajectory, state: str) -> str:
    if state == "closed":
        return "Closed; no change request is held here."
    count = len(phase.documents)
    held = "One document is held" if count == 1 else f"{number_word(count).capitalize()} documents are held"
    return f"{held}; no change request yet." if not told.cycles else f"{held}; no change request is among them."


def _dates(events: Sequence[Event | None]) -> str:
    days = sorted({event.date for event in events if event and event.date})
    if not days:
        return ""
    return f" on {day(days[0])}" if len(days) == 1 else f" between {day(days[0])} and {day(days[-1])}"


def _cycle_place(record: Record, cycle: Cycle, event: Event) -> list[str]:
    answer = record.by_path.get(cycle.answered_by or "")
    version = request_version(record, answer) if answer else ""
    words = [f"Cycle {cycle.number}"]
    if event.role == "halt":
        on = f" on {day(event.date)}" if event.date else ""
        return [*words, f"halted{_at(event)}{on}", f"answered by {version}" if version else "open"]
    if event.path == cycle.answered_by and event.path:
        return [*words, f"answers {halt_words(cycle)}" if cycle.halt else "amended; no halt note is named"]
    events = cycle.events
    if cycle.answer and events.index(event) > events.index(cycle.answer):
        return [*words, f"follows {version}"]
    if event.role in AMENDMENTS or not cycle.halt:
        answers = [f"answers {halt_words(cycle)}"] if cycle.halt else []
        return [*words, *answers, f"led to {version}" if version else "the version it leads to is not held"]
    return [*words, f"follows {halt_words(cycle)}", f"answered by {version}" if version else "open"]


def _step_link(record: Record, phase: Phase, event: Event | None) -> Link | None:
    if event is None:
        return None
    document = record.by_path.get(event.path or "")
    address = addresses.view(document) if document else addresses.phase(phase.folder) + "#trajectory"
    return Link(event_name(record, event), address)


def _step_words(cycle: Cycle) -> str:
    halted = cycle.halted
    if halted:
        return _halt_rest(halted) or (f"Step {halted.step}" if halted.step else "")
    steps = (_STEP_IN_NAME.search(event.name) for event in cycle.events if event.role in AMENDMENTS)
    return next((f"Step {found[1]}" for found in steps if found), "")


def _halt_rest(event: Event) -> str:
    """What a halt note's name says after its date: "Step 2b live"."""
    said = _DATE.sub("", event.said)
    words = said.replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _at(event: Event | None) -> str:
    return f" at Step {event.step}" if event and event.step else ""


def _since(halted: Event | None) -> str:
    """ "at Step 2b since 12 May 2026"."""
    since = f" since {day(halted.date)}" if halted and halted.date else ""
    return f"{_at(halted)}{since}".strip()


def _line(text: str, limit: int = 120) -> str:
    plain = _IN_BRACKETS.sub("", text.replace("**", "").replace("`", ""))
    plain = " ".join(plain.split()).rstrip(".")
    plain = plain[:1].upper() + plain[1:]
    return plain if len(plain) <= limit else plain[:limit].rsplit(" ", 1)[0].rstrip(",;:") + " …"
