"""What the reading commands share: where the content is, and the record made of it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

import click
import msgspec

from loomworks_record.build.cache_place import cache_of
from loomworks_record.build.forked import in_two
from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.opening.open_record import OpenRecord, open_record
from loomworks_record.pages.wording import counted
from loomworks_record.record.record import Record
from loomworks_record.source.project import CONFIG_FILE, Project, load_project
from loomworks_record.source.store import content_of, unread

# Formats of text in which documents are written, and which are not read.
_OTHER_TEXTS = frozenset({".rst", ".adoc", ".asciidoc", ".org", ".textile", ".mediawiki", ".wiki", ".creole", ".pod"})
content_option = click.option(
    "--content",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="The folder of documents. Default: docs_dir of the nearest mkdocs.yml, else ./content.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def project_of(content: Path | None) -> Project:
    """The project of the working directory, or of ``content`` where that is given."""
    return load_project(Path.cwd(), content)


def read_record(content: Path | None) -> Record:
    project = project_of(content)
    return Record(project.config, content_of(project))


def open_project(content: Path | None) -> OpenRecord:
    """The record with its log and its baseline, from the project's memo where nothing has changed; what of it cannot be
    read is said on stderr."""
    project = project_of(content)
    opened = open_record(project, open_memo(project), in_two)
    for problem in unread(opened.record.content):
        click.echo(f"record: {problem.path}: {problem.message}", err=True)
    return opened


def suffixes(record: Record) -> dict[str, int]:
    """The files of a folder that are not documents, counted by extension, most first."""
    found = Counter(PurePosixPath(each.path).suffix.lower() or "no extension" for each in record.content.attachments)
    return dict(found.most_common())


def files_words(record: Record) -> str:
    """ "12 documents; 5 .rst files: record reads Markdown and HTML": what a folder holds, as a closing line says it."""
    held = len(record.documents)
    words = counted(held, "document")
    other = suffixes(record)
    unread = {suffix: count for suffix, count in other.items() if suffix in _OTHER_TEXTS or not held}
    if not unread:
        return words
    named = ", ".join(counted(count, f"{suffix} file") for suffix, count in unread.items())
    return f"{words}; {named}: record reads Markdown (.md) and HTML (.html)"


def open_memo(project: Project) -> Memo:
    """What is kept between runs of this project. A folder that is not a project is left as it is."""
    if not (project.root / CONFIG_FILE).is_file():
        return NO_MEMO
    cache = cache_of(project)
    click.get_current_context().call_on_close(cache.close)
    return cache


def print_json(value: Any) -> None:
    """Print ``value`` as JSON: UTF-8 whatever the terminal's encoding, as RFC 8259 §8.1 asks."""
    # As json.dumps writes it with indent=1 and ensure_ascii=False, but not in Python: a record has megabytes of it.
    text = msgspec.json.format(msgspec.json.encode(value), indent=1)
    # A terminal's encoding may lack characters that the record has; where there are bytes, they are UTF-8.
    click.echo(text if hasattr(sys.stdout, "buffer") else text.decode())
