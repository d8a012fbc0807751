"""The part of a comparison's page that costs: what changed between two rendered texts, in words, numbers and marks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from msgspec import Struct

from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import canonical_html
from loomworks_record.comparison.similarity import likeness, profile
from loomworks_record.comparison.values import (
    Anchor,
    Anchors,
    Change,
    ChangedBlock,
    ChangedSection,
    Comparison,
    Item,
    SectionName,
    ShownHeading,
    UnchangedRun,
)
from loomworks_record.comparison.words import mark_inline
from loomworks_record.pages import compare_words
from loomworks_record.pages.wording import NOT_COMPARED
from loomworks_record.render.html_form import HtmlForm, html_form
from loomworks_record.render.text import RenderedText
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.text.sections import Section

HEADER, SUMMARY = "r-head", "r-summary"
_TAGS = {"added": "add", "removed": "rem", "changed": "mod", "moved": "mov", "renumbered": "mov"}
_REFERENCE = re.compile(r'(?P<start><(?:a|img)\s[^>]*?\b(?:href|src)=")(?P<target>[^"#:?][^":#?]*)(?=["#?])')


class Side(Struct, frozen=True):
    """One of two documents to be compared. ``home`` is the address that the references of its text lead from,
    ``html`` the text of a document that is HTML itself, ``fields`` are (label, key, value) of its header."""

    home: str
    html: str
    fields: tuple[tuple[str, str, str], ...]


class ComparisonInputs(Struct, frozen=True):
    """What a comparison depends on beside the rendered texts of both sides. ``address`` is that of its page,
    ``version`` how the page calls the new side, ``same`` says that both have the same bytes."""

    address: str
    old: Side
    new: Side
    version: str
    same: bool
    identifiers: tuple[IdentifierKind, ...]


class HeaderField(Struct, frozen=True):
    """A field of a header with its value as safe HTML, without links."""

    label: str
    key: str
    value: str
    html: str


class SummaryLine(Struct, frozen=True):
    """A line of the summary. ``tag`` is add, rem, mod or mov: the sign beside the word. ``places`` are what it says,
    each with its anchor on the page."""

    tag: str
    word: str
    places: tuple[tuple[str, str], ...]


class ChangedFact(Struct, frozen=True):
    """A fact of the header that differs; ``label_html`` and ``html`` have the marks."""

    label: str
    label_html: str
    tag: str
    word: str
    html: str


class ChangesRow(Struct, frozen=True):
    """What the page lists, in order: a heading, a fold, a change or a section that changed as a whole.

    ``anchor`` is "" where nothing changed; ``previous`` and ``following`` are the anchors of the changes
    before and after it.
    """

    kind: str
    html: str = ""
    words: str = ""
    tag: str = ""
    anchor: str = ""
    previous: str = ""
    following: str = ""
    target: str = ""
    blocks: tuple[ChangedBlock, ...] = ()


class ContentsEntry(Struct, frozen=True):
    """A line of the contents, as the template of contents reads it."""

    anchor: str
    number: str
    text: str


class Changes(Struct, frozen=True):
    """What changed: the summary, the header's facts, and the text from top to bottom. Plain values, MessagePack takes
    them."""

    headline: str
    numbers: str
    lines: tuple[SummaryLine, ...]
    notes: tuple[str, ...]
    facts: tuple[ChangedFact, ...]
    after_header: str
    items: tuple[ChangesRow, ...]
    contents: tuple[ContentsEntry, ...]


def compared_texts(inputs: ComparisonInputs, old: RenderedText, new: RenderedText, follow: bool = False) -> Comparison:
    """Compare two documents whose rendered texts are ``old`` and ``new``."""
    before, its = _compared(inputs.old, old, inputs)
    after, others = _compared(inputs.new, new, inputs)
    return compare(before, after, anchors=(its, others), identifiers=inputs.identifiers, follow=follow)


def changes_of(
    inputs: ComparisonInputs, old: RenderedText, new: RenderedText, comparison: Comparison | None = None
) -> Changes:
    """What the page says of the comparison of two documents, which is made where it is not given."""
    comparison = comparison or compared_texts(inputs, old, new)
    facts = tuple(changed_facts(header_fields(inputs.old, old), header_fields(inputs.new, new)))
    anchors = [HEADER] * bool(facts) + [item.anchor for item in comparison.changes]
    return Changes(
        headline=compare_words.headline(comparison, bool(facts), inputs.same),
        numbers=compare_words.total_words(comparison),
        lines=tuple(SummaryLine(_TAGS[sort], sort.capitalize(), places) for sort, places in summary(comparison, facts)),
        notes=tuple(map(compare_words.shortfall_words, comparison.shortfalls)),
        facts=facts,
        after_header=anchors[1] if facts and len(anchors) > 1 else "",
        items=tuple(_items(comparison, anchors, inputs.version)),
        contents=tuple(_contents(comparison, facts)),
    )


def not_compared() -> Changes:
    """In place of a comparison that could not be made."""
    return Changes(NOT_COMPARED, "", (), (), (), "", (), ())


def changed_facts(old: Sequence[HeaderField], new: Sequence[HeaderField]) -> Iterator[ChangedFact]:
    """The facts of the header that differ: those of the new version in its order, then those that went."""
    for before, after in _paired(old, new):
        sort = "changed" if before and after else "added" if after else "removed"
        labels, values = zip(
            *((field.label, field.html) if field else ("", "") for field in (before, after)), strict=True
        )
        is_same = values[0] == values[1] or canonical_html(values[0]) == canonical_html(values[1])
        if sort == "changed" and labels[0] == labels[1] and is_same:
            continue
        label = labels[1] if after else labels[0]
        label_html = mark_inline(*map(escape, labels)) if sort == "changed" else escape(label)
        marked = mark_inline(*values)
        yield ChangedFact(label, label_html, _TAGS[sort], sort.capitalize(), marked)


def header_fields(side: Side, text: RenderedText) -> list[HeaderField]:
    """The fields of a header, each with its rendered value."""
    return [HeaderField(*field, fact.unlinked) for field, fact in zip(side.fields, text.facts, strict=True)]


def anchors_of(sections: Iterable[Section]) -> Anchors:
    """What a comparison is told of the sections of a body."""
    return {
        each.anchor: Anchor(
            SectionName(each.written, each.title, each.identifier) if each.kind == "heading" else None,
            each.identifier,
            each.identifier_kind,
        )
        for each in sections
    }


def compared_form(html: str, text: RenderedText, identifiers: Sequence[IdentifierKind]) -> HtmlForm:
    """A document as it is compared: ``html`` is the whole text of one that is HTML itself, else ""."""
    return html_form(html, identifiers) if html else HtmlForm(text.unlinked, text.sections)


def _compared(side: Side, text: RenderedText, inputs: ComparisonInputs) -> tuple[str, Anchors]:
    """The body as it is compared, without what the record adds to it, its references led from the page of the
    comparison; and what stands at its ids."""
    form = compared_form(side.html, text, inputs.identifiers)
    return body_at(inputs.address, form.body, side.home), anchors_of(form.sections)


def body_at(address: str, body: str, home: str) -> str:
    """A body from the page ``home`` with its references led from ``address``."""
    folders = posixpath.dirname(quote(home)), posixpath.dirname(quote(address))

    def led(found: re.Match[str]) -> str:
        if found["target"].startswith("/"):
            return found.group()
        target = posixpath.normpath(posixpath.join(folders[0], found["target"]))
        return found["start"] + posixpath.relpath(target, folders[1])

    return _REFERENCE.sub(led, body)


def _paired(
    old: Sequence[HeaderField], new: Sequence[HeaderField]
) -> list[tuple[HeaderField | None, HeaderField | None]]:
    """Fields of the same kind that are most alike, label before value; the others alone."""
    profiles = [[profile(f"{field.label} {field.value}") for field in side] for side in (old, new)]
    scored = sorted(
        (-(one.label == other.label), -likeness(profiles[0][at], profiles[1][to]), at, to)
        for at, one in enumerate(old)
        for to, other in enumerate(new)
        if one.key == other.key
    )
    matches: dict[int, int] = {}
    for _, _, at, to in scored:
        if at not in matches.values() and to not in matches:
            matches[to] = at
    pairs = [(old[matches[to]] if to in matches else None, field) for to, field in enumerate(new)]
    return [*pairs, *((field, None) for at, field in enumerate(old) if at not in matches.values())]


def summary(comparison: Comparison, facts: Sequence[ChangedFact]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The sort of each line of the summary, and what it says, each with its anchor on the page."""
    if facts:
        yield "changed", ((f"Header: {', '.join(fact.label for fact in facts)}", HEADER),)
    for sort, changes in groupby(comparison.identifiers, lambda change: change.sort):
        yield sort, tuple((compare_words.identifier_words(change), change.anchor) for change in changes)
    if comparison.rows:
        yield "changed", tuple((compare_words.row_words(rows), rows.anchor) for rows in comparison.rows)
    for section in comparison.sections:
        yield section.sort, ((compare_words.section_words(section), section.anchor),)


