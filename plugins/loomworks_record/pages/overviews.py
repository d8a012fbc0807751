"""Pages that look over the whole record: home (what needs you, what is active, what is recent, and the registers),
all phases, all halts, all problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from loomworks_record.pages import addresses, trajectory_words
from loomworks_record.pages.dashboard import ActivePhase, Dashboard, Filing, Need
from loomworks_record.pages.picture import Mark
from loomworks_record.pages.shell import CONTEXT, TRAJECTORY_CSS, Head, Link, Site, head_values, record_data, shortened
from loomworks_record.pages.wording import counted, day, severities, version_word
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.stories import Stories, last_date
from loomworks_record.record.trajectories.trajectory import Cycle, CycleState, Trajectory
from loomworks_record.record.whole import Whole
from loomworks_record.source.problem import CODES, Problem

_SHOWN = 11  # marks of a strip: a phone is that wide
_STEP = 30
_FITTING = 5  # characters of a label between two marks
NEEDS, ACTIVES, RECENT = 12, 8, 10  # items shown of each list


class HaltRow(Struct, frozen=True):
    """One halt. ``note`` leads to its note where that is held; ``place`` says where it is otherwise."""

    cycle: Link
    phase: Link
    date: date | None
    state: CycleState
    words: str
    answer: str
    name: str
    note: str
    place: str


class ProblemRow(Struct, frozen=True):
    """One problem. ``address`` leads to the document's page, or is "" where it has none; ``known``: to the baseline."""

    problem: Problem
    severity: str
    address: str
    remedy: str
    known: bool


def halts(stories: Stories) -> tuple[HaltRow, ...]:
    """Every halt of every phase: open ones first, then newest first."""
    rows = [_halt(stories, phase, cycle) for phase, cycle in halted_cycles(stories)]
    return tuple(sorted(rows, key=lambda row: (row.state != "open", -(row.date or date.min).toordinal())))


def problem_rows(
    stories: Stories, problems: Sequence[Problem], known: frozenset[Problem]
) -> tuple[str, tuple[ProblemRow, ...]]:
    """How many there are of each severity, and all: errors first, then warnings, then notices, each by place. ``known``
    are those that the baseline lists."""
    ranks = {"error": 0, "warning": 1, "notice": 2}
    held = stories.record.by_path
    rows = [
        ProblemRow(
            problem,
            problem.severity,
            addresses.view(held[problem.path]) if problem.path in held else "",
            CODES[problem.code].remedy,
            problem in known,
        )
        for problem in sorted(problems, key=lambda problem: ranks[problem.severity])
    ]
    return severities(problems), tuple(rows)


def halted_cycles(stories: Stories) -> Iterator[tuple[Phase, Cycle]]:
    """Every halt with its phase, the newest of a phase first."""
    for phase in stories.record.phases:
        for cycle in reversed(stories.of(phase).cycles):
            if cycle.halt:
                yield phase, cycle


def _halt(stories: Stories, phase: Phase, cycle: Cycle) -> HaltRow:
    record, halted = stories.record, cycle.halted
    note = record.by_path.get(halted.path or "") if halted else None
    page = addresses.phase(phase.folder)
    return HaltRow(
        cycle=Link(trajectory_words.cycle_title(cycle), f"{page}#cycle-{cycle.number}"),
        phase=Link(phase.heading, page),
        date=halted.date if halted else None,
        state=cycle.state,
        words=trajectory_words.cycle_words(record, cycle),
        answer=trajectory_words.answer_address(record, cycle),
        name=trajectory_words.event_name(record, halted) if halted else "",
        note=addresses.view(note) if note else "",
        place=halted.place if halted else "",
    )


class StripMark(Struct, frozen=True):
    """A version of the change request, or a halt, at ``x``."""

    mark: Mark
    label: str
    x: int


class Strip(Struct, frozen=True):
    """What a phase went through, now at the right. ``words`` say the same; ``before`` marks have no room."""

    words: str
    before: int
    marks: tuple[StripMark, ...]
    width: int = _SHOWN * _STEP + _STEP


class PhaseRow(Struct, frozen=True):
    heading: str
    address: str
    count: str
    date: date | None
    said: str
    strip: Strip | None


