"""Chains that are made up, with what is true of them: sections and rows that are edited, inserted, taken away,
renumbered, moved and renamed from one version to the next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.values import Fates
from loomworks_record.pages.changes import anchors_of
from loomworks_record.record.through import Through, followed
from loomworks_record.render.text import RenderedText, TextJob, render_text
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS

_WORDS = [
    "halt", "surface", "engine", "record", "phase", "amendment", "scoping", "order", "voice", "summary",
    "reader", "operator", "ledger", "reply", "draft", "table", "answer", "page", "build", "check", "index",
    "folder", "archive", "claim", "reason", "witness", "receipt", "stamp", "window", "counter", "letter",
    "garden", "copper", "harbour", "market", "lantern", "river", "stone", "thread", "needle", "winter",
    "orchard", "bridge", "kettle", "ladder", "mirror",
]  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A section (with ``rows`` where it has a table of gates) or, of level 7, one of these rows. ``own`` is its id in
    all versions."""

    own: int
    level: int
    title: str
    sentences: tuple[str, ...] = ()
    rows: tuple[Part, ...] = ()


@dataclass
class Chain:
    """Versions, oldest first, and the ids of parts that one step both moved and edited."""

    versions: list[tuple[Part, ...]]
    both: set[int] = field(default_factory=set)


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.ids = 0

    def chain(self) -> Chain:
        levels = (2 if at % 3 else self.random.choice((2, 2, 3)) for at in range(self.random.randint(4, 12)))
        parts = tuple(map(self.section, levels))
        chain = Chain([(replace(parts[0], level=2), *parts[1:])])
        for _ in range(self.random.randint(1, 5)):
            chain.versions.append(self.next_version(chain))
        return chain

    def section(self, level: int) -> Part:
        rows = tuple(self.row() for _ in range(self.random.randint(2, 6))) if self.random.random() < 0.25 else ()
        sentences = tuple(self.sentence() for _ in range(self.random.randint(2, 6)))
        return Part(self.id(), level, self.words(self.random.randint(1, 4)).capitalize(), sentences, rows)

    def row(self) -> Part:
        return Part(self.id(), 7, self.words(self.random.randint(4, 10)))

    def id(self) -> int:
        self.ids += 1
        return self.ids

    def words(self, count: int) -> str:
        return " ".join(self.random.choice(_WORDS) for _ in range(count))

    def sentence(self) -> str:
        return f"{self.words(self.random.randint(6, 16)).capitalize()}."

    def next_version(self, chain: Chain) -> tuple[Part, ...]:
        parts = list(chain.versions[-1])
        edited: set[int] = set()
        moved: set[int] = set()
        for _ in range(self.random.randint(0, 4)):
            at = self.random.randrange(len(parts))
            step = self.random.choice(("edit", "edit", "edit", "insert", "remove", "move", "rename", "row", "row"))
            if step == "edit":
                parts[at] = self.edited(parts[at])
                edited.add(parts[at].own)
            elif step == "rename":
                parts[at] = replace(parts[at], title=self.words(3).capitalize())
                edited.add(parts[at].own)
            elif step == "insert":
                parts.insert(at, self.section(parts[at].level))
            elif step == "remove" and len(parts) > 3:
                parts.pop(at)
            elif step == "move":
                part = parts.pop(at)
                moved.add(part.own)
                parts.insert(self.random.randrange(len(parts) + 1), part)
            elif step == "row" and parts[at].rows:
                parts[at] = self.other_rows(parts[at])
                edited.add(parts[at].own)
            parts[0] = replace(parts[0], level=2)
        chain.both |= edited & moved
        return tuple(parts)

    def edited(self, part: Part) -> Part:
        """One word of one sentence is another."""
        at = self.random.randrange(len(part.sentences))
        words = part.sentences[at].split()
        place = self.random.randrange(len(words))
        words[place] = words[place].replace(words[place].strip("."), self.random.choice(_WORDS).upper())
        sentences = (*part.sentences[:at], " ".join(words), *part.sentences[at + 1 :])
        return replace(part, sentences=sentences)

    def other_rows(self, part: Part) -> Part:
        """A row is inserted, which renumbers those after it, or edited, or taken away."""
        rows, at = list(part.rows), self.random.randrange(len(part.rows))
        step = self.random.choice(("insert", "edit", "remove"))
        if step == "insert":
            rows.insert(at, self.row())
        elif step == "edit":
            rows[at] = replace(rows[at], title=f"{rows[at].title} {self.words(1)}")
        elif len(rows) > 1:
            rows.pop(at)
        return replace(part, rows=tuple(rows))


def markdown(version: tuple[Part, ...]) -> tuple[str, list[tuple[str, Part]]]:
    """A version as text, and its parts with their anchors, in order."""
    lines, places, gate, numbers = [], list[tuple[str, Part]](), 0, [0, 0]
    for part in version:
        numbers = [numbers[0] + 1, 0] if part.level == 2 else [numbers[0], numbers[1] + 1]
        number = str(numbers[0]) if part.level == 2 else f"{numbers[0]}.{numbers[1]}"
        lines += [f"{'#' * part.level} {number}. {part.title}", "", " ".join(part.sentences), ""]
        places.append((f"s{number.replace('.', '-')}", part))
        if part.rows:
            lines += ["| Gate | Claim |", "|---|---|"]
            for row in part.rows:
                gate += 1
                lines.append(f"| {gate} | {row.title} |")
                places.append((f"gate-{gate}", row))
            lines.append("")
    return "\n".join(lines), places


def words_below(version: tuple[Part, ...], own: int) -> object:
    """All words of a part with those under it, whatever their order and numbers; None where it is not there."""
    for at, part in enumerate(version):
        if part.own == own:
            end = next((to for to in range(at + 1, len(version)) if version[to].level <= part.level), len(version))
            return sorted((each.own, each.title, each.sentences, tuple((row.own, row.title) for row in each.rows))
                          for each in version[at:end])  # fmt: skip
        for row in part.rows:
            if row.own == own:
                return row.title
    return None


def rendered(text: str) -> RenderedText:
    return render_text(TextJob("a.md", text, (), (), DEFAULT_IDENTIFIERS, ()))


def fates(old: RenderedText, new: RenderedText) -> Fates:
    anchors = anchors_of(old.sections), anchors_of(new.sections)
    told = compare(old.unlinked, new.unlinked, anchors=anchors, follow=True)
    assert told.fates is not None
    return told.fates


def through(texts: list[str]) -> Through:
    made = list(map(rendered, texts))
    steps = [fates(old, new) for old, new in pairwise(made)]
    return followed([f"v{at}" for at in range(len(made))], [each.sections for each in made], steps)
