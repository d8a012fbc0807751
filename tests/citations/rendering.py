"""Rendering for these tests: a document's body with and without links, and what was linked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.render.anchors import AnchorsExtension
from loomworks_record.render.linking import LinkingExtension
from loomworks_record.render.markdown import render_body
from loomworks_record.render.references import ReferencesExtension
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.mention import Mention
from markdown.extensions import Extension

Linked = tuple[str, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """``mentions`` are (text, target, anchor, outcome) of what was linked, in order."""

    plain: str
    linked: str
    mentions: tuple[Linked, ...]


def rendered(citations: Citations, path: str, text: str | None = None) -> Rendered:
    """The body of a document, or another text as if it were its body, through the record's own extensions."""
    body = citations.record.by_path[path].body if text is None else text
    mentions: list[Linked] = []

    def resolve(flat: Flat, found: Sequence[Mention]) -> list[Resolution | None]:
        resolutions = citations.resolve(path, flat, found)
        for mention, resolution in zip(found, resolutions, strict=True):
            if resolution:
                words = " ".join(flat.text[mention.start : mention.end].split())
                target = resolution.document.path if resolution.document else None
                mentions.append((words or f"v{mention.version}", target, resolution.anchor, resolution.outcome))
        return resolutions

    linking = LinkingExtension(resolve, href, citations.grammar, path)
    plain = render_body(body, _extensions(citations, path))
    linked = render_body(body, [*_extensions(citations, path), linking])
    return Rendered(plain, linked, tuple(mentions))


def href(path: str, anchor: str | None) -> str:
    return f"/view/{path}.html#{anchor}" if anchor else f"/view/{path}.html"


def _extensions(citations: Citations, path: str) -> list[Extension]:
    attachments = {attachment.path for attachment in citations.record.content.attachments}

    def locate(target: str) -> str | None:
        if target in citations.record.by_path:
            return href(target, None)
        return f"/raw/{target}" if target in attachments else None

    return [AnchorsExtension(citations.grammar.identifiers), ReferencesExtension(path, locate)]
