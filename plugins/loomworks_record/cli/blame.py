"""``record blame``: each part of a document, with the version in which it got its present words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from loomworks_record.cli.names import document_named
from loomworks_record.cli.reading import content_option, json_option, open_project, print_json
from loomworks_record.comparison.plain import side_text
from loomworks_record.comparison.reading import block_pages
from loomworks_record.errors import UsageError
from loomworks_record.pages.texts import rendered_text
from loomworks_record.pages.wording import version_word
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document


@click.command("blame")
@click.argument("name", nargs=-1, required=True)
@content_option
@json_option
def blame(name: tuple[str, ...], content: Path | None, as_json: bool) -> None:
    """Print a document block by block, each with the version and date in which it got its present words.

    A block is a heading, a paragraph, a list, a table, code. Another number before a heading is not another word. With
    --json {"path", "blocks": [{"version", "date", "path", "text"}]}.

    \b
    Example:
      record blame CR-2026-090
      record blame CR-2026-090 v0.3 --json

    \b
    Exit status: 0; 2 when it is not clear which document is meant, or when it or an earlier version of it is not
    Markdown.
    """
    whole = open_project(content).whole
    document = document_named(whole.record, " ".join(name))
    blocks = list(_blocks(whole, document))
    if as_json:
        print_json({"path": document.path, "blocks": blocks})
        return
    width = max((len(block["version"] or "") for block in blocks), default=0) + 1
    for block in blocks:
        version = f"v{block['version']}" if block["version"] else ""
        said = f"{version:<{width}}  {block['date'] or '':<10}"
        for line in block["text"].splitlines():
            click.echo(f"{said}  {line}".rstrip())
            said = " " * len(said)


def _blocks(whole: Whole, document: Document) -> Iterator[dict[str, Any]]:
    through = whole.grounds.through(whole.record.chain(document))
    at = through.number(document.path)
    if at is None:
        version = version_word(document.version) or "it"
        raise UsageError(
            f"'{document.path}': {version} cannot be followed back: it, or another version, is not Markdown, or is the"
            " second form of a version; `record compare` compares any two"
        )
    pages = block_pages(rendered_text(whole, document).unlinked)
    numbers = through.blocks_since(at) or (0,) * len(pages)
    for number, html in zip(numbers, pages, strict=True):
        since = whole.record.by_path[through.versions[number]]
        yield {
            "version": str(since.version) if since.version else None,
            "date": since.date.isoformat() if since.date else None,
            "path": since.path,
            "text": side_text(html, "new"),
        }
