"""``record show``: what a name means, and what the record knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from loomworks_record.cli.names import candidate_line, unclear
from loomworks_record.cli.reading import content_option, json_option, open_project, print_json
from loomworks_record.errors import UsageError
from loomworks_record.opening.open_record import OpenRecord
from loomworks_record.pages.name_tables import Names
from loomworks_record.pages.wording import counted, full_name, in_force_words, listed, standing_word, version_word
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

_CITING = 10  # documents shown of those that cite one


@click.command("show")
@click.argument("name", nargs=-1, required=True)
@content_option
@json_option
def show(name: tuple[str, ...], content: Path | None, as_json: bool) -> None:
    """Say what NAME means: a document, a number, a phase, an identifier, in words, or as a file name or an address.

    Of a document: which version holds, since when, what it supersedes, who cites it, its problems. With --json
    {"query", "answers": [{"what", "path", "address", "name", "version", "standing", "why"}]}, the best first.

    \b
    Example:
      record show CR-2026-090
      record show methodology v0.20
      record show --json "gate 5b"

    \b
    Exit status: 0; 2 when nothing has the name, or when it is not clear which is meant (not with --json).
    """
    text = " ".join(name)
    opened = open_project(content)
    found, said = Names(opened.whole).answers(text)
    if as_json:
        print_json({"query": text, "answers": said})
        return
    if not found.sure:
        raise UsageError(unclear(text, found, said))
    first, *others = said
    click.echo(f"{first['name']}: {first['what']} ({first['why']})")
    document = opened.whole.record.by_path.get(first["path"] or "")
    for label, value in (("Address", first["address"]), *(_facts(opened, document) if document else ())):
        click.echo(f"  {label + ':':<12} {value}")
    for other in others:
        click.echo(f"  {'Also:':<12} {candidate_line(other)}")


def _facts(opened: OpenRecord, document: Document) -> Iterator[tuple[str, str]]:
    whole = opened.whole
    record, chain = whole.record, whole.record.chain(document)
    yield "Path", document.path
    yield "Title", document.title
    held = in_force_words(record.in_force(document))
    version = version_word(document.version) or "no version"
    standing = standing_word(record.standing(document), against=record.against(document))
    yield "Standing", ", ".join(filter(None, (standing, version, held[:1].lower() + held[1:])))
    current, before = record.current(document) or chain.replaced_by, chain.predecessor(document)
    after = chain.successor(document) or chain.replacement(document)
    if current is None:
        yield "In force", "no version"
    elif current is not document:
        yield "In force", _place(record, document, current)
    for label, other in (("Supersedes", before), ("Followed by", after)):
        if other is not None:
            yield label, _place(record, document, other)
    citing = whole.citing(document.path)
    names = [listed(record, record.by_path[path]) for path in citing[:_CITING]]
    more = f" and {len(citing) - _CITING} more" if len(citing) > _CITING else ""
    yield "Cited by", f"{counted(len(citing), 'document')}{': ' if names else ''}{' · '.join(names)}{more}"
    problems = [problem for problem in whole.problems if problem.path == document.path]
    yield "Problems", "; ".join(f"{each.severity}: {each.message}" for each in problems) or "none"


def _place(record: Record, document: Document, other: Document) -> str:
    """Another version of a document, or another document by its name, with its path."""
    version = version_word(other.version) if other.chain == document.chain else ""
    return f"{version or full_name(record, other)} · {other.path}"
