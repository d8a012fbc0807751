"""What a comparison is: plain, frozen values. Templates and commands need nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

Sort = Literal["changed", "added", "removed", "moved"]
IdentifierSort = Literal["added", "changed", "renumbered", "removed"]
BlockKind = Literal["heading", "paragraph", "list", "table", "code", "quote", "other"]
UnitKind = Literal["heading", "paragraph", "item", "row", "code", "head", "other"]


class Limits(Struct, frozen=True):
    """What one comparison may spend and show. Nothing that a limit touches is left unsaid: see ``Shortfall``.

    ``cells`` and ``cells_at_once`` bound the pairs of words (or blocks) looked at, in all and in one alignment;
    ``pairs`` the pairs of blocks or rows compared for likeness in one gap; ``depth`` the nesting of elements,
    past which only the text is compared; ``shown`` the characters of HTML in the result.
    """

    cells: int = 20_000_000_000
    cells_at_once: int = 400_000_000
    pairs: int = 4_000
    depth: int = 100
    shown: int = 12_000_000


class Shortfall(Struct, frozen=True):
    """Where a limit applied: of ``of`` things (``what``, a plural), ``done`` were treated in full."""

    what: str
    done: int
    of: int


class Tally(Struct, frozen=True):
    """How many units of one kind are the same, changed, added, removed, moved; of rows, how many only got another
    first cell."""

    kind: UnitKind
    same: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0
    renumbered: int = 0

    @property
    def differing(self) -> int:
        return self.changed + self.added + self.removed + self.moved + self.renumbered

    @property
    def total(self) -> int:
        return self.same + self.differing


class SectionName(Struct, frozen=True):
    """What a heading says: its ``number`` as it is written ("§3.A", ""), the ``identifier`` that it defines ("Step 2b",
    ""), and its title."""

    number: str
    title: str
    identifier: str = ""

    @property
    def mark(self) -> str:
        """By which the section is known whatever its title: its number, else its identifier."""
        return self.number or self.identifier

    def __str__(self) -> str:
        said = f"{self.identifier}: {self.title}" if self.identifier and self.title else self.identifier or self.title
        return f"{self.number} {said}".strip()


class Anchor(Struct, frozen=True):
    """What stands at one of the ids of a body: ``name`` is that of a heading, ``identifier`` what is defined there, of
    that ``kind`` of the table."""

    name: SectionName | None = None
    identifier: str = ""
    kind: str = ""


Anchors = Mapping[str, Anchor]  # by id


class ChangedBlock(Struct, frozen=True):
    """One block of a change, or a run of blocks that one side has (``kind`` "other").

    ``html`` holds both sides with marks.
    """

    sort: Sort
    kind: BlockKind
    html: str


class ShownHeading(Struct, frozen=True):
    """An unchanged heading above a change."""

    html: str
    name: SectionName


class UnchangedRun(Struct, frozen=True):
    """A run of unchanged blocks, to be folded. ``sections`` names those it lies in, in order."""

    html: str
    tallies: tuple[Tally, ...]
    sections: tuple[SectionName, ...]


class Change(Struct, frozen=True):
    """Changed blocks that follow each other. ``anchor`` is unique on the page."""

    anchor: str
    blocks: tuple[ChangedBlock, ...]
    tallies: tuple[Tally, ...]
    section: SectionName


class ChangedSection(Struct, frozen=True):
    """A section that was added, removed or moved as a whole, with the sections in it.

    A moved section stands twice: ``sort`` "moved" where it is now (with marks where its text changed), and
    ``moved_away`` where it was. ``place`` names the section that it follows on the new side.
    """

    anchor: str
    sort: Sort
    name: SectionName
    html: str
    tallies: tuple[Tally, ...]
    inner: int = 0
    moved_away: bool = False
    place: SectionName | None = None


Item = ShownHeading | UnchangedRun | Change | ChangedSection


class SectionChange(Struct, frozen=True):
    """One line of the summary. ``anchor`` is where it is on the page."""

    sort: Sort
    name: SectionName
    anchor: str
    tallies: tuple[Tally, ...]
    inner: int = 0


class IdentifierChange(Struct, frozen=True):
    """Identifiers of one kind to which the same happened, in the order in which they stand. ``names`` are those of the
    old side, ``now`` those of the new one where they were renumbered."""

    sort: IdentifierSort
    kind: str
    plural: str
    names: tuple[str, ...]
    anchor: str
    now: tuple[str, ...] = ()


class RowCount(Struct, frozen=True):
    """A table whose number of rows changed."""

    section: SectionName
    old: int
    new: int
    anchor: str


class Fate(NamedTuple):
    """What became of one section, row or label. ``old`` and ``new`` are its anchors in the two versions, "" where one
    does not have it. ``differing``: how many of a hundred characters differ (0: every word is the same, else 1 to 100).
    ``change`` is the anchor on the page of the comparison, "" where nothing is to be seen there. ``went``: of what is
    gone, the anchor of the section that most of its text stands in now, or "".
    """

    old: str
    new: str
    differing: int = 0
    moved: bool = False
    change: str = ""
    went: str = ""


class Fates(NamedTuple):
    """``blocks``: for each block of the newer body the number of the older one's that has the same words, else -1."""

    places: tuple[Fate, ...]
    blocks: tuple[int, ...]


class Comparison(Struct, frozen=True):
    """Two documents laid over each other.

    The ``html`` of the items, joined, holds both documents: see ``reconstruct``. All HTML is as safe as the
    bodies that were given: only ``<ins>``, ``<del>``, classes, scroll regions and the folds of tables and code
    are new.
    """

    items: tuple[Item, ...]
    sections: tuple[SectionChange, ...]
    tallies: tuple[Tally, ...]
    identifiers: tuple[IdentifierChange, ...]
    rows: tuple[RowCount, ...]
    shortfalls: tuple[Shortfall, ...]
    fates: Fates | None = None

    @property
    def is_same(self) -> bool:
        return not any(tally.differing for tally in self.tallies) and not self.shortfalls

    @property
    def changes(self) -> tuple[Change | ChangedSection, ...]:
        return tuple(item for item in self.items if isinstance(item, Change | ChangedSection))

    @property
    def html(self) -> str:
        """The document content of all items, in order."""
        return "\n".join(html for item in self.items for html in item_html(item))

    @property
    def blocks_differing(self) -> int:
        return sum(tally.differing for tally in self.tallies)

    @property
    def blocks_total(self) -> int:
        return sum(tally.total for tally in self.tallies)


def item_html(item: Item) -> tuple[str, ...]:
    """The pieces of document content in an item."""
    return tuple(block.html for block in item.blocks) if isinstance(item, Change) else (item.html,)
