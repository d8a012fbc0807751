"""The texts of documents: jobs that can be rendered anywhere."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from loomworks_record.pages import addresses
from loomworks_record.pages.wording import TEXT_AS_FILED
from loomworks_record.record.citations.citation import ResolvedPassage
from loomworks_record.record.citations.links import linked_document, linked_section
from loomworks_record.record.whole import Whole
from loomworks_record.render.marks import Mark, MentionMarks
from loomworks_record.render.references import filed_path, fragment_of
from loomworks_record.render.text import FactJob, RenderedFact, RenderedText, TextJob, render_text
from loomworks_record.source.document import Document
from loomworks_record.text.flatten import flatten_inline
from loomworks_record.text.reading import linked_fields


def rendered_text(whole: Whole, document: Document) -> RenderedText:
    """The text of a document, rendered here and now."""
    return render_text(text_job(whole, document))


def text_as_filed(document: Document) -> RenderedText:
    """The text of a document that could not be rendered: the filed characters, with nothing read of them."""
    facts = tuple(RenderedFact(escape(field.value), escape(field.value)) for field in document.header.fields)
    shown = document.form == "md"  # an HTML document stands in its frame
    body = f"<p>{TEXT_AS_FILED}</p>\n<pre><code>{escape(document.text)}</code></pre>" if shown else ""
    return RenderedText(body, body, facts, ())


def text_inputs(whole: Whole, document: Document) -> tuple[object, ...]:
    """All that a job holds, in plain values, with the document's digest in place of what follows from its bytes: two
    documents with the same inputs have the same job. Made without parsing the text again."""
    return document.path, document.key, whole.record.config.identifiers, *_read(whole, document)


def text_job(whole: Whole, document: Document) -> TextJob:
    """All that the rendered text of one document depends on, from what was read of it."""
    (body, *facts), answers, fragments = _read(whole, document)
    return TextJob(
        path=document.path,
        body=("" if document.form == "html" or document.encoding is None else document.body),
        marks=body or (),
        facts=tuple(
            FactJob(field.value, marks or ()) for field, marks in zip(document.header.fields, facts, strict=True)
        ),
        identifiers=whole.record.config.identifiers,
        answers=answers,
        fragments=fragments,
        html=("" if document.form != "html" or document.encoding is None else document.text),
        sections=whole.citations.sections(document.path),
    )


def _read(
    whole: Whole, document: Document
) -> tuple[tuple[tuple[Mark, ...] | None, ...], tuple[tuple[str, str | None], ...], tuple[tuple[str, str, str], ...]]:
    """The marks of the body and of each field of the header, None of those that say what the document itself is; then
    the answers and the fragments of a job."""
    *headed, body = whole.citations.read(document.path)
    read = dict(zip(map(id, linked_fields(document)), headed, strict=True))
    facts = [read.get(id(field)) for field in document.header.fields]
    marks = _marks_of(whole, document)
    marked = tuple(marks.of(*text) if text else None for text in (body, *facts))
    return marked, *_references(whole, document, body, facts)


def located(whole: Whole, source: str, path: str) -> str | None:
    """The address of what is filed at ``path``, from the page of the document ``source``; None if nothing is."""
    linking = whole.record.by_path[source]
    page, document = addresses.view(linking), linked_document(whole.citations.index, path, linking)
    if document is not None:
        return addresses.relative(addresses.view(document), page)
    attachment = whole.record.attachment_at(path, linking)
    if attachment is None and path in whole.citations.index.folders:
        section = path.split("/")[0]  # a folder of which no document speaks: the list of what lies in its section
        listed = addresses.relative(addresses.documents(), page)
        return listed if section == "." else f"{listed}?section={quote(section)}"
    return addresses.relative(addresses.raw_at(attachment.path), page) if attachment else None


def fragment_in(whole: Whole, source: Document, path: str, fragment: str) -> str:
    """What is written for the fragment of a link to ``path``: the id of the section that it means, if any. HTML that
    was filed is shown in a frame, so no place in it has an id on its page."""
    document = linked_document(whole.citations.index, path, source)
    if document is None:
        return fragment
    if document.form == "html":
        return ""
    is_there, section = linked_section(whole.citations.index, document, fragment)
    return fragment if not is_there else section.anchor if section else ""


def _marks_of(whole: Whole, document: Document) -> MentionMarks:
    page = addresses.view(document)

    def href(path: str, anchor: str | None) -> str:
        target = addresses.view(whole.record.by_path[path])
        return addresses.relative(f"{target}#{anchor}" if anchor else target, page)

    return MentionMarks(whole.citations.index, href, document.path)


SIGNS_OF_REFERENCES = "[", "<"  # every link to what is filed has one of them


def _references(
    whole: Whole, document: Document, body: ResolvedPassage, facts: list[ResolvedPassage | None]
) -> tuple[tuple[tuple[str, str | None], ...], tuple[tuple[str, str, str], ...]]:
    """The answers and the fragments of a job."""
    urls = set(body[0].urls)
    for field, text in zip(document.header.fields, facts, strict=True):
        if text:
            urls.update(text[0].urls)
        elif any(sign in field.value for sign in SIGNS_OF_REFERENCES):  # a value in which nothing is looked for
            urls.update(link.url for link in flatten_inline(field.value).links)
    named = sorted({path for url in urls if (path := filed_path(document.path, url))})
    pairs = sorted({pair for url in urls if (pair := fragment_of(document.path, url))})
    written = ((*pair, fragment_in(whole, document, *pair)) for pair in pairs)
    answers = tuple((path, located(whole, document.path, path)) for path in named)
    return answers, tuple(each for each in written if each[1] != each[2])
