"""What needs the operator, what is active and what is recent: for the home page, and in pages of JSON."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct, field

from loomworks_record import lazy
from loomworks_record.pages import addresses, trajectory_words
from loomworks_record.pages.cites import MovedGround, relying
from loomworks_record.pages.shell import Link, phase_link
from loomworks_record.pages.wording import counted, day, listed, named, parts, version_word
from loomworks_record.record.chains import Standing
from loomworks_record.record.phases import Phase
from loomworks_record.record.trajectories.requests import change_request
from loomworks_record.record.trajectories.stories import GOING_ON, Stories, last_date
from loomworks_record.record.trajectories.trajectory import Cycle
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS
from loomworks_record.source.problem import Problem
from loomworks_record.source.version import version_key

PAGE = 50  # items of one JSON file
_LONG_STATUS = 300  # characters; a longer one speaks of other documents too, and only its first sentence counts
_AWAITS = lazy.regex(
    r"\b(?:await(?:s|ing)|pending|needs)\b[^.;]{0,60}?\b(?:approval|sign-off)\b"
    r"|\bfor (?:the )?(?:operator(?:['’]s)? )?(?:approval|sign-off)\b"
    r"|\bapproval (?:is )?(?:pending|awaited|outstanding)\b",
    re.IGNORECASE,
)
_NO_LONGER = lazy.regex(r"\b(?:no longer|not|was|were|after|before|since)\s+(?:await\w*|pending|needs)", re.IGNORECASE)

NeedKind = Literal["open-halt", "awaiting-approval", "ground-moved", "problems"]


class Need(Struct, frozen=True):
    """One thing that waits for the operator. ``tag`` is the word in its mark."""

    kind: NeedKind
    tag: str
    title: str
    text: str
    date: date | None
    actions: tuple[Link, ...]
    facts: dict[str, Any] = field(default_factory=dict)


class ActivePhase(Struct, frozen=True):
    """A phase that goes on. ``tag`` is "Halt open", "3 halts answered" or ""."""

    title: str
    address: str
    folder: str
    number: int | None
    state: str
    sentence: tuple[Link, ...]
    tag: str
    halted: bool
    version: str
    date: date | None


class Filing(Struct, frozen=True):
    """One filed document, as a list of recent ones shows it."""

    date: date | None
    title: str
    address: str
    said: str
    standing: Standing
    against: str = ""


@dataclass(frozen=True)
class Dashboard:
    """The three lists, newest first. ``problems`` are all problems of the record; ``moved`` is what changed under what
    its documents cite."""

    stories: Stories
    problems: Sequence[Problem] = ()
    moved: MovedGround | None = None

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """Open halts, then current documents that await approval, then what moved and problems as one item each."""
        return (*self._open_halts(), *self._awaiting(), *self._moved(), *self._problems())

    @cached_property
    def active(self) -> tuple[ActivePhase, ...]:
        """The phases that go on, those with the newest documents first."""
        going_on = [p for p in self.stories.record.phases if self.stories.state(p) in GOING_ON]
        going_on.sort(key=lambda p: (last_date(p) or date.min, p.number or 0), reverse=True)
        return tuple(self._active(phase) for phase in going_on)

    @cached_property
    def filings(self) -> tuple[Document, ...]:
        """Every version (of twins, the ``.md``), the one filed last first; of those filed at once, what is told last in
        its phase. What nobody knows the time of comes last."""
        versions = (document for chain in self.stories.record.chains for document in chain.named())
        return tuple(sorted(versions, key=self._told_at, reverse=True))

    @cached_property
    def last_filing(self) -> date | None:
        filed = map(self.stories.record.filing, self.filings)
        return next((moment.day for moment in filed if moment), None)

    def filings_of(self, phase: Phase) -> Sequence[Document]:
        """Those of one phase, in the same order."""
        return self._filings_by_folder.get(phase.folder, ())

    @cached_property
    def _filings_by_folder(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = defaultdict(list)
        for document in self.filings:
            phase = self.stories.record.phase(document)
            if phase:
                found[phase.folder].append(document)
        return found

    def filing(self, document: Document) -> Filing:
        """How a list of recent documents shows one."""
        shown = self._shown.get(document.path)
        if shown is None:
            title, standing = _title(self.stories, document), self.stories.record.standing(document)
            address, said = addresses.view(document), self._said(document)
            shown = Filing(document.date, title, address, said, standing, self.stories.record.against(document))
            self._shown[document.path] = shown
        return shown

    @cached_property
    def _shown(self) -> dict[str, Filing]:
        return {}  # several lists show the same ones

    def _open_halts(self) -> list[Need]:
        found = [(phase, cycle) for phase in self.stories.record.phases for cycle in self.stories.of(phase).open_halts]
        found.sort(
            key=lambda pair: (_halted_on(pair[1]) or date.min, pair[0].number or 0, pair[1].number), reverse=True
        )
        return [self._open_halt(phase, cycle) for phase, cycle in found]

    def _open_halt(self, phase: Phase, cycle: Cycle) -> Need:
        record, halted = self.stories.record, cycle.halted
        note = record.by_path.get(cycle.halt or "")
        step = f"Step {halted.step} halted" if halted and halted.step else "halted"
        on = f" on {day(halted.date)}" if halted and halted.date else ""
        elsewhere = "" if note or halted is None else f"The halt note is {_held_where(halted.place)}"
        said = trajectory_words.event_said(note) if note else elsewhere
        own = Link(phase.label, addresses.phase(phase.folder) + f"#cycle-{cycle.number}")
        read = [Link("Read the halt note", addresses.view(note))] if note else []
        return Need(
            kind="open-halt",
            tag="Halt open",
            title=f"{phase.label}, cycle {cycle.number}: {step}{on}",
            text=f"{said + '. ' if said else ''}No change request held here answers it yet.",
            date=_halted_on(cycle),
            actions=(*read, own),
            facts={"phase": phase.number, "folder": phase.folder, "cycle": cycle.number, "halt": cycle.halt},
        )

    def _awaiting(self) -> Iterator[Need]:
        record = self.stories.record
        for document in self.filings:
            if record.current(document) is document and awaits_approval(document):
                phase = record.phase(document)
                read = Link(f"Read {named(document)}" if phase else "Read it", addresses.view(document))
                yield Need(
                    kind="awaiting-approval",
                    tag="Awaiting approval",
                    title=_title(self.stories, document),
                    text=f"{document.declared_status}.",
                    date=document.date,
                    actions=(read, phase_link(phase)) if phase else (read,),
                    facts={"phase": document.phase, "path": document.path},
                )

    def _moved(self) -> Iterator[Need]:
        waiting = self.moved.waiting if self.moved else 0
        if waiting:
            yield Need(
                kind="ground-moved",
                tag="Ground moved",
                title=relying(waiting),
                text="A section or identifier that is cited there reads otherwise in the version in force.",
                date=None,
                actions=(Link("See what moved", addresses.MOVED),),
                facts={"documents": waiting},
            )

    def _problems(self) -> Iterator[Need]:
        """Notices are for whoever is curious; errors and warnings are to be seen to."""
        counts = [sum(p.severity == severity for p in self.problems) for severity in ("error", "warning")]
        words = [counted(n, word) for n, word in zip(counts, ("error", "warning"), strict=True) if n]
        if words:
            yield Need(
                kind="problems",
                tag=counted(sum(counts), "problem"),
                title=f"{' and '.join(words)} in the record",
                text="A strict build would fail. The list says what to do about each.",
                date=None,
                actions=(Link("See the problems", addresses.PROBLEMS),),
                facts={"errors": counts[0], "warnings": counts[1]},
            )

    def _active(self, phase: Phase) -> ActivePhase:
        record, told, state = self.stories.record, self.stories.of(phase), self.stories.state(phase)
        chain = change_request(record, phase)
        stands = (chain.current or chain.newest) if chain else None
        answered = sum(1 for cycle in told.cycles if cycle.halt and cycle.state == "answered")
        halted = bool(told.open_halts)
        tag = "Halt open" if halted else f"{counted(answered, 'halt')} answered" if answered else ""
        return ActivePhase(
            title=phase.heading,
            address=addresses.phase(phase.folder),
            folder=phase.folder,
            number=phase.number,
            state=state,
            sentence=trajectory_words.phase_sentence(record, phase, told, state),
            tag=tag,
            halted=halted,
            version=trajectory_words.request_version(record, stands) if stands else "",
            date=last_date(phase),
        )

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Path → (number of its phase, place in the trajectory): what came later has the higher place."""
        return {
            event.path: (phase.number or 0, at)
            for phase in self.stories.record.phases
            for at, event in enumerate(self.stories.of(phase).events)
            if event.path
        }

    def _told_at(self, document: Document) -> tuple[datetime, tuple[int, int], str, tuple[int, ...], str]:
        place, filed = self._places.get(document.path, (0, 0)), self.stories.record.filing(document)
        at = filed.at if filed else datetime.min.replace(tzinfo=UTC)
        return (at, place, document.chain, version_key(document.version), document.path)

    def _said(self, document: Document) -> str:
        record = self.stories.record
        phase, place = record.phase(document), self.stories.place(document)
        cycle = place.cycle if place else None
        if phase and cycle and cycle.halt:
            answers = document.path == cycle.answered_by
            verb = "Answers" if record.standing(document) == "current" else "Answered"
            return f"{verb} the cycle-{cycle.number} halt of {phase.label}" if answers else _in_cycle(phase, cycle)
        if phase and cycle:
            return _in_cycle(phase, cycle)
        before, after = record.chain(document).predecessor(document), record.chain(document).successor(document)
        if after:
            return f"Superseded {_when(document, after)}by {version_word(after.version)}"
        if before:
            return f"Supersedes {version_word(before.version)}"
        label = record.config.kinds.label(document.kind)
        return f"{label}, {phase.label}" if phase else label


