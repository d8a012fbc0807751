"""``record compare``: what changed between two documents, as coloured text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from loomworks_record.cli.names import document_named
from loomworks_record.cli.reading import content_option, json_option, project_of
from loomworks_record.comparison import (
    Change,
    ChangedSection,
    Comparison,
    Item,
    ShownHeading,
    Tally,
    Unchanged,
)
from loomworks_record.comparison import (
    compare as compare_bodies,
)
from loomworks_record.comparison.plain import Line, side_text, text_lines
from loomworks_record.errors import UsageError
from loomworks_record.opening.open_record import content_of
from loomworks_record.pages.changes import ChangedFact, HeaderField, anchors_of, changed_facts, compared_form
from loomworks_record.pages.compare_words import (
    changed_words,
    fold_words,
    headline,
    identifier_words,
    moved_words,
    row_words,
    section_text,
    section_words,
    shortfall_words,
    sort_word,
    total_words,
)
from loomworks_record.pages.wording import counted, day, version_word
from loomworks_record.record.record import Record
from loomworks_record.render.text import FactJob, RenderedText, TextJob, text_with
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.project import Project

_STYLES = {"added": "green underline", "removed": "red strike", "": ""}
_SIGNS = {"added": "{+%s+}", "removed": "[-%s-]", "": "%s"}  # as git writes a word diff without colour
_SORT_SIGNS = {"changed": "≈", "added": "+", "removed": "−", "moved": "↕", "renumbered": "↕"}

Facts = Sequence[ChangedFact]


@click.command("compare")
@click.argument("names", metavar="OLD NEW | NAME VERSION VERSION", nargs=-1, required=True)
@content_option
@json_option
@click.option("--summary", is_flag=True, help="Only what changed in words and numbers, not the text.")
def compare(names: tuple[str, ...], content: Path | None, as_json: bool, summary: bool) -> None:
    """Show what changed from document OLD to document NEW: sections, paragraphs, rows, words.

    OLD and NEW are names or paths of documents of the record, or files anywhere. In a terminal added words are green
    and underlined, removed ones red and struck through; elsewhere they stand in {+ +} and [- -].

    \b
    Example:
      record compare notes/archive/note-v0_1.md notes/note-v0_2.md
      record compare CR-2026-090 v0.1 v0.3
      record compare --summary draft.md content/notes/note-v0_2.md

    \b
    Exit status: 0, whether they differ or not; 2 when one cannot be read or it is not clear which is meant.
    """
    project = project_of(content)
    if len(names) not in (2, 3):
        raise UsageError(f"expected two documents, or a name and two versions; got {len(names)}")
    given = names if len(names) == 2 else tuple(f"{names[0]} {version}" for version in names[1:])
    record = cache(lambda: Record(project.config, content_of(project)))  # read for a name only, and once
    documents = [_document(project, name, record) for name in given]
    texts = [_text(project.config, document) for document in documents]
    facts = _facts(documents, texts)
    comparison = _compared(project.config, documents, texts)
    if as_json:
        click.echo(json.dumps(_as_json(facts, documents, comparison, summary), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty(), emoji=False, markup=False)
    for line in _summary(facts, documents, comparison):
        console.print(line)
    if not summary:
        for line in _changes(facts, documents, comparison, coloured=console.is_terminal and not console.no_color):
            console.print(line)


def _document(project: Project, given: str, record: Callable[[], Record]) -> Document:
    """The document in any file, at a path of the record, or of a name."""
    for file, path in ((Path(given), given), (project.content_dir / given, given)):
        if not file.is_file():
            continue
        try:
            document = read_document(path, file.read_bytes(), project.config.kinds, project.config.notation)
        except OSError as wrong:
            raise UsageError(f"'{given}' cannot be read: {wrong.strerror}") from None
        if document.encoding is None:
            raise UsageError(f"'{given}' is not text: expected Markdown or HTML in UTF-8")
        return document
    return document_named(record(), given)


def _text(config: RecordConfig, document: Document) -> RenderedText:
    """As a page would compare it. Links and images count by the names of their files: the two documents need not
    lie in one folder, nor in a record."""
    facts = tuple(FactJob(field.value) for field in document.header.fields)
    body = "" if document.form == "html" else document.body
    job = TextJob(document.path, body, (), facts, config.identifiers, ())
    return text_with(job, lambda path: f"/{PurePosixPath(path).name}")


def _facts(documents: Sequence[Document], texts: Sequence[RenderedText]) -> list[ChangedFact]:
    """The facts of the header that differ."""
    sides = [
        [
            HeaderField(field.label, field.key, field.value, fact.unlinked)
            for field, fact in zip(document.header.fields, text.facts, strict=True)
        ]
        for document, text in zip(documents, texts, strict=True)
    ]
    return list(changed_facts(*sides))


def _compared(config: RecordConfig, documents: Sequence[Document], texts: Sequence[RenderedText]) -> Comparison:
    old, new = (
        compared_form(document.text if document.form == "html" else "", text, config.identifiers)
        for document, text in zip(documents, texts, strict=True)
    )
    anchors = anchors_of(old.sections), anchors_of(new.sections)
    return compare_bodies(old.body, new.body, anchors=anchors, identifiers=config.identifiers)


def _summary(facts: Facts, documents: list[Document], comparison: Comparison) -> Iterator[Text]:
    for label, document in zip(("From", "To  "), documents, strict=True):
        parts = [version_word(document.version), day(document.date), counted(document.size, "byte")]
        said = " · ".join(part for part in parts if part)
        yield Text.assemble((f"{label} ", "bold"), f"{document.path} · {said} · sha256 {document.sha256[:16]}")
    words = headline(comparison, bool(facts), documents[0].sha256 == documents[1].sha256)
    yield Text.assemble((words, "bold"), f" {total_words(comparison)}")
    if facts:
        yield _told("changed", f"Header: {', '.join(fact.label for fact in facts)}")
    for identifiers in comparison.identifiers:
        yield _told(identifiers.sort, identifier_words(identifiers))
    for rows in comparison.rows:
        yield _told("changed", row_words(rows))
    for section in comparison.sections:
        yield _told(section.sort, section_words(section))
    for shortfall in comparison.shortfalls:
        yield Text(f"  Not all of it. {shortfall_words(shortfall)}", "yellow")


def _told(sort: str, words: str) -> Text:
    return Text.assemble(f"  {_SORT_SIGNS[sort]} ", (f"{sort_word(sort):11}", "bold"), words)


def _changes(facts: Facts, documents: list[Document], comparison: Comparison, coloured: bool) -> Iterator[Text]:
    for fact in facts:
        yield Text("")
        yield Text(f"{fact.label}  ({fact.word.lower()})", "bold")
        yield from (_coloured(line, coloured) for line in text_lines(f"<p>{fact.html}</p>"))
    for item in comparison.items:
        yield from _item(item, version_word(documents[1].version) or "the new version", coloured)


def _item(item: Item, version: str, coloured: bool) -> Iterator[Text]:
    if isinstance(item, Unchanged):
        yield Text(f"  … {fold_words(item)}", "dim")
        return
    yield Text("")
    if isinstance(item, ShownHeading):
        yield Text(section_text(item.name), "bold")
    elif isinstance(item, Change):
        for block in item.blocks:
            yield from (_coloured(line, coloured) for line in text_lines(block.html))
    elif item.moved_away:
        yield _told("moved", moved_words(item))
    else:
        yield _told(item.sort, changed_words(item, version))
        # Of a section that moved, the marks inside say what changed in it; the section as a whole is not new.
        html = item.html.replace('<ins class="is-moved">', "<div>", 1) if item.sort == "moved" else item.html
        yield from (_coloured(line, coloured) for line in text_lines(html))


def _coloured(line: Line, coloured: bool) -> Text:
    text = Text("")
    for mark, words in line:
        text.append(words if coloured or not words.strip() else _SIGNS[mark] % words, _STYLES[mark] if coloured else "")
    return text


def _as_json(facts: Facts, documents: list[Document], comparison: Comparison, summary: bool) -> dict[str, Any]:
    old, new = documents
    values: dict[str, Any] = {
        "format": "loomworks-record/1",
        "old": _document_json(old),
        "new": _document_json(new),
        "same": comparison.is_same,
        "blocks": {"differing": comparison.blocks_differing, "total": comparison.blocks_total},
        "header": [{"label": fact.label, "sort": fact.word.lower(), **_sides(fact.html)}
                   for fact in facts],
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
    return values if summary else {**values, "changes": [each for item in comparison.changes for each in _json(item)]}


def _json(item: Change | ChangedSection) -> Iterator[dict[str, Any]]:
    if isinstance(item, Change):
        for block in item.blocks:
            yield {"sort": block.sort, "section": str(item.section), "kind": block.kind, **_sides(block.html)}
    elif not item.moved_away:
        yield {"sort": item.sort, "section": str(item.name), "kind": "section", **_sides(item.html)}


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
    counts = {sort: getattr(tally, sort) for sort in _SORT_SIGNS}
    return {"kind": tally.kind, **{sort: number for sort, number in counts.items() if number}}
