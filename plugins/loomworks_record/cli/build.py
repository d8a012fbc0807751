"""``record build``: the site, whole, and checked."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli.bundling import build_site, build_without_host, now
from loomworks_record.cli.reports import show
from loomworks_record.source.config import UnnamedError, origin_of
from loomworks_record.source.project import load_project


@click.command("build")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to. Default: site_dir.")
@click.option("--strict", is_flag=True, help="Fail on errors and warnings in the record.")
@click.option("--host", type=click.Choice(("mkdocs", "none")), default="mkdocs", help="What drives the build.")
def build(site_dir: Path | None, strict: bool, host: str) -> None:
    """Build the site and verify the bundle.

    With --host none no generator has a part in it, and the pages are the same, byte for byte. Of mkdocs.yml it reads
    the record's own settings, theme.custom_dir, theme.palette, extra_css and extra_javascript; other plugins and
    hooks are not run.

    \b
    Example:
      record build
      record build --strict --site-dir ../site
      record build --host none

    Without site_url (or the option origin) nothing names the record: the site is built, and not sealed.

    \b
    Exit status: 0 built and verified, or built without a name; 1 the build failed; else as `record verify`.
    """
    project = load_project(Path.cwd())
    folder = (site_dir or project.site_dir).resolve()
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
