"""``record build``: the site, whole, and checked."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli.bundling import build_site, now
from loomworks_record.cli.reports import show
from loomworks_record.source.config import UnnamedError, origin_of
from loomworks_record.source.project import load_project


@click.command("build")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to. Default: site_dir.")
@click.option("--strict", is_flag=True, help="Fail on errors and warnings in the record.")
def build(site_dir: Path | None, strict: bool) -> None:
    """Build the site with MkDocs and verify the bundle.

    \b
    Example:
      record build
      record build --strict --site-dir ../site

    Without site_url (or the option origin) nothing names the record: the site is built, and not sealed.

    \b
    Exit status: 0 built and verified, or built without a name; 1 the build failed; else as `record verify`.
    """
    project = load_project(Path.cwd())
    folder = (site_dir or project.site_dir).resolve()
    build_site(project, folder, strict=strict)
    try:
        origin_of(project.config)
    except UnnamedError as wrong:
        click.echo(f"built {folder}; not sealed, so there is nothing to verify: {wrong}")
        return
    report = verify_directory(folder, Expectations(now=now()))
    show(report, as_json=False, ok=f"built and verified {folder}")
