"""What a citation is: a mention that was resolved, with where it stands and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

from msgspec import Struct

from loomworks_record.text.reading import Passage, Sentences

Outcome = Literal["held", "superseded", "elsewhere", "unresolved"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention in the document ``source``, resolved.

    ``text`` as written (white space folded), ``line`` 1-based in the filed bytes. ``target`` is the path of
    the document cited and ``anchor`` its section without "#"; both None for elsewhere and unresolved. ``now``
    is the path of the current version where the outcome is superseded. ``named`` is what was named, for one
    that is not held: the file name or the words. ``place`` is where the text says that it is held. ``where``
    is the section that it stands in ("§3.A", "" before the first, "header" for the header block, with
    ``field`` the header field's key). ``identifier`` is the canonical form of an identifier that was named
    ("Gate 5b"), else "". ``sentences`` gives those around all mentions of its document, of which its own is that of the
    ``number``: cut out when it is asked for, as most are never shown.
    """

    source: str
    text: str
    line: int
    outcome: Outcome
    target: str | None = None
    anchor: str | None = None
    now: str | None = None
    named: str = ""
    place: str = ""
    where: str = ""
    field: str = ""
    identifier: str = ""
    sentences: Callable[[], Sentences] | None = dataclass_field(default=None, compare=False, repr=False)
    number: int = dataclass_field(default=0, compare=False, repr=False)

    @property
    def before(self) -> str:
        """The sentence around it, up to the mention."""
        return self.sentences()[self.number][0] if self.sentences else ""

    @property
    def after(self) -> str:
        """The sentence around it, from the mention on."""
        return self.sentences()[self.number][1] if self.sentences else ""


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
