"""What a citation is: a mention that was resolved, with where it stands and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

from loomworks_record.text.sentence import Sentence

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
    ("Gate 5b"), else "".
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
    sentence: Sentence | None = dataclass_field(default=None, compare=False, repr=False)

    @property
    def before(self) -> str:
        """The sentence around it, up to the mention."""
        return self.sentence.parts()[0] if self.sentence else ""

    @property
    def after(self) -> str:
        """The sentence around it, from the mention on."""
        return self.sentence.parts()[1] if self.sentence else ""
