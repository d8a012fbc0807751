"""Mentions: all that a flat text names, in order of place. The one grammar of texts and of pages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from msgspec import structs

from loomworks_record.source.folding import FoldedText, folded
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS, IdentifierKind
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import VersionForm
from loomworks_record.text.flat import Flat
from loomworks_record.text.identifiers import IdentifierGrammar, identifier_grammar
from loomworks_record.text.mentions.attach import attach
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.mentions.phrases import Phrases, Subjects
from loomworks_record.text.mentions.places import Places, places_of
from loomworks_record.text.mentions.scan import scan
from loomworks_record.text.mentions.seeds import Scanner
from loomworks_record.text.sections import Section


@dataclass(frozen=True)
class Grammar:
    """What authors call things in one record. ``Grammar.of()`` gives the defaults."""

    scanner: Scanner
    places: Places

    @classmethod
    def of(
        cls,
        kinds: KindTable | None = None,
        identifiers: tuple[IdentifierKind, ...] = DEFAULT_IDENTIFIERS,
        places: tuple[str, ...] = (),
        subjects: Subjects | None = None,
        forms: tuple[VersionForm, ...] = (),
    ) -> Grammar:
        """The grammar of a configuration; ``subjects`` are the words that the record's chains are named by,
        ``forms`` the user's of versions in names."""
        table = kinds or KindTable()
        phrases = Phrases(table, subjects or Subjects())
        scanner = Scanner.of(phrases, identifier_grammar(identifiers), table.number_patterns, forms)
        return cls(scanner, places_of(places))

    @property
    def identifiers(self) -> IdentifierGrammar:
        return self.scanner.identifiers


def mentions(flat: Flat, grammar: Grammar, sections: Iterable[Section] = ()) -> list[Mention]:
    """The mentions of ``flat``. Where ``sections`` define an identifier, its name is not a mention of it."""
    seen = folded(flat.text)
    if seen.text is flat.text:
        return _mentions(flat, grammar, sections)
    found = _mentions(_as_seen(flat, seen), grammar, sections)
    return [
        structs.replace(
            mention,
            start=seen.places[mention.start],
            end=seen.end(mention.end) if mention.end > mention.start else seen.places[mention.end],
        )
        for mention in found
    ]


def _as_seen(flat: Flat, seen: FoldedText) -> Flat:
    """``flat`` as its text is ``seen``; its links where they stand in that."""

    def place(filed: int) -> int:
        return bisect_left(seen.places, filed)

    links = tuple(structs.replace(link, start=place(link.start), end=place(link.end)) for link in flat.links)
    return replace(flat, text=seen.text, links=links)


def _mentions(flat: Flat, grammar: Grammar, sections: Iterable[Section]) -> list[Mention]:
    found = scan(flat, grammar.scanner)
    heads = {flat.starts[section.block]: section for section in sections if section.kind != "anchor"}
    if heads:
        found = [mention for mention in found if not _defines(flat, mention, heads)]
    return attach(flat, found, grammar.scanner.phrases, grammar.places)


_NUMBER_ONLY = re.compile(r"\s*(?:§?\s*\d[\d.]*[A-Za-z]?[.:)]?\s*)?")


def _defines(flat: Flat, mention: Mention, heads: dict[int, Section]) -> bool:
    """Whether it is the number or the name that its block gives itself, at its head."""
    if mention.what not in ("identifier", "section"):
        return False
    block = flat.block_at(mention.start)
    section = heads.get(flat.starts[block]) if block >= 0 else None
    if section is None or not _NUMBER_ONLY.fullmatch(flat.text, flat.starts[block] + 1, mention.start):
        return False
    if mention.what == "section":
        return bool(section.number) and mention.section == section.number
    return mention.name == section.identifier
