"""The texts of documents: jobs that can be rendered anywhere, and rendering in place where a job does not suffice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from loomworks_record.pages import addresses
from loomworks_record.record.citations.reading import OWN_FIELDS, linked_fields
from loomworks_record.record.citations.resolution import ResolvedText
from loomworks_record.record.text.flat import Flat
from loomworks_record.record.text.flatten import flatten_inline, flatten_markdown
from loomworks_record.record.text.sections import sections_of
from loomworks_record.record.whole import Whole
from loomworks_record.render.blocks import Tree
from loomworks_record.render.carried import ReadText, Unforeseen
from loomworks_record.render.linking import mentions_of_page
from loomworks_record.render.markdown import as_visible
from loomworks_record.render.marks import Marked, all_marked
from loomworks_record.render.raw_html import SIGN, tags_as_text
from loomworks_record.render.references import filed_path
from loomworks_record.render.text import BODY, FactJob, RenderedText, TextJob, lines_of_html, render_text, text_renderer
from loomworks_record.source.document import Document


def rendered_text(whole: Whole, document: Document) -> RenderedText:
    """The text of a document, rendered here and now."""
    try:
        return render_text(text_job(whole, document))
    except Unforeseen:
        return text_in_place(whole, document)


def text_in_place(whole: Whole, document: Document) -> RenderedText:
    """The text of a document whose page has other words than its text: what it names is read from the page."""
    fields = document.header.fields

    def link(number: int, tree: Tree) -> Sequence[Marked] | None:
        key = "" if number == BODY else fields[number].key
        if key in OWN_FIELDS:  # what the document says of itself names nothing else
            return None
        return _marked(document, _read_again(whole, document, tree.flat, key))

    renderer = text_renderer(whole.record.config.identifiers)
    values = [field.value for field in fields]
    locate = partial(located, whole, document.path)
    text = renderer.text(document.path, _body(document), values, locate, link)
    return replace(text, lines=lines_of_html(_html(document)))


def text_job(whole: Whole, document: Document) -> TextJob:
    """All that the rendered text of one document depends on, from what was read of it."""
    *headed, body = whole.citations.read(document.path)
    body = _as_parsed(whole, document, body)
    facts = _fact_texts(whole, document, headed)
    return TextJob(
        path=document.path,
        body=_body(document),
        read=_job_text(document, body),
        facts=tuple(
            FactJob(field.value, _job_text(document, text) if text else None)
            for field, text in zip(document.header.fields, facts, strict=True)
        ),
        identifiers=whole.record.config.identifiers,
        answers=tuple(sorted(_answers(whole, document, [body.flat, *(text.flat for text in facts if text)]).items())),
        html=_html(document),
    )


def located(whole: Whole, source: str, path: str) -> str | None:
    """The address of what is filed at ``path``, from the page of the document ``source``; None if nothing is."""
    page = addresses.view(source)
    if path in whole.record.by_path:
        return addresses.relative(addresses.view(path), page)
    return addresses.relative(addresses.raw(path), page) if path in whole.attachments else None


def _body(document: Document) -> str:
    return "" if document.form == "html" or document.encoding is None else document.body


def _html(document: Document) -> str:
    return "" if document.form != "html" or document.encoding is None else document.text


def _as_parsed(whole: Whole, document: Document, read: ResolvedText) -> ResolvedText:
    """The body as the parser takes it: what looks like a tag and is none is text there, and may name something."""
    body = _body(document)
    parsed = tags_as_text(as_visible(body))
    if parsed == body:
        return read
    flat = flatten_markdown(parsed)
    return read if flat.text.replace(SIGN, "<") == read.flat.text else _read_again(whole, document, flat, "")


def _fact_texts(whole: Whole, document: Document, headed: Iterable[ResolvedText]) -> list[ResolvedText | None]:
    """What was read of each field of the header, None of those that say what the document itself is."""
    read = dict(zip(map(id, linked_fields(document)), headed, strict=True))
    texts: list[ResolvedText | None] = []
    for field in document.header.fields:
        text = read.get(id(field))
        if text is None and (field.key in OWN_FIELDS or not field.value):
            texts.append(None)
            continue
        flat = text.flat if text else flatten_inline(field.value)
        # A short value is not read as a rule, and on a page what a text calls itself is no mention.
        again = text is None or sections_of(flat, whole.citations.grammar.identifiers)
        texts.append(_read_again(whole, document, flat, field.key) if again else text)
    return texts


def _read_again(whole: Whole, document: Document, flat: Flat, field: str) -> ResolvedText:
    found = mentions_of_page(flat, whole.citations.grammar)
    resolved = whole.citations.resolve(document.path, flat, found, field)
    return ResolvedText(field, tuple(found), tuple(resolved), lambda: flat)


def _job_text(document: Document, read: ResolvedText) -> ReadText:
    links = tuple((link.start, link.end, link.url) for link in read.flat.links if not link.image)
    return ReadText(read.flat.text, links, _marked(document, read))


def _marked(document: Document, read: ResolvedText) -> tuple[Marked, ...]:
    page = addresses.view(document.path)

    def href(path: str, anchor: str | None) -> str:
        target = addresses.view(path)
        return addresses.relative(f"{target}#{anchor}" if anchor else target, page)

    return all_marked(read.mentions, read.resolutions, href, document.path)


def _answers(whole: Whole, document: Document, texts: Iterable[Flat]) -> dict[str, str | None]:
    """The filed paths that relative links and images lead to, each with its address."""
    named = (filed_path(document.path, link.url) for text in texts for link in text.links)
    return {path: located(whole, document.path, path) for path in named if path is not None}
