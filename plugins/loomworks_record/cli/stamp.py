"""``record stamp``: a new stamp for a site that was built before."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from loomworks_record.build.ownership import alone_in
from loomworks_record.bundle.publish import PublishedFolders, renewed_stamp, restamp
from loomworks_record.bundle.seal import write_stamp
from loomworks_record.bundle.stamp import Stamp, utc
from loomworks_record.cli.bundling import cosign, now, signing_key
from loomworks_record.source.project import Project, load_project


@click.command("stamp")
@click.argument("site", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The private key to sign with."
)
@click.option("--days", type=click.IntRange(1, 3650), help="How long it holds. Default: stamp_days, else 14.")
def stamp(site: Path | None, key: Path | None, days: int | None) -> None:
    """Issue a new stamp without building again: the site is unchanged, and said to be so until later.

    SITE is a built site, or the folder of a published one (then a new release with the same files is
    swapped in). Default: site_dir of the nearest mkdocs.yml.

    \b
    Example:
      record stamp site --days 30
      record stamp /srv/record --key ~/.ssh/record

    Exit status: 0 issued; 2 usage; 6 it could not be signed or published.
    """
    project = load_project(Path.cwd())
    folder = site or project.site_dir
    signer, lifetime = signing_key(project, key), days or project.config.stamp_days
    if PublishedFolders(folder).current.is_symlink():
        keep = project.config.keep_releases
        done = restamp(folder, lambda site: _renew(project, site, signer, lifetime), now=now, keep=keep)
        folder = done.folder
        click.echo(f"serving {folder.name}", err=True)
        return
    with alone_in(folder) if folder.is_dir() else nullcontext():
        issued = _renew(project, folder, signer, lifetime, cosigned=False)
    click.echo(f"stamp {issued.sequence}, {'signed' if signer else 'not signed'}, holds until {utc(issued.expires)}")


def _renew(project: Project, site: Path, key: Path | None, days: int, *, cosigned: bool = True) -> Stamp:
    issued = renewed_stamp(site, now=now(), days=days)
    write_stamp(site, issued, key)
    if cosigned:
        cosign(project, site)
    return issued
