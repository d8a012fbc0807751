"""``record conventions``: the known sets of rows, to be read and copied."""

from __future__ import annotations

import click

from loomworks_record.errors import UsageError
from loomworks_record.source.known_conventions import convention_text, known_conventions, read_convention


@click.command("conventions")
@click.argument("name", required=False)
def conventions(name: str | None) -> None:
    """Print the known conventions; with NAME, the rows of one.

    `conventions: [NAME]` in mkdocs.yml adds them behind rows of your own. Signs are what `record adopt` tells one by.

    \b
    Example:
      record conventions
      record conventions adr

    Exit status: 0; 2 when there is no such convention.
    """
    if name is None:
        width = max(map(len, known_conventions()))
        for each in known_conventions():
            click.echo(f"{each:<{width}}  {read_convention(each)['about']}")
    elif name in known_conventions():
        click.echo(convention_text(name), nl=False)
    else:
        raise UsageError(f"there is no convention '{name}': expected one of {', '.join(known_conventions())}")
