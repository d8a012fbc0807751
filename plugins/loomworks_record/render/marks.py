"""Marks: how a resolved mention is shown. Words are for readers who never saw the record's vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.record.citations.citation import Outcome, Resolution
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.reading import Passage
from loomworks_record.text.sections import shortened

Href = Callable[[str, str | None], str]


class Mark(Struct, frozen=True):
    """What is shown for a mention of a flat text: plain values, which hold nothing of the record.

    ``outcome`` is None for what is not a mention after all. ``href`` is None where nothing is linked. ``note`` stands
    beside the mention, ``now_href`` links its last word. ``start:end`` are the words of the mention; ``own`` says that
    it is an author's own link. ``implied`` is the label of an inner version of a range, which has no words, else "".
    """

    outcome: Outcome | None = None
    href: str | None = None
    title: str = ""
    note: str = ""
    now_href: str = ""
    now_label: str = ""
    start: int = 0
    end: int = 0
    own: bool = False
    implied: str = ""


@dataclass(frozen=True)
class MentionMarks:
    """Makes the marks of mentions as they stand on the page of ``own_path``."""

    index: RecordIndex
    href: Href
    own_path: str = ""

    def of(self, passage: Passage, resolutions: Sequence[Resolution | None]) -> tuple[Mark, ...]:
        """One for each mention of a passage, from what it resolves to."""
        return tuple(
            self._placed(mention, self.mark(found) if found and _is_shown(found) else Mark())
            for mention, found in zip(passage.mentions, resolutions, strict=True)
        )

    def mark(self, found: Resolution) -> Mark:
        """What to show for one resolution."""
        if found.document is None:
            return _absent(found)
        document = self.index.documents[found.document]
        now = None if found.now is None else self.index.documents[found.now]
        own = document.path == self.own_path
        link = None if own and found.section is None else self.href(document.path, found.section)
        title = self._title(found, document, now)
        if now is None:
            return Mark("held", link, title)
        if now.path == self.own_path:
            return Mark("superseded", link, title, "superseded by this version")
        label = f"v{now.version}" if now.version else "the current version"
        label = label if now.chain == document.chain else _name(now)
        return Mark("superseded", link, title, "superseded, now\u00a0", self.href(now.path, None), label)

    def _title(self, found: Resolution, document: Neighbour, now: Neighbour | None) -> str:
        own = document.path == self.own_path
        name = "This document" if own else _name(document)
        if found.section is not None:
            section = self.index.sections(document).by_anchor[found.section]
            title = shortened(section.title)  # it is said of each mention: of thousands in a long heading, too
            label = section.identifier or (f"§{section.number}" if section.number else title)
            said = f": {title}" if title and title != label else ""
            where = "in this document" if own else f"in {name}"
            return _sentence(f"{label}{said}, {where}", document, now)
        if found.missing:
            lacking = found.missing if found.missing.startswith("#") else f"§{found.missing}"
            return f"{name} has no {lacking}" + ("." if own else ": the link goes to its beginning.")
        return _sentence(name, document, now)

    def _placed(self, mention: Mention, mark: Mark) -> Mark:
        implied = f"v{mention.version}" if mention.implied else ""
        if implied and not mark.href:
            implied += " (not held)"
        return replace(mark, start=mention.start, end=mention.end, own=mention.what == "link", implied=implied)


def _is_shown(found: Resolution) -> bool:
    """Not a § of nothing that is known."""
    return found.document is not None or bool(found.named or found.place)


def short_place(place: str) -> str:
    """ "engine repo" of "engine repo docs/phase-impl-notes/; project knowledge"."""
    first = place.split("; ")[0]
    before = first.split(" docs/")[0].split(" ~/")[0].split(" /")[0]
    return before or first


def _absent(found: Resolution) -> Mark:
    if found.outcome == "elsewhere":
        place = found.place.replace(" docs/", ", docs/")
        title = f"Not held in this record. The text says where it is: {place}"
        return Mark("elsewhere", None, title, f"elsewhere: {short_place(found.place)}")
    if found.problem == "link-unsafe":
        return Mark("unresolved", None, "This link is not followed: it leads to no page.", "unresolved")
    return Mark("unresolved", None, "Nothing held in this record matches.", "unresolved")


def _sentence(said: str, document: Neighbour, now: Neighbour | None) -> str:
    if now is not None:
        if now.chain != document.chain:
            return f"{said}. It is superseded by {_name(now)}."
        version = f"v{document.version}" if document.version else "This version"
        return f"{said}. {version} is archived; v{now.version} is current."
    return said if said.endswith((".", "…")) else f"{said}."


def _name(document: Neighbour) -> str:
    version = f"v{document.version}" if document.version else ""
    title = " ".join(document.title.split())
    return title if not version or version in title else f"{title} ({version})"
