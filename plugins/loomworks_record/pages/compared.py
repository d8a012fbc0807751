"""Two documents compared outside of a site: what a command prints, and what a program is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from loomworks_record.comparison import Change, ChangedSection, Comparison, Tally, compare
from loomworks_record.comparison.plain import side_text
from loomworks_record.pages.changes import ChangedFact, HeaderField, anchors_of, changed_facts, compared_form
from loomworks_record.pages.compare_words import headline, identifier_words, row_words, section_words
from loomworks_record.render.text import FactJob, RenderedText, TextJob, text_with
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document

_SORTS = ("changed", "added", "removed", "moved", "renumbered")


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """Two documents, the facts of their headers that differ, and their texts laid over each other."""

    old: Document
    new: Document
    facts: tuple[ChangedFact, ...]
    comparison: Comparison

    @property
    def headline(self) -> str:
        return headline(self.comparison, bool(self.facts), self.old.sha256 == self.new.sha256)


def compare_documents(config: RecordConfig, old: Document, new: Document) -> ComparedTexts:
    """Compare two documents as a page would. Links and images count by the names of their files: the two need not lie
    in one folder, nor in a record."""
    texts = [_text(config, document) for document in (old, new)]
    before, after = (_fields(*each) for each in zip((old, new), texts, strict=True))
    forms = [
        compared_form(document.text if document.form == "html" else "", text, config.identifiers)
        for document, text in zip((old, new), texts, strict=True)
    ]
    anchors = anchors_of(forms[0].sections), anchors_of(forms[1].sections)
    comparison = compare(forms[0].body, forms[1].body, anchors=anchors, identifiers=config.identifiers)
    return ComparedTexts(old, new, tuple(changed_facts(before, after)), comparison)


def summary_lines(compared: ComparedTexts) -> Iterator[tuple[str, str]]:
    """(sort, words) of each line of the summary."""
    comparison = compared.comparison
    if compared.facts:
        yield "changed", f"Header: {', '.join(fact.label for fact in compared.facts)}"
    yield from ((each.sort, identifier_words(each)) for each in comparison.identifiers)
    yield from (("changed", row_words(rows)) for rows in comparison.rows)
    yield from ((section.sort, section_words(section)) for section in comparison.sections)


def compared_json(compared: ComparedTexts, summary: bool = False) -> dict[str, Any]:
    """What ``record compare --json`` prints; with ``summary`` without the words that changed."""
    comparison = compared.comparison
    values: dict[str, Any] = {
        "format": "loomworks-record/1",
        "old": _document_json(compared.old),
        "new": _document_json(compared.new),
        "same": comparison.is_same,
        "blocks": {"differing": comparison.blocks_differing, "total": comparison.blocks_total},
        "header": [{"label": fact.label, "sort": fact.word.lower(), **_sides(fact.html)}
                   for fact in compared.facts],
        "sections": [
            {"sort": section.sort, "number": section.name.number, "identifier": section.name.identifier,
             "title": section.name.title, "units": [_tally_json(tally) for tally in section.tallies]}
            for section in comparison.sections
        ],
        "identifiers": [{"sort": each.sort, "kind": each.kind, "names": list(each.names),
                         **({"now": list(each.now)} if each.now else {})}
                        for each in comparison.identifiers],
        "rows": [{"section": str(rows.section), "old": rows.old, "new": rows.new} for rows in comparison.rows],
        "shortfalls": [{"what": each.what, "done": each.done, "of": each.of} for each in comparison.shortfalls],
    }  # fmt: skip
    return values if summary else {**values, "changes": list(changes_json(comparison))}


def changes_json(comparison: Comparison) -> Iterator[dict[str, str]]:
    """Each block that changed, with the words of both sides."""
    for item in comparison.changes:
        if isinstance(item, Change):
            for block in item.blocks:
                yield {"sort": block.sort, "section": str(item.section), "kind": block.kind, **_sides(block.html)}
        elif not item.moved_away:
            yield _section_json(item)


def _section_json(item: ChangedSection) -> dict[str, str]:
    return {"sort": item.sort, "section": str(item.name), "kind": "section", **_sides(item.html)}


def _text(config: RecordConfig, document: Document) -> RenderedText:
    facts = tuple(FactJob(field.value) for field in document.header.fields)
    body = "" if document.form == "html" else document.body
    job = TextJob(document.path, body, (), facts, config.identifiers, ())
    return text_with(job, lambda path: f"/{PurePosixPath(path).name}")


def _fields(document: Document, text: RenderedText) -> list[HeaderField]:
    fields = zip(document.header.fields, text.facts, strict=True)
    return [HeaderField(field.label, field.key, field.value, fact.unlinked) for field, fact in fields]


def _sides(html: str) -> dict[str, str]:
    return {"old": side_text(html, "old"), "new": side_text(html, "new")}


def _document_json(document: Document) -> dict[str, Any]:
    return {
        "path": document.path,
        "title": document.title,
        "version": str(document.version) if document.version else None,
        "date": document.date.isoformat() if document.date else None,
        "sha256": document.sha256,
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    counts = {sort: getattr(tally, sort) for sort in _SORTS}
    return {"kind": tally.kind, **{sort: number for sort, number in counts.items() if number}}
