"""Rendering for these tests: a document's body with and without links, and what was linked in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loomworks_record.record.citations.cite import Citations
from loomworks_record.render.blocks import Tree
from loomworks_record.render.marks import Marked, all_marked
from loomworks_record.render.text import text_renderer
from loomworks_record.text.reading import mentions_of_page

Linked = tuple[str, str | None, str | None, str]

_NOTE = re.compile(r'<span class="m-note(?: [^"]*)?">.*?</span>', re.DOTALL)
_LINK = re.compile(r'<a class="m m--\w+"[^>]*>(?P<inner>.*?)</a>', re.DOTALL)
# A link that the page itself took away says so in its title; it was so before linking.
_SPAN = re.compile(r'<span class="m m--\w+" title="(?!Nothing is filed at)[^"]*">(?P<inner>.*?)</span>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rendered:
    """``mentions`` are (text, target, anchor, outcome) of what was linked, in order."""

    plain: str
    linked: str
    mentions: tuple[Linked, ...]


def rendered(citations: Citations, path: str, text: str | None = None) -> Rendered:
    """The body of a document, or another text as if it were its body, as the renderer of every site makes it."""
    body = citations.record.by_path[path].body if text is None else text
    linked: list[Linked] = []

    def link(_: int, tree: Tree) -> Sequence[Marked]:
        flat = tree.flat
        found = mentions_of_page(flat, citations.grammar)
        resolutions = citations.resolve(path, flat, found)
        for mention, resolution in zip(found, resolutions, strict=True):
            if resolution:
                words = " ".join(flat.text[mention.start : mention.end].split())
                target = resolution.document.path if resolution.document else None
                linked.append((words or f"v{mention.version}", target, resolution.anchor, resolution.outcome))
        return all_marked(found, resolutions, href, path)

    attachments = {attachment.path for attachment in citations.record.content.attachments}

    def locate(target: str) -> str | None:
        if target in citations.record.by_path:
            return href(target, None)
        return f"/raw/{target}" if target in attachments else None

    made = text_renderer(citations.record.config.identifiers).text(path, body, [], locate, link)
    return Rendered(made.unlinked, made.body, tuple(linked))


def href(path: str, anchor: str | None) -> str:
    return f"/view/{path}.html#{anchor}" if anchor else f"/view/{path}.html"


def unlinked(html: str) -> str:
    """A page's HTML without what linking added: the rendered text as it was, byte for byte."""
    html = _NOTE.sub("", html)
    html = _LINK.sub(lambda found: found["inner"], html)
    return _SPAN.sub(lambda found: found["inner"], html)
