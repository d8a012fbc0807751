"""``record init``: a working record in an empty folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from loomworks_record.errors import RecordError, UsageError
from loomworks_record.filing.starter import starter_files


class InitError(RecordError):
    """The disk refused; nothing was made."""


_NEXT = """\
Next:
{enter}  mkdocs serve                 look at it, at http://127.0.0.1:8000/
  record file PATH             file a document of your own; it says what it will do, and asks
  record check                 every problem of the record
  record publish public        build it, check it, and publish it into the folder public/
  record verify public/current
"""


@click.command("init")
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(directory: Path) -> None:
    """Make a record: mkdocs.yml, .gitignore, a log, and content/ with four short documents as an example.

    DIR is made if it is not there; without it, the record is made here. Nothing that is there is overwritten.
    Delete the example when you have filed something of your own.

    \b
    Example:
      record init our-record

    \b
    Exit status: 0 made; 1 the disk refused; 2 something of that name is there already.
    """
    made = starter_files()
    tops = list(dict.fromkeys(path.partition("/")[0] for path in made))
    for top in tops:
        if (directory / top).exists() or (directory / top).is_symlink():
            raise UsageError(f"'{directory / top}' is there already, and nothing was made; give another folder")
    try:
        _write(directory, made, tops)
    except OSError as wrong:
        raise InitError(f"{directory}: {wrong.strerror}; nothing was made") from wrong
    documents = sum(path.endswith(".md") for path in made)
    click.echo(f"Made a record with {documents} documents in {'this folder' if directory == Path() else directory}.")
    click.echo(_NEXT.format(enter="" if directory == Path() else f"  cd {directory}\n"), nl=False)


def _write(directory: Path, made: dict[str, bytes], tops: list[str]) -> None:
    """Everything is written beside its place first, so that a full disk leaves nothing half made."""
    directory.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".record-init-", dir=directory))
    try:
        for path, data in made.items():
            file = staging / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        for top in tops:
            (staging / top).rename(directory / top)
    except OSError:
        for top in tops:
            if not (staging / top).exists() and (directory / top).exists():
                (directory / top).rename(staging / top)
        raise
    finally:
        shutil.rmtree(staging)
