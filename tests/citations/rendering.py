"""Rendering for these tests: a document's body with and without links, and what was linked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.citations.resolve import resolve
from loomworks_record.render.marks import MentionMarks
from loomworks_record.render.references import filed_path
from loomworks_record.render.text import TextJob, render_text
from loomworks_record.text.flat import Flat
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.mentions.grammar import mentions
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.reading import Passage
from loomworks_record.text.sections import sections_of
from msgspec.structs import replace
from support.site import page_at

_NOTE = re.compile(r'<(span|i) class="m-note(?: [^"]*)?"[^>]*>.*?</\1>', re.DOTALL)
_LINK = re.compile(r'<a class="m m--\w+"[^>]*>(?P<inner>.*?)</a>', re.DOTALL)
# A link that the page itself took away says so in its title; it was so before linking.
_SPAN = re.compile(r'<span class="m m--\w+" title="(?!Nothing is filed at)[^"]*">(?P<inner>.*?)</span>', re.DOTALL)

Linked = tuple[str, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """``mentions`` are (text, target, anchor, outcome) of what was linked, in order."""

    plain: str
    linked: str
    mentions: tuple[Linked, ...]


def rendered(citations: Citations, path: str, text: str | None = None) -> Rendered:
    """The body of a document, or another text as if it were its body, as the record renders it."""
    body = citations.record.by_path[path].body if text is None else text
    identifiers = citations._readings.grammar.identifiers
    flat = flatten_markdown(body)
    found = mentions(flat, citations._readings.grammar, sections_of(flat, identifiers))
    resolutions = resolve(citations.chooser(path), placed(flat, found))
    linked: list[Linked] = []
    for mention, resolution in zip(found, resolutions, strict=True):
        if resolution:
            words = " ".join(flat.text[mention.start : mention.end].split())
            target = None if resolution.document is None else citations.record.documents[resolution.document].path
            linked.append((words or f"v{mention.version}", target, resolution.section, resolution.outcome))
    named = {filed_path(path, link.url) for link in flat.links}
    answers = tuple((target, _located(citations, target)) for target in named if target)
    marked = MentionMarks(citations.index, href, path).of(Passage("", tuple(found), ()), resolutions)
    made = render_text(TextJob(path, body, marked, (), identifiers.kinds, answers))
    return Rendered(made.unlinked, made.body, tuple(linked))


def placed(flat: Flat, mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions with their words and their blocks, as in a document that was read."""
    return [replace(each, words=flat.text[each.start : each.end], block=flat.block_at(each.start)) for each in mentions]


def href(path: str, anchor: str | None) -> str:
    return f"/{page_at(path)}#{anchor}" if anchor else f"/{page_at(path)}"


def _located(citations: Citations, target: str) -> str | None:
    if target in citations.record.by_path:
        return href(target, None)
    attachments = {attachment.path for attachment in citations.record.content.attachments}
    return f"/raw/{target}" if target in attachments else None


def unlinked(html: str) -> str:
    """A page's HTML without what linking added: the rendered text as it was, byte for byte."""
    html = _NOTE.sub("", html)
    html = _LINK.sub(lambda found: found["inner"], html)
    return _SPAN.sub(lambda found: found["inner"], html)
