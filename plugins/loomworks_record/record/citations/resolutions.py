"""What the mentions of all documents resolve to: found, or taken from a memo where nothing that counts has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

import msgspec

from loomworks_record.kept.memo import Memo, Shelf, key_of
from loomworks_record.kept.spool import Keeper, KeptBytes
from loomworks_record.record.citations.choose import Chooser, Halts
from loomworks_record.record.citations.citation import Outcome
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.record.citations.links import missing_image
from loomworks_record.record.citations.problems import problem_of
from loomworks_record.record.citations.readings import DocumentReading, Readings
from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.record.citations.resolve import Resolver
from loomworks_record.record.citations.seen import record_seen
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.problem import Problem
from loomworks_record.source.unreadable import UNREADABLE, unreadable
from loomworks_record.text.reading import Passage


class KeptResolution(NamedTuple):
    """A resolution that can be kept: documents and chains by their numbers in the record, a section by its anchor."""

    outcome: Outcome
    document: int | None
    section: str | None
    chain: int | None
    now: int | None
    named: str
    place: str
    missing: str
    newer: bool
    problem: str


class KeptProblem(NamedTuple):
    """A problem of the document that it is kept for."""

    line: int | None
    code: str
    message: str


_AT_ONCE = 256  # documents that are looked up together
_AT_HAND = 256  # resolvers: who resolves a text asks for its document's several times
_ROOM = 8 << 20  # bytes of rows in memory; what comes after them is put aside

Rows = tuple[tuple[KeptResolution | None, ...], ...]  # one for each passage, with one for each of its mentions
_ROWS = msgspec.msgpack.Decoder(Rows)


class _Resolved(NamedTuple):
    """What the mentions of a document resolve to. ``rows`` that can be kept are put aside; ``digest`` is theirs then,
    else empty. ``cited`` are the numbers of the other documents that it cites, ``superseded`` (number, anchor) the
    sections that it cites in archived versions."""

    problems: tuple[KeptProblem, ...]
    rows: Rows | KeptBytes
    cited: tuple[int, ...] = ()
    superseded: tuple[tuple[int, str], ...] = ()
    digest: bytes = b""


class _KeptResolutions(NamedTuple):
    """The same, as it is kept."""

    problems: tuple[KeptProblem, ...]
    cited: tuple[int, ...]
    superseded: tuple[tuple[int, str], ...]
    digest: bytes
    rows: msgspec.Raw


class Resolutions:
    """Of one record. Made by ``resolve_all``."""

    def __init__(self, record: Record, readings: Readings, memo: Memo) -> None:
        self.record = record
        self.readings = readings
        self.index = RecordIndex(record, readings.index)
        self._kept = Shelf(memo, "resolved", _KeptResolutions)
        self._keeper = Keeper(_ROOM)
        self._of: dict[str, _Resolved] = {}
        self._resolvers: dict[str, Resolver] = {}

    def rows(self, path: str) -> Rows:
        """What the mentions of a document resolve to, passage by passage."""
        rows = self._of[path].rows
        return rows if isinstance(rows, tuple) else _ROWS.decode(rows.read())

    def fingerprint(self, path: str) -> tuple[bytes, tuple[str, ...]] | None:
        """See ``Citations.fingerprint``. Documents are digested by their numbers in the record."""
        found = self._of[path]
        if not found.digest:  # a text that was not kept, or could not be read
            return None
        return key_of(self.readings.of[path].key, found.digest), tuple(self.cited(path))

    def cited(self, path: str) -> list[str]:
        """The other documents that a document cites."""
        return [self.record.documents[number].path for number in self._of[path].cited]

    def superseded(self, path: str) -> list[tuple[str, str]]:
        """See ``Citations.superseded``."""
        return [(self.record.documents[number].path, anchor) for number, anchor in self._of[path].superseded]

    def said(self, path: str) -> bytes:
        """See ``Citations.said``."""
        found, said = self._of[path], self.readings.of[path].said
        if not found.digest or not said:
            return b""
        return key_of(said, found.digest, msgspec.msgpack.encode(found.problems))

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the citations of all documents, document by document."""
        for path, found in self._of.items():
            for problem in found.problems:
                yield Problem(path, problem.line, problem.code, problem.message)
        yield from self.readings.problems
        yield from self.index.numbers.problems
        for name, among in self.index.definitions.claimed.items():
            for each in among:
                others = ", ".join(f"'{other.document.path}'" for other in among if other is not each)
                message = f"{name} is defined in {others} too"
                yield Problem(each.document.path, each.section.line, "identifier-duplicate", message)

    def resolver(self, path: str) -> Resolver:
        """Resolves mentions as that document means them."""
        known = self._resolvers.get(path)
        if known is None:
            if len(self._resolvers) >= _AT_HAND:
                self._resolvers.clear()
            kinds = self.record.config.kinds
            context = self.readings.of[path].context(kinds)
            chooser = Chooser(self.index, context, self.halts)
            known = self._resolvers[path] = Resolver(self.index, context, chooser, kinds)
        return known

    def restored(self, row: KeptResolution | None) -> Resolution | None:
        if row is None:
            return None
        documents, chains = self.record.documents, self.record.chains
        document = None if row.document is None else documents[row.document]
        return Resolution(
            row.outcome,
            document,
            self.readings.index(document).by_anchor[row.section] if document and row.section is not None else None,
            None if row.chain is None else chains[row.chain],
            None if row.now is None else documents[row.now],
            row.named,
            row.place,
            row.missing,
            row.newer,
            row.problem,
        )

    @cached_property
    def halts(self) -> Halts:
        return _halts(self.readings.of.values())

    @cached_property
    def seen(self) -> bytes:
        """What resolving sees of the record, as one digest."""
        sections = (reading.seen for reading in self.readings.of.values())
        return record_seen(self.index, sections, self.halts)

    def run(self) -> None:
        """Resolve every mention of every document, or take what is kept of it."""
        readings = self.readings.of
        keys = list(self._keys().items())
        for start in range(0, len(keys), _AT_ONCE):
            portion = keys[start : start + _AT_ONCE]
            kept = self._kept.get_many([key for _, key in portion])
            fresh: dict[bytes, _KeptResolutions] = {}
            for path, key in portion:
                known = kept.get(key)
                if known is None:
                    resolved = self._of[path] = self._resolved_guarded(readings[path])
                    if self._kept.keeps and all(each.code != UNREADABLE for each in resolved.problems):
                        with suppress(UnicodeEncodeError):  # what cannot be kept stays as it is
                            known = fresh[key] = self._to_keep(path, resolved)
                if known is not None:
                    rows = self._keeper.keep(bytes(known.rows))
                    self._of[path] = _Resolved(known.problems, rows, *known[1:4])
            self._kept.put_many(fresh)

    def _keys(self) -> dict[str, bytes]:
        """Path → the digest of all that its resolutions depend on: its reading, and what is seen of the record."""
        readings = self.readings.of
        if not self._kept.keeps:
            return {path: reading.key for path, reading in readings.items()}
        return {path: key_of(self.seen, reading.key) for path, reading in readings.items()}

    def _resolved_guarded(self, reading: DocumentReading) -> _Resolved:
        """Of a document whose mentions cannot be resolved, none is."""
        try:
            return self._resolved(reading)
        except Exception as wrong:
            problem = unreadable(reading.document.path, "what it cites", wrong)
            rows = tuple((None,) * len(passage.spots) for passage in reading.passages)
            return _Resolved((KeptProblem(problem.line, problem.code, problem.message),), rows)

    def _resolved(self, reading: DocumentReading) -> _Resolved:
        document, resolver = reading.document, self.resolver(reading.document.path)
        problems: list[KeptProblem] = []
        rows: list[tuple[KeptResolution | None, ...]] = []
        for passage in reading.passages:
            found = resolver.resolve(passage.spots, passage.field)
            problems += self._problems(document, passage, found)
            rows.append(tuple(map(self._row, found)))
        own = self._document_numbers[document.path]
        cites = [(each.document, each) for among in rows for each in among if each and each.document is not None]
        numbers = {number for number, _ in cites} - {own}
        superseded = {(number, each.section) for number, each in cites if each.outcome == "superseded" and each.section}
        return _Resolved(tuple(problems), tuple(rows), tuple(sorted(numbers)), tuple(sorted(superseded)))

    def _to_keep(self, path: str, resolved: _Resolved) -> _KeptResolutions:
        """Raises UnicodeEncodeError where the words of a mention are not Unicode."""
        encoded = msgspec.msgpack.encode(self.rows(path))
        digest = key_of(encoded)
        return _KeptResolutions(resolved.problems, resolved.cited, resolved.superseded, digest, msgspec.Raw(encoded))

    def _problems(
        self, document: Document, passage: Passage, found: Sequence[Resolution | None]
    ) -> Iterator[KeptProblem]:
        for spot, resolution in zip(passage.spots, found, strict=True):
            problem = problem_of(document, spot, resolution) if resolution else None
            if problem:
                yield KeptProblem(problem.line, problem.code, problem.message)
        for image in passage.images:
            if missing_image(self.index, document, image.url):
                yield KeptProblem(image.line, "attachment-missing", f"the image '{image.url}' is not filed")

    def _row(self, found: Resolution | None) -> KeptResolution | None:
        if found is None:
            return None
        return KeptResolution(
            found.outcome,
            self._document_numbers[found.document.path] if found.document else None,
            found.anchor,
            self._chain_numbers[found.chain.id] if found.chain else None,
            self._document_numbers[found.now.path] if found.now else None,
            found.named,
            found.place,
            found.missing,
            found.newer,
            found.problem,
        )

    @cached_property
    def _document_numbers(self) -> dict[str, int]:
        return {document.path: number for number, document in enumerate(self.record.documents)}

    @cached_property
    def _chain_numbers(self) -> dict[str, int]:
        return {chain.id: number for number, chain in enumerate(self.record.chains)}


def resolve_all(record: Record, readings: Readings, memo: Memo) -> Resolutions:
    """Resolve every mention of every document."""
    resolutions = Resolutions(record, readings, memo)
    resolutions.run()
    return resolutions


def _halts(readings: Iterable[DocumentReading]) -> Halts:
    """(phase, cycle) → the halt notes that the amendments of the cycle name and no earlier cycle's name."""
    named: dict[tuple[PhaseKey | None, int], dict[str, None]] = defaultdict(dict)
    for reading in readings:
        document = reading.document
        cycle = document.name.cycle
        if cycle is not None:
            named[document.phase_key, cycle].update(dict.fromkeys(reading.halts))
    found: dict[tuple[PhaseKey | None, int], tuple[str, ...]] = {}
    claimed: dict[PhaseKey | None, set[str]] = defaultdict(set)
    for phase, cycle in sorted(named, key=lambda key: (str(key[0]), key[1])):
        files = tuple(file for file in named[phase, cycle] if file not in claimed[phase])
        found[phase, cycle] = files
        claimed[phase].update(files)
    return found
