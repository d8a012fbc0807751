"""``record context``: the pack of a phase, for whoever picks it up next."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.asking.look import answers
from loomworks_record.cli.names import unclear
from loomworks_record.cli.reading import content_option, open_project
from loomworks_record.errors import UsageError
from loomworks_record.pages.name_tables import Names, phase_meant
from loomworks_record.pages.reading import pack
from loomworks_record.pages.shell import Site


@click.command("context")
@click.argument("phase", nargs=-1, required=True)
@click.option("--tokens", type=click.IntRange(min=1), metavar="N", help="At most N tokens, at 4 bytes each.")
@content_option
def context(phase: tuple[str, ...], tokens: int | None, content: Path | None) -> None:
    """Print the current documents of PHASE, whole, in reading order: what its context.md on the site holds.

    With --tokens the last of the order are left out, and named with their size.

    \b
    Example:
      record context 57
      record context 57 --tokens 30000
      record context phase 57 > pack.md

    Exit status: 0; 2 when there is no such phase, or when it is not clear which is meant.
    """
    opened = open_project(content)
    whole, text = opened.whole, " ".join(phase)
    found, said = answers(Names(whole).short, text)
    meant = phase_meant(whole.record, said[0]["path"] or "", said[0]["address"]) if found.sure else None
    if meant is None:
        raise UsageError(unclear(text, found, said))
    site = Site("", "", "", "", opened.project.site_url, search=False)
    click.echo(pack(whole, meant, site.absolute, tokens).encode(), nl=False)