def _items(comparison: Comparison, anchors: Sequence[str], version: str) -> Iterator[ChangesRow]:
    around = {
        anchor: (before, after)
        for before, anchor, after in zip(["", *anchors], anchors, [*anchors[1:], ""], strict=False)
    }
    for item in comparison.items:
        yield _shown(item, comparison, around, version)


def _shown(item: Item, comparison: Comparison, around: dict[str, tuple[str, str]], version: str) -> ChangesRow:
    if isinstance(item, ShownHeading):
        return ChangesRow("heading", item.html)
    if isinstance(item, UnchangedRun):
        return ChangesRow("fold", item.html, words=compare_words.fold_words(item))
    previous, following = around[item.anchor]
    if isinstance(item, Change):
        return ChangesRow("change", anchor=item.anchor, previous=previous, following=following, blocks=item.blocks)
    return ChangesRow(
        "away" if item.moved_away else "section",
        item.html,
        words=compare_words.moved_words(item) if item.moved_away else compare_words.changed_words(item, version),
        tag=_TAGS[item.sort],
        anchor=item.anchor,
        previous=previous,
        following=following,
        target=_new_place(item, comparison) if item.moved_away else "",
    )


def _new_place(item: ChangedSection, comparison: Comparison) -> str:
    found = (each for each in comparison.changes if isinstance(each, ChangedSection) and each.sort == "moved")
    return next((each.anchor for each in found if not each.moved_away and each.place == item.place), "")


def _contents(comparison: Comparison, facts: Sequence[ChangedFact]) -> Iterator[ContentsEntry]:
    yield ContentsEntry(SUMMARY, "", "Summary")
    if facts:
        yield ContentsEntry(HEADER, "", "Header")
    for section in comparison.sections:
        number, title = compare_words.section_label(section.name)
        yield ContentsEntry(section.anchor, number, title)
