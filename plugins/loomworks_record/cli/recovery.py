"""What the filing commands do first: finish, or take back, a filing that was interrupted."""

from __future__ import annotations

import click

from loomworks_record.bundle.log_file import locked
from loomworks_record.filing import apply
from loomworks_record.filing.journal import interrupted
from loomworks_record.source.project import Project


def recover_first(project: Project, *, dry_run: bool, alone: bool) -> list[str]:
    """Finish or take back what an interrupted filing left, and say so on stderr; the lines that were said.

    ``alone``: the command has nothing else to do, and says so where nothing was interrupted.
    """
    if dry_run:
        if interrupted(project.root):
            raise apply.FilingError("an interrupted change of the record waits to be finished; leave --dry-run out")
        return []
    with locked(project.root):
        found = apply.recover(project)
    lines = [str(found)] if found else []
    for line in lines or (["no filing was interrupted; give the documents to file"] if alone else []):
        click.echo(f"record: {line}", err=True)
    return lines
