"""What one document says of others by itself: the names it uses, the CR it aims at, the places it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from loomworks_record.record.citations.index import cycle_of
from loomworks_record.record.mentions.mention import Mention
from loomworks_record.record.text.flat import Flat
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import parse_name
from loomworks_record.source.version import Version, parse_version

# "X (project knowledge) — the cycle-2 halt-surface", "X (cycle 1)"; not past the next file name.
_CYCLE_AFTER = re.compile(r"(?:(?!\.md|\x1a)[^.]){0,70}?\bcycle[- ](?P<cycle>\d{1,2})\b")
_CR_TARGET = re.compile(r"(?P<number>CR-\d{4}-\d{3,4})(?:\s+(?P<version>v\d+[._]\d+(?:[._]\d+)?))?")


@dataclass(frozen=True)
class Text:
    """A piece of a document in which mentions were found: the body, or the value of one header field."""

    flat: Flat
    mentions: tuple[Mention, ...]
    field: str = ""


@dataclass(frozen=True)
class Context:
    """``named`` maps a kind to the file names of that kind that the document names, in order of place;
    ``in_header`` those of its header alone. ``halts`` maps a cycle to the halt note that it says is the cycle's.

    ``places`` maps a file name to where the document says it is held. ``target`` is the CR number and
    version of its "CR target"; ``cycle`` the amendment cycle that its name says.
    """

    document: Document
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    in_header: dict[str, tuple[str, ...]] = field(default_factory=dict)
    halts: dict[int, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    target: tuple[str, Version | None] | None = None

    @property
    def cycle(self) -> int | None:
        return cycle_of(str(self.document.name))


def context_of(document: Document, texts: Iterable[Text], kinds: KindTable) -> Context:
    """Read it from all mentions of a document, those of its header first."""
    named: dict[str, dict[str, None]] = {}
    in_header: dict[str, dict[str, None]] = {}
    halts: dict[int, str] = {}
    places: dict[str, str] = {}
    for text in texts:
        for mention in text.mentions:
            if mention.what != "file" or mention.weak:
                continue
            kind = kinds.of(parse_name(mention.file), "")
            named.setdefault(kind, {})[mention.file] = None
            if text.field:
                in_header.setdefault(kind, {})[mention.file] = None
            if mention.place and not places.get(mention.file):
                places[mention.file] = mention.place
            if kind == "halt-surface":
                said = _CYCLE_AFTER.match(text.flat.text, mention.end, mention.end + 100)
                if said:
                    halts.setdefault(int(said["cycle"]), mention.file)
    return Context(document, _listed(named), _listed(in_header), halts, places, _target(document))


def _listed(found: dict[str, dict[str, None]]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(files) for kind, files in found.items()}


def _target(document: Document) -> tuple[str, Version | None] | None:
    said = document.header.first("cr_target")
    found = _CR_TARGET.search(said) if said else None
    if found is None:
        return None
    return found["number"], parse_version(found["version"]) if found["version"] else None
