"""Kinds: what sort of document a name stands for. The table is configuration; this record's is the default."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, get_args

from loomworks_record.source.names import Name
from loomworks_record.source.tables import table

# What a document does in its phase, in the order in which a list of the phase has them. A table of kinds names any but
# "amending": a request about another request is of the same kind, and told by its name.
Role = Literal[
    "request", "amending", "scoping", "inspection", "findings", "drafting", "halt", "amendment-scoping",
    "amendment-handoff", "amendment", "session", "handoff", "closing", "",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
REQUESTS: frozenset[Role] = frozenset({"request", "amending"})
AMENDMENTS: frozenset[Role] = frozenset({"amendment-scoping", "amendment-handoff", "amendment"})
SCOPINGS: frozenset[Role] = frozenset({"scoping", "amendment-scoping"})
HANDOFFS: frozenset[Role] = frozenset({"session", "handoff", "drafting", "amendment-handoff"})

USUAL_RANK = 9
_REST = "Other"
_CAPITALS = frozenset({"UI", "SSE", "FORAY", "OVA"})  # beside those of the table


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table.

    ``pattern`` is searched in the name's subject (lower case, without ``loomworks-``); what no pattern
    matches is of the kind that names one of its folders in ``sections``, the nearest first. ``words`` are what
    authors call such a document before a version ("CR v0.2", "scoping note v0.2"), longest first. ``verb`` begins
    its event in a trajectory ("Scoped"). ``role`` is what it does in a phase, ``rank`` its place in a story where
    dates do not decide, ``lane`` the head of its lane in the picture. ``number`` is a pattern of the numbers that
    such documents have ("CR-2026-090"). ``broad``: a record holds many that have nothing to do with each other, and
    the words before tell which. ``folder`` is the section in which the first one is filed.
    """

    kind: str
    label: str
    pattern: str
    words: tuple[str, ...] = ()
    verb: str = "Filed"
    sections: tuple[str, ...] = ()
    role: Role = ""
    rank: int = USUAL_RANK
    lane: str = _REST
    number: str = ""
    broad: bool = False
    folder: str = ""


DEFAULT_KINDS = table("kinds", tuple[Kind, ...])
NOTE = Kind("note", "Note", "", ("note",), broad=True)


@dataclass(frozen=True)
class KindTable:
    """The table in use, in order: the first row that matches a name gives its kind, else "note"."""

    rows: tuple[Kind, ...] = DEFAULT_KINDS

    def of(self, name: Name, path: str) -> str:
        """The kind of the document ``path``; the name decides before the section does."""
        subject = _subject(name)
        folders = path.split("/")[-2::-1]  # the nearest first
        by_name = (row.kind for row in self.rows if _compiled(row.pattern).search(subject))
        by_section = (row.kind for folder in folders for row in self.rows if folder in row.sections)
        return next(by_name, next(by_section, NOTE.kind))

    def row(self, kind: str) -> Kind:
        """The first row of a kind. Of a kind that the table does not have, one that says no more than its name."""
        return self._by_kind.get(kind) or Kind(kind, kind.replace("-", " ").capitalize(), "")

    def label(self, kind: str) -> str:
        """What a reader is shown: "Change request"."""
        return self.row(kind).label

    def verb(self, kind: str) -> str:
        """What begins its event in a trajectory: "Scoped"."""
        return self.row(kind).verb

    def role(self, name: Name, kind: str) -> Role:
        """What a document of that name and kind does in its phase."""
        role = self.row(kind).role
        return "amending" if role == "request" and self.amends(name) else role

    def amends(self, name: Name) -> bool:
        """Whether a name says that it is about the amendment of a request: "phase-49-cr-amendment-v0_2"."""
        return any(_compiled(pattern).search(_subject(name)) for pattern in self._amendment_patterns)

    def after_mark(self, name: Name, kind: str) -> str:
        """What the subject of a name says after that which makes it one of its kind: "room-booking" of
        "phase-1-cr-room-booking"."""
        subject = _subject(name)
        found = _compiled(self.row(kind).pattern).search(subject)
        return subject[found.end() :].strip("-") if found else ""

    def short_name(self, name: Name, role: Role) -> str:
        """A name in words, as a list within its phase has it: "Amendment 2 handoff", "RFC-012"."""
        subject = re.sub(r"\b(v\d+)_(\d+)\b", r"\1.\2", name.subject.removeprefix("loomworks-"))
        subject = re.sub(r"\b[A-Z]{2,8}(?:-\d+)+", lambda identifier: identifier[0].replace("-", "\0"), subject)
        words = re.sub(r"^phase-0*\d+-", "", subject).replace("_", " ").split("-")
        if role not in REQUESTS and words[1:2] == ["amendment"] and self.amends(name):
            words = words[1:]  # of which request goes without saying
        text = " ".join(self._capitals.get(word, word) for word in words if word).replace("\0", "-")
        text = re.sub(r"\b(\d{4}) (\d{2}) (\d{2})\b", r"\1-\2-\3", text) or str(name)
        return text[:1].upper() + text[1:]

    def short(self, role: Role) -> str:
        """The shortest of the words for what has a role: "CR"."""
        row = next(self.of_role(role), None)
        return min(row.words or (row.label,), key=len) if row else ""

    @cached_property
    def single_words(self) -> frozenset[str]:
        """What kinds are called in one word."""
        return frozenset(word for row in self.all_rows() for word in row.words if " " not in word)

    def of_role(self, *roles: Role) -> Iterator[Kind]:
        """The rows whose role is one of ``roles``."""
        return (row for row in self.rows if row.role in roles)

    @cached_property
    def numbers(self) -> re.Pattern[str]:
        """Finds the number of a document in a text: "CR-2026-090"."""
        return re.compile(rf"\b(?:{'|'.join(self.number_patterns) or '(?!)'})\b")

    @cached_property
    def number_patterns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.number for row in self.rows if row.number))

    @cached_property
    def request_words(self) -> re.Pattern[str]:
        """Finds what authors call a request in a text: "CR", "change request"."""
        words = {word for row in self.of_role("request") for word in row.words}
        ordered = sorted(words, key=lambda word: (-len(word), word))
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered)) or '(?!)'})\b", re.IGNORECASE)

    @cached_property
    def lanes(self) -> tuple[str, ...]:
        """The heads of all lanes, as they stand side by side: by rank, requests at the right."""
        places: dict[str, tuple[bool, bool, int]] = {}
        for row in self.all_rows():
            place = (row.role == "request", row.lane == _REST, row.rank)
            places[row.lane] = min(place, places.get(row.lane, place))
        return tuple(sorted(places, key=lambda lane: places[lane]))

    @cached_property
    def _capitals(self) -> dict[str, str]:
        """Words that are written in capitals, by their small letters: "cr" → "CR"."""
        words = {word for row in self.all_rows() for phrase in row.words for word in phrase.split()}
        return {word.lower(): word for word in sorted(words | _CAPITALS) if word.isupper()}

    def all_rows(self) -> Iterable[Kind]:
        yield from self.rows
        yield NOTE

    @cached_property
    def _by_kind(self) -> dict[str, Kind]:
        return {row.kind: row for row in reversed((*self.rows, NOTE))}

    @cached_property
    def _amendment_patterns(self) -> tuple[str, ...]:
        return tuple(rf"(?:{row.pattern})-?amendment(?:-|$)" for row in self.of_role("request"))


def _subject(name: Name) -> str:
    return name.subject.lower().removeprefix("loomworks-")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
