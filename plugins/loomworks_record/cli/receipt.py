"""``record receipt``: a proof that a version is in the log, to be kept and checked offline."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.bundle import paths
from loomworks_record.bundle.files import read_bounded, write_atomic
from loomworks_record.bundle.log_file import read_log_file
from loomworks_record.bundle.receipts import make_receipt
from loomworks_record.bundle.statements import MAX_STAMP
from loomworks_record.cli.bundling import logged
from loomworks_record.source.config import origin_of
from loomworks_record.source.project import load_project


@click.command("receipt")
@click.argument("name")
@click.option("--site", type=click.Path(path_type=Path), metavar="DIR", help="A built site whose stamp vouches.")
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - for stdout. Default: <name>.receipt.json.")
def receipt(name: str, site: Path | None, output: str | None) -> None:
    """Write the receipt of an archived document: its log entry, the inclusion proof and the checkpoint.

    NAME is its path, or what it is called: "CR-2026-090 v0.2".

    A stamp of the site that vouches for this checkpoint is enclosed with its signature.

    \b
    Example:
      record receipt phases/phase-57/archive/cr-v0_2.md
      record receipt 'CR-2026-090 v0.2'
      record verify --receipt cr-v0_2.receipt.json cr-v0_2.md --key record.pub

    Exit status: 0 written; 2 usage, or not clear which is meant; 4 the document is not in the log, or the log is wrong.
    """
    project = load_project(Path.cwd())
    log = read_log_file(project.log_file)
    wanted = logged(project, log, name)
    folder = site or project.site_dir
    made = make_receipt(
        log,
        wanted,
        origin=origin_of(project.config),
        stamp=read_bounded(folder / paths.STAMP, MAX_STAMP),
        signature=read_bounded(folder / paths.SIGNATURE, MAX_STAMP),
    )
    if output == "-":
        click.echo(bytes(made), nl=False)
        return
    file = Path(output or f"{Path(wanted).stem}.receipt.json")
    write_atomic(file, bytes(made))
    vouched = "a stamp vouches for it" if made.stamp else "no stamp vouches for it yet: publish, then take it again"
    click.echo(f"{file}: entry {made.entry.sequence} of {made.checkpoint.size}; {vouched}", err=True)
