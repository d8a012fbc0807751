"""What the pages of a chain see of the record: all that they depend on beside the site's look, told by digests.

Where it is the same, none of a chain's pages has changed and no frame of theirs has to be made to know it. It must
hold all that ``document.py``, ``history.py``, ``compare.py`` and ``texts.py`` read of a record for a chain's pages,
and as little else as possible: every document's path, form, title, kind, date and CR number; the chain's own
documents, those that they cite and those that cite them, as they were read; and where a trajectory tells them. A test
gives the pages documents that say nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

import msgspec

from loomworks_record.pages.log import LogValues
from loomworks_record.pages.story import PlaceLine, place_line
from loomworks_record.record.chains import Chain
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.memo import key_of

ReadsAgain = Callable[[Document], bool]


class Seen:
    """Of one record and its log. ``reads_again`` says of which documents some words are resolved when the text is
    rendered, which sees the sections of every document."""

    def __init__(self, whole: Whole, log: LogValues, reads_again: ReadsAgain) -> None:
        self.whole = whole
        self.log = log
        self._reads_again = reads_again

    def of(self, chain: Chain) -> tuple[object, ...] | None:
        """Plain values that are equal where the chain's pages are; None where they cannot be told so."""
        around: set[str] = set()
        own = []
        for document in chain.versions:
            told = self._told.get(document.path)
            if told is None:
                return None
            said, cited = told
            around.update(cited, self._citing[document.path])
            whole = self.whole.citations.seen if self._reads_again(document) else b""
            own.append((document.path, said, whole, self.log.entries.get(document.path), self._place(document)))
        around.difference_update(document.path for document in chain.versions)
        said_around = []
        for path in sorted(around):
            told = self._told.get(path)
            if told is None:
                return None
            said_around.append(told[0])
        return self._record, chain.id, own, said_around

    def _place(self, document: Document) -> PlaceLine | None:
        whole, phase = self.whole, self.whole.record.phase(document)
        return place_line(whole.record, phase, whole.stories.of(phase), document.path) if phase else None

    @cached_property
    def _told(self) -> dict[str, tuple[bytes, tuple[str, ...]]]:
        told = ((document.path, self.whole.citations.told(document.path)) for document in self.whole.record.documents)
        return {path: each for path, each in told if each is not None}

    @cached_property
    def _citing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path, (_, cited) in self._told.items():
            for target in cited:
                found[target].append(path)
        return found

    @cached_property
    def _record(self) -> bytes:
        return key_of(*map(msgspec.msgpack.encode, self._shared()))

    def _shared(self) -> Iterator[object]:
        """What the pages of every chain see."""
        record = self.whole.record
        yield [record.config.kinds.rows, record.config.identifiers, record.config.places, record.config.origin]
        yield [(d.path, d.form, d.title, d.kind, d.date, d.cr_number) for d in record.documents]
        yield [(phase.folder, phase.title) for phase in record.phases]
        yield sorted(self.whole.attachments)
