"""``record verify``: is this bundle whole, unchanged, current and of one piece?"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import CheckError, Proved, Report
from loomworks_record.bundle.files import read_bounded, read_given
from loomworks_record.bundle.hosts import PROFILES
from loomworks_record.bundle.manifest import accepted_addresses
from loomworks_record.bundle.paths import PROVENANCE, shown
from loomworks_record.bundle.provenance import MAX_STATEMENT, parse_provenance
from loomworks_record.bundle.verify import Rebuild, verify_directory
from loomworks_record.cli.reports import show, what_is_right

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("site", metavar="[DIR|URL|DOCUMENT]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on stdout.")
@click.option("--key", type=_FILE, help="Public key or allowed_signers file that must have signed the stamp.")
@click.option(
    "--last",
    type=_FILE,
    help="The stamp, checkpoint or log accepted last: nothing may have gone back, or (addresses.txt beside it) away.",
)
@click.option("--host", type=click.Choice(list(PROFILES)), help="Limits to check. Default: the bundle's own profile.")
@click.option("--rebuild", is_flag=True, help="Build the sources of this folder again and compare every byte.")
@click.option("--witness", "witnesses", multiple=True, metavar="KEY", help="Verifier key of a witness, or a file.")
@click.option("--quorum", type=click.IntRange(1), help="How many of the witnesses must have cosigned. Default: all.")
@click.option("--deadline", type=click.IntRange(1), metavar="SECONDS", help="For an address. Default: 3600.")
@click.option("--origin", metavar="TEXT", help="With --receipt: the log that it must be of.")
@click.option("--log", "later", type=_FILE, help="With --receipt: a later log, which tells what came since.")
@click.option("--receipt", type=_FILE, help="Check a receipt, and DOCUMENT against it, offline.")
def verify(
    site: str | None,
    as_json: bool,
    key: Path | None,
    last: Path | None,
    host: str | None,
    rebuild: bool,
    witnesses: tuple[str, ...],
    quorum: int | None,
    deadline: int | None,
    origin: str | None,
    later: Path | None,
    receipt: Path | None,
) -> None:
    """Check a built site, in a folder (default: site) or at its address.

    Prints one line per fault on stderr, beginning with its reason code; docs/verify.md lists the codes.

    \b
    Example:
      record verify site
      record verify https://record.example.org --key record.pub --last accepted-stamp.json
      record verify --receipt cr-v0_2.receipt.json cr-v0_2.md
      record verify --receipt cr-v0_2.receipt.json 'CR-2026-090 v0.2'

    \b
    Exit status: 0 all is well; 1 content; 2 usage; 3 stale, or a clock is wrong; 4 rollback or
    history; 5 signature; 6 could not check; 7 the sources make another site.
    """
    if receipt is not None:
        _show_receipt(receipt, site, (key, origin, later), as_json=as_json)
    if origin is not None or later is not None:
        raise click.UsageError("--origin and --log belong to --receipt")
    before = accepted_addresses(last.parent) if last else None
    accepted = read_given(last) if last else None
    expected = Expectations(int(time.time()), accepted, key, host, before, witnesses, quorum)
    found = _check_site(site or "site", expected, rebuild=rebuild, quiet=as_json, seconds=deadline)
    ok = f"ok: {found.checked:,} {'file' if found.checked == 1 else 'files'} checked"
    show(found, as_json=as_json, ok=ok, right=what_is_right(found))


def _check_site(site: str, expected: Expectations, *, rebuild: bool, quiet: bool, seconds: int | None) -> Report:
    if not site.startswith(("http://", "https://")):
        return verify_directory(Path(site), expected, rebuild=_rebuilder(Path(site)) if rebuild else None)
    from loomworks_record.bundle.remote import verify_url  # noqa: PLC0415 - urllib: 50 ms a folder's check is without

    if rebuild:
        raise click.UsageError("--rebuild compares a folder; download the site, or leave the option out")
    if quiet or not sys.stderr.isatty():
        return verify_url(site, expected, seconds=seconds)
    with click.progressbar(length=1, label="Checking", file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return verify_url(site, expected, progress=tell, seconds=seconds)


def _rebuilder(site: Path) -> Rebuild:
    """Builds by what the bundle says that it was built by."""
    # The project's configuration needs a YAML reader, which no other check does.
    from loomworks_record.cli.build import build_site, build_without_host  # noqa: PLC0415
    from loomworks_record.source.project import load_project  # noqa: PLC0415

    project, build = load_project(Path.cwd()), build_site
    with suppress(ValueError, CheckError):  # and reported as a fault of the provenance
        statement = parse_provenance(read_bounded(site / PROVENANCE, MAX_STATEMENT) or b"")
        build = build_site if {"mkdocs", "properdocs"} & statement.builder.keys() else build_without_host
    return lambda folder: build(project, folder)


def _show_receipt(
    receipt: Path, document: str | None, given: tuple[Path | None, str | None, Path | None], *, as_json: bool
) -> NoReturn:
    from loomworks_record.bundle.receipts import Evidence, check_receipt  # noqa: PLC0415 - no other check needs it

    data = _bytes_of(document) if document is not None else None
    key, origin, later = given
    brought = Evidence(data, key, origin, read_given(later) if later else None)
    found = check_receipt(read_given(receipt), brought, name=receipt.name)
    if found.proved is not None and not as_json:
        for line in _receipt_lines(found.proved):
            click.echo(shown(line))
    ok = "ok: the receipt and the document are right" if data is not None else "ok: the receipt is right in itself"
    show(found, as_json=as_json, ok=ok)


def _bytes_of(document: str) -> bytes:
    """Of a file; else of what is named so in the record of this folder."""
    try:
        return read_given(Path(document))
    except OSError as wrong:
        from loomworks_record.cli.names import held_document  # noqa: PLC0415 - most documents are files

        held = held_document(Path.cwd(), document) if isinstance(wrong, FileNotFoundError) else None
        if held is not None:
            return held.data
        raise click.UsageError(f"{document}: {wrong.strerror}; give the document of the receipt") from wrong


def _receipt_lines(proved: Mapping[str, Proved]) -> Iterator[str]:
    version = f", version {proved['version']}" if proved["version"] else ""
    reason = f" ({proved['reason']})" if proved["reason"] else ""
    yield f"document  {proved['path']}{version}, sha256 {proved['sha256']}"
    yield f"log       {proved['origin']}, entry {proved['entry']} of {proved['entries']}: {proved['type']}{reason}"
    signed = "signed, but by whom was not checked" if proved["signed"] else "not signed"
    if proved["signed_by"]:
        signed = f"signed by {proved['signed_by']}"
    yield f"stamp     {'issued ' + str(proved['issued']) if proved['issued'] else 'none'}, {signed}"
