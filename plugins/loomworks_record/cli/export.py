"""``record export``: the record as a BagIt bag, for archives that will outlive every program here."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from pathlib import Path

import click

from loomworks_record.bundle.bagit import export_bag
from loomworks_record.bundle.git import read_revision
from loomworks_record.bundle.inputs import build_epoch
from loomworks_record.opening.open_record import content_of
from loomworks_record.source.project import Project, load_project


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
    epoch = build_epoch(os.environ, read_revision(project.root), _newest(project))
    config = project.config
    info = {"Source-Organization": config.organisation, "External-Identifier": config.origin}
    count = export_bag(target, payload, epoch=epoch, info=info)
    click.echo(f"{target}: {count:,} files", err=True)


def _newest(project: Project) -> int | None:
    """The midnight (UTC) of the newest document's date."""
    documents = content_of(project).documents
    day = max((document.date for document in documents if document.date), default=None)
    return None if day is None else int(datetime.combine(day, time(), UTC).timestamp())
