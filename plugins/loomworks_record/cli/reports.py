"""How the answer of a check is printed: the same for every command, and light to import."""

from __future__ import annotations

import json
import sys
from typing import NoReturn

import click

from loomworks_record.bundle.faults import Report
from loomworks_record.bundle.paths import shown


def show(found: Report, *, as_json: bool, ok: str) -> NoReturn:
    """Faults on stderr, one a line and escaped, or JSON on stdout; ends the command with the report's exit code."""
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        for fault in found.faults:
            click.echo(shown(str(fault)), err=True)
        for note in found.notes:
            click.echo(shown(f"note: {note}"), err=True)
        if not found.faults:
            click.echo(ok)
    sys.exit(found.exit_code)
