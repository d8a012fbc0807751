"""``record log`` and ``record withdraw``: the append-only list of archived versions; and what others see of it:
``record log compare``, ``prove`` and ``witness``."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from loomworks_record.bundle import paths
from loomworks_record.bundle.archive import archived as as_logged
from loomworks_record.bundle.archive import document_faults
from loomworks_record.bundle.faults import HISTORY, UNCHECKED, CheckError
from loomworks_record.bundle.log import (
    ArchivedDocument,
    Log,
    LogError,
    append_correction,
    append_filed,
    append_missing,
    append_withdrawal,
)
from loomworks_record.bundle.log_file import locked, read_log_file, write_log_file
from loomworks_record.bundle.paths import shown
from loomworks_record.bundle.statements import hex_digest
from loomworks_record.cli.bundling import below, cosign, logged, readable_documents
from loomworks_record.cli.guessing import GuessingGroup
from loomworks_record.cli.recovery import recover_first
from loomworks_record.errors import UsageError
from loomworks_record.filing import apply
from loomworks_record.filing.former_filings import adopt
from loomworks_record.source.document import Document
from loomworks_record.source.project import Project, load_project
from loomworks_record.source.store import names_of

_content = click.option("--content", type=click.Path(path_type=Path), metavar="DIR", help="The folder of documents.")
_yes = click.option("--yes", is_flag=True, help="Do it without asking.")
_dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


@click.group("log", cls=GuessingGroup, invoke_without_command=True)
@_content
@click.option("--correct", metavar="PATH", help="Record that this logged document has other bytes now.")
@click.option("--reason", help="Why, for a correction: kept in the log for ever.")
@_yes
@_dry_run
@click.pass_context
def log(
    context: click.Context, content: Path | None, correct: str | None, reason: str | None, yes: bool, dry_run: bool
) -> None:
    """Append every archived document that has no entry yet to record.log.jsonl, and when each version was filed.

    This is also how an existing record is adopted: the time of a filing is that of git's first commit of the
    file, else the document's own date. Entries are never changed or removed; an archived document that
    differs from its entry is refused, unless a correction gives the reason.

    \b
    Example:
      record log --dry-run
      record log --correct phases/phase-57/archive/cr-v0_1.md --reason "the scan was cut off"

    Exit status: 0 done, or nothing to do; 1 an archived document differs; 2 usage; 4 the log itself is wrong.
    """
    if context.invoked_subcommand is not None:
        return
    if (correct is None) != (reason is None):
        raise click.UsageError("--correct and --reason belong together")
    project = load_project(Path.cwd(), content)
    recover_first(project, dry_run=dry_run, alone=False)
    before = read_log_file(project.log_file)
    documents = readable_documents(project, before)
    archived = as_logged(documents)
    corrected = below(project.content_dir, correct) if correct is not None else None
    _refuse_differences(before, documents, besides=corrected)
    after = before
    if corrected is not None:
        wrong = next((document for document in archived if document.path == corrected), None)
        if wrong is None:
            raise UsageError(
                f"{corrected}: no archived document is there; give its path relative to the content folder"
            )
        after = append_correction(after, wrong, reason or "")
    else:
        adoption = adopt(project.content_dir, documents, before)
        after = append_filed(append_missing(after, archived), adoption.filings)
        if adoption.note:
            click.echo(adoption.note, err=True)
    if _agreed(project, before, after, yes=yes, dry_run=dry_run):
        write_log_file(project.log_file, before, after)
        _say_added(project, before, after)


@click.command("withdraw")
@click.argument("path")
@click.option("--reason", required=True, help="Why: published, and kept in the log for ever. Never the secret itself.")
@_content
@_yes
@_dry_run
def withdraw(path: str, reason: str, content: Path | None, yes: bool, dry_run: bool) -> None:
    """Withdraw a document: delete its bytes, keep its path, digest and the reason.

    PATH may be a whole name: "CR-2026-090 v0.2".

    Both or neither; a document that somebody put back is deleted again. The cache is cleared. The next build leaves
    a page that says so, and publishing removes earlier releases that hold the document. Git's history still
    holds it: change the secret, and rewrite the history if you must.

    \b
    Example:
      record withdraw phases/phase-12/archive/note-v0_1.md --reason "held a customer's address"

    Exit status: 0 done; 1 it could not be deleted, nothing was done; 2 usage; 4 the log itself is wrong, or the
    document was withdrawn and is gone already.
    """
    project = load_project(Path.cwd(), content)
    recovered = recover_first(project, dry_run=dry_run, alone=False)
    before = read_log_file(project.log_file)
    wanted = logged(project, before, path)
    names = names_of(project.content_dir, wanted)
    if wanted in before.withdrawn and (names or recovered):
        after = before
        click.echo(f"{wanted} was withdrawn already" + ("; what is left of it goes" if names else ""))
    else:
        filed = None if wanted in before.in_force else _filed(project, before, wanted, names)
        after = append_withdrawal(before, filed or wanted, reason)
    for name in names:
        click.echo(f"delete {name} from {project.content_dir.name}/")
    if after != before and not _agreed(project, before, after, yes=yes, dry_run=dry_run):
        return
    if names and not dry_run:
        _withdraw(project, wanted, names, before, after)
    elif after != before:
        write_log_file(project.log_file, before, after)
    if not dry_run:
        _say_added(project, before, after)
        _say_what_is_left(project, wanted)


def _filed(project: Project, log: Log, wanted: str, names: Sequence[str]) -> ArchivedDocument | None:
    """What is withdrawn and has no entry, as the log takes it; None where nothing lies there."""
    archived = as_logged(readable_documents(project, log))
    filed = next((document for document in archived if document.path == wanted), None)
    if filed is None and names:
        data = (project.content_dir / names[0]).read_bytes()
        filed = ArchivedDocument(wanted, None, None, hex_digest(data), len(data))
    return filed


def _withdraw(project: Project, wanted: str, names: Sequence[str], before: Log, after: Log) -> None:
    """Entry and deletion: both or neither."""
    with locked(project.root):
        if read_log_file(project.log_file) != before:
            raise LogError(f"{project.log_file.name}: was changed meanwhile; nothing was done, run the command again")
        data = bytes(after) if after != before else None
        apply.withdraw(project, apply.withdrawal(project, f"Withdraw {wanted}", names, data), bytes(after))


def _say_what_is_left(project: Project, wanted: str) -> None:
    """What is made of the bytes elsewhere: the cache is cleared, the rest is told."""
    from loomworks_record.build.cache_place import cache_of  # noqa: PLC0415 - SQLite: for a withdrawal alone
    from loomworks_record.kept.cache import CacheError  # noqa: PLC0415 - likewise

    try:
        cache_of(project).clear()
    except CacheError as wrong:
        click.echo(f"record: {wrong}; it may hold the withdrawn text", err=True)
    if (project.site_dir / paths.RAW / wanted).exists():
        click.echo(f"{project.site_dir.name}/ has it until the next build; what is published, until you publish again")


def _agreed(project: Project, before: Log, after: Log, *, yes: bool, dry_run: bool) -> bool:
    """Show the new entries, and ask."""
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
        click.confirm(f"Add {_entries(len(new))} to {project.log_file.name}? They can never be removed.", abort=True)
    return True


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _say_added(project: Project, before: Log, after: Log) -> None:
    new = len(after.entries) - len(before.entries)
    if new:
        click.echo(f"{_entries(new)} added to {project.log_file.name}, {len(after.entries):,} in all")


def _refuse_differences(before: Log, documents: Sequence[Document], besides: str | None) -> None:
    others = [document for document in documents if document.path != besides]
    faults = [fault for fault in document_faults(before, others) if fault.path != besides]
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        sys.exit(faults[0].exit_code)


@log.command("compare")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on stdout.")
def compare(a: str, b: str, as_json: bool) -> None:
    """Say how the log in B stands to the one in A: the same, grown, older, or forked, and at which entry.

    A and B are each a stamp.json, a checkpoint or its note, a log.jsonl, the folder of a built site, or an
    address of one of these. A stamp or checkpoint holds no entries: which one differs is found where the
    log lies beside it.

    \b
    Example:
      record log compare accepted/checkpoint https://record.example.org
      record log compare record.log.jsonl site

    Exit status: 0 the same, or one goes on from the other; 2 usage; 4 forked; 6 it cannot be told.
    """
    from loomworks_record.bundle.lineage import FORKED, GROWN, SAME, SHRUNK, related  # noqa: PLC0415 - with its subject
    from loomworks_record.bundle.views import read_view  # noqa: PLC0415 - with all checks of a bundle

    first, second = read_view(a), read_view(b)
    found = related(first, second)
    if as_json:
        sizes = [first.size, second.size]
        answer = {"relation": found.kind, "entry": found.entry, "sizes": sizes, "message": found.words}
        click.echo(json.dumps(answer, indent=1))
    else:
        click.echo(shown(found.words), err=found.kind not in (SAME, GROWN, SHRUNK))
    if found.kind == FORKED:
        sys.exit(HISTORY)
    sys.exit(0 if found.kind in (SAME, GROWN, SHRUNK) else UNCHECKED)


@log.command("prove")
@click.argument("old", type=click.IntRange(1), metavar="OLD")
@click.argument("log", required=False, metavar="[LOG]")
def prove(old: int, log: str | None) -> None:
    """Print the consistency proof (RFC 6962) from the log's first OLD entries to all of it, a hash in base64 a line.

    LOG is a log.jsonl, a site or an address. Default: the log of the nearest mkdocs.yml.

    \b
    Example:
      record log prove 15
      record log prove 15 https://record.example.org

    Exit status: 0 printed; 2 usage; 4 the log is wrong; 6 no answer.
    """
    from loomworks_record.bundle.merkle import consistency_proof  # noqa: PLC0415 - with its subject
    from loomworks_record.bundle.views import read_view  # noqa: PLC0415 - likewise

    view = read_view(log or str(load_project(Path.cwd()).log_file))
    leaves = view.leaves
    if leaves is None:
        raise UsageError(f"{view.name}: holds no entries; give a log.jsonl or a site")
    if old > len(leaves):
        raise UsageError(f"OLD: expected 1 to {len(leaves)}, the entries of the log, got {old}")
    for node in consistency_proof(leaves, old):
        click.echo(base64.b64encode(node).decode())


@log.command("witness")
@click.argument("site", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def witness(site: Path | None) -> None:
    """Have the configured witnesses cosign the checkpoint of a built site; their signatures go into its note.

    `record publish` and `record stamp DIR` do the same by themselves for what they publish.

    \b
    Example:
      record log witness site

    Exit status: 0 all have cosigned, or as many as witness_quorum wants; 2 usage; 6 fewer have.
    """
    project = load_project(Path.cwd())
    if not project.config.witnesses:
        raise UsageError("witnesses: none are configured; docs/publish.md shows how")
    names = cosign(project, site or project.site_dir)
    click.echo(f"cosigned by {', '.join(names)}" if names else "cosigned by nobody")
    wanted = project.config.witness_quorum or len(project.config.witnesses)
    if len(names) < wanted:
        raise CheckError(f"{len(names)} of {len(project.config.witnesses)} witnesses have cosigned, expected {wanted}")
