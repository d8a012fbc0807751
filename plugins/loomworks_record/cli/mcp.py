"""``record mcp``: the record for programs that speak the Model Context Protocol."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loomworks_record.build.cache_place import cache_of
from loomworks_record.endings import temporary_folder
from loomworks_record.errors import UsageError
from loomworks_record.kept.memo import NO_MEMO
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.shell import Site
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.project import CONFIG_FILE, Project, load_project

if TYPE_CHECKING:  # with the SDK, which only this command needs
    from loomworks_record.mcp.answers import Source
    from loomworks_record.mcp.snapshot import RecordSource, Snapshot

_MISSING = "'record mcp' needs the SDK of the protocol, which is not installed: pip install 'loomworks-record[mcp]'"


@click.command("mcp")
@click.argument("place", metavar="[DIR|URL]", required=False)
@click.option("--http", metavar="HOST:PORT", help="Serve over HTTP on this machine, in place of standard input.")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Of a built site: public key or allowed_signers file that must have signed the stamp.",
)
@click.option("--unverified", is_flag=True, help="Of a built site: serve it without checking it; every answer says so.")
def mcp(place: str | None, http: str | None, key: Path | None, unverified: bool) -> None:
    """Serve the record to programs, read-only, over the Model Context Protocol.

    Of a folder of documents (default: that of the nearest mkdocs.yml), of a built site, or of a site at its address.
    A built site is verified before it is served. Content and built sites that change are read again.

    \b
    Example:
      record mcp
      record mcp content --http 127.0.0.1:8765
      record mcp https://record.example.org --key record.pub

    \b
    Exit status: 0 when the other end closes; 2 usage, or no SDK; of a site that is not verified, that of
    'record verify'.
    """
    if find_spec("mcp") is None:
        raise UsageError(_MISSING)
    gc.disable()  # what is made until it serves stays
    with contextlib.ExitStack() as stack:
        reader = _reader(place, key, unverified, stack)
        reader.snapshot()
        # The SDK: half a second of every start, for this command alone. After the record, it takes the memory that
        # reading has left.
        from loomworks_record.mcp.server import serve_http, serve_stdio  # noqa: PLC0415

        gc.freeze()
        gc.enable()
        if http is None:
            serve_stdio(reader, stack.close)
            return
        host, _, port = http.rpartition(":")
        if not port.isdecimal() or int(port) > 65_535:
            raise UsageError(f"--http: expected an address as 127.0.0.1:8765, got {http}")
        serve_http(reader, host.strip("[]"), int(port), lambda at: click.echo(f"Serving the record at {at}", err=True))


def _reader(place: str | None, key: Path | None, unverified: bool, stack: contextlib.ExitStack) -> RecordSource:
    from loomworks_record.mcp.site_source import is_address  # noqa: PLC0415 - as above
    from loomworks_record.mcp.snapshot import RecordSource, files_mark  # noqa: PLC0415 - as above

    if place and (is_address(place) or (Path(place) / "integrity").is_dir()):
        return _site_reader(place, key, unverified, stack)
    if key or unverified:
        raise UsageError("--key and --unverified are of a built site; a folder of documents is read as it is")
    folder = Path(place) if place else Path.cwd()
    project = _project(folder, place is None)
    return RecordSource(
        _opener(lambda _: _project(folder, place is None), "content", stack), lambda: files_mark(project)
    )


def _project(folder: Path, is_default: bool) -> Project:
    """Of a folder of documents, or of one with mkdocs.yml, wherever the command is run."""
    project = load_project(folder)
    own = is_default or (folder / CONFIG_FILE).is_file() or project.content_dir.resolve() == folder.resolve()
    return project if own else load_project(folder, folder)


def _site_reader(place: str, key: Path | None, unverified: bool, stack: contextlib.ExitStack) -> RecordSource:
    from loomworks_record.mcp import site_source  # noqa: PLC0415 - as above
    from loomworks_record.mcp.snapshot import RecordSource, file_mark  # noqa: PLC0415 - as above

    is_url, folder = site_source.is_address(place), Path(place)
    home = load_project(Path.cwd() if is_url else folder)
    is_own = home.site_url.rstrip("/") == place.rstrip("/") if is_url else home.site_dir.resolve() == folder.resolve()
    config, url = (home.config, home.site_url) if is_own else (RecordConfig(), place if is_url else "")

    def laid_out(reading: contextlib.ExitStack) -> Project:
        into = reading.enter_context(temporary_folder("mcp"))
        manifest = "" if unverified else site_source.check_site(place, key).manifest
        if is_url:
            site_source.fetch_site(place, into / "site", manifest)
        return site_source.lay_out(into / "site" if is_url else folder, into, config, url)

    opener = _opener(laid_out, "unverified site" if unverified else "verified site", stack, home if is_own else None)
    return RecordSource(opener, lambda: None if is_url else file_mark(folder / "integrity" / "manifest-sha256.txt"))


def _opener(
    project: Callable[[contextlib.ExitStack], Project],
    source: Source,
    stack: contextlib.ExitStack,
    memo_of: Project | None = None,
) -> Callable[[], Snapshot]:
    """Reads a project; what the reading before had open is closed."""
    from loomworks_record.mcp.site_source import read_otherwise  # noqa: PLC0415 - as above
    from loomworks_record.mcp.snapshot import Snapshot  # noqa: PLC0415 - as above

    reading = stack.enter_context(contextlib.ExitStack())

    def read() -> Snapshot:
        reading.close()
        found = project(reading)
        home = memo_of or found
        is_project = (home.root / CONFIG_FILE).is_file()
        opened = open_record(found, reading.enter_context(cache_of(home)) if is_project else NO_MEMO)
        if source != "content" and (count := read_otherwise(found.site_dir, opened.whole)):
            said = f"note: of {count:,} documents the site says otherwise; it has a configuration of its own"
            click.echo(said, err=True)
        return Snapshot(opened, source, Site("", "", "", "", found.site_url, search=False).absolute)

    return read
