"""What a mention resolves to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from loomworks_record.record.citations.citation import Outcome
from loomworks_record.record.neighbour import Neighbour, NeighbourChain
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.sections import Section


class Resolution(NamedTuple):
    """``document`` is what is cited, None where it is not held. ``section`` is the place in it, if any.

    ``chain`` is the chain that was meant, held version or not. ``now`` is the version in force of a superseded
    one. ``named`` is what was named where it is not held ("" for a § of nothing that is known: nothing is said of
    it), ``place`` where the text says that it is.
    ``missing`` is a § that the document lacks; ``newer`` says that a version newer than any held was named;
    ``broken`` and ``unsafe`` are an author's links that lead nowhere, or where no link may lead.
    """

    outcome: Outcome
    document: Neighbour | None = None
    section: Section | None = None
    chain: NeighbourChain | None = None
    now: Neighbour | None = None
    named: str = ""
    place: str = ""
    missing: str = ""
    newer: bool = False
    problem: str = ""

    @property
    def anchor(self) -> str | None:
        return self.section.anchor if self.section else None


@dataclass(frozen=True)
class ResolvedText:
    """One text of a document, a header field's value (``field`` is its key) or the body (""): what it names, and
    what each mention resolves to, None where it is not a mention after all. ``images`` are the URLs of those that it
    shows; ``flatten`` makes the text when it is asked for."""

    field: str
    mentions: tuple[Mention, ...]
    resolutions: tuple[Resolution | None, ...]
    images: tuple[str, ...]
    flatten: Callable[[], Flat]

    @property
    def urls(self) -> tuple[str, ...]:
        """Those of its links and images."""
        return (*(mention.url for mention in self.mentions if mention.what == "link"), *self.images)

    @cached_property
    def flat(self) -> Flat:
        return self.flatten()
