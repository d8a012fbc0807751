"""The rendered texts of documents: bodies and facts, with anchors, references and links."""

from __future__ import annotations

from dataclasses import dataclass

from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension

from loomworks_record.pages import addresses
from loomworks_record.record.whole import Whole
from loomworks_record.render.hanging import HangingExtension
from loomworks_record.render.markdown import render_body, render_inline
from loomworks_record.render.references import ReferencesExtension
from loomworks_record.source.document import Document


@dataclass(frozen=True)
class Bodies:
    """Renders the documents of one record."""

    whole: Whole

    def body(self, document: Document) -> str:
        """The document's text as safe HTML, for its own page. HTML documents are not rendered."""
        return render_body(document.body, self._extensions(document))

    def unlinked(self, document: Document) -> str:
        """The same without mentions linked: what comparisons compare."""
        return render_body(document.body, self._extensions(document, linked=False))

    def fact(self, document: Document, value: str) -> str:
        """One value of the header as inline HTML."""
        return render_inline(value, self._extensions(document, body=False))

    def _extensions(self, document: Document, linked: bool = True, body: bool = True) -> list[Extension]:
        page = addresses.view(document.path)
        attachments = self._attachments

        def locate(path: str) -> str | None:
            if path in self.whole.record.by_path:
                return addresses.relative(addresses.view(path), page)
            return addresses.relative(addresses.raw(path), page) if path in attachments else None

        extensions: list[Extension] = [ReferencesExtension(document.path, locate)]
        if body:
            extensions += [TocExtension(), HangingExtension()]
        return extensions

    @property
    def _attachments(self) -> frozenset[str]:
        return self.whole.attachments
