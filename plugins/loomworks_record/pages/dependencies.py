"""What the pages of a chain depend on beside the site's look, told by digests.

Where it is the same, none of a chain's pages has changed and no frame of theirs has to be made to know it. It must
hold all that ``document.py``, ``history.py``, ``compare.py`` and ``texts.py`` read of a record for a chain's pages,
and as little else as possible: what others may see of every document (``record/neighbour.py``); the chain's own
documents, those that they cite and those that cite them, as they were read; whether what is cited has changed since;
and where a trajectory tells them. A test gives the pages documents that say nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import msgspec

from loomworks_record.kept.memo import key_of
from loomworks_record.pages.trajectory_words import PlaceLine, place_line
from loomworks_record.pages.withdrawn import LogValues, Missings, missing
from loomworks_record.record.chains import Chain
from loomworks_record.record.grounds import Ground
from loomworks_record.record.neighbour import neighbours_seen
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document


class Dependencies:
    """Of one record and its log."""

    def __init__(self, whole: Whole, log: LogValues) -> None:
        self.whole = whole
        self.log = log

    @cached_property
    def missing(self) -> Missings:
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
        yield neighbours_seen(record.documents)
        yield [(phase.folder, phase.title) for phase in record.phases]
        yield sorted(self.whole.attachments)
