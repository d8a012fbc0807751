"""Identifiers: named things inside documents. The table is configuration; this record's is the default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """One row of the table.

    ``pattern`` matches an identifier as authors write it. ``plural`` heads its register and ``slug`` is the
    register's address (``/registers/<slug>/``). ``table_heading`` names the heading under which a bare
    number in a first table cell ("5b" under "Gate") defines one, or "".
    """

    kind: str
    label: str
    plural: str
    slug: str
    pattern: str
    table_heading: str = ""


DEFAULT_IDENTIFIERS: tuple[IdentifierKind, ...] = (
    IdentifierKind("decision", "Decision", "Decisions", "decisions", r"P\d{1,3}-[A-Z]\d{1,3}[a-z]?"),
    IdentifierKind("gate", "Gate", "Gates", "gates", r"Gate \d{1,3}[a-z]?", "Gate"),
    IdentifierKind("verification", "Verification", "Verifications", "verifications", r"CRV-[A-Z]?\d{1,3}"),
    IdentifierKind("candidate", "Candidate", "Candidates", "candidates", r"Candidate (?:[A-Z]|\d{1,3})", "Candidate"),
    IdentifierKind("sub-arc", "Sub-arc", "Sub-arcs", "sub-arcs", r"Sub-arc \d{1,3}[a-z]?"),
    IdentifierKind("step", "Step", "Steps", "steps", r"Step \d{1,3}[a-z]?"),
)
