"""How the answer of a check is printed: the same for every command, and light to import."""

from __future__ import annotations

import json
import sys
from typing import NoReturn

import click

from loomworks_record.bundle.faults import Report
from loomworks_record.bundle.paths import shown


def what_is_right(found: Report) -> str:
    """ "131 files are the ones built; the server sends 7 headers less": of the check of a site with faults."""
    wrong = {fault.path for fault in found.faults if fault.reason.startswith("file-")}
    if not found.checked or len(wrong) >= found.checked:
        return ""
    counted = f"{found.checked - len(wrong):,}{f' of {found.checked:,}' if wrong else ''}"
    said = [f"{counted} {'file is' if found.checked - len(wrong) == 1 else 'files are'} as built"]
    for reason, words in (("header-missing", "less than declared"), ("header-differs", "otherwise than declared")):
        names = {fault.message.partition(":")[0] for fault in found.faults if fault.reason == reason}
        if names:
            said.append(f"the server sends {len(names)} {'header' if len(names) == 1 else 'headers'} {words}")
    return "; ".join(said)


def show(found: Report, *, as_json: bool, ok: str, right: str = "") -> NoReturn:
    """Faults on stderr, one a line and escaped, or JSON on stdout; ends the command with the report's exit code.
    ``right``: what is said first where there are faults."""
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        if right and found.faults:
            click.echo(right)
        for fault in found.faults:
            click.echo(shown(str(fault)), err=True)
        for note in found.notes:
            click.echo(shown(f"note: {note}"), err=True)
        if not found.faults:
            click.echo(ok)
    sys.exit(found.exit_code)
