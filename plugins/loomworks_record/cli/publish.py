"""``record publish``: build, check and serve a new release, or leave everything as it was. ``record stamp``: a new
stamp for a site that was built before."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path

import click

from loomworks_record.build.ownership import alone_in, refuse_place
from loomworks_record.bundle import paths
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.bundle.publish import PublishedFolders, RefusedError, publish_site, renewed_stamp, restamp
from loomworks_record.bundle.seal import write_stamp
from loomworks_record.bundle.statements import Stamp, utc
from loomworks_record.cli.bundling import cosign, now, signing_key
from loomworks_record.source.config import origin_of
from loomworks_record.source.project import Project, load_project

_MOST = 10  # paths that are named


@click.command("publish")
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1, 1000), help="How many releases stay. Default: keep_releases, else 5.")
def publish(directory: Path, keep: int | None) -> None:
    """Build the site into DIR/releases, check it, and serve it as DIR/current.

    The new release is built beside the old ones and checked as `record verify` does, against the release
    served now. Stopped or killed at any point, DIR/current is one whole release.

    \b
    Example:
      record publish /srv/record --keep 5

    Exit status: 0 published; 1 the build failed; 2 no site_url; 6 another publisher, a full disk; else as
    `record verify`.
    """
    project = load_project(Path.cwd())
    origin_of(project.config)  # before anything is built
    refuse_place(directory, project.content_dir)

    from loomworks_record.cli.build import build_site  # noqa: PLC0415 - a stamp is issued without building

    def build(folder: Path) -> None:
        build_site(project, folder)
        cosign(project, folder)
        click.echo("Verifying the site", err=True)

    before = _sources(directory / "current")
    try:
        done = publish_site(directory, build, keep=keep or project.config.keep_releases or 1, now=now)
    except RefusedError as refused:
        for fault in refused.report.faults:
            click.echo(str(fault), err=True)
        click.echo("the new release was refused; the one served before is still served", err=True)
        sys.exit(refused.report.exit_code)
    for name in done.removed:
        click.echo(f"removed {name}", err=True)
    if not directory.stat().st_mode & stat.S_IXOTH:
        click.echo(f"note: {directory} may not be entered by other users; a server may have to be let in", err=True)
    click.echo(f"published {done.release}")
    for line in news(before, _sources(done.folder)):
        click.echo(line, err=True)
    click.echo(f"served from {directory / 'current'}", err=True)
    click.echo("next: tell the server of new headers and redirects (docs/publish.md), then", err=True)
    click.echo(f"  record verify {project.site_url or directory / 'current'}", err=True)


def news(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> Iterator[str]:
    """What a release has that the one before had not; both are path → sha256 of what is filed, None where there is
    no release."""
    from loomworks_record.pages.wording import counted  # noqa: PLC0415 - with a record, of which `stamp` has no need

    if before is None or after is None:
        yield f"the first release: {counted(len(after or {}), 'filed file')}"
        return
    found = {
        "new": sorted(after.keys() - before.keys()),
        "changed": sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
        "gone from where it was": sorted(before.keys() - after.keys()),
    }
    for word, paths_of in found.items():
        for path in paths_of[:_MOST]:
            yield f"{word}: {path}"
        if len(paths_of) > _MOST:
            left = len(paths_of) - _MOST
            yield f"{word}: {left} more of {len(paths_of)}; integrity/sources.txt of both releases has all"
    if not any(found.values()):
        yield "nothing filed is new: the sources are those of the release before"


def _sources(release: Path) -> Mapping[str, str] | None:
    try:
        return parse_manifest((release / paths.SOURCES).read_bytes(), name=paths.SOURCES).digests
    except OSError:
        return None


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
    if (site / paths.NOTE).exists() and not (site / paths.VERIFIER_KEY).exists():
        said = (
            "its log has no tiles and no verifier-key.txt for other programs; set signing_key and build again for them"
        )
        click.echo(f"note: the site was built without a key: {said}", err=True)
    if cosigned:
        cosign(project, site)
    return issued