def awaits_approval(document: Document) -> bool:
    """Whether its own status says that it waits to be approved."""
    status = document.header.first("status") or ""
    said = status if len(status) <= _LONG_STATUS else document.declared_status or ""
    return _AWAITS.search(said) is not None and _NO_LONGER.search(said) is None


def dashboard_files(dashboard: Dashboard) -> Iterator[tuple[str, dict[str, Any]]]:
    """(Address, JSON) of all files under ``/api/dashboard/``."""
    yield from _pages("needs-you", [_need_json(need) for need in dashboard.needs])
    yield from _pages("active", [_active_json(active) for active in dashboard.active])
    yield from _pages("recent", [_filing_json(document, dashboard.filing(document)) for document in dashboard.filings])


def _pages(name: str, items: Sequence[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """At least one file; ``next`` is the address of the next one relative to this one, or null."""
    pages = parts(items, PAGE)
    for number, page in enumerate(pages, 1):
        following = _file(name, number + 1) if number < len(pages) else None
        yield (
            f"api/dashboard/{_file(name, number)}",
            {"items": list(page), "total_count": len(items), "next": following},
        )


def _file(name: str, number: int) -> str:
    return f"{name}.json" if number == 1 else f"{name}-{number}.json"


def _need_json(need: Need) -> dict[str, Any]:
    return {
        "kind": need.kind,
        "title": need.title,
        "text": need.text,
        "date": need.date.isoformat() if need.date else None,
        "url": addresses.url(need.actions[0].address.partition("#")[0]),
        **need.facts,
    }


def _active_json(active: ActivePhase) -> dict[str, Any]:
    return {
        "phase": active.number,
        "folder": active.folder,
        "title": active.title,
        "state": active.state,
        "sentence": trajectory_words.sentence_text(active.sentence),
        "halt_open": active.halted,
        "date": active.date.isoformat() if active.date else None,
        "url": addresses.url(active.address),
    }


def _filing_json(document: Document, filing: Filing) -> dict[str, Any]:
    return {
        "path": document.path,
        "title": filing.title,
        "version": str(document.version) if document.version else None,
        "kind": document.kind,
        "phase": document.phase,
        "date": document.date.isoformat() if document.date else None,
        "standing": filing.standing,
        "said": filing.said,
        "url": addresses.url(filing.address),
    }


def _title(stories: Stories, document: Document) -> str:
    """Its name in lists over the whole record, with its version where the name does not end in it."""
    version = version_word(document.version)
    if document.cr_number and document.role in REQUESTS:
        return named(document)
    title = listed(stories.record, document)
    return title if not version or re.search(rf"\b{re.escape(version)}\b", title) else f"{title} {version}"


def _halted_on(cycle: Cycle) -> date | None:
    return cycle.halted.date if cycle.halted else None


def _held_where(place: str) -> str:
    words = trajectory_words.place_words(place)
    return words if words.startswith("not") else f"held {words.replace(':', ',', 1)}"


def _in_cycle(phase: Phase, cycle: Cycle) -> str:
    return f"{phase.label}, cycle {cycle.number}"


def _when(document: Document, after: Document) -> str:
    if document.date is None or after.date is None:
        return ""
    days = after.date - document.date
    return {timedelta(0): "the same day ", timedelta(1): "the next day "}.get(days, f"on {day(after.date)} ")
