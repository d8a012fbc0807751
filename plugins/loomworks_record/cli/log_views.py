"""``record log compare``, ``prove`` and ``witness``: what others see of the log."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import click

from loomworks_record.bundle.faults import HISTORY, UNCHECKED, CheckError
from loomworks_record.bundle.lineage import FORKED, GROWN, SAME, SHRUNK, related
from loomworks_record.bundle.paths import shown
from loomworks_record.bundle.views import read_view
from loomworks_record.cli.bundling import cosign
from loomworks_record.errors import UsageError
from loomworks_record.source.project import load_project


@click.command("compare")
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


@click.command("prove")
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

    view = read_view(log or str(load_project(Path.cwd()).log_file))
    leaves = view.leaves
    if leaves is None:
        raise UsageError(f"{view.name}: holds no entries; give a log.jsonl or a site")
    if old > len(leaves):
        raise UsageError(f"OLD: expected 1 to {len(leaves)}, the entries of the log, got {old}")
    for node in consistency_proof(leaves, old):
        click.echo(base64.b64encode(node).decode())


@click.command("witness")
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
