"""The texts of a plan's documents: their keys, and those that could not be rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import msgspec

from loomworks_record.build.packing import COMPARISON, TEXT, PartKey, content_digest, packed_part, unpacked_text
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import KEY_SIZE
from loomworks_record.pages.changes import ComparisonInputs
from loomworks_record.pages.texts import rendered_text, text_as_filed, text_inputs, text_job
from loomworks_record.record.whole import Whole
from loomworks_record.render.text import RenderedText, TextJob
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem, unreadable


class Texts:
    """A text's key holds its document and all that its mentions and references resolve to: the inputs of its job.

    A text that could not be rendered is shown as it was filed, and that is its key.
    """

    def __init__(self, whole: Whole, cache: Cache) -> None:
        self.whole = whole
        self.cache = cache
        self._keys: dict[str, bytes] = {}
        self._documents: dict[bytes, Document] = {}
        self._in_place: dict[str, RenderedText] = {}
        self._searched: dict[str, bytes] = {}
        self.problems: list[Problem] = []  # of texts that could not be made
        self.made_first: set[PartKey] = set()  # parts that were made before pages

    def look_up(self, documents: Iterable[Document]) -> None:
        """Find the keys of several documents at once."""
        new = [document for document in documents if document.path not in self._keys]
        keys = {key: document for document in new if (key := self._key(document))}
        self._keys |= {document.path: key for key, document in keys.items()}
        self._documents |= keys

    def key(self, document: Document) -> bytes:
        """The key of a document's text."""
        if document.path not in self._keys:
            self.look_up([document])
        return self._keys[document.path]

    def comparison_key(self, inputs: ComparisonInputs, old: Document, new: Document) -> bytes:
        """The key of a comparison of two texts."""
        return digest(ground(), COMPARISON, inputs, self.key(old), self.key(new))

    def job(self, document: Document) -> TextJob | None:
        """What the text is rendered from; None where it cannot be, and was made ``in_place``."""
        self.key(document)
        try:
            return text_job(self.whole, document)
        except Exception as wrong:
            self._show_as_filed(document, wrong)
            return None

    def to_render(self, documents: Mapping[bytes, Document], kept: dict[PartKey, bytes]) -> dict[bytes, TextJob]:
        """The jobs of the texts that are not ``kept``, by their keys; those made in place are put into it."""
        jobs = {}
        for key, document in documents.items():
            if (TEXT, key) in kept:
                continue
            in_place = self.in_place(document)
            if in_place is not None:
                kept[TEXT, key] = packed_part(in_place)
            elif job := self.job(document):
                jobs[key] = job
        return jobs

    def in_place(self, document: Document) -> RenderedText | None:
        """The text of a document that could not be rendered."""
        return self._in_place.get(document.path)

    def searched(self, documents: Sequence[Document]) -> dict[str, bytes]:
        """Path → the digest of what of each text is searched."""
        new = [document for document in documents if document.path not in self._searched]
        self.look_up(new)
        found = self.cache.get_many(TEXT, [self._keys[document.path] for document in new])
        kept = {key: digest for key, digest in found.items() if len(digest) == KEY_SIZE}
        for document in new:
            key = self._keys[document.path]
            if key not in kept:
                text = self._made(document)
                kept[key] = content_digest(text)
                if self.in_place(document) is None:
                    self.cache.put_many(TEXT, {key: kept[key]}, {key: packed_part(text)})
                    self.made_first.add((TEXT, key))
            self._searched[document.path] = kept[key]
        return {document.path: self._searched[document.path] for document in documents}

    def lacking(self, documents: Sequence[Document]) -> int:
        """Of how many of these ``searched`` would have to make the text."""
        new = [document for document in documents if document.path not in self._searched]
        self.look_up(new)
        return len(new) - len(self.cache.get_many(TEXT, [self._keys[document.path] for document in new]))

    def note_searched(self, digests: Mapping[str, bytes]) -> None:
        """What ``searched`` would say of some documents, by path, is known."""
        self._searched |= digests

    def rendered(self, documents: Sequence[Document]) -> dict[str, RenderedText]:
        """Path → text."""
        self.look_up(documents)
        kept = self.cache.get_bulks(TEXT, [self._keys[document.path] for document in documents])
        return {document.path: self._unpacked(document, kept) for document in documents}

    def _unpacked(self, document: Document, kept: Mapping[bytes, bytes]) -> RenderedText:
        packed = kept.get(self._keys[document.path])
        if packed is not None:
            with suppress(ValueError):
                return unpacked_text(packed)
        return self._made(document)

    def _made(self, document: Document) -> RenderedText:
        """Rendered here and now: the cache has lost it, or never had it."""
        if document.path not in self._in_place:
            try:
                return rendered_text(self.whole, document)
            except Exception as wrong:
                self._show_as_filed(document, wrong)
        return self._in_place[document.path]

    def note_failed(self, key: bytes) -> None:
        """A worker failed to make the text of that key: it is tried here once more, so that the fault can be told."""
        document = self._documents[key]
        try:
            self._keep_in_place(document, rendered_text(self.whole, document))
        except Exception as wrong:
            self._show_as_filed(document, wrong)

    def _show_as_filed(self, document: Document, wrong: Exception) -> None:
        self.problems.append(unreadable(document.path, "its text", wrong))
        self._keep_in_place(document, text_as_filed(document))

    def _keep_in_place(self, document: Document, text: RenderedText) -> None:
        self._in_place[document.path] = text
        self._keys[document.path] = digest(ground(), "in place", msgspec.msgpack.encode(text))

    def _key(self, document: Document) -> bytes | None:
        """None where the text is ``in_place`` already."""
        try:
            return digest(ground(), text_inputs(self.whole, document))
        except Exception as wrong:
            self._show_as_filed(document, wrong)
            return None
