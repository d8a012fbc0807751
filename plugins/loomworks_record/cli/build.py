"""``record build``: the site, whole, and checked. ``record serve``: the site while it is written, without a
generator."""

from __future__ import annotations

import os
from pathlib import Path

import click

from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli.building import build_site, build_without_host
from loomworks_record.cli.bundling import now
from loomworks_record.cli.names import document_named
from loomworks_record.cli.reports import show
from loomworks_record.endings import WHY
from loomworks_record.pages import addresses
from loomworks_record.record.record import Record
from loomworks_record.source.config import UnnamedError, origin_of
from loomworks_record.source.project import Project, load_project
from loomworks_record.source.store import content_of

_DEFAULT = 8000


@click.command("build")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to. Default: site_dir.")
@click.option("--strict", is_flag=True, help="Fail on errors and warnings in the record.")
@click.option("--host", type=click.Choice(("mkdocs", "none")), default="mkdocs", help="What drives the build.")
@click.option("--why", metavar="NAME", help="Say of the page of a document, or of an address, why it was made, or not.")
def build(site_dir: Path | None, strict: bool, host: str, why: str | None) -> None:
    """Build the site and verify the bundle.

    With --host none no generator has a part in it, and the pages are the same, byte for byte. Of mkdocs.yml it reads
    the record's own settings, theme.custom_dir, theme.palette, extra_css and extra_javascript; other plugins and
    hooks are not run.

    \b
    Example:
      record build
      record build --strict --site-dir ../site
      record build --host none
      record build --why "CR v0.4"

    Without site_url (or the option origin) nothing names the record: the site is built, and not sealed.

    \b
    Exit status: 0 built and verified, or built without a name; 1 the build failed; else as `record verify`.
    """
    project = load_project(Path.cwd())
    folder = (site_dir or project.site_dir).resolve()
    if why:
        os.environ[WHY] = _asked(project, why)
    if host == "none":
        build_without_host(project, folder, strict=strict)
    else:
        build_site(project, folder, strict=strict)
    try:
        origin_of(project.config)
    except UnnamedError as wrong:
        click.echo(f"built {folder}; not sealed, so there is nothing to verify: {wrong}")
        return
    click.echo("Verifying the site", err=True)
    report = verify_directory(folder, Expectations(now=now()))
    show(report, as_json=False, ok=f"built and verified {folder}")


def _asked(project: Project, named: str) -> str:
    """The address of the page that is meant."""
    record = Record(project.config, content_of(project))
    if named.endswith(".html") and named not in record.by_path:
        return named.removeprefix("/")
    return addresses.view(document_named(record, named))


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
