"""Citations: every mention of a record resolved, which document cites which, and what is cited but not held.

What the mentions of a document resolve to is found, or taken from a memo where nothing that counts has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from sys import intern
from typing import NamedTuple

import msgspec
from msgspec import Struct

from loomworks_record.kept.memo import NO_MEMO, Memo, Shelf, key_of, left_in
from loomworks_record.kept.spool import Keeper, KeptBytes
from loomworks_record.record.citations.choose import Chooser, Halts
from loomworks_record.record.citations.citation import Citation, Resolution, ResolvedPassage
from loomworks_record.record.citations.digests import record_digest
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.record.citations.links import missing_image
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.record.citations.readings import Readings
from loomworks_record.record.citations.resolve import resolve
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.source.document import Document
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.problem import Problem, unreadable
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.reading import Passage
from loomworks_record.text.sections import Section

_AT_ONCE = 256  # documents that are looked up together
_AT_HAND = 256  # choosers: who resolves a text asks for its document's several times
_MOST_KEPT = 2048  # documents whose citations are held; who asks for them soon asks for those of neighbours
_FIELD_LINES = 8  # a field that stands in the body is a line, or a few short paragraphs below "Status"
Rows = tuple[tuple[Resolution | None, ...], ...]  # one for each passage, with one for each of its mentions
_ROWS = msgspec.msgpack.Decoder(Rows)
_NOTHING = msgspec.Raw(b"")


class NotHeld(Struct, frozen=True):
    """One thing that is cited and not held: its name, the places that texts give for it, who cites it."""

    name: str
    places: tuple[str, ...]
    citations: tuple[Citation, ...]


class DocumentResolutions(NamedTuple):
    """What the mentions of a document resolve to, as it is kept. ``cited`` are the numbers of the other documents that
    it cites, ``superseded`` (number, anchor) the sections that it cites in archived versions. ``digest`` is that of
    its ``rows``, empty where they cannot be kept."""

    problems: tuple[Problem, ...]
    cited: tuple[int, ...] = ()
    superseded: tuple[tuple[int, str], ...] = ()
    digest: bytes = b""
    rows: msgspec.Raw = _NOTHING


class Citations:
    """Of one record. Made by ``cite``; the citations of a document are put together when it is asked for."""

    def __init__(self, record: Record, readings: Readings, memo: Memo) -> None:
        self.record = record
        self.index = RecordIndex(record, readings.index)
        self._readings = readings
        self._kept = Shelf(memo, "resolved", DocumentResolutions)
        self._left = left_in(memo)
        self._keeper = Keeper()
        self._found: dict[str, DocumentResolutions] = {}
        self._rows: dict[str, Rows | KeptBytes] = {}  # those that can be kept are put aside
        self._choosers: dict[str, Chooser] = {}
        self._citations: dict[str, tuple[Citation, ...]] = {}
        self._cited: dict[str, tuple[Citation, ...]] = {}

    @cached_property
    def seen(self) -> bytes:
        """The digest of all that a text's links may depend on beside the text."""
        return record_digest(self.index, map(self._readings.seen, self._readings.of), self.halts)

    @cached_property
    def halts(self) -> Halts:
        return _halts((self.record.by_path[path], reading.halts) for path, reading in self._readings.of.items())

    def of(self, path: str) -> tuple[Citation, ...]:
        """What a document cites, in order of place (its header first)."""
        found = self._citations.get(path)
        if found is None:
            if len(self._citations) >= _MOST_KEPT:
                self._citations.clear()
            found = self._citations[path] = tuple(self._of(path)) if path in self._found else ()
        return found

    def by(self, path: str) -> tuple[Citation, ...]:
        """The citations of a document by other documents; those of current documents first."""
        found = self._cited.get(path)
        if found is None:
            if len(self._cited) >= _MOST_KEPT:
                self._cited.clear()
            citing = (each for source in self.citing.get(path, ()) for each in self.of(source))
            found = self._cited[path] = tuple(each for each in citing if each.target == path)
        return found

    @cached_property
    def citing(self) -> dict[str, tuple[str, ...]]:
        """Path → the paths of the other documents that cite it, of current ones first."""
        found: dict[str, list[str]] = defaultdict(list)
        archived = {each.path for each in self.record.documents if self.record.standing(each) != "current"}
        for document in self.record.documents:
            for target in self._targets(document.path):
                found[target].append(document.path)
        return {path: tuple(sorted(sources, key=archived.__contains__)) for path, sources in found.items()}

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

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with citations, sorted by place."""
        found = [problem for each in self._found.values() for problem in each.problems]
        found += (*self._readings.problems, *self.index.numbers.problems)
        for name, among in self.index.definitions.claimed.items():
            for each in among:
                others = ", ".join(f"'{other.document.path}'" for other in among if other is not each)
                message = f"{name} is defined in {others} too"
                found.append(Problem(each.document.path, each.section.line, "identifier-duplicate", message))
        return sort_problems(found)

    def read(self, path: str) -> tuple[ResolvedPassage, ...]:
        """The texts of a document that are linked, with what each mention resolves to: one for each linked header
        field, in order, and the body last."""
        if path not in self._found:
            return ()
        rows = self._rows[path]
        rows = rows if isinstance(rows, tuple) else _ROWS.decode(rows.read())
        return tuple(zip(self._readings.passages(path), rows, strict=True))

    def sections(self, path: str) -> tuple[Section, ...]:
        """The sections of a document's body (none of an HTML document)."""
        return self._readings.sections(path) if path in self._found else ()

    def superseded(self, path: str) -> list[tuple[str, str]]:
        """The sections in archived versions that a document cites: paths and anchors."""
        return [(self.record.documents[number].path, anchor) for number, anchor in self._found[path].superseded]

    def fingerprint(self, path: str) -> tuple[bytes, tuple[str, ...]] | None:
        """One digest of all that ``of`` and ``read`` say of a document, but for what the documents that it cites say
        themselves; and the paths of those. None where nothing is kept between runs, or it could not be read.
        Documents are digested by their numbers in the record."""
        digest = self._found[path].digest
        return (key_of(self._readings.key(path), digest), tuple(self._targets(path))) if digest else None

    def said(self, path: str) -> bytes:
        """One digest of the same, but for where in the text each mention stands, to the letter; b"" where nothing is
        kept."""
        found, said = self._found[path], self._readings.of[path].said
        return key_of(said, found.digest, msgspec.msgpack.encode(found.problems)) if found.digest and said else b""

    def chooser(self, path: str) -> Chooser:
        """Chooses what that document means; see ``resolve``."""
        known = self._choosers.get(path)
        if known is None:
            if len(self._choosers) >= _AT_HAND:
                self._choosers.clear()
            document, own = self.record.by_path[path], self._readings.own_words(path)
            known = self._choosers[path] = Chooser(self.index, document, own, self.halts)
        return known

    def run(self) -> None:
        """Resolve every mention of every document, or take what is kept of it."""
        keys = list(self._keys())
        for start in range(0, len(keys), _AT_ONCE):
            portion = keys[start : start + _AT_ONCE]
            kept = self._kept.get_many([key for _, key in portion])
            fresh: dict[bytes, DocumentResolutions] = {}
            for path, key in portion:
                found = kept.get(key)
                if found is None:
                    found = self._resolved_guarded(self.record.by_path[path])
                    if found.digest:
                        fresh[key] = found
                if found.digest:
                    self._rows[path] = self._keeper.keep(bytes(found.rows))
                self._found[path] = found._replace(rows=_NOTHING)
            self._kept.put_many(fresh)
        if self._left is not None:
            own = ((path, found, self._rows[path]) for path, found in self._found.items() if found.digest)
            self._left["resolved"] = self.seen, {self._readings.key(path): each for path, *each in own}

    def _targets(self, path: str) -> list[str]:
        """The other documents that a document cites."""
        return [self.record.documents[number].path for number in self._found[path].cited]

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
                        sentences=sentences,
                        number=number,
                    )

    def _keys(self) -> Iterator[tuple[str, bytes]]:
        """Path and the digest of all that its resolutions depend on: its reading, and what is seen of the record. What
        is at hand already is taken."""
        seen, before = (self._left or {}).get("resolved", (b"", {}))
        for path in self._readings.of:
            key = self._readings.key(path)
            if key in before and seen == self.seen:
                self._found[path], self._rows[path] = before[key]
            else:
                yield path, key_of(self.seen, key) if self._kept.keeps else key

    def _resolved_guarded(self, document: Document) -> DocumentResolutions:
        """Of a document whose mentions cannot be resolved, none is."""
        try:
            return self._resolved(document)
        except Exception as wrong:
            passages = self._readings.passages(document.path)
            self._rows[document.path] = tuple((None,) * len(passage.mentions) for passage in passages)
            return DocumentResolutions((unreadable(document.path, "what it cites", wrong),))

    def _resolved(self, document: Document) -> DocumentResolutions:
        chooser = self.chooser(document.path)
        problems: list[Problem] = []
        rows: list[tuple[Resolution | None, ...]] = []
        for passage in self._readings.passages(document.path):
            found = resolve(chooser, passage.mentions, passage.field)
            problems += self._problems(document, passage, found)
            rows.append(tuple(found))
        cites = [(each.document, each) for among in rows for each in among if each and each.document is not None]
        others = {number for number, _ in cites if self.index.documents[number].path != document.path}
        superseded = {(number, each.section) for number, each in cites if each.outcome == "superseded" and each.section}
        made = DocumentResolutions(tuple(problems), tuple(sorted(others)), tuple(sorted(superseded)))
        if self._kept.keeps:
            with suppress(UnicodeEncodeError):  # what cannot be kept stays as it is
                encoded = msgspec.msgpack.encode(rows)
                return made._replace(digest=key_of(encoded), rows=msgspec.Raw(encoded))
        self._rows[document.path] = tuple(rows)
        return made

    def _problems(self, document: Document, passage: Passage, found: Sequence[Resolution | None]) -> Iterator[Problem]:
        for mention, resolution in zip(passage.mentions, found, strict=True):
            problem = self._problem(document, mention, resolution) if resolution else None
            if problem:
                yield problem
        for image in passage.images:
            if missing_image(self.index, document, image.url):
                message = f"the image '{image.url}' is not filed"
                yield document.problem("attachment-missing", message, image.line)

    def _problem(self, document: Document, mention: Mention, found: Resolution) -> Problem | None:
        """What is wrong with a mention that resolves to ``found``, if anything."""
        if found.problem == "link-unsafe":
            return document.problem(found.problem, f"the link '{mention.url}' is not followed", mention.line)
        if found.problem:
            message = f"the link '{mention.url}' leads to nothing that is filed"
            return document.problem(found.problem, message, mention.line)
        if found.missing and found.document is not None:
            if mention.what != "link" and not any(sign.isdigit() for sign in found.missing):
                return None  # words after a § that no title has: where they end is not known
            code = "link-broken" if mention.what == "link" else "section-missing"
            what = found.missing if found.missing.startswith("#") else f"§{found.missing}"
            message = f"'{mention.text}': {self.index.documents[found.document].path} has no {what}"
            return document.problem(code, message, mention.line)
        if found.newer and found.chain is not None and found.outcome == "unresolved" and mention.version:
            newest = self.index.chains[found.chain].newest
            message = f"'{mention.text}': v{mention.version} is newer than v{newest.version}, the newest held"
            return document.problem("version-not-held", message, mention.line)
        return None


