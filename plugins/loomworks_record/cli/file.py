"""``record file`` and ``record unfile``: put new versions into the record, all or not at all; undo that."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click
from msgspec import structs

from loomworks_record.bundle.log import Log
from loomworks_record.bundle.log_file import locked, read_log_file
from loomworks_record.cli.bundling import now
from loomworks_record.cli.filing_text import FORMAT, emit, plan_json, plan_lines, question, transaction_lines
from loomworks_record.cli.reading import content_option, json_option, print_json, project_of, read_record
from loomworks_record.cli.recovery import recover_first
from loomworks_record.errors import UsageError
from loomworks_record.filing import apply, repository
from loomworks_record.filing.intake import existing_folders, read_incoming
from loomworks_record.filing.journal import Transaction
from loomworks_record.filing.plan import Settings, decide, plan_filing
from loomworks_record.filing.values import FilingPlan, IncomingFile, Refusal
from loomworks_record.record.record import Record
from loomworks_record.source.project import Project


@click.command("file")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--to", metavar="FOLDER", help="The folder, below the content folder, in which a new chain begins.")
@click.option(
    "--fix", "fixes", multiple=True, metavar="PLACE", help="Change the old version at this place; repeatable."
)
@click.option("--commit", is_flag=True, help="Commit exactly what was filed to git, with a message.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@content_option
@json_option
def file_documents(
    paths: tuple[Path, ...],
    to: str | None,
    fixes: tuple[str, ...],
    commit: bool,
    yes: bool,
    dry_run: bool,
    content: Path | None,
    as_json: bool,
) -> None:
    """File new versions: each goes to its folder, what it supersedes to archive/ and into the log.

    Shows the plan, asks, and does all of it or nothing. The files given stay where they are; their bytes are
    filed as they are, but for the places that you name with --fix. `record unfile` undoes the last filing
    until it is committed. Without PATH, finishes what an interrupted filing left behind.

    \b
    Example:
      record file ~/Downloads/phase-57-cr-marketing-engagement-creation-v0_4.md
      record file phase-58-cr-billing-v0_1.md phase-58-scoping-note-v0_2.md --commit

    \b
    Exit status: 0 filed, or nothing to do; 1 refused, with one line for each file; 2 usage;
    4 the log itself is wrong; 6 the disk refused, or another run holds the record.
    """
    project = project_of(content)
    recovered = recover_first(project, dry_run=dry_run, alone=not paths)
    if not paths:
        return
    _check_options(project, yes=yes, dry_run=dry_run, as_json=as_json, commit=commit)
    hash_of_commit = None
    with ExitStack() as held:
        if yes and not dry_run:  # nobody is waited for: what is planned is still so when it is done
            held.enter_context(locked(project.root))
        request = _request(project, paths, content, to=to, fixes=fixes)
        plan = request.plan()
        if not (yes or dry_run):
            request, plan = _answered(request, plan)
        doing = not (plan.refusals or dry_run)
        if not as_json and not plan.refusals:
            emit(plan_lines(plan, project.config.kinds))
        if doing and not yes:
            click.confirm("File it?" if len(plan.filed) == 1 else "File them?", abort=True)
            held.enter_context(locked(project.root))
            request.check_unchanged(plan, content)
        if doing:
            hash_of_commit = _done(project, plan, commit=commit)
    if as_json:
        print_json(plan_json(plan, done=doing, commit=hash_of_commit, recovered=recovered))
    _say(plan, doing=doing, commit=hash_of_commit, as_json=as_json)
    apply.told(project)


@dataclass(frozen=True)
class _Request:
    """What is to be filed, into which record, and how."""

    project: Project
    record: Record
    log: Log
    incoming: Sequence[IncomingFile]
    refused: Sequence[Refusal]
    settings: Settings

    def plan(self) -> FilingPlan:
        return plan_filing(self.record, self.log, self.incoming, self.settings, self.refused)

    def check_unchanged(self, plan: FilingPlan, content: Path | None) -> None:
        """FilingError when the record or its log has changed so that the plan would be another one."""
        log = read_log_file(self.project.log_file)
        now = decide(read_record(content), log, self.incoming, self.settings, self.refused)
        if apply.transaction_of(self.project, now) != apply.transaction_of(self.project, plan):
            raise apply.FilingError("the record was changed meanwhile; nothing was done, run the command again")


def _request(
    project: Project, paths: Sequence[Path], content: Path | None, *, to: str | None, fixes: tuple[str, ...]
) -> _Request:
    record = read_record(content)
    incoming, refused = read_incoming(paths, project.content_dir)
    folder = None if to is None else _folder(project, to)
    settings = Settings(folder, fixes, existing_folders(project.content_dir), now())
    return _Request(project, record, read_log_file(project.log_file), incoming, refused, settings)


def _folder(project: Project, given: str) -> str:
    """``--to`` relative to the content folder ("" is its top), given as that or as a path that leads into it."""
    direct = Path(given)
    if not direct.is_absolute() and ".." not in direct.parts and (project.content_dir / direct).is_dir():
        found = direct
    else:
        resolved, content = direct.resolve(), project.content_dir.resolve()
        found = resolved.relative_to(content) if resolved.is_relative_to(content) else direct
    return "" if found == Path() else found.as_posix()


def _check_options(project: Project, *, yes: bool, dry_run: bool, as_json: bool, commit: bool) -> None:
    _check_asking(yes or dry_run, as_json, "done")
    if commit and not repository.in_repository(project.root):
        raise UsageError(f"--commit: '{project.root.name}' is not in a git repository; run `git init` or leave it out")


def _answered(request: _Request, plan: FilingPlan) -> tuple[_Request, FilingPlan]:
    """The request with what the operator answers: a folder for what has none, and each place that may be changed."""
    unknown = any(refusal.code == "folder-unknown" for refusal in plan.refusals)
    if request.settings.to is None and (unknown or len(plan.new_folders) == 1):
        proposed = plan.new_folders[0] if plan.new_folders else None
        answer = _folder(request.project, click.prompt("Folder, below the content folder", default=proposed))
        request = replace(request, settings=structs.replace(request.settings, to=answer))
        plan = request.plan()
    if any(refusal.fix is None for refusal in plan.refusals):
        return request, plan
    several = len(request.incoming) > 1
    fixes = [
        f"{filed.document.name}:{place.key}" if several else place.key
        for filed in plan.filed
        for place in filed.places
        if place.instead and place.key not in filed.changed and click.confirm(question(place, filed))
    ]
    if not fixes:
        return request, plan
    request = replace(request, settings=structs.replace(request.settings, fixes=(*request.settings.fixes, *fixes)))
    return request, request.plan()


def _done(project: Project, plan: FilingPlan, *, commit: bool) -> str | None:
    """File, and commit if asked to; a commit that git refuses takes the filing back."""
    transaction = apply.perform(project, plan)
    if not commit:
        return None
    relative = _from_root(project, [change.path for change in transaction.changes if change.path])
    if plan.entries:
        relative.append(project.log_file.name)
    try:
        return repository.commit(project.root, relative, plan.message)
    except repository.GitError as refused:
        apply.undo(project)
        apply.told(project)
        raise apply.FilingError(f"{refused}; the filing was taken back, nothing was done") from refused


def _say(plan: FilingPlan, *, doing: bool, commit: str | None, as_json: bool) -> None:
    """The end of the command: what was refused, or that it is done."""
    for refusal in plan.refusals:
        click.echo(f"record: {refusal}", err=True)
    if plan.refusals:
        sys.exit(1)
    if not as_json:
        where = f", committed as {commit}" if commit else "; `record unfile` undoes it until it is committed"
        click.echo(f"Done: {plan.title}{where}" if doing else "Nothing was written.")


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
    _check_asking(yes or dry_run, as_json, "undone")
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
        answer = {"format": FORMAT, "done": not dry_run, "title": last.title, "removed": _written(last)}
        print_json(answer | {"recovered": recovered})
    else:
        click.echo("Nothing was written." if dry_run else f"Undone: {last.title}")
    apply.told(project)


def _undoable(project: Project) -> Transaction:
    """The last filing; FilingError when git has it already."""
    last = apply.undoable(project)
    held = repository.committed(project.root, _from_root(project, _written(last)))
    if held:
        raise apply.FilingError(
            f"'{last.title}' is committed ({held}) and part of the history; file a new version, "
            f"or revert that commit with git if nobody has it yet"
        )
    return last


def _check_asking(decided: bool, as_json: bool, done: str) -> None:
    if not decided and (as_json or not sys.stdin.isatty()):
        raise UsageError(f"nobody can be asked here; say --yes, or --dry-run to see what would be {done}")


def _written(transaction: Transaction) -> list[str]:
    return [change.path for change in transaction.changes if change.path and change.after is not None]


def _from_root(project: Project, paths: Sequence[str]) -> list[str]:
    return [os.path.relpath(project.content_dir / path, project.root) for path in paths]
