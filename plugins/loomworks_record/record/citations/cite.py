"""Citations: every mention of a record resolved, who cites whom, and what is cited but not held."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from loomworks_record.record.citations.choose import Chooser
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.citations.context import Context, Text, context_of
from loomworks_record.record.citations.index import RecordIndex, cycle_of, subjects
from loomworks_record.record.citations.links import missing_image
from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.record.citations.resolve import Resolver
from loomworks_record.record.citations.surroundings import Surroundings
from loomworks_record.record.mentions.grammar import Grammar, count_fenced, mentions
from loomworks_record.record.mentions.mention import Mention
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.record.text.flat import Flat
from loomworks_record.record.text.flatten import flatten_inline
from loomworks_record.record.text.sections import Section, SectionIndex, flatten_body, sections_of
from loomworks_record.record.text.sentence import Sentence
from loomworks_record.source.document import Document
from loomworks_record.source.header import Field
from loomworks_record.source.problem import Problem

# Fields that say what the document itself is.
OWN_FIELDS = frozenset({"version", "date", "cr_number", "target_tag", "author"})


@dataclass(frozen=True, slots=True)
class NotHeld:
    """One thing that is cited and not held: its name, the places that texts give for it, who cites it."""

    name: str
    places: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ResolvedText:
    """A text of a document as it was read: the value of the header field ``field``, or the body ("").

    ``resolutions`` has one for each of ``mentions``, None where it turned out to be none.
    """

    field: str
    flat: Flat
    mentions: tuple[Mention, ...]
    resolutions: tuple[Resolution | None, ...]


@dataclass(frozen=True)
class Citations:
    """The citations of one record. Made by ``cite``."""

    record: Record
    grammar: Grammar
    index: RecordIndex
    resolvers: dict[str, Resolver]
    citations: dict[str, tuple[Citation, ...]]
    problems: tuple[Problem, ...]
    _fenced: dict[str, int] = field(default_factory=dict)
    _read: dict[str, tuple[ResolvedText, ...]] = field(default_factory=dict)

    def of(self, path: str) -> tuple[Citation, ...]:
        """What a document cites, in order of place (its header first)."""
        return self.citations.get(path, ())

    def by(self, path: str) -> tuple[Citation, ...]:
        """The citations of a document by other documents; those of current documents first."""
        return self._cited.get(path, ())

    def read(self, path: str) -> tuple[ResolvedText, ...]:
        """The texts of a document with their mentions: one for each of ``read_fields`` in order, the body last."""
        return self._read[path]

    def fenced(self, path: str) -> int:
        """How many mentions stand in the code blocks of a document, which are not linked."""
        return self._fenced.get(path, 0)

    def sections(self, path: str) -> tuple[Section, ...]:
        """The sections of a document's body (none of an HTML document)."""
        index = self.index.sections.get(path)
        return index.sections if index else ()

    def resolver(self, path: str) -> Resolver:
        """Resolves mentions as that document means them."""
        return self.resolvers[path]

    def resolve(self, path: str, flat: Flat, found: Sequence[Mention], field: str = "") -> list[Resolution | None]:
        """The resolutions of mentions found in a rendered text of that document."""
        return self.resolvers[path].resolve(found, flat.text, field)

    @cached_property
    def _cited(self) -> dict[str, tuple[Citation, ...]]:
        found: dict[str, list[Citation]] = defaultdict(list)
        for document in self.record.documents:
            for citation in self.of(document.path):
                if citation.target and citation.target != document.path:
                    found[citation.target].append(citation)
        by_path = self.record.by_path

        def current_first(citation: Citation) -> bool:
            return self.record.standing(by_path[citation.source]) != "current"

        return {path: tuple(sorted(citing, key=current_first)) for path, citing in found.items()}

    @cached_property
    def not_held(self) -> tuple[NotHeld, ...]:
        """All that is cited and not held, by name; identifiers that are nowhere defined too."""
        found: dict[str, list[Citation]] = defaultdict(list)
        for document in self.record.documents:
            for citation in self.of(document.path):
                if citation.target is None:
                    found[citation.named].append(citation)
        return tuple(
            NotHeld(name, tuple(dict.fromkeys(c.place for c in citing if c.place)), tuple(citing))
            for name, citing in sorted(found.items(), key=lambda item: (item[0].casefold(), item[0]))
        )


def read_fields(document: Document) -> list[Field]:
    """The fields of a header in which mentions are looked for."""
    return [field for field in document.header.fields if field.key not in OWN_FIELDS and len(field.value) > 3]


def cite(record: Record, progress: Callable[[int], None] | None = None) -> Citations:
    """Find and resolve every mention of ``record``. ``progress`` is told how many documents are read."""
    return _Citing(record, progress).run()


