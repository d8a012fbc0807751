"""``/registers/moved/``: which current documents rely on text that has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from loomworks_record.pages import addresses
from loomworks_record.pages.ground import ground_parts
from loomworks_record.pages.names import full_name
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.grounds import Ground
from loomworks_record.record.trajectories.phase_state import GOING_ON
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem

MOVED = addresses.register("moved")


@dataclass(frozen=True, slots=True)
class MovedRow:
    """One place that a document cites. ``said`` are the parts of what became of it; ``waits`` says that somebody is to
    look at it: the document's phase is not closed, and the baseline does not know of it."""

    document: Link
    path: str
    where: str
    before: str
    text: str
    after: str
    cited: Link
    said: tuple[Link, ...]
    waits: bool


@dataclass(frozen=True)
class Moved:
    """Of one record; ``known`` are the problems that its baseline lists."""

    whole: Whole
    known: frozenset[Problem] = frozenset()

    @cached_property
    def rows(self) -> tuple[MovedRow, ...]:
        """Those that wait first, then by path and place."""
        found = (self._row(citation, ground) for citation, ground in self.whole.grounds.moved)
        return tuple(sorted(found, key=lambda row: not row.waits))

    @property
    def waiting(self) -> int:
        """How many documents somebody is to look at."""
        return len({row.path for row in self.rows if row.waits})

    @property
    def said(self) -> str:
        """How many documents and places are listed, and how many of the documents home counts."""
        documents = len({row.path for row in self.rows})
        places = f", in {len(self.rows):,} places" if len(self.rows) > documents else ""
        waiting = f"; {self.waiting:,} of them wait for a look" if self.waiting < documents else ""
        return relying(documents) + places + waiting

    def _row(self, citation: Citation, ground: Ground) -> MovedRow:
        record = self.whole.record
        document, target = record.by_path[citation.source], record.by_path[citation.target or ""]
        return MovedRow(
            document=Link(full_name(record, document), addresses.view(document)),
            path=document.path,
            where="in the header" if citation.where == "header" else citation.where,
            before=citation.before,
            text=citation.text,
            after=citation.after,
            cited=Link(f"{full_name(record, target)} {ground.name}", f"{addresses.view(target)}#{citation.anchor}"),
            said=ground_parts(record, ground),
            waits=self._goes_on(document) and self.whole.grounds.problem(citation, ground) not in self.known,
        )

    def _goes_on(self, document: Document) -> bool:
        phase = self.whole.record.phase(document)
        return phase is None or self.whole.stories.state(phase) in GOING_ON


def relying(documents: int) -> str:
    """ "3 current documents rely on text that has changed"."""
    return f"{counted(documents, 'current document')} {'relies' if documents == 1 else 'rely'} on text that has changed"