def phases_page(whole: Whole) -> tuple[PhaseRow, ...]:
    """Each with a sentence that says where it stands."""
    return tuple(_phase_row(whole, phase) for phase in reversed(whole.record.phases))


def kinds_drawn(rows: Iterable[PhaseRow]) -> tuple[Mark, ...]:
    """The marks that occur, for the legend."""
    found = {each.mark for row in rows if row.strip for each in row.strip.marks}
    order: tuple[Mark, ...] = ("current", "archived", "answered", "open")
    return tuple(mark for mark in order if mark in found)


def _phase_row(whole: Whole, phase: Phase) -> PhaseRow:
    stories = whole.stories
    sentence = trajectory_words.phase_sentence(whole.record, phase, stories.of(phase), stories.state(phase))
    return PhaseRow(
        heading=phase.heading,
        address=addresses.phase(phase.folder),
        count=counted(len(phase.documents), "document"),
        date=last_date(phase),
        said=trajectory_words.sentence_text(sentence),
        strip=_strip(whole.record, stories.of(phase)),
    )


def _strip(record: Record, told: Trajectory) -> Strip | None:
    found: list[tuple[Mark, str, str]] = []
    for cycle, events in ((None, told.prologue), *((each, each.events) for each in told.cycles)):
        for event in events:
            if event.role == "request" and event.path:
                version = version_word(event.version) or "a change request"
                found.append((record.standing(record.by_path[event.path]), version, version))
            elif cycle and event is cycle.halted:
                found.append((cycle.state, "", f"halt{f' at Step {event.step}' if event.step else ''}, {cycle.state}"))
    if not found:
        return None
    shown = found[-_SHOWN:]
    first = Strip("", 0, ()).width - _STEP * len(shown) + _STEP // 2
    if any(len(label) > _FITTING for _, label, _ in shown):  # then only the newest is written beneath its mark
        newest = max(at for at, (_, label, _) in enumerate(shown) if label)
        shown = [(mark, label if at == newest else "", words) for at, (mark, label, words) in enumerate(shown)]
    marks = tuple(StripMark(mark, label, first + _STEP * at) for at, (mark, label, _) in enumerate(shown))
    return Strip(", then ".join(words for _, _, words in found), len(found) - len(shown), marks)


class HomePage(Struct, frozen=True):
    """All that the template shows. The counts are those of the whole lists, "" words for what is empty."""

    line: str
    title: str
    lede: str
    needs: tuple[Need, ...]
    needs_count: int
    needs_more: str
    needs_empty: str
    active: tuple[ActivePhase, ...]
    active_count: int
    active_more: Link | None
    recent: tuple[Filing, ...]
    all_documents: Link | None
    registers: tuple[tuple[Link, int], ...]


def home_page(dashboard: Dashboard, site: Site, registers: Sequence[tuple[Link, int]] = ()) -> HomePage:
    """The values of the home page. ``registers`` are links with the number of rows."""
    record = dashboard.stories.record
    held, phases = len(record.documents), len(record.phases)
    needs, active = dashboard.needs, dashboard.active
    last = dashboard.last_filing
    return HomePage(
        line=" · ".join(
            filter(None, (site.origin, counted(held, "document"), counted(phases, "phase") if phases else ""))
        ),
        title=site.name,
        lede=site.lede,
        needs=needs[:NEEDS],
        needs_count=len(needs),
        needs_more=f"{counted(len(needs) - NEEDS, 'more thing')} in needs-you.json" if len(needs) > NEEDS else "",
        needs_empty="Nothing needs you." + (f" Last filing {day(last)}." if last else ""),
        active=active[:ACTIVES],
        active_count=len(active),
        active_more=Link(f"All {phases:,} phases", addresses.PHASES) if len(active) > ACTIVES else None,
        recent=tuple(map(dashboard.filing, dashboard.filings[:RECENT])),
        all_documents=Link(f"All {held:,} documents", addresses.documents()) if held > RECENT else None,
        registers=tuple(registers),
    )


def home_head(site: Site) -> Head:
    head = Head(site.name, shortened(site.lede), kind="home", stylesheets=(TRAJECTORY_CSS,))
    return head_values(site, addresses.HOME, head, {"@context": CONTEXT, **record_data(site)})