class _Citing:
    def __init__(self, record: Record, progress: Callable[[int], None] | None) -> None:
        self.record = record
        self.progress = progress or (lambda count: None)
        config = record.config
        self.kinds = config.kinds
        self.grammar = Grammar.of(config.kinds, config.identifiers, config.places, subjects(record))
        self.texts: dict[str, list[Text]] = {}
        self.sections: dict[str, SectionIndex] = {}
        self.fenced: dict[str, int] = {}
        self.resolved: dict[str, list[ResolvedText]] = defaultdict(list)
        self.problems: list[Problem] = []

    def run(self) -> Citations:
        for count, document in enumerate(self.record.documents, 1):
            self._read(document)
            self.progress(count)
        index = RecordIndex(self.record, self.sections)
        contexts = {
            document.path: context_of(document, self.texts[document.path], self.kinds)
            for document in self.record.documents
        }
        halts = _halts(contexts.values())
        resolvers = {
            path: Resolver(index, context, Chooser(index, context, halts), self.kinds)
            for path, context in contexts.items()
        }
        found = {path: tuple(self._resolved(index, resolver)) for path, resolver in resolvers.items()}
        read = {path: tuple(texts) for path, texts in self.resolved.items()}
        problems = sort_problems(self.problems)
        return Citations(self.record, self.grammar, index, resolvers, found, problems, self.fenced, read)

    def _read(self, document: Document) -> None:
        texts = [self._text(flatten_inline(field.value, field.line), field.key) for field in read_fields(document)]
        flat = flatten_body(document)
        sections = () if document.form == "html" else sections_of(flat, self.grammar.identifiers)
        self.sections[document.path] = SectionIndex(sections)
        texts.append(Text(flat, tuple(mentions(flat, self.grammar, sections))))
        self.texts[document.path] = texts
        self.fenced[document.path] = count_fenced(flat, self.grammar) if flat.fenced else 0

    def _text(self, flat: Flat, field: str) -> Text:
        return Text(flat, tuple(mentions(flat, self.grammar)), field)

    def _resolved(self, index: RecordIndex, resolver: Resolver) -> Iterator[Citation]:
        document = resolver.context.document
        for text in self.texts[document.path]:
            around = Surroundings(text.flat, index.sections[document.path], text.field)
            found = resolver.resolve(text.mentions, text.flat.text, text.field)
            self.resolved[document.path].append(ResolvedText(text.field, text.flat, text.mentions, tuple(found)))
            lines = _lines(document, text)
            for mention, line, resolution in zip(text.mentions, lines, found, strict=True):
                if resolution is None:
                    continue
                problem = problem_of(document, line, mention, resolution, text.flat)
                if problem:
                    self.problems.append(problem)
                yield _citation(document, line, mention, resolution, around)
            self._images(index, document, text)

    def _images(self, index: RecordIndex, document: Document, text: Text) -> None:
        for link in text.flat.links:
            if link.image and missing_image(index, document, link.url):
                line = text.flat.line_at(link.start)
                said = f"the image '{link.url}' is not filed"
                self.problems.append(Problem(document.path, line, "attachment-missing", said))


def _citation(
    document: Document, line: int, mention: Mention, resolution: Resolution, around: Surroundings
) -> Citation:
    return Citation(
        source=document.path,
        text=words_of(mention, around.flat),
        line=line,
        outcome=resolution.outcome,
        target=resolution.document.path if resolution.document else None,
        anchor=resolution.anchor,
        now=resolution.now.path if resolution.now else None,
        named=resolution.named,
        place=resolution.place,
        where=around.where(mention),
        field=around.field,
        identifier=mention.name if mention.what == "identifier" else "",
        sentence=Sentence(around.flat, mention.start, mention.end),
    )


def words_of(mention: Mention, flat: Flat) -> str:
    """The words of a mention, white space folded; the version of one that has none of its own."""
    words = flat.text[mention.start : mention.end] or f"v{mention.version}"
    return " ".join(words.split()) if "\n" in words or "  " in words else words


def problem_of(document: Document, line: int, mention: Mention, found: Resolution, flat: Flat) -> Problem | None:
    """What is wrong with a citation, if anything."""
    if not (found.problem or found.missing or found.newer):
        return None
    words = words_of(mention, flat)
    if found.problem == "link-unsafe":
        return Problem(document.path, line, "link-unsafe", f"the link '{mention.url}' is not followed")
    if found.problem:
        return Problem(document.path, line, found.problem, f"the link '{mention.url}' leads to nothing that is filed")
    if found.missing and found.document:
        code = "link-broken" if mention.what == "link" else "section-missing"
        what = found.missing if found.missing.startswith("#") else f"§{found.missing}"
        return Problem(document.path, line, code, f"'{words}': {found.document.path} has no {what}")
    if found.newer and found.chain and found.outcome == "unresolved" and mention.version:
        newest = found.chain.newest
        said = f"'{words}': v{mention.version} is newer than v{newest.version}, the newest held"
        return Problem(document.path, line, "version-not-held", said)
    return None


def _halts(contexts: Iterable[Context]) -> dict[tuple[int | None, int], tuple[str, ...]]:
    """(phase, cycle) → the halt notes that the amendments of the cycle name and no earlier cycle's name."""
    named: dict[tuple[int | None, int], dict[str, None]] = defaultdict(dict)
    for context in contexts:
        cycle = cycle_of(str(context.document.name))
        if cycle is not None:
            named[context.document.phase, cycle].update(dict.fromkeys(context.named.get("halt-surface", ())))
    found: dict[tuple[int | None, int], tuple[str, ...]] = {}
    claimed: dict[int | None, set[str]] = defaultdict(set)
    for phase, cycle in sorted(named, key=lambda key: (key[0] is None, key[0] or 0, key[1])):
        files = tuple(file for file in named[phase, cycle] if file not in claimed[phase])
        found[phase, cycle] = files
        claimed[phase].update(files)
    return found


def _lines(document: Document, text: Text) -> list[int]:
    """The lines of the mentions in the filed bytes; those of a header value are looked up in the header."""
    if not text.field:
        return text.flat.lines_at(mention.start for mention in text.mentions)
    lines = document.text.split("\n")[: document.header.body_line]
    at, column = text.flat.line - 1, 0
    found: list[int] = []
    for mention in text.mentions:
        word = re.split(r"\s", text.flat.text[mention.start : mention.end])[0]
        for line in range(at, len(lines)):
            place = lines[line].find(word, column if line == at else 0) if word else -1
            if place >= 0:
                at, column = line, place + len(word)
                break
        found.append(at + 1)
    return found
