"""``record export``: the record as a BagIt bag, for archives that will outlive every program here."""

from __future__ import annotations

import os
from pathlib import Path

import click

from loomworks_record.bundle.bagit import export_bag
from loomworks_record.bundle.inputs import build_epoch, read_revision
from loomworks_record.source.project import load_project


@click.command("export")
@click.option("--bagit", "target", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The new bag.")
@click.option("--site", is_flag=True, help="Put the built site into the bag as well.")
def export(target: Path, site: bool) -> None:
    """Write a BagIt bag (RFC 8493): the filed bytes as content/, the log, the configuration.

    \b
    Example:
      record export --bagit record-bag
      record export --bagit record-bag --site

    Exit status: 0 written; 1 a file cannot be in a bag; 2 usage; 6 it could not be written.
    """
    project = load_project(Path.cwd())
    payload = {"content": project.content_dir}
    for file in (project.log_file, *project.config_files()):
        if file.is_file() and file.is_relative_to(project.root):
            payload[file.relative_to(project.root).as_posix()] = file
    if site:
        payload["site"] = project.site_dir
    revision = read_revision(project.root)
    epoch = build_epoch(os.environ, revision, newest=None)
    count = export_bag(target, payload, identifier=project.config.origin, epoch=epoch)
    click.echo(f"{target}: {count:,} files", err=True)
