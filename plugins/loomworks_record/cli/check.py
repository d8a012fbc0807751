"""``record check``: every problem of the record."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from loomworks_record.cli.reading import content_option, json_option, read_record
from loomworks_record.pages.api import problem_json
from loomworks_record.record.whole import Whole
from loomworks_record.source.problem import Problem

_PLURALS = {"error": "errors", "warning": "warnings", "notice": "notices"}


@click.command("check")
@content_option
@json_option
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too, not on errors only.")
def check(content: Path | None, as_json: bool, strict: bool) -> None:
    """Print every problem of the record: place, severity, message, code.

    The codes and what to do about each stand in docs/problems.md.

    \b
    Example:
      record check
      record check --content content --strict --json

    \b
    Exit status: 0 no errors (with --strict: no errors and no warnings); 1 otherwise;
    2 when there is nothing to read. Notices never fail.
    """
    whole = Whole(read_record(content))
    problems = whole.problems
    if as_json:
        click.echo(json.dumps([problem_json(problem) for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(_summary(problems, len(whole.record.documents)), err=True)
    failing = {"error", "warning"} if strict else {"error"}
    if any(problem.severity in failing for problem in problems):
        sys.exit(1)


def _summary(problems: tuple[Problem, ...], documents: int) -> str:
    counted = Counter[str](problem.severity for problem in problems)
    parts = [f"{counted[key]} {key if counted[key] == 1 else _PLURALS[key]}" for key in _PLURALS if counted[key]]
    held = f"{documents:,} {'document' if documents == 1 else 'documents'}"
    return f"{held}: {', '.join(parts) if parts else 'no problems'}"
