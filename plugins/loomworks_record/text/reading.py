"""Reading: what the texts of one document say by themselves, before anything is looked up in the record.

A pure function of the document and of the grammar, so it can be kept between runs; and small beside the texts
themselves, which are made anew when asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from loomworks_record.source.document import Document
from loomworks_record.source.header import Field
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import parse_name
from loomworks_record.text.flat import OBJECT, Flat
from loomworks_record.text.flatten import flatten_inline, flatten_markdown
from loomworks_record.text.mentions.grammar import Grammar, mentions
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.sections import Section, SectionIndex, flatten_body, heading_above, sections_of, shortened

# Fields that say what the document itself is.
OWN_FIELDS = frozenset({"version", "date", "cr_number", "target_tag", "author"})

# "X (project knowledge) — the cycle-2 halt-surface", "X (cycle 1)"; not past the next file name.
_CYCLE_AFTER = re.compile(r"(?:(?!\.md|\x1a)[^.]){0,70}?\bcycle[- ](?P<cycle>\d{1,2})\b")


class Image(NamedTuple):
    """An image that a text shows, and its line in the filed bytes."""

    url: str
    line: int


class Passage(NamedTuple):
    """A piece of a document in which mentions were found: the value of one header field, or the body (field "")."""

    field: str
    mentions: tuple[Mention, ...]
    images: tuple[Image, ...]

    @property
    def urls(self) -> tuple[str, ...]:
        """Those of its links and images."""
        return (*(each.url for each in self.mentions if each.what == "link"), *(image.url for image in self.images))


class OwnWords(Struct, frozen=True):
    """What a document says of others by itself, from the file names that it uses.

    ``named`` maps a kind to the file names of that kind that it names, in order of place; ``in_header`` those of
    its header alone. ``halts`` maps a cycle to the halt note that it says is the cycle's; ``halt_notes`` are all that
    it names. ``places`` maps a file name to where it says that it is held.
    """

    named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    in_header: dict[str, tuple[str, ...]] = field(default_factory=dict)
    halts: dict[int, str] = field(default_factory=dict)
    halt_notes: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)


class Reading(NamedTuple):
    """One document, read. ``passages`` are one for each linked header field, in order, and the body last."""

    passages: tuple[Passage, ...]
    sections: tuple[Section, ...]
    own: OwnWords


# The sentences around the mentions of a document, in order: each (before, after).
Sentences = tuple[tuple[str, str], ...]


def linked_fields(document: Document) -> list[Field]:
    """The header fields whose values are linked."""
    return [each for each in document.header.fields if each.key not in OWN_FIELDS and each.value]


def flats(document: Document) -> list[Flat]:
    """The flat texts of a document's passages."""
    return [*(flatten_inline(each.value, each.line) for each in linked_fields(document)), flatten_body(document)]


def read_texts(document: Document, texts: Sequence[Flat], grammar: Grammar, kinds: KindTable) -> Reading:
    """Read a document whose passages have the flat texts ``texts``."""
    *values, body = texts
    is_html = document.form == "html"
    sections = () if is_html else sections_of(body, grammar.identifiers, heading_above(document))
    index = SectionIndex(sections)
    found = [tuple(mentions(value, grammar)) for value in values]
    found.append(tuple(mentions(body, grammar, sections)))
    keys = [*(each.key for each in linked_fields(document)), ""]
    passages = tuple(
        _passage(document, flat, its, key, index) for flat, its, key in zip(texts, found, keys, strict=True)
    )
    return Reading(passages, sections, _own_words(texts, passages, kinds))


def line_that_fails(document: Document, grammar: Grammar) -> int | None:
    """Of a Markdown document whose text cannot be read, the line of the first paragraph that by itself cannot; None
    where each can."""
    line = document.header.body_line
    for paragraph in document.body.split("\n\n") if document.form == "md" else ():
        try:
            flat = flatten_markdown(paragraph, line)
            mentions(flat, grammar, sections_of(flat, grammar.identifiers))
        except Exception:
            return line
        line += paragraph.count("\n") + 2
    return None


def unread(document: Document) -> Reading:
    """The reading of a document whose texts cannot be read: its passages, with nothing in them."""
    keys = [*(each.key for each in linked_fields(document)), ""]
    return Reading(tuple(Passage(key, (), ()) for key in keys), (), OwnWords())


def sentences_of(texts: Sequence[Flat], passages: Sequence[Passage]) -> Sentences:
    """The sentence around each mention of a document's passages, whose flat texts are ``texts``."""
    return tuple(
        sentence_around(flat, mention.start, mention.end)
        for flat, passage in zip(texts, passages, strict=True)
        for mention in passage.mentions
    )


