"""The wording of comparisons: what changed, in words and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from loomworks_record.comparison.tally import STATES
from loomworks_record.comparison.values import (
    ChangedSection,
    Comparison,
    IdentifierChange,
    RowCount,
    SectionChange,
    SectionName,
    Shortfall,
    Tally,
    UnchangedRun,
)
from loomworks_record.pages.wording import counted, joined

OPENING = "Text before the first section"
_LABEL = 48  # characters of a title where there is no number to name a section by
_UNITS = {
    "heading": "heading", "paragraph": "paragraph", "item": "list item", "row": "row", "code": "code block",
    "head": "table head", "other": "other block",
}  # fmt: skip
_COUNTED = ("paragraph", "item", "row", "code")
_SERIES = re.compile(r"(?P<stem>.*?)(?P<number>\d+)")


def headline(comparison: Comparison, header_differs: bool, same_bytes: bool) -> str:
    """ "4 sections changed, 1 added, 0 removed."."""
    if comparison.is_same:
        if header_differs:
            return "The text is the same; only the header differs."
        return "Both were filed with the same bytes." if same_bytes else "The text and the header are the same."
    counts = {sort: sum(section.sort == sort for section in comparison.sections) for sort in STATES}
    words = f"{counted(counts['changed'], 'section')} changed, {counts['added']} added, {counts['removed']} removed"
    return f"{words}, {counts['moved']} moved." if counts["moved"] else f"{words}."


def total_words(comparison: Comparison) -> str:
    """ "31 of 240 blocks differ. 39 paragraphs and 28 rows are unchanged; long runs are folded."."""
    differing, total = comparison.blocks_differing, comparison.blocks_total
    if not total:
        return "Neither has any text."
    first = f"{differing:,} of {counted(total, 'block')} {'differs' if differing == 1 else 'differ'}."
    same = [tally for tally in comparison.tallies if tally.same and tally.kind in _COUNTED]
    if not same:
        return first
    verb = "is" if [tally.same for tally in same] == [1] else "are"
    return f"{first} {joined(counted(tally.same, _UNITS[tally.kind]) for tally in same)} {verb} unchanged and folded."


def section_label(name: SectionName) -> tuple[str, str]:
    """Number and title for a list of contents; an identifier ("Step 2b") stands with its title."""
    title = str(replace(name, number=""))
    return (name.number, title) if name.number or title else ("", OPENING)


def section_text(name: SectionName) -> str:
    """ "§12 Acceptance gates", "Step 2b: Live usage event"."""
    return " ".join(part for part in section_label(name) if part)


def section_words(section: SectionChange) -> str:
    """ "§12 Acceptance gates: 1 row changed, 1 row added"."""
    within = f", with {counted(section.inner, 'section')} in it" if section.inner else ""
    whole = section.sort in ("added", "removed")
    details = _held(section.tallies) if whole else ", ".join(_differing(section.tallies))
    return section_text(section.name) + within + (f" ({details})" if details else "")


def changed_words(section: ChangedSection, version: str) -> str:
    """ "Section added in v0.3"."""
    within = f", with {counted(section.inner, 'section')} in it" if section.inner else ""
    return f"Section {section.sort} in {version}{within}"


def moved_words(section: ChangedSection) -> str:
    """ "§7 Hooks moved: it now follows §9 Tests"."""
    place = section_text(section.place) if section.place and str(section.place) else ""
    return f"{section_text(section.name)} moved: it now {'follows ' + place if place else 'comes first'}"


def fold_words(item: UnchangedRun) -> str:
    """ "11 unchanged paragraphs and 20 unchanged rows: §2, §3, §3.A"."""
    told = [tally for tally in item.tallies if tally.kind in _COUNTED] or item.tallies
    units = [counted(tally.same, f"unchanged {_UNITS[tally.kind]}") for tally in told if tally.same]
    names = [_short(name) for name in item.sections if str(name)]
    if not names:
        return joined(units)
    where = ", ".join(names) if len(names) <= 3 else f"{names[0]} to {names[-1]}"
    return f"{joined(units)}: {where}"


def identifier_words(change: IdentifierChange) -> str:
    """ "10 decisions: P57-B1 … P57-B10", "12 gates: Gate 7 → Gate 9 … Gate 18 → Gate 20"."""
    kind = change.kind if len(change.names) == 1 else change.plural
    told = series(change.names, change.now) if change.now else series(change.names)
    return f"{len(change.names):,} {kind.lower()}: {', '.join(told)}"


def row_words(rows: RowCount) -> str:
    """ "§12 Acceptance gates: rows 18 → 19"."""
    return f"{section_text(rows.section)}: rows {rows.old:,} → {rows.new:,}"


def shortfall_words(found: Shortfall) -> str:
    """What a limit left out, in a sentence."""
    if found.what == "changes":
        return f"The first {found.done:,} of {found.of:,} changes are shown: all would make too large a page."
    if found.what == "levels of nesting":
        return f"The text nests {found.of:,} levels deep. Past {found.done:,} levels only the words are compared."
    return (
        f"{found.done:,} of {counted(found.of, 'passage')} were compared word by word; the others are too long, "
        "and are shown whole: removed, then added."
    )


def series(*sides: Sequence[str]) -> list[str]:
    """Names that count on, on each side, as a range: ["P57-B1 … P57-B10", "P57-C2"]."""
    found: list[str] = []
    for _, group in groupby(enumerate(zip(*sides, strict=True)), _stems):
        run = [" → ".join(names) for _, names in group]
        found += [f"{run[0]} … {run[-1]}"] if len(run) > 2 else run
    return found


def _stems(numbered: tuple[int, tuple[str, ...]]) -> list[tuple[str, int]]:
    """Equal for names that follow each other: what stands before the number, and how far it runs ahead."""
    at, names = numbered
    read = [(_SERIES.fullmatch(name), name) for name in names]
    return [(found["stem"], int(found["number"]) - at) if found else (name, -1) for found, name in read]


def _short(name: SectionName) -> str:
    if name.mark:
        return name.mark
    return name.title if len(name.title) <= _LABEL else name.title[:_LABEL].rsplit(" ", 1)[0] + " …"


def _differing(tallies: Iterable[Tally]) -> list[str]:
    found = []
    for tally in tallies:
        for sort in STATES[1:]:
            number = getattr(tally, sort)
            if number:
                found.append(f"{counted(number, _UNITS[tally.kind])} {sort}")
    return found


def _held(tallies: Iterable[Tally]) -> str:
    return joined(counted(tally.total, _UNITS[tally.kind]) for tally in tallies if tally.kind in _COUNTED)
