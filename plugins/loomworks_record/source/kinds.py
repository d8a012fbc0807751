"""Kinds: what sort of document a name stands for. The table is configuration; this record's is the default."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from loomworks_record.source.names import Name, section


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table.

    ``pattern`` is searched in the name's subject (lower case, without ``loomworks-``); what no pattern
    matches is of the kind that names its section in ``sections``. ``words`` are what authors call such a
    document before a version ("CR v0.2", "scoping note v0.2"), longest first. ``verb`` begins its event in
    a trajectory ("Scoped").
    """

    kind: str
    label: str
    pattern: str
    words: tuple[str, ...] = ()
    verb: str = "Filed"
    sections: tuple[str, ...] = ()


DEFAULT_KINDS: tuple[Kind, ...] = (
    Kind("halt-surface", "Halt surface", r"(^|-)halt-surface(-|$)(?!.*handoff$)",
         ("halt-surface note", "halt-surface", "halt surface", "halt note"), "Halted"),
    Kind("amendment-scoping-note", "Amendment scoping note",
         r"amendment(-\d+)?-scoping(-note)?$", ("amendment scoping note", "amendment scoping"), "Amendment scoped"),
    Kind("amendment-handoff", "Amendment handoff", r"amendment(-\d+)?-handoff$",
         ("amendment handoff",), "Handed off"),
    Kind("cr-drafting-handoff", "CR drafting handoff", r"cr-(re)?draft(ing)?-handoff$",
         ("CR drafting handoff", "CR-drafting handoff", "drafting handoff"), "Handed off"),
    Kind("session-handoff", "Session handoff", r"(^|-)session-handoff(-|$)",
         ("session handoff", "close handoff"), "Handed off"),
    Kind("inspection-brief", "Inspection brief", r"inspection-brief$",
         ("Step 0 inspection brief", "inspection brief", "Step 0 brief"), "Inspected"),
    Kind("findings", "Findings", r"findings$", ("diagnostic findings", "Step 0 findings", "findings"), "Found"),
    Kind("implementation-notes", "Implementation notes", r"implementation-notes$",
         ("implementation notes", "impl notes"), "Closed"),
    Kind("cr-audit", "CR audit", r"(^|-)cr-audit$", ("CR audit",), "Audited"),
    Kind("investigation", "Investigation", r"investigation$|deep-read$",
         ("investigation", "deep-read"), sections=("investigations",)),
    Kind("scoping-note", "Scoping note", r"scoping-note$", ("scoping note", "scoping"), "Scoped"),
    Kind("handoff", "Handoff", r"handoff$", ("handoff",), "Handed off"),
    Kind("change-request", "Change request", r"(^|-)cr-", ("change request", "CR"), "Filed"),
    Kind("manifest", "Manifest", r"manifest$", ("current-status manifest", "manifest")),
    Kind("queued-directions", "Queued directions", r"queued-directions", ("queued directions", "queued-directions")),
    Kind("discovery", "Discovery record", r"discovery", ("Discovery record", "discovery"),
         sections=("discovery",)),
    Kind("standing-note", "Standing note", r"standing-note", ("standing note",), sections=("standing-notes",)),
    Kind("candidate-seed", "Candidate seed", r"candidate-seed", ("candidate seed",)),
    Kind("methodology", "Methodology", r"methodology", ("methodology document", "methodology"),
         sections=("methodology",)),
    Kind("brand-guide", "Brand guide", r"brand-guide$", ("brand guide",)),
    Kind("strategy", "Strategy", r"strategy$", ("implementation strategy", "strategy document", "strategy")),
    Kind("specification", "Specification", r"specification|(^|-)spec$", ("specification", "spec"),
         sections=("protocols",)),
)  # fmt: skip
NOTE = Kind("note", "Note", "", ("note",))


@dataclass(frozen=True, slots=True)
class KindTable:
    """The table in use, in order: the first row that matches a name gives its kind, else "note"."""

    rows: tuple[Kind, ...] = DEFAULT_KINDS

    def of(self, name: Name, path: str) -> str:
        """The kind of the document ``path``; the name decides before the section does."""
        subject = name.subject.lower().removeprefix("loomworks-")
        place = section(path)
        by_name = (row.kind for row in self.rows if _compiled(row.pattern).search(subject))
        by_section = (row.kind for row in self.rows if place in row.sections)
        return next(by_name, next(by_section, NOTE.kind))

    def label(self, kind: str) -> str:
        """What a reader is shown: "Change request"."""
        return next((row.label for row in self.all_rows() if row.kind == kind), kind.replace("-", " ").capitalize())

    def verb(self, kind: str) -> str:
        return next((row.verb for row in self.all_rows() if row.kind == kind), "Filed")

    def all_rows(self) -> Iterable[Kind]:
        yield from self.rows
        yield NOTE


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
