"""Identifiers: named things inside documents. The table is configuration; this record's is the default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """One row of the table.

    ``pattern`` matches an identifier as authors write it. One that begins with a word and a blank ("Gate
    5b") is also read in the plural and in small letters ("Gates 5 and 5b", "gate 5"). ``plural`` heads its
    register and ``slug`` is the register's address (``/registers/<slug>/``). ``table_heading`` names the
    column heading under which a bare value in a first table cell ("5b" under "Gate") defines one, or "".
    ``local`` ones belong to a version (gates and steps are renumbered): the document's own definition is
    meant before its chain's newest. Values that ``silent`` matches are not mentions unless they are defined.
    """

    kind: str
    label: str
    plural: str
    slug: str
    pattern: str
    table_heading: str = ""
    local: bool = False
    silent: str = ""


DEFAULT_IDENTIFIERS: tuple[IdentifierKind, ...] = (
    IdentifierKind("decision", "Decision", "Decisions", "decisions", r"P\d{1,3}-[A-Z]\d{1,3}[a-z]?"),
    IdentifierKind("gate", "Gate", "Gates", "gates", r"Gate \d{1,3}[a-z]?", "Gate", local=True),
    IdentifierKind("verification", "Verification", "Verifications", "verifications", r"CRV-[A-Z]?\d{1,3}"),
    IdentifierKind("candidate", "Candidate", "Candidates", "candidates", r"Candidate (?:[A-Z]|\d{1,3})",
                   "Candidate", silent="I|V|X"),
    IdentifierKind("sub-arc", "Sub-arc", "Sub-arcs", "sub-arcs", r"Sub-arc \d{1,3}[a-z]?", "Component"),
    IdentifierKind("step", "Step", "Steps", "steps", r"Step \d{1,3}[a-z]?", "Step", local=True, silent=r"\d+"),
)  # fmt: skip
