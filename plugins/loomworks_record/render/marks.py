"""Marks: how a resolved mention is shown. Words are for readers who never saw the record's vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loomworks_record.record.citations.citation import Outcome
from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.record.neighbour import Neighbour
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.mention import Mention

Href = Callable[[str, str | None], str]
Resolve = Callable[[Flat, Sequence[Mention]], Sequence["Resolution | None"]]


@dataclass(frozen=True, slots=True)
class Mark:
    """``href`` is None where nothing is linked. ``note`` stands beside the mention, ``now`` links its last word."""

    outcome: Outcome
    href: str | None
    title: str
    note: str = ""
    now_href: str = ""
    now_label: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention of a flat text with what is shown for it: plain values, which hold nothing of the record.

    ``start:end`` are its words; ``mark`` is None for what is not a mention after all. ``own`` says that it is an
    author's own link. ``implied`` is the label of an inner version of a range, which has no words, else "".
    """

    start: int
    end: int
    mark: Mark | None
    own: bool = False
    implied: str = ""


def all_marked(
    found: Sequence[Mention], resolutions: Sequence[Resolution | None], href: Href, own_path: str = ""
) -> tuple[Marked, ...]:
    """The mentions of a text with their marks, as they stand on the page of ``own_path``."""
    return tuple(
        _marked(mention, mark_of(resolution, href, own_path) if resolution and _is_shown(resolution) else None)
        for mention, resolution in zip(found, resolutions, strict=True)
    )


def _is_shown(found: Resolution) -> bool:
    """Not a § of nothing that is known."""
    return found.document is not None or bool(found.named or found.place)


def _marked(mention: Mention, mark: Mark | None) -> Marked:
    implied = implied_label(mention, mark) if mention.implied else ""
    return Marked(mention.start, mention.end, mark, mention.what == "link", implied)


def mark_of(found: Resolution, href: Href, own_path: str = "") -> Mark:
    """What to show for one resolution on the page of ``own_path``."""
    document = found.document
    if document is None:
        return _absent(found)
    own = document.path == own_path
    link = None if own and found.section is None else href(document.path, found.anchor)
    title = _title(found, document, own)
    if found.outcome == "superseded" and found.now is not None:
        if found.now.path == own_path:
            return Mark("superseded", link, title, "superseded by this version")
        label = f"v{found.now.version}" if found.now.version else "the current version"
        label = label if found.now.chain == document.chain else _name(found.now)
        note = "superseded, now\u00a0"
        return Mark("superseded", link, title, note, href(found.now.path, None), label)
    return Mark("held", link, title)


def implied_label(mention: Mention, mark: Mark | None) -> str:
    """ "v0.4", or "v0.4 (not held)" for an inner version of a range."""
    return f"v{mention.version}" if mark and mark.href else f"v{mention.version} (not held)"


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


def _title(found: Resolution, document: Neighbour, own: bool) -> str:
    name = "This document" if own else _name(document)
    section = found.section
    if section is not None:
        label = section.identifier or (f"§{section.number}" if section.number else section.title)
        said = f": {section.title}" if section.title and section.title != label else ""
        where = "in this document" if own else f"in {name}"
        return _sentence(f"{label}{said}, {where}", found)
    if found.missing:
        lacking = found.missing if found.missing.startswith("#") else f"§{found.missing}"
        return f"{name} has no {lacking}" + ("." if own else ": the link goes to its beginning.")
    return _sentence(name, found)


def _sentence(said: str, found: Resolution) -> str:
    if found.outcome == "superseded" and found.document and found.now:
        if found.now.chain != found.document.chain:
            return f"{said}. It is superseded by {_name(found.now)}."
        version = f"v{found.document.version}" if found.document.version else "This version"
        return f"{said}. {version} is archived; v{found.now.version} is current."
    return said if said.endswith((".", "…")) else f"{said}."


def _name(document: Neighbour) -> str:
    version = f"v{document.version}" if document.version else ""
    title = " ".join(document.title.split())
    return title if not version or version in title else f"{title} ({version})"