def _passage(document: Document, flat: Flat, found: Sequence[Mention], key: str, sections: SectionIndex) -> Passage:
    blocks = [flat.block_at(mention.start) for mention in found]
    lines = _lines(document, flat, found) if key else flat.lines_at(mention.start for mention in found)
    around = ["header"] * len(found) if key else _names_around(blocks, sections)
    placed = tuple(
        replace(mention, words=flat.text[mention.start : mention.end], block=block, line=line, where=where)
        for mention, block, line, where in zip(found, blocks, lines, around, strict=True)
    )
    shown = [link for link in flat.links if link.image]
    at = flat.lines_at(link.start for link in shown)
    images = tuple(Image(link.url, line) for link, line in zip(shown, at, strict=True))
    return Passage(key, placed, images)


def _names_around(blocks: Iterable[int], sections: SectionIndex) -> Iterator[str]:
    """For blocks in order, the section that each stands in: "§3.A", "Step 2b", a heading's words; "" before the first
    heading."""
    headings = [each for each in sections.headings if each.kind == "heading" or each.number]
    passed, name = 0, ""
    for block in blocks:
        while passed < len(headings) and headings[passed].block <= block:
            here = headings[passed]
            name = here.identifier or (f"§{here.number}" if here.number else shortened(here.title))
            passed += 1
        yield name


def _lines(document: Document, flat: Flat, found: Sequence[Mention]) -> list[int]:
    """The lines of a header value's mentions in the filed bytes: they are looked up in the header."""
    if not found:
        return []
    lines = document.text.split("\n", document.header.body_line)[: document.header.body_line]
    at, column = flat.line - 1, 0
    places: list[int] = []
    for mention in found:
        word = re.split(r"\s", flat.text[mention.start : mention.end])[0]
        for line in range(at, len(lines)):
            place = lines[line].find(word, column if line == at else 0) if word else -1
            if place >= 0:
                at, column = line, place + len(word)
                break
        places.append(at + 1)
    return places


def _own_words(texts: Sequence[Flat], passages: Sequence[Passage], kinds: KindTable) -> OwnWords:
    """From all mentions of a document, those of its header first."""
    named: dict[str, dict[str, None]] = {}
    in_header: dict[str, dict[str, None]] = {}
    halts: dict[int, str] = {}
    places: dict[str, str] = {}
    halt_notes: dict[str, None] = {}
    for flat, passage in zip(texts, passages, strict=True):
        for mention in passage.mentions:
            if mention.what != "file" or mention.weak:
                continue
            kind = kinds.of(parse_name(mention.file), "")
            named.setdefault(kind, {})[mention.file] = None
            if passage.field:
                in_header.setdefault(kind, {})[mention.file] = None
            if mention.place and not places.get(mention.file):
                places[mention.file] = mention.place
            if kinds.row(kind).role == "halt":
                halt_notes[mention.file] = None
                said = _CYCLE_AFTER.match(flat.text, mention.end, mention.end + 100)
                if said:
                    halts.setdefault(int(said["cycle"]), mention.file)
    return OwnWords(_listed(named), _listed(in_header), halts, tuple(halt_notes), places)


def _listed(found: dict[str, dict[str, None]]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(files) for kind, files in found.items()}


_END = re.compile(r"[.!?][\"”’)]*(?=\s+[A-Z0-9“\"(§`])")
_LONGEST = 240  # characters of a sentence on either side of the mention


def sentence_around(flat: Flat, start: int, end: int) -> tuple[str, str]:
    """What stands in its sentence (before, after) the mention ``start:end`` of a flat text, white space folded;
    "…" where the sentence is longer than what is shown."""
    text = flat.text
    low, high = flat.bounds(flat.block_at(start))
    begin = max(low, start - _LONGEST)
    cut = begin > low
    for ending in _END.finditer(text, begin, start):
        begin, cut = ending.end(), False
    stop = _END.search(text, end, min(high, end + _LONGEST))
    finish = stop.end() if stop else min(high, end + _LONGEST)
    before, after = _folded(text[begin:start]).lstrip(), _folded(text[end:finish]).rstrip()
    if cut:
        before = "… " + before.partition(" ")[2]
    if not stop and finish < high:
        after = after.rpartition(" ")[0] + " …"
    return before, after


def _folded(text: str) -> str:
    shown = text.replace(OBJECT, "")
    folded = " ".join(shown.split())
    if folded == shown:
        return folded
    return f"{' ' * shown[:1].isspace()}{folded}{' ' * (shown[-1:].isspace() and bool(folded))}"
