"""Header labels: the variants that authors write, and the one field that each stands for."""

from __future__ import annotations

import re

from loomworks_record.source.folding import fold

# field → labels as written. The first is the field's own name. Kept as one table so that plain labels
# ("Status. Draft") can be told from sentences: only these are read without bold type.
FIELDS: dict[str, tuple[str, ...]] = {
    "cr_number": ("CR number", "CR identifier", "CR id", "CR"),
    "version": ("Version", "Document version", "Doc version", "Version number", "revnumber"),
    "date": (
        "Date", "Created", "Last updated", "Last modified", "Modified", "Updated", "Start Date", "Recorded", "Dated",
        "Published", "Issued", "Effective date", "Revised",
        "revdate",
    ),
    "status": ("Status",),
    "author": ("Author", "Authors", "Produced by", "Drafted by", "Prepared by"),
    "produced": ("Produced",),
    "phase": ("Phase",),
    "cr_target": ("CR target", "Target CR"),
    "target": ("Target",),
    "target_tag": ("Target tag", "Tag at completion"),
    "inputs": ("Authoritative inputs", "Source documents", "Source document", "Depends on", "Inputs", "Source"),
    "companions": ("Companion documents", "Companion document", "Companion to", "Companions"),
    "informed_by": ("Informed by",),
    "supersedes": ("Supersedes", "Replaces", "Obsoletes"),
    "superseded_by": ("Superseded by", "Replaced by", "Obsoleted by"),
    "sits_alongside": ("Sits alongside",),
    "scoping_note": ("Scoping note",),
    "drafting_handoff": ("Drafting handoff",),
    "candidate_seed": ("Candidate seed",),
    "strategy_document": ("Strategy document",),
    "baseline": ("Baseline reference", "Baseline", "Code baseline"),
    "amendment_record": ("Amendment record",),
    "prior_versions": ("Prior versions and what changed", "Prior versions", "What changed", "Changes"),
    "trajectory": ("Discovery trajectory", "Trajectory"),
    "halt": ("Halt", "Halt surface", "Halt note", "Answers"),
    "posture": ("Drafter posture", "Posture"),
    "executing_agent": ("Executing agent", "Executor"),
    "repositories": ("Repos affected", "Repositories", "Repos", "Repository", "Branch", "Branches"),
    "priority": ("Priority",),
    "confidential": ("Confidential", "Confidentiality"),
    "purpose": ("Purpose",),
    "audience": ("Audience", "For"),
    "provenance": ("Provenance",),
    "owner": ("Owner", "Operator"),
    "scope": ("Scope",),
    "subject": ("Subject", "Title"),
    "shape_type": ("Shape type",),
    "shaping": ("Shaping",),
    "against": ("Against Manifestation", "Against"),
    "cycle": ("Cycle", "Amendment cycle"),
}  # fmt: skip

_FIELD_OF: dict[str, str] = {variant.casefold(): field for field, variants in FIELDS.items() for variant in variants}
_BETWEEN = re.compile(r"[\s_-]+")  # the words of a label: "Superseded-By", "last_updated"
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")


def field_of(label: str) -> str | None:
    """The field that a label stands for, a bracket at its end left out; None for a label not in the table."""
    words = _BETWEEN.sub(" ", fold(label)).strip().rstrip(".:").casefold()
    return _FIELD_OF.get(words) or _FIELD_OF.get(_QUALIFIER.sub("", words))


def own_key(label: str) -> str:
    """The key of a label that is not in the table: its own words, "What is urgent" → "what_is_urgent"."""
    return re.sub(r"\W+", "_", _QUALIFIER.sub("", label).casefold()).strip("_") or "note"


def known_labels() -> list[str]:
    """All labels of the table, longest first, so that "CR number" is tried before "CR"."""
    return sorted((label for labels in FIELDS.values() for label in labels), key=lambda text: (-len(text), text))
