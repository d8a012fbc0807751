"""What a citation is: a mention that was resolved, with where it stands and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["held", "superseded", "elsewhere", "unresolved"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention in the document ``source``, resolved.

    ``text`` as written (white space folded), ``line`` 1-based in the filed bytes. ``target`` is the path of
    the document cited and ``anchor`` its section without "#"; both None for elsewhere and unresolved (an
    anchor may also stand without a change of document, for "§7.2"). ``now`` is the path of the current
    version where the outcome is superseded. ``named`` is what was named, for one that is not held: the file
    name or the words. ``place`` is where the text says that it is held. ``before`` and ``after`` are the
    rest of the sentence around it. ``where`` is the section that it stands in ("§3.A", "" before the first,
    "header" for the header block, with ``field`` the header field's key). ``identifier`` is the canonical
    form of an identifier that was named ("Gate 5b"), else "".
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
    before: str = ""
    after: str = ""
    where: str = ""
    field: str = ""
    identifier: str = ""
