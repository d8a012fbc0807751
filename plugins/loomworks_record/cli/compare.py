"""``record compare``: what changed between two documents, as coloured text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from loomworks_record.cli.names import document_named
from loomworks_record.cli.reading import content_option, json_option, print_json, project_of
from loomworks_record.comparison.plain import Line, text_lines
from loomworks_record.comparison.values import Change, Item, ShownHeading, UnchangedRun
from loomworks_record.errors import UsageError
from loomworks_record.pages import compare_words
from loomworks_record.pages.compare import ComparedTexts, compare_documents, compared_json, summary_lines
from loomworks_record.pages.wording import counted, day, version_word
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.project import Project
from loomworks_record.source.store import content_of

_STYLES = {"added": "green underline", "removed": "red strike", "": ""}
_SIGNS = {"added": "{+%s+}", "removed": "[-%s-]", "": "%s"}  # as git writes a word diff without colour
_SORT_SIGNS = {"changed": "≈", "added": "+", "removed": "−", "moved": "↕", "renumbered": "↕"}


@click.command("compare")
@click.argument("names", metavar="OLD NEW | NAME [VERSION VERSION]", nargs=-1, required=True)
@content_option
@json_option
@click.option("--summary", is_flag=True, help="Only what changed in words and numbers, not the text.")
def compare(names: tuple[str, ...], content: Path | None, as_json: bool, summary: bool) -> None:
    """Show what changed from document OLD to document NEW: sections, paragraphs, rows, words.

    OLD and NEW are names or paths of documents of the record, or files anywhere. In a terminal added words are green
    and underlined, removed ones red and struck through; elsewhere they stand in {+ +} and [- -]. NAME alone: the
    version that it names, and the one before.

    \b
    Example:
      record compare notes/archive/note-v0_1.md notes/note-v0_2.md
      record compare CR-2026-090
      record compare CR-2026-090 v0.1 v0.3
      record compare --summary draft.md content/notes/note-v0_2.md

    \b
    Exit status: 0, whether they differ or not; 2 when one cannot be read or it is not clear which is meant.
    """
    project = project_of(content)
    if len(names) > 3:
        raise UsageError(f"expected two documents, or a name and two versions; got {len(names)}")
    given = names if len(names) < 3 else tuple(f"{names[0]} v{version.lstrip('vV')}" for version in names[1:])
    record = cache(lambda: Record(project.config, content_of(project)))  # read for a name only, and once
    pair = [_document(project, name, record) for name in given] if len(given) > 1 else _newest(record(), names[0])
    compared = compare_documents(project.config, *pair)
    if as_json:
        print_json(compared_json(compared, summary))
        return
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty(), emoji=False, markup=False)
    for line in _summary(compared):
        console.print(line)
    if not summary:
        for line in _changes(compared, coloured=console.is_terminal and not console.no_color):
            console.print(line)


def _newest(record: Record, name: str) -> list[Document]:
    """The version that a name means, after the one before it."""
    document = document_named(record, name)
    chain = record.chain(document)
    before = chain.predecessor(document) or chain.replaced(document)
    if before is None:
        raise UsageError(f"'{document.path}' is the first version: name another document to compare it with")
    return [before, document]


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


def _summary(compared: ComparedTexts) -> Iterator[Text]:
    for label, document in (("From", compared.old), ("To  ", compared.new)):
        parts = [version_word(document.version), day(document.date), counted(document.size, "byte")]
        said = " · ".join(part for part in parts if part)
        yield Text.assemble((f"{label} ", "bold"), f"{document.path} · {said} · sha256 {document.sha256[:16]}")
    yield Text.assemble((compared.headline, "bold"), f" {compare_words.total_words(compared.comparison)}")
    for sort, words in summary_lines(compared):
        yield _told(sort, words)
    for shortfall in compared.comparison.shortfalls:
        yield Text(f"  Not all of it. {compare_words.shortfall_words(shortfall)}", "yellow")


def _told(sort: str, words: str) -> Text:
    return Text.assemble(f"  {_SORT_SIGNS[sort]} ", (f"{sort.capitalize():11}", "bold"), words)


def _changes(compared: ComparedTexts, coloured: bool) -> Iterator[Text]:
    for fact in compared.facts:
        yield Text("")
        yield Text(f"{fact.label}  ({fact.word.lower()})", "bold")
        yield from (_coloured(line, coloured) for line in text_lines(f"<p>{fact.html}</p>"))
    for item in compared.comparison.items:
        yield from _item(item, version_word(compared.new.version) or "the new version", coloured)


def _item(item: Item, version: str, coloured: bool) -> Iterator[Text]:
    if isinstance(item, UnchangedRun):
        yield Text(f"  … {compare_words.fold_words(item)}", "dim")
        return
    yield Text("")
    if isinstance(item, ShownHeading):
        yield Text(compare_words.section_text(item.name), "bold")
    elif isinstance(item, Change):
        for block in item.blocks:
            yield from (_coloured(line, coloured) for line in text_lines(block.html))
    elif item.moved_away:
        yield _told("moved", compare_words.moved_words(item))
    else:
        yield _told(item.sort, compare_words.changed_words(item, version))
        # Of a section that moved, the marks inside say what changed in it; the section as a whole is not new.
        html = item.html.replace('<ins class="is-moved">', "<div>", 1) if item.sort == "moved" else item.html
        yield from (_coloured(line, coloured) for line in text_lines(html))


def _coloured(line: Line, coloured: bool) -> Text:
    text = Text("")
    for mark, words in line:
        text.append(words if coloured or not words.strip() else _SIGNS[mark] % words, _STYLES[mark] if coloured else "")
    return text
