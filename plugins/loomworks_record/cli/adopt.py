"""``record adopt``: what a folder that is there already would be as a record, and the rows that it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs, to_builtins

from loomworks_record.cli.init import next_steps
from loomworks_record.cli.reading import files_words, json_option, print_json, suffixes
from loomworks_record.errors import UsageError
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.names import ARCHIVE_FOLDERS
from loomworks_record.source.project import CONFIG_FILE, Project, load_project, plugin_options, read_settings

if TYPE_CHECKING:
    from loomworks_record.adoption.adopt import Adoption, Figures
    from loomworks_record.adoption.names import Finding, ProposedRow

_MOST_SEEN = 8  # things of a sort that are shown
_LINES = {
    "documents": "documents",
    "versions": "with a version in the name", "archived": "archived", "dates": "with a date",
    "titles": "with a title of their own", "kinds": "of a kind other than note",
    "problems": "problems in names or headers",
}  # fmt: skip
_HEAD = """\
# A record of {docs_dir}/. docs/configuration.md of loomworks-record has every option.
site_name: {site_name}
# Set this before you publish: it names the log in every proof made of it.
# site_url: https://record.example.org/
docs_dir: {docs_dir}
site_dir: site

theme:
  name: record

"""
_NEXT = {
    "check": "every problem of the record",
    "log": "take what is archived, and when it was filed, into the log",
    "serve": "look at it, at http://127.0.0.1:8000/",
}


@click.command("adopt")
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write mkdocs.yml beside the folder, where none is.")
@json_option
def adopt_folder(directory: Path, write: bool, as_json: bool) -> None:
    """Look at a folder of documents that is there already: what is recognised, and what needs a row.

    Prints the forms of versions, folders of an archive, labels, words of a status and kinds that DIR has; proposes
    the rows of mkdocs.yml that would have more of it read, each with its reason; and shows what is read without them
    and with them. Nothing is written without --write, and never over a mkdocs.yml that is there: its rows are read,
    and those that it lacks are printed.

    \b
    Example:
      record adopt docs
      record adopt docs --write
      record adopt docs --json | jq .options

    \b
    Exit status: 0; 2 when there is nothing to read, or when --write cannot write.
    """
    project, options = _project(directory)
    from loomworks_record.adoption.adopt import adopt  # noqa: PLC0415 - the help of `record` loads every command

    found = adopt(project, options)
    if as_json:
        print_json(_json(found))
    else:
        click.echo("\n".join(_lines(str(directory), found)))
    if write:
        _write(project, found)


def _project(directory: Path) -> tuple[Project, Mapping[str, Any]]:
    """The project that DIR is, or is the content of, with the options of its mkdocs.yml; else DIR alone."""
    here = directory.resolve()
    found = load_project(here)
    own = found.root / CONFIG_FILE
    if own.is_file() and here in (found.root, found.content_dir.resolve()):
        return found, plugin_options(read_settings(own))
    return Project(here.parent, here, here.parent / "site", "", RecordConfig(), is_own_content=False), {}


def _lines(shown: str, found: Adoption) -> Iterator[str]:
    record = found.record
    yield f"{shown}: {files_words(record)}"
    if not record.documents:
        return
    yield ""
    yield from _seen_lines(found.seen)
    yield ""
    if found.rows:
        yield f"Proposed, for {CONFIG_FILE}:"
        yield ""
        yield from _rows_as_yaml(found.rows)
    else:
        yield "No row is needed: what is recognised is read as it is."
    yield ""
    yield from _figure_lines(found.now, found.then, bool(found.rows))


def _seen_lines(seen: Iterable[Finding]) -> Iterator[str]:
    for sort, things in groupby(seen, lambda each: each.sort):
        held = list(things)
        if sort == "Versions":
            for each in held:
                form = each if each.note else structs.replace(each, name=f"'{each.name}'")
                yield f"  {sort:<16} {_seen_words(form)}: {', '.join(each.examples)}"
            continue
        for unknown in (False, True):
            some = [each for each in held if (each.note == "not known") is unknown]
            words = [_seen_words(each) for each in some[:_MOST_SEEN]]
            rest = f" and {len(some) - _MOST_SEEN:,} more" if len(some) > _MOST_SEEN else ""
            if words:
                yield f"  {sort if not unknown else '  not known':<16} {', '.join(words)}{rest}"


def _seen_words(each: Finding) -> str:
    note = f" ({each.note})" if each.note not in ("", "not known") else ""
    return f"{each.name} {each.count:,}{note}"


def _rows_as_yaml(rows: Iterable[ProposedRow]) -> Iterator[str]:
    """The rows below the plugin, each with its reason."""
    yield "plugins:"
    yield "  - record:"
    for option, group in groupby(rows, lambda row: row.option):
        held = list(group)
        if option == "archive_folders":
            yield from (f"      # {row.count:,}: {row.reason}" for row in held)
            yield f"      {option}: [{', '.join((*ARCHIVE_FOLDERS, *(_scalar(str(row.value)) for row in held)))}]"
            continue
        yield f"      {option}:"
        for row in held:
            yield f"        # {row.count:,}: {row.reason}"
            yield from (f"        {line}" for line in _dumped(row))


def _dumped(row: ProposedRow) -> list[str]:
    from yaml import safe_dump  # noqa: PLC0415 - for a folder that needs rows

    value = row.value if row.option == "labels" else [row.value]
    return str(safe_dump(value, sort_keys=False, allow_unicode=True, width=1 << 20)).splitlines()


def _figure_lines(now: Figures, then: Figures, rows: bool) -> Iterator[str]:
    yield f"  {'':<28} {'now':>7}" + (f" {'with the rows':>15}" if rows else "")
    for key, words in _LINES.items():
        yield f"  {words:<28} {getattr(now, key):>7,}" + (f" {getattr(then, key):>15,}" if rows else "")
    yield "  N stands for a digit. 'record check' reads texts too: what they link, show and cite, and the log."


def _write(project: Project, found: Adoption) -> None:
    """mkdocs.yml beside the folder, or UsageError."""
    target = project.root / CONFIG_FILE
    if not found.record.documents:
        raise UsageError(f"{project.content_dir}: there is nothing to adopt, and nothing was written")
    if target.exists() or target.is_symlink():
        todo = "add to it the rows that are proposed" if found.rows else "it needs no row"
        raise UsageError(f"'{target}' is there already, and nothing was written; {todo}")
    outer = load_project(project.content_dir)
    if (outer.root / CONFIG_FILE).is_file() and project.content_dir.is_relative_to(outer.content_dir.resolve()):
        raise UsageError(
            f"'{project.content_dir}' lies in the content of '{outer.root / CONFIG_FILE}': nothing was written; add "
            "the rows that are proposed to that"
        )
    if (project.content_dir / ".git").exists():
        held = Counter(document.section for document in found.record.documents if document.section)
        named = " or ".join(f"'{project.content_dir / folder}'" for folder, _ in held.most_common(3))
        raise UsageError(
            f"'{project.content_dir}' is the top of a git checkout: {CONFIG_FILE} would lie outside of it; nothing was "
            f"written, adopt {named or 'a folder in which you put the documents'}"
        )
    rows = list(_rows_as_yaml(found.rows)) if found.rows else ["plugins:", "  - record"]
    folder = project.content_dir.name
    name = project.root.name.replace("-", " ").replace("_", " ").strip() or "Our record"
    head = _HEAD.format(docs_dir=_scalar(folder), site_name=_scalar(name[:1].upper() + name[1:]))
    with target.open("x", encoding="utf-8", newline="\n") as file:
        file.write(head + "\n".join(rows) + "\n")
    click.echo("\n".join((f"\nWrote {target}.", *next_steps(target.parent, _NEXT))))


def _scalar(text: str) -> str:
    from yaml import safe_dump  # noqa: PLC0415 - as above

    return str(safe_dump([text], allow_unicode=True, width=1 << 20)).removeprefix("- ").strip()


def _json(found: Adoption) -> dict[str, Any]:
    return {
        "files": suffixes(found.record),
        "seen": [to_builtins(each) for each in found.seen],
        "rows": [to_builtins(row) for row in found.rows],
        "options": found.options,
        "now": to_builtins(found.now),
        "with_rows": to_builtins(found.then),
    }
