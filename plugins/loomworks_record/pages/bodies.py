"""The rendered texts of documents: bodies and facts, with anchors, references and links."""

from __future__ import annotations

from collections.abc import Sequence

from markdown.extensions import Extension

from loomworks_record.pages import addresses
from loomworks_record.record.citations.cite import OWN_FIELDS
from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.record.mentions.mention import Mention
from loomworks_record.record.text.flat import Flat
from loomworks_record.record.whole import Whole
from loomworks_record.render.anchors import AnchorsExtension
from loomworks_record.render.hanging import HangingExtension
from loomworks_record.render.linking import LinkingExtension
from loomworks_record.render.markdown import Renderer
from loomworks_record.render.references import ReferencesExtension
from loomworks_record.source.document import Document

KEPT = 64  # unlinked bodies: a chain is compared in pairs, one pair after the other


class Bodies:
    """Renders the documents of one record. Keeps the renderer of the document it was asked for last, and the
    unlinked bodies that neighbouring comparisons ask for again."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self._last: tuple[str, bool, _DocumentTexts] | None = None
        self._unlinked: dict[str, str] = {}

    def body(self, document: Document) -> str:
        """The document's text as safe HTML, for its own page. HTML documents are not rendered."""
        return self._texts(document, linked=True).body()

    def unlinked(self, document: Document) -> str:
        """The same without mentions linked: what comparisons compare."""
        kept = self._unlinked.get(document.path)
        if kept is None:
            while len(self._unlinked) >= KEPT:
                del self._unlinked[next(iter(self._unlinked))]
            kept = self._unlinked[document.path] = self._texts(document, linked=False).body()
        return kept

    def fact(self, document: Document, value: str, key: str = "") -> str:
        """One value of the header, of the field ``key``, as inline HTML with its mentions linked."""
        return self._texts(document, linked=bool(key)).fact(value, key)

    def _texts(self, document: Document, *, linked: bool) -> _DocumentTexts:
        if self._last and self._last[:2] == (document.path, linked):
            return self._last[2]
        texts = _DocumentTexts(self.whole, document, linked)
        self._last = (document.path, linked, texts)
        return texts


class _DocumentTexts:
    """The texts of one document, rendered by one parser."""

    def __init__(self, whole: Whole, document: Document, linked: bool) -> None:
        self.whole = whole
        self.document = document
        self.page = addresses.view(document.path)
        self.field: str | None = ""
        self.renderer = Renderer(self._extensions(linked))

    def body(self) -> str:
        self.field = ""
        return self.renderer.body(self.document.body)

    def fact(self, value: str, key: str) -> str:
        self.field = None if key in OWN_FIELDS else key
        return self.renderer.inline(value)

    def _extensions(self, linked: bool) -> list[Extension]:
        grammar = self.whole.citations.grammar
        extensions: list[Extension] = [
            AnchorsExtension(grammar.identifiers),
            ReferencesExtension(self.document.path, self._locate),
            HangingExtension(),
        ]
        if linked:
            extensions.append(LinkingExtension(self._resolve, self._href, grammar, self.document.path))
        return extensions

    def _resolve(self, flat: Flat, found: Sequence[Mention]) -> list[Resolution | None]:
        if self.field is None:  # what the document says of itself names nothing else
            return [None] * len(found)
        return self.whole.citations.resolve(self.document.path, flat, found, self.field)

    def _href(self, path: str, anchor: str | None) -> str:
        target = addresses.view(path)
        return addresses.relative(f"{target}#{anchor}" if anchor else target, self.page)

    def _locate(self, path: str) -> str | None:
        if path in self.whole.record.by_path:
            return addresses.relative(addresses.view(path), self.page)
        return addresses.relative(addresses.raw(path), self.page) if path in self.whole.attachments else None
