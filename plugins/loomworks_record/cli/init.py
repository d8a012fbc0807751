"""``record init``: a working record in an empty folder."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import click

from loomworks_record.errors import RecordError, UsageError
from loomworks_record.filing.starter import starter_files
from loomworks_record.source.names import is_document_name


class InitError(RecordError):
    """The disk refused; nothing was made."""

    exit_code = 6


_WHOLE, _BEGUN = ".record-init", ".record-init-"  # all that is to be put in place; what is being written

_NEXT = {
    "serve": "look at it, at http://127.0.0.1:8000/",
    "file PATH": "file a document of your own; it says what it will do, and asks",
    "check": "every problem of the record",
    "publish public": "build it, check it, and publish it into the folder public/",
    "verify public/current": "check what was published",
}
_SOON = 10_000  # files that are looked at
_HELD = "Documents that were here already are not in it: `record adopt` looks at their folder, and says what it needs."


@click.command("init")
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(directory: Path) -> None:
    """Make a record: mkdocs.yml, .gitignore, .gitattributes, a log, and content/ with four short documents.

    DIR is made if it is not there; without it, the record is made here. Nothing that is there is overwritten.
    Delete the example when you have filed something of your own. For a folder of documents that you have, see
    'record adopt --help'.

    \b
    Example:
      record init our-record

    \b
    Exit status: 0 made; 6 the disk refused; 2 something of that name is there already.
    """
    made = starter_files()
    tops = list(dict.fromkeys(path.partition("/")[0] for path in made))
    whole = directory / _WHOLE
    left = [path.name for path in whole.iterdir()] if whole.is_dir() else None  # by a run that was killed
    for top in tops if left is None else left:
        if (directory / top).exists() or (directory / top).is_symlink():
            look = f", or look at it with `record adopt {directory / top}`" if _holds_documents(directory / top) else ""
            raise UsageError(f"'{directory / top}' is there already, and nothing was made; give another folder{look}")
    held = left is None and _holds_documents(directory)
    try:
        if left is None:
            _prepare(directory, made)
        _put_in_place(directory, tops)
    except OSError as wrong:
        raise InitError(f"{directory}: {wrong.strerror}; nothing was made") from wrong
    documents = sum(path.endswith(".md") for path in made)
    click.echo(f"Made a record with {documents} documents in {'this folder' if directory == Path() else directory}.")
    if held:
        click.echo(_HELD)
    click.echo("\n".join(next_steps(directory, _NEXT)))


def next_steps(directory: Path, steps: Mapping[str, str]) -> Iterator[str]:
    """The commands that come next in ``directory``, each with its purpose, as they work here: by its path where a shell
    does not find this program."""
    yield "Next:"
    if directory.resolve() != Path.cwd():
        yield f"  cd {shlex.quote(str(directory))}"
    program = Path(sys.argv[0])
    found = shutil.which("record")
    known = found is not None and program.exists() and Path(found).resolve() == program.resolve()
    name = "record" if known or program.name != "record" else shlex.quote(str(program.absolute()))
    width = max(map(len, steps)) + 2
    for command, purpose in steps.items():
        yield f"  {name} {command:<{width}}{purpose}"


def _holds_documents(folder: Path) -> bool:
    """Whether a document lies in a folder, or below it, as far as one sees soon."""
    walked = (name for _, _, names in os.walk(folder) for name in names if not name.lower().startswith("readme"))
    return any(map(is_document_name, islice(walked, _SOON)))


def _prepare(directory: Path, made: dict[str, bytes]) -> None:
    """Everything is written beside its place first, so that a full disk leaves nothing half made."""
    directory.mkdir(parents=True, exist_ok=True)
    for left in directory.glob(f"{_BEGUN}*"):
        shutil.rmtree(left)
    staging = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=directory))
    try:
        for path, data in made.items():
            file = staging / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        staging.rename(directory / _WHOLE)
    except OSError:
        shutil.rmtree(staging)
        raise


def _put_in_place(directory: Path, tops: list[str]) -> None:
    """All of it, or none; killed in between, the next run does the rest."""
    whole = directory / _WHOLE
    try:
        for top in tops:
            if (whole / top).exists():
                (whole / top).rename(directory / top)
    except OSError:
        for top in tops:
            if not (whole / top).exists() and (directory / top).exists():
                (directory / top).rename(whole / top)
        shutil.rmtree(whole)
        raise
    whole.rmdir()
