"""``record serve``: the site while it is written, without a generator."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.source.project import load_project

_DEFAULT = 8000


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=_DEFAULT, help="Default: 8000. 0: any free one.")
def serve(port: int) -> None:
    """Show the site at http://127.0.0.1:8000/ and build it again when a document changes; reload the page then.

    MkDocs is not needed. Nothing is written but the cache. Ctrl-C ends it.

    \b
    Example:
      record serve
      record serve --port 9000

    \b
    Exit status: 0 ended with Ctrl-C; 1 the first build failed; 2 the port is taken, or there is nothing to read.
    """
    # Only this command renders by itself; what it needs takes a third of a second to import.
    from loomworks_record.build.preview import preview  # noqa: PLC0415

    preview(load_project(Path.cwd()), port, tell=click.echo, warn=lambda line: click.echo(line, err=True))
