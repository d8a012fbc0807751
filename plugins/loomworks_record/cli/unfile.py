"""``record unfile``: undo the last filing, until it is committed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from loomworks_record.bundle.lock import locked
from loomworks_record.cli.filing_text import FORMAT, emit, transaction_lines
from loomworks_record.cli.reading import content_option, json_option, project_of
from loomworks_record.cli.recovery import recover_first
from loomworks_record.errors import UsageError
from loomworks_record.filing import apply, repository
from loomworks_record.filing.journal import Transaction
from loomworks_record.source.project import Project


@click.command("unfile")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@content_option
@json_option
def unfile(yes: bool, dry_run: bool, content: Path | None, as_json: bool) -> None:
    """Undo the last `record file`: what it wrote is removed, what it moved goes back, the log is as before.

    Only while none of it is committed to git, and while no file of it was changed since. Undo it before
    you publish: who has seen the published log expects its entries to stay.

    \b
    Example:
      record unfile --dry-run

    \b
    Exit status: 0 undone; 1 there is nothing to undo, or it cannot be undone any more; 2 usage.
    """
    project = project_of(content)
    recovered = recover_first(project, dry_run=dry_run, alone=False)
    if not (yes or dry_run) and (as_json or not sys.stdin.isatty()):
        raise UsageError("nobody can be asked here; say --yes, or --dry-run to see what would be undone")
    last = _undoable(project)
    if not as_json:
        emit(transaction_lines(last))
    if not (yes or dry_run):
        click.confirm("Undo it?", abort=True)
    if not dry_run:
        with locked(project.root):
            if _undoable(project) != last:
                raise apply.FilingError("another filing was made meanwhile; nothing was undone, run the command again")
            apply.undo(project)
    if as_json:
        paths = [change.path for change in last.changes if change.path and change.after is not None]
        answer = {"format": FORMAT, "done": not dry_run, "title": last.title, "removed": paths, "recovered": recovered}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        click.echo("Nothing was written." if dry_run else f"Undone: {last.title}")
    apply.told(project)


def _undoable(project: Project) -> Transaction:
    """The last filing; FilingError when git has it already."""
    last = apply.undoable(project)
    paths = [change.path for change in last.changes if change.path and change.after is not None]
    relative = [os.path.relpath(project.content_dir / path, project.root) for path in paths]
    held = repository.committed(project.root, relative)
    if held:
        raise apply.FilingError(
            f"'{last.title}' is committed ({held}) and part of the history; file a new version, "
            f"or revert that commit with git if nobody has it yet"
        )
    return last
