"""What a mention is: words of a flat text that name something, before anything is looked up."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from loomworks_record.source.version import Version

What = Literal["file", "number", "kind", "subject", "version", "section", "identifier", "link"]


class Mention(Struct, array_like=True, frozen=True, gc=False):
    """``start:end`` of the flat text, and what it says.

    ``what``: a file name; a CR number; a kind of document ("CR v0.2", "amendment handoff §7"); the subject
    of a chain; a bare version; a bare section; an identifier (with ``number``, where a document may have it as its
    number); an author's own link. ``section`` is the § as
    written ("7.2", "3.A", "P57-A1", or words of a title). ``owner`` is the number, in the list of mentions,
    of the document mention that a section or identifier belongs to. ``antecedent`` is the document mention
    before a bare version, and the first bare § of the sentence that a bare § stands in. ``foreign`` is a § that
    is said of something which no document is known by. ``weak`` ones are mentions only if they lead somewhere.
    ``implied`` ones stand for the inner versions of a range and have no words of their own. ``place`` is where
    the text says that the thing is held.

    The last four are known of a document that is read (``text/reading.py``): ``words`` as they are in the flat text,
    ``block`` their block in it, ``line`` 1-based in the filed bytes, ``where`` as in a citation.
    """

    start: int
    end: int
    what: What
    file: str = ""
    folder: str = ""
    number: str = ""
    phrase: str = ""
    kinds: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    version: Version | None = None
    section: str = ""
    kind: str = ""
    name: str = ""
    phase: int | None = None
    cycle: int | None = None
    own: bool = False
    owner: int | None = None
    antecedent: int | None = None
    cue: str = ""
    weak: bool = False
    implied: bool = False
    url: str = ""
    place: str = ""
    foreign: bool = False
    words: str = ""
    block: int = 0
    line: int = 0
    where: str = ""

    @property
    def names_document(self) -> bool:
        """Whether it names a document (or a section of one together with it)."""
        return self.what in ("file", "number", "kind", "subject", "link") or bool(self.number)

    @property
    def text(self) -> str:
        """Its words, white space folded; the version, where it has no words of its own."""
        words = self.words or f"v{self.version}"
        return " ".join(words.split()) if "\n" in words or "  " in words else words