def _first_near(lines: list[int], line: int) -> int | None:
    """Of the lines at which fields begin, the first whose value may stand at ``line``."""
    return next((each for each in lines if each <= line <= each + _FIELD_LINES), None)


def cite(record: Record, memo: Memo = NO_MEMO, share: Share = map) -> Citations:
    """Find and resolve every mention of ``record``. ``share`` may have its documents read in other processes."""
    readings = Readings(record, memo)
    readings.read(share)
    citations = Citations(record, readings, memo)
    citations.run()
    return citations


def _halts(noted: Iterable[tuple[Document, tuple[str, ...]]]) -> Halts:
    """(phase, cycle) → the halt notes that the amendments of the cycle name and no earlier cycle's name."""
    named: dict[tuple[PhaseKey | None, int], dict[str, None]] = defaultdict(dict)
    for document, halts in noted:
        cycle = document.name.cycle
        if cycle is not None:
            named[document.phase_key, cycle].update(dict.fromkeys(halts))
    found: dict[tuple[PhaseKey | None, int], tuple[str, ...]] = {}
    claimed: dict[PhaseKey | None, set[str]] = defaultdict(set)
    for phase, cycle in sorted(named, key=lambda key: (str(key[0]), key[1])):
        files = tuple(file for file in named[phase, cycle] if file not in claimed[phase])
        found[phase, cycle] = files
        claimed[phase].update(files)
    return found
