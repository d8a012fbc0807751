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
from loomworks_record.record.citations.digests import record_digest
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.record.citations.links import missing_image
from loomworks_record.record.citations.readings import Readings
from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.record.citations.resolve import Resolver
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.problem import Problem, unreadable
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.reading import Passage

_AT_ONCE = 256  # documents that are looked up together
_AT_HAND = 256  # resolvers: who resolves a text asks for its document's several times
_ROOM = 8 << 20  # bytes of rows in memory; what comes after them is put aside

Rows = tuple[tuple[Resolution | None, ...], ...]  # one for each passage, with one for each of its mentions
_ROWS = msgspec.msgpack.Decoder(Rows)
_NOTHING = msgspec.Raw(b"")


class DocumentResolutions(NamedTuple):
    """What the mentions of a document resolve to, as it is kept. ``cited`` are the numbers of the other documents that
    it cites, ``superseded`` (number, anchor) the sections that it cites in archived versions. ``digest`` is that of
    its ``rows``, empty where they cannot be kept."""

    problems: tuple[Problem, ...]
    cited: tuple[int, ...] = ()
    superseded: tuple[tuple[int, str], ...] = ()
    digest: bytes = b""
    rows: msgspec.Raw = _NOTHING


class Resolutions:
    """Of one record. Made by ``resolve_all``."""

    def __init__(self, record: Record, readings: Readings, memo: Memo) -> None:
        self.record = record
        self.readings = readings
        self.index = RecordIndex(record, readings.index)
        self._kept = Shelf(memo, "resolved", DocumentResolutions)
        self._keeper = Keeper(_ROOM)
        self._of: dict[str, DocumentResolutions] = {}
        self._rows: dict[str, Rows | KeptBytes] = {}  # those that can be kept are put aside
        self._resolvers: dict[str, Resolver] = {}

    def rows(self, path: str) -> Rows:
        """What the mentions of a document resolve to, passage by passage."""
        rows = self._rows[path]
        return rows if isinstance(rows, tuple) else _ROWS.decode(rows.read())

    def fingerprint(self, path: str) -> tuple[bytes, tuple[str, ...]] | None:
        """See ``Citations.fingerprint``. Documents are digested by their numbers in the record."""
        found = self._of[path]
        if not found.digest:  # a text that was not kept, or could not be read
            return None
        return key_of(self.readings.key(path), found.digest), tuple(self.cited(path))

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
        for found in self._of.values():
            yield from found.problems
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
            context = self.readings.context(path)
            chooser = Chooser(self.index, context, self.halts)
            known = self._resolvers[path] = Resolver(self.index, context, chooser, self.record.config.kinds)
        return known

    @cached_property
    def halts(self) -> Halts:
        return _halts((self.record.by_path[path], reading.halts) for path, reading in self.readings.of.items())

    @cached_property
    def seen(self) -> bytes:
        """What resolving sees of the record, as one digest."""
        return record_digest(self.index, map(self.readings.seen, self.readings.of), self.halts)

    def run(self) -> None:
        """Resolve every mention of every document, or take what is kept of it."""
        keys = list(self._keys().items())
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
                self._of[path] = found._replace(rows=_NOTHING)
            self._kept.put_many(fresh)

    def _keys(self) -> dict[str, bytes]:
        """Path → the digest of all that its resolutions depend on: its reading, and what is seen of the record."""
        key = self.readings.key
        return {path: key_of(self.seen, key(path)) if self._kept.keeps else key(path) for path in self.readings.of}

    def _resolved_guarded(self, document: Document) -> DocumentResolutions:
        """Of a document whose mentions cannot be resolved, none is."""
        try:
            return self._resolved(document)
        except Exception as wrong:
            passages = self.readings.passages(document.path)
            self._rows[document.path] = tuple((None,) * len(passage.mentions) for passage in passages)
            return DocumentResolutions((unreadable(document.path, "what it cites", wrong),))

    def _resolved(self, document: Document) -> DocumentResolutions:
        resolver = self.resolver(document.path)
        problems: list[Problem] = []
        rows: list[tuple[Resolution | None, ...]] = []
        for passage in self.readings.passages(document.path):
            found = resolver.resolve(passage.mentions, passage.field)
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
                yield Problem(document.path, image.line, "attachment-missing", message)

    def _problem(self, document: Document, mention: Mention, found: Resolution) -> Problem | None:
        """What is wrong with a mention that resolves to ``found``, if anything."""
        if found.problem == "link-unsafe":
            return Problem(document.path, mention.line, found.problem, f"the link '{mention.url}' is not followed")
        if found.problem:
            message = f"the link '{mention.url}' leads to nothing that is filed"
            return Problem(document.path, mention.line, found.problem, message)
        if found.missing and found.document is not None:
            if mention.what != "link" and not any(sign.isdigit() for sign in found.missing):
                return None  # words after a § that no title has: where they end is not known
            code = "link-broken" if mention.what == "link" else "section-missing"
            what = found.missing if found.missing.startswith("#") else f"§{found.missing}"
            message = f"'{mention.text}': {self.index.documents[found.document].path} has no {what}"
            return Problem(document.path, mention.line, code, message)
        if found.newer and found.chain is not None and found.outcome == "unresolved" and mention.version:
            newest = self.index.chains[found.chain].newest
            message = f"'{mention.text}': v{mention.version} is newer than v{newest.version}, the newest held"
            return Problem(document.path, mention.line, "version-not-held", message)
        return None


def resolve_all(record: Record, readings: Readings, memo: Memo) -> Resolutions:
    """Resolve every mention of every document."""
    resolutions = Resolutions(record, readings, memo)
    resolutions.run()
    return resolutions


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
