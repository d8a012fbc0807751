"""``record log`` and ``record withdraw``: the append-only list of archived versions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loomworks_record.bundle.inputs import digest_if_file
from loomworks_record.bundle.log import (
    ArchivedDocument,
    Log,
    append_correction,
    append_missing,
    append_withdrawal,
    check_archive,
)
from loomworks_record.bundle.log_file import read_log_file, write_log_file
from loomworks_record.cli.bundling import archived_documents, below
from loomworks_record.errors import UsageError
from loomworks_record.source.project import Project, load_project

_content = click.option("--content", type=click.Path(path_type=Path), metavar="DIR", help="The folder of documents.")
_yes = click.option("--yes", is_flag=True, help="Do it without asking.")
_dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


@click.command("log")
@_content
@click.option("--correct", metavar="PATH", help="Record that this logged document has other bytes now.")
@click.option("--reason", help="Why, for a correction: kept in the log for ever.")
@_yes
@_dry_run
def log(content: Path | None, correct: str | None, reason: str | None, yes: bool, dry_run: bool) -> None:
    """Append every archived document that has no entry yet to record.log.jsonl.

    This is also how an existing archive is adopted. Entries are never changed or removed; an archived
    document that differs from its entry is refused, unless a correction gives the reason.

    \b
    Example:
      record log --dry-run
      record log --correct phases/phase-57/archive/cr-v0_1.md --reason "the scan was cut off"

    Exit status: 0 done, or nothing to do; 1 an archived document differs; 2 usage; 4 the log itself is wrong.
    """
    if (correct is None) != (reason is None):
        raise click.UsageError("--correct and --reason belong together")
    project = load_project(Path.cwd(), content)
    before = read_log_file(project.log_file)
    archived = archived_documents(project)
    corrected = below(project.content_dir, correct) if correct is not None else None
    _refuse_differences(before, archived, besides=corrected)
    after = before
    if corrected is not None:
        after = append_correction(after, _archived(archived, corrected), reason or "")
    else:
        after = append_missing(after, archived)
    _append(project, before, after, yes=yes, dry_run=dry_run)


@click.command("withdraw")
@click.argument("path")
@click.option("--reason", required=True, help="Why: published, and kept in the log for ever. Never the secret itself.")
@_content
@_yes
@_dry_run
def withdraw(path: str, reason: str, content: Path | None, yes: bool, dry_run: bool) -> None:
    """Withdraw a document: delete its bytes, keep its path, digest and the reason.

    The next build leaves a page that says so, and publishing removes earlier releases that hold the
    document. Git's history still holds it: change the secret, and rewrite the history if you must.

    \b
    Example:
      record withdraw phases/phase-12/archive/note-v0_1.md --reason "held a customer's address"

    Exit status: 0 done; 2 usage; 4 the log itself is wrong, or the document was withdrawn already.
    """
    project = load_project(Path.cwd(), content)
    wanted = below(project.content_dir, path)
    before = read_log_file(project.log_file)
    file = project.content_dir / wanted
    filed = next((doc for doc in archived_documents(project) if doc.path == wanted), None)
    digest = digest_if_file(file)
    if filed is None and digest is not None:
        filed = ArchivedDocument(wanted, None, None, digest, file.stat().st_size)
    after = append_withdrawal(before, filed or wanted, reason)
    if digest is not None:
        click.echo(f"delete {wanted} from {project.content_dir.name}/")
    if _append(project, before, after, yes=yes, dry_run=dry_run):
        # The entry first: killed in between, the next build refuses the file and says to delete it.
        file.unlink(missing_ok=True)


def _append(project: Project, before: Log, after: Log, *, yes: bool, dry_run: bool) -> bool:
    new = after.entries[len(before.entries) :]
    if not new:
        click.echo(f"nothing to add: {len(before.entries):,} entries, every archived document has one")
        return False
    for entry in new:
        why = f": {entry.reason}" if entry.reason else ""
        click.echo(f"{entry.sequence} {entry.type} {entry.path} sha256 {entry.sha256} {entry.bytes:,} bytes{why}")
    if dry_run:
        click.echo(f"{len(new):,} entries would be added; nothing was written")
        return False
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("an entry can never be removed again; say --yes, or --dry-run to see what would be added")
        click.confirm(f"Add {len(new):,} entries to {project.log_file.name}? They can never be removed.", abort=True)
    write_log_file(project.log_file, before, after)
    click.echo(f"{len(new):,} entries added to {project.log_file.name}, {len(after.entries):,} in all")
    return True


def _refuse_differences(before: Log, archived: list[ArchivedDocument], besides: str | None) -> None:
    faults = [fault for fault in check_archive(before, archived) if fault.path != besides]
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        sys.exit(faults[0].exit_code)


def _archived(archived: list[ArchivedDocument], path: str) -> ArchivedDocument:
    for document in archived:
        if document.path == path:
            return document
    raise UsageError(f"{path}: no archived document is there; give its path relative to the content folder")
