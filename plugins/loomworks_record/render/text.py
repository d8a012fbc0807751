"""The text of a document as its page shows it: a pure function from a job, which can run in any process.

A job holds all that the rendered text depends on, so its digest names the result.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from loomworks_record.comparison.plain import text_lines
from loomworks_record.render.anchors import AnchorsExtension, Heading, NamedSections
from loomworks_record.render.blocks import Tree, flatten_tree
from loomworks_record.render.carried import ReadText, Unforeseen, carried
from loomworks_record.render.html_form import visible_html
from loomworks_record.render.markdown import Renderer
from loomworks_record.render.marking import Marking
from loomworks_record.render.marks import Marked
from loomworks_record.render.references import Locate, ReferencesExtension
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.text.identifiers import identifier_grammar
from loomworks_record.text.sections import Section

CONTENTS_DEPTH = 3  # levels of headings that "On this page" lists
BODY = -1  # in place of a fact's number

# What is marked of the body (BODY) or of the n-th fact; None where nothing can be.
Link = Callable[[int, Tree], Sequence[Marked] | None]


@dataclass(frozen=True, slots=True)
class FactJob:
    """A value of the header. ``read`` is None where nothing in it is linked."""

    value: str
    read: ReadText | None = None


@dataclass(frozen=True, slots=True)
class TextJob:
    """The filed text of the document at ``path``: its Markdown ``body`` and the values of its header, in order;
    of an HTML document, which is shown as it was filed, ``html`` in place of a body.

    ``identifiers`` is the table of the configuration. ``answers`` are the filed paths that the text refers to, each
    with the address that is written for it, None where nothing is filed there.
    """

    path: str
    body: str
    read: ReadText
    facts: tuple[FactJob, ...]
    identifiers: tuple[IdentifierKind, ...]
    answers: tuple[tuple[str, str | None], ...]
    html: str = ""


@dataclass(frozen=True, slots=True)
class RenderedFact:
    """A value of the header as safe inline HTML: with its mentions linked, and without."""

    html: str
    unlinked: str


@dataclass(frozen=True, slots=True)
class RenderedText:
    """``body`` is safe HTML with its mentions linked, ``unlinked`` the same without: what comparisons compare.

    ``facts`` has one for each value of the header; ``contents`` are the headings that the page lists, ``sections`` all
    that have an address on it. ``lines`` are the words of an HTML document: for those whom a frame keeps out, and for
    the search.
    """

    body: str
    unlinked: str
    facts: tuple[RenderedFact, ...]
    contents: tuple[Heading, ...]
    sections: tuple[Section, ...] = ()
    lines: tuple[str, ...] = ()


def render_text(job: TextJob) -> RenderedText:
    """What the page of one document shows of its text. Raises ``Unforeseen`` where the job does not hold all of it."""
    answers = dict(job.answers)
    reads = [fact.read for fact in job.facts]

    def locate(path: str) -> str | None:
        try:
            return answers[path]
        except KeyError:
            raise Unforeseen(f"the text refers to '{path}'") from None

    def link(number: int, tree: Tree) -> Sequence[Marked] | None:
        read = job.read if number == BODY else reads[number]
        return carried(read, tree.flat) if read else None

    values = [fact.value for fact in job.facts]
    text = text_renderer(job.identifiers).text(job.path, job.body, values, locate, link)
    return replace(text, lines=lines_of_html(job.html)) if job.html else text


def lines_of_html(html: str) -> tuple[str, ...]:
    """The words of an HTML document, line by line."""
    lines = ("".join(text for _, text in line).strip() for line in text_lines(visible_html(html)))
    return tuple(filter(None, lines))


class TextRenderer:
    """Renders the texts of one document after another, with one parser."""

    def __init__(self, identifiers: tuple[IdentifierKind, ...]) -> None:
        self.identifiers = identifiers
        self._references = ReferencesExtension("", lambda path: None)
        self._anchors = AnchorsExtension(identifier_grammar(identifiers))
        self._renderer = Renderer([self._anchors, self._references])

    def text(self, path: str, body: str, values: Sequence[str], locate: Locate, link: Link) -> RenderedText:
        """The text of the document at ``path``; ``locate`` and ``link`` answer for what is around it."""
        self._references.path, self._references.locate = path, locate
        self._anchors.named = NamedSections()
        unlinked, linked = self._renderer.forms(body, self._linking(BODY, link))
        named = self._anchors.named  # those of the values come after it
        facts = []
        for number, value in enumerate(values):
            forms = self._renderer.inline_forms(value, self._linking(number, link)) if value else ("", "")
            facts.append(RenderedFact(html=forms[1], unlinked=forms[0]))
        contents = tuple(heading for heading in named.headings if heading.level <= CONTENTS_DEPTH)
        return RenderedText(linked, unlinked, tuple(facts), contents, named.sections)

    def _linking(self, number: int, link: Link) -> Callable[[Element], bool]:
        def linked(root: Element) -> bool:
            tree = flatten_tree(root, self._references.filed)
            marked = link(number, tree)
            if not marked or not any(each.mark for each in marked):
                return False
            Marking(root, tree).run(marked)
            return True

        return linked


_OWN = threading.local()  # a parser serves one thread at a time


def text_renderer(identifiers: tuple[IdentifierKind, ...]) -> TextRenderer:
    """The renderer of this thread for one table of identifiers: that of the last document serves the next."""
    kept: TextRenderer | None = getattr(_OWN, "renderer", None)
    if kept is None or kept.identifiers != identifiers:
        kept = _OWN.renderer = TextRenderer(identifiers)
    return kept
