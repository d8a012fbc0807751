"""``record export``: the record as a BagIt bag or in OCFL, for archives that will outlive every program here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import click

from loomworks_record.bundle.exports import Agent, OcflState, export_bag, export_ocfl
from loomworks_record.bundle.git import read_revision
from loomworks_record.bundle.inputs import build_epoch
from loomworks_record.bundle.statements import utc
from loomworks_record.cli.bundling import readable_documents
from loomworks_record.record.chains import Chain, chains, rank
from loomworks_record.source.project import Project, load_project

_DIR = click.Path(path_type=Path)


@click.command("export")
@click.option("--bagit", "bag", type=_DIR, metavar="DIR", help="Write a BagIt bag into this new folder.")
@click.option("--ocfl", "root", type=_DIR, metavar="DIR", help="Write an OCFL storage root into this new folder.")
@click.option("--site", is_flag=True, help="Put the built site into the bag as well.")
def export(bag: Path | None, root: Path | None, site: bool) -> None:
    """Write the record for an archive, as a BagIt bag or an OCFL storage root.

    A bag (RFC 8493) holds the filed bytes as content/, the log and the configuration; hidden files stay out.
    A storage root (OCFL 1.1) holds each document as an object and each held version as a version of it,
    with sha512 digests; attachments and the log are in the bag alone.

    \b
    Example:
      record export --bagit record-bag --site
      record export --ocfl record-ocfl

    Exit status: 0 written; 1 a file cannot be in a bag; 2 usage; 6 it could not be written.
    """
    if (bag is None) == (root is None):
        raise click.UsageError("expected one of --bagit DIR and --ocfl DIR")
    project = load_project(Path.cwd())
    if bag is not None:
        _export_bag(project, bag, site=site)
        return
    if site:
        raise click.UsageError("--site belongs to --bagit")
    assert root is not None
    config = project.config
    epoch = _epoch(project)
    agent = Agent(config.organisation or config.origin or config.name, project.site_url or None)
    base = f"{project.site_url.rstrip('/')}/history/" if project.site_url else "urn:record:"
    whole = chains(readable_documents(project))
    # The address of the chain's history, which is for ever; without site_url a name of the same form.
    end = ".html" if base.startswith("http") else ""
    objects = ((f"{base}{quote(chain.id)}{end}", _states(chain, epoch or 0)) for chain in whole)
    click.echo(f"{root}: {export_ocfl(root, objects, agent):,} objects", err=True)


def _states(chain: Chain, epoch: int) -> Iterator[OcflState]:
    for _, group in groupby(chain.versions, key=rank):
        documents = list(group)
        first = documents[0]
        created = utc(epoch) if first.date is None else f"{first.date.isoformat()}T00:00:00Z"
        files: dict[str, bytes] = {}
        for document in documents:
            name = document.path.rpartition("/")[2]
            # The same name inside and outside archive/ is two files of one version.
            files[document.path.replace("/", "-") if name in files else name] = document.data
        yield OcflState(files, created, f"v{first.version}" if first.version else first.title)


def _export_bag(project: Project, target: Path, *, site: bool) -> None:
    payload = {"content": project.content_dir}
    for file in (project.log_file, *project.config_files()):
        if file.is_file() and file.is_relative_to(project.root):
            payload[file.relative_to(project.root).as_posix()] = file
    if site:
        payload["site"] = project.site_dir
    epoch = _epoch(project)
    config = project.config
    info = {"Source-Organization": config.organisation, "External-Identifier": config.origin}
    count = export_bag(target, payload, epoch=epoch, info=info)
    click.echo(f"{target}: {count:,} files", err=True)


def _epoch(project: Project) -> int | None:
    """The time of what is exported: else the midnight (UTC) of the newest document's date."""
    day = max((document.date for document in readable_documents(project) if document.date), default=None)
    newest = None if day is None else int(datetime.combine(day, time(), UTC).timestamp())
    return build_epoch(os.environ, read_revision(project.root), newest)
