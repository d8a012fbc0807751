"""Citations: every mention of a record resolved, which document cites which, and what is cited but not held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from sys import intern

from msgspec import Struct

from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.record.citations.readings import Readings, read_all
from loomworks_record.record.citations.resolution import ResolvedPassage
from loomworks_record.record.citations.resolutions import Resolutions, resolve_all
from loomworks_record.record.citations.resolve import Resolver
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.source.problem import Problem
from loomworks_record.text.mentions.grammar import Grammar
from loomworks_record.text.reading import OWN_FIELDS
from loomworks_record.text.sections import Section
from loomworks_record.text.sentence import Sentence

__all__ = ["OWN_FIELDS", "Citations", "NotHeld", "cite"]

_FIELD_LINES = 8  # a field that stands in the body is a line, or a few short paragraphs below "Status"


class NotHeld(Struct, frozen=True):
    """One thing that is cited and not held: its name, the places that texts give for it, who cites it."""

    name: str
    places: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Citations:
    """The citations of one record. Made by ``cite``; those of a document are put together when it is asked for."""

    record: Record
    _readings: Readings
    _resolutions: Resolutions

    @property
    def grammar(self) -> Grammar:
        """What authors call things in this record."""
        return self._readings.grammar

    @property
    def index(self) -> RecordIndex:
        return self._resolutions.index

    @property
    def seen(self) -> bytes:
        """The digest of all that a text's links may depend on beside the text."""
        return self._resolutions.seen

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with citations, sorted by place."""
        return sort_problems(self._resolutions.problems())

    def of(self, path: str) -> tuple[Citation, ...]:
        """What a document cites, in order of place (its header first)."""
        found = self._citations.get(path)
        if found is None:
            held = path in self._readings.of
            found = self._citations[path] = tuple(self._of(path)) if held else ()
        return found

    def by(self, path: str) -> tuple[Citation, ...]:
        """The citations of a document by other documents; those of current documents first."""
        found = self._cited.get(path)
        if found is None:
            citing = (each for source in self.citing.get(path, ()) for each in self.of(source))
            found = self._cited[path] = tuple(each for each in citing if each.target == path)
        return found

    @cached_property
    def citing(self) -> dict[str, tuple[str, ...]]:
        """Path → the paths of the other documents that cite it, of current ones first."""
        found: dict[str, list[str]] = defaultdict(list)
        archived = {each.path for each in self.record.documents if self.record.standing(each) != "current"}
        for document in self.record.documents:
            for target in self._resolutions.cited(document.path):
                found[target].append(document.path)
        return {path: tuple(sorted(sources, key=archived.__contains__)) for path, sources in found.items()}

    def read(self, path: str) -> tuple[ResolvedPassage, ...]:
        """The texts of a document that are linked, with what each mention resolves to: one for each linked header
        field, in order, and the body last."""
        held = path in self._readings.of
        return tuple(zip(self._readings.passages(path), self._resolutions.rows(path), strict=True)) if held else ()

    def fingerprint(self, path: str) -> tuple[bytes, tuple[str, ...]] | None:
        """One digest of all that ``of`` and ``read`` say of a document, but for what the documents that it cites say
        themselves; and the paths of those. None where nothing is kept between runs."""
        return self._resolutions.fingerprint(path)

    def superseded(self, path: str) -> list[tuple[str, str]]:
        """The sections in archived versions that a document cites: paths and anchors."""
        return self._resolutions.superseded(path)

    def said(self, path: str) -> bytes:
        """One digest of the same, but for where in the text each mention stands, to the letter; b"" where nothing is
        kept."""
        return self._resolutions.said(path)

    def fenced(self, path: str) -> int:
        """How many mentions stand in the code blocks of a document, which are not linked."""
        reading = self._readings.of.get(path)
        return reading.fenced if reading else 0

    def sections(self, path: str) -> tuple[Section, ...]:
        """The sections of a document's body (none of an HTML document)."""
        return self._readings.sections(path) if path in self._readings.of else ()

    def resolver(self, path: str) -> Resolver:
        """Resolves mentions as that document means them."""
        return self._resolutions.resolver(path)

    @cached_property
    def _citations(self) -> dict[str, tuple[Citation, ...]]:
        return {}

    def _of(self, path: str) -> Iterator[Citation]:
        """A citation for each mention that is one, once where it stands in a header field that the body shows;
        ``number`` counts all, as their sentences are counted.

        Of a record's words ("CR v0.4", "§3") there are few, said often: each is held once.
        """
        body_line = self.record.by_path[path].header.body_line
        shown: dict[str, list[int]] = defaultdict(list)  # words of fields that stand in the body too, and their lines
        documents, sentences = self.record.documents, partial(self._readings.sentences, path)
        number = -1
        for passage, resolutions in self.read(path):
            for mention, found in zip(passage.mentions, resolutions, strict=True):
                number += 1
                if found is not None:
                    text = intern(mention.text)
                    if passage.field and mention.line >= body_line:
                        shown[text].append(mention.line)
                    elif text in shown and (same := _first_near(shown[text], mention.line)) is not None:
                        shown[text].remove(same)
                        continue
                    yield Citation(
                        source=path,
                        text=text,
                        line=mention.line,
                        outcome=found.outcome,
                        target=None if found.document is None else documents[found.document].path,
                        anchor=None if found.section is None else intern(found.section),
                        now=None if found.now is None else documents[found.now].path,
                        named=intern(found.named),
                        place=intern(found.place),
                        where=intern(mention.where),
                        field=passage.field,
                        identifier=mention.name if mention.what == "identifier" else "",
                        sentence=Sentence(sentences, number),
                    )

    @cached_property
    def _cited(self) -> dict[str, tuple[Citation, ...]]:
        return {}

    @cached_property
    def not_held(self) -> tuple[NotHeld, ...]:
        """All that is cited and not held, by name; identifiers that are nowhere defined too."""
        found: dict[str, list[Citation]] = defaultdict(list)
        for document in self.record.documents:
            for citation in self.of(document.path):
                if citation.target is None and citation.named:
                    found[citation.named].append(citation)
        return tuple(
            NotHeld(name, tuple(dict.fromkeys(c.place for c in citing if c.place)), tuple(citing))
            for name, citing in sorted(found.items(), key=lambda item: (item[0].casefold(), item[0]))
        )


def _first_near(lines: list[int], line: int) -> int | None:
    """Of the lines at which fields begin, the first whose value may stand at ``line``."""
    return next((each for each in lines if each <= line <= each + _FIELD_LINES), None)


def cite(
    record: Record, progress: Callable[[int], None] | None = None, memo: Memo = NO_MEMO, share: Share = map
) -> Citations:
    """Find and resolve every mention of ``record``. ``progress`` is told how many documents are read, ``share`` may
    have them read in other processes."""
    readings = read_all(record, memo, progress or (lambda count: None), share)
    return Citations(record, readings, resolve_all(record, readings, memo))
