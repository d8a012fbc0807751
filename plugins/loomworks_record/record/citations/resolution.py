"""What a mention resolves to."""

from __future__ import annotations

from msgspec import Struct

from loomworks_record.record.citations.citation import Outcome
from loomworks_record.text.reading import Passage


class Resolution(Struct, array_like=True, frozen=True, gc=False):
    """Documents and chains are told by their numbers in the record, a section by its anchor: so it can be kept.

    ``document`` is what is cited, None where it is not held. ``section`` is the place in it, if any. ``chain`` is the
    chain that was meant, held version or not. ``now`` is the version in force of a superseded one. ``named`` is what
    was named where it is not held ("" for a § of nothing that is known: nothing is said of it), ``place`` where the
    text says that it is. ``missing`` is a § that the document lacks; ``newer`` says that a version newer than any held
    was named; ``problem`` is the code of an author's link that leads nowhere, or where no link may lead.
    """

    outcome: Outcome
    document: int | None = None
    section: str | None = None
    chain: int | None = None
    now: int | None = None
    named: str = ""
    place: str = ""
    missing: str = ""
    newer: bool = False
    problem: str = ""


ResolvedPassage = tuple[Passage, tuple[Resolution | None, ...]]  # with one for each of its mentions
