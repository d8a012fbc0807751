"""The rendered texts of documents, as comparisons ask for them: without links, one chain after the other."""

from __future__ import annotations

from functools import partial

from loomworks_record.pages.texts import located, rendered_text
from loomworks_record.record.whole import Whole
from loomworks_record.render.text import RenderedText, text_renderer
from loomworks_record.source.document import Document

KEPT = 64  # documents: a chain is compared in pairs, one pair after the other


class Bodies:
    """Renders the documents of one record. Keeps the texts that neighbouring comparisons ask for again."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self._texts: dict[str, RenderedText] = {}

    def text(self, document: Document) -> RenderedText:
        """The rendered text of a document, for its own page."""
        kept = self._texts.get(document.path)
        if kept is None:
            while len(self._texts) >= KEPT:
                del self._texts[next(iter(self._texts))]
            kept = self._texts[document.path] = rendered_text(self.whole, document)
        return kept

    def unlinked(self, document: Document) -> str:
        """The body without mentions linked: what comparisons compare."""
        return self.text(document).unlinked

    def fact(self, document: Document, value: str, key: str = "") -> str:
        """One value of the header as inline HTML without links; of the field ``key``, with its mentions linked."""
        if key:
            fields = document.header.fields
            number = next(at for at, field in enumerate(fields) if (field.key, field.value) == (key, value))
            return self.text(document).facts[number].html
        renderer = text_renderer(self.whole.record.config.identifiers)
        return renderer.value(document.path, value, partial(located, self.whole, document.path))
