"""The text of a document as its page shows it: a pure function from a job, which can run in any process.

A job holds all that the rendered text depends on, so its digest names the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from xml.etree.ElementTree import Element

from msgspec import Struct

from loomworks_record.comparison.plain import text_lines
from loomworks_record.render.anchors import Heading, add_aliases, name_sections
from loomworks_record.render.body import body_forms, inline_forms, label_tables
from loomworks_record.render.html_form import visible_html
from loomworks_record.render.marking import Marking
from loomworks_record.render.marks import Mark
from loomworks_record.render.references import Locate, lead_references
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.text.flatten import is_words
from loomworks_record.text.identifiers import identifier_grammar
from loomworks_record.text.parse import parse, parse_value
from loomworks_record.text.sections import Section, sections_of
from loomworks_record.text.tree import Tree

CONTENTS_DEPTH = 3  # levels of headings that "On this page" lists


class FactJob(Struct, frozen=True):
    """A value of the header, and what is marked in it."""

    value: str
    marks: tuple[Mark, ...] = ()


class TextJob(Struct, frozen=True):
    """The filed text of the document at ``path``: its Markdown ``body`` and the values of its header, in order;
    of an HTML document, which is shown as it was filed, ``html`` in place of a body. ``marks`` are those in
    the body, by its places in the flat text.

    ``identifiers`` is the table of the configuration. ``answers`` are the filed paths that the text refers to, each
    with the address that is written for it, None where nothing is filed there. ``fragments`` are (path, fragment of a
    link to it, what is written for it) where that is another. ``sections`` are those that were read of the body; where
    it is None they are found here.
    """

    path: str
    body: str
    marks: tuple[Mark, ...]
    facts: tuple[FactJob, ...]
    identifiers: tuple[IdentifierKind, ...]
    answers: tuple[tuple[str, str | None], ...]
    fragments: tuple[tuple[str, str, str], ...] = ()
    html: str = ""
    sections: tuple[Section, ...] | None = None


class RenderedFact(Struct, frozen=True):
    """A value of the header as safe inline HTML: with its mentions linked, and without."""

    html: str
    unlinked: str


class RenderedText(Struct, frozen=True):
    """``body`` is safe HTML with its mentions linked, ``unlinked`` the same without: what comparisons compare.

    ``facts`` has one for each value of the header; ``contents`` are the headings that the page lists, ``sections`` all
    that have an address on it. ``lines`` are the words of an HTML document: for readers whose browser keeps
    frames out, and for the search.
    """

    body: str
    unlinked: str
    facts: tuple[RenderedFact, ...]
    contents: tuple[Heading, ...]
    sections: tuple[Section, ...] = ()
    lines: tuple[str, ...] = ()


def render_text(job: TextJob) -> RenderedText:
    """What the page of one document shows of its text."""
    return text_with(job, dict(job.answers).__getitem__)


def text_with(job: TextJob, locate: Locate) -> RenderedText:
    """The same, where ``locate`` answers in place of the job."""
    sections = job.sections
    tree = parse(job.body)
    if sections is None:
        sections = sections_of(tree.flat, identifier_grammar(job.identifiers))
    headings = name_sections(tree, sections)
    fragments = {(path, fragment): written for path, fragment, written in job.fragments}
    lead = partial(lead_references, path=job.path, locate=locate, fragments=fragments)
    unlinked, linked = _forms(tree, lead, job.marks, body_forms, sections)
    facts = tuple(_fact(fact, lead) for fact in job.facts)
    contents = tuple(heading for heading in headings if heading.level <= CONTENTS_DEPTH)
    lines = lines_of_html(job.html) if job.html else ()
    return RenderedText(linked, unlinked, facts, contents, sections, lines)


def lines_of_html(html: str) -> tuple[str, ...]:
    """The words of an HTML document, line by line."""
    lines = ("".join(text for _, text in line).strip() for line in text_lines(visible_html(html)))
    return tuple(filter(None, lines))


def _fact(fact: FactJob, lead: Callable[[Tree], None]) -> RenderedFact:
    if not fact.value or (not fact.marks and is_words(fact.value)):
        return RenderedFact(html=fact.value, unlinked=fact.value)
    unlinked, linked = _forms(parse_value(fact.value), lead, fact.marks, inline_forms)
    return RenderedFact(html=linked, unlinked=unlinked)


def _forms(
    tree: Tree, lead: Callable[[Tree], None], marks: Sequence[Mark], written: Callable[[Element], tuple[str, str]],
    sections: Sequence[Section] = (),
) -> tuple[str, str]:  # fmt: skip
    """A text without its marks and the other anchors of its sections, and with them. The same string twice where it has
    none."""
    label_tables(tree)
    lead(tree)
    if any(each.outcome for each in marks):
        Marking(tree).run(marks)
    add_aliases(tree, sections)
    return written(tree.root)
