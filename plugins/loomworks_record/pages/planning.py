"""What the pages and files of one plan are made from. What several of them need is made once, when first asked for.

And what the pages of a chain depend on beside the site's look, told by digests. Where it is the same, none of a chain's
pages has changed and no frame of theirs has to be made to know it. It must hold all that ``document.py``,
``history.py``, ``compare.py`` and ``texts.py`` read of a record for a chain's pages, and as little else as possible:
what others may see of every document (``Neighbour``); the chain's own documents, those that they cite and
those that cite them, as they were read; whether what is cited has changed since; and where a trajectory tells them. A
test gives the pages documents that say nothing else.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from loomworks_record.kept.keys import digest
from loomworks_record.kept.memo import key_of
from loomworks_record.pages.cites import MovedGround
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.moves import LogValues, WithdrawnVersions, missing
from loomworks_record.pages.phase import Identifiers
from loomworks_record.pages.reading import pack, pack_tells_of
from loomworks_record.pages.registers import (
    NotHeldRegister,
    Register,
    identifiers_by_phase,
    not_held_register,
    registers,
)
from loomworks_record.pages.shell import Sidebars, Site
from loomworks_record.pages.trajectory_words import PlaceLine, place_line
from loomworks_record.record.chains import Chain
from loomworks_record.record.citations.digests import neighbours_digest
from loomworks_record.record.grounds import Ground
from loomworks_record.record.phases import Phase
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem, sort_key


class PackSize(Struct, frozen=True):
    """The bytes of a phase's context.md, counted, and their digest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Planning:
    """Of one record. ``known`` are the problems that its baseline accepts."""

    whole: Whole
    site: Site
    log: LogValues = field(default_factory=LogValues)
    known: frozenset[Problem] = frozenset()

    @cached_property
    def said(self) -> bytes | None:
        """One digest of all that pages and files are made from which show no text; None as ``Whole.said``."""
        said = self.whole.said
        return said and digest(said, self.site, self.log, sorted(self.known, key=sort_key))

    def context(self, phase: Phase) -> bytes:
        """The phase's context.md."""
        return pack(self.whole, phase, self.site.absolute).encode()

    @cached_property
    def contexts(self) -> Mapping[str, PackSize]:
        """By the phase's folder. They hold the texts of all current documents, and are made anew when written."""
        return {phase.folder: self._pack_size(phase) for phase in self.whole.record.phases}

    def _pack_size(self, phase: Phase) -> PackSize:
        def made() -> PackSize:
            data = self.context(phase)
            return PackSize(len(data), hashlib.sha256(data).hexdigest())

        of = sorted({(each.path, each.sha256, each.size) for each in pack_tells_of(self.whole, phase)})
        return self.whole.kept_by_said("pack", PackSize, made, phase.folder, self.site.origin_url, of)

    @cached_property
    def sidebars(self) -> Sidebars:
        return Sidebars(self.whole.record)

    @cached_property
    def registers(self) -> tuple[Register, ...]:
        return registers(self.whole.citations, self.whole.grounds.through)

    @cached_property
    def identifiers(self) -> Mapping[str, tuple[Identifiers, ...]]:
        """Those that each phase defines, by its folder."""
        return identifiers_by_phase(self.whole.citations)

    @cached_property
    def not_held(self) -> NotHeldRegister:
        return not_held_register(self.whole.citations)

    @cached_property
    def dashboard(self) -> Dashboard:
        return Dashboard(self.whole.stories, self.whole.problems, self.moved)

    @cached_property
    def moved(self) -> MovedGround:
        return MovedGround(self.whole, self.known)

    @cached_property
    def missing(self) -> WithdrawnVersions:
        return missing(self.whole.record, self.log)

    @property
    def withdrawn_documents(self) -> list[Document]:
        return [one.document for gone in self.missing.values() for one in gone]


def json_bytes(value: Any) -> bytes:
    """JSON as this site writes it: UTF-8, no spaces, one line end."""
    return msgspec.json.encode(value) + b"\n"


class Dependencies:
    """Of one record and its log."""

    def __init__(self, whole: Whole, log: LogValues) -> None:
        self.whole = whole
        self.log = log

    @cached_property
    def missing(self) -> WithdrawnVersions:
        return missing(self.whole.record, self.log)

    def of(self, chain: Chain) -> tuple[object, ...] | None:
        """Plain values that are equal where the chain's pages are; None where they cannot be told."""
        prints = self._prints
        if prints is None:
            return None
        own = {document.path for document in chain.versions}
        around = {other for path in own for other in (*prints[path][1], *self._citing[path])} - own
        return (
            self._record,
            chain.id,
            [(*self._of_document(document), prints[document.path][0]) for document in chain.versions],
            [prints[path][0] for path in sorted(around)],
            [(self.whole.record.filing(each), self.whole.record.in_force(each)) for each in chain.versions],
            [(one.document.path, one.document.date, one.entry) for one in self.missing.get(chain.id, ())],
            [self._grounds(document) for document in chain.versions],
        )

    def _grounds(self, document: Document) -> list[Ground]:
        """What is said of sections cited on its page: it depends on versions that no text of the chain cites."""
        places = *self.whole.citations.superseded(document.path), *self._superseded.get(document.path, ())
        return [ground for place in places if (ground := self.whole.grounds.of_place(*place))]

    @cached_property
    def _superseded(self) -> dict[str, dict[tuple[str, str], None]]:
        """By the path of an archived version, the sections of it that are cited."""
        found: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for document in self.whole.record.documents:
            for place in self.whole.citations.superseded(document.path):
                found[place[0]][place] = None
        return found

    def _of_document(self, document: Document) -> tuple[str, object, PlaceLine | None]:
        whole, path, phase = self.whole, document.path, self.whole.record.phase(document)
        place = place_line(whole.record, phase, whole.stories.of(phase), path) if phase else None
        return path, self.log.entries.get(path), place

    @cached_property
    def _prints(self) -> dict[str, tuple[bytes, tuple[str, ...]]] | None:
        """Path → fingerprint; None where one is missing: what that document cites is not known either."""
        found = {}
        for document in self.whole.record.documents:
            own = self.whole.citations.fingerprint(document.path)
            if own is None:
                return None
            found[document.path] = own
        return found

    @cached_property
    def _citing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path, (_, cited) in (self._prints or {}).items():
            for target in cited:
                found[target].append(path)
        return found

    @cached_property
    def _record(self) -> bytes:
        return key_of(*map(msgspec.msgpack.encode, self._shared()))

    def _shared(self) -> Iterator[object]:
        """What the pages of every chain depend on."""
        record = self.whole.record
        yield [
            record.config.kinds.rows,
            record.config.identifiers,
            record.config.places,
            record.config.origin,
            record.config.compare_all,
        ]
        yield neighbours_digest(record.documents)
        yield [(phase.folder, phase.title) for phase in record.phases]
        yield sorted(self.whole.attachments)
