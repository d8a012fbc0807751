"""``record check``: every problem of the record."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from loomworks_record.bundle.files import write_atomic
from loomworks_record.cli.reading import content_option, files_words, json_option, open_project, print_json
from loomworks_record.opening.checkout import keeps_bytes
from loomworks_record.opening.open_record import baseline_file, read_baseline
from loomworks_record.pages.api import problem_json
from loomworks_record.pages.wording import severities
from loomworks_record.record.record import Record
from loomworks_record.source.baseline import BaselineComparison, BaselineError, compare_problems, grown, shrunk
from loomworks_record.source.problem import CODES, Problem, count_words, failing

_UNKEPT = (
    "note: git may change the line ends of what is filed, and then nothing is as in the log: "
    "write 'content/** -text' and 'record.log.jsonl -text' into .gitattributes"
)


@click.command("check")
@content_option
@json_option
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too, not on errors only.")
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Known problems, which never fail. Default: 'baseline' of the configuration.",
)
@click.option("--update-baseline", "update", is_flag=True, help="Take out of the baseline what is no longer a problem.")
@click.option("--grow", is_flag=True, help="With --update-baseline: let it grow by the problems that are new.")
@click.option("--reason", help="With --grow: why these problems stay. Kept in the baseline.")
def check(
    content: Path | None,
    as_json: bool,
    strict: bool,
    baseline: Path | None,
    update: bool,
    grow: bool,
    reason: str | None,
) -> None:
    """Print every problem of the record: place, severity, message, code.

    What to do about each code follows on standard error; docs/problems.md has all codes. With a baseline, known
    problems are only counted (and marked in the JSON).

    \b
    Example:
      record check
      record check --content content --strict --json
      record check --baseline known.json --update-baseline --grow --reason "filed before 2026, not to be edited"

    \b
    Exit status: 0 no errors (with --strict: no errors and no warnings); 1 otherwise;
    2 when there is nothing to read. Notices and known problems never fail.
    """
    record = open_project(content)
    problems = record.problems
    file = baseline_file(record.project, baseline)
    found = compared(file, problems, update=update, grow=grow, reason=reason)
    if as_json:
        known = {id(problem) for problem in found.known}  # two that are equal may be one known and one new
        rows = [problem_json(p) | ({"known": id(p) in known} if file else {}) for p in problems]
        print_json(rows)
    else:
        for problem in found.new:
            click.echo(str(problem))
        for code in dict.fromkeys(problem.code for problem in found.new):
            click.echo(f"to mend [{code}]: {CODES[code].remedy}", err=True)
        if record.project.is_own_content and record.project.log_file.exists() and not keeps_bytes(record.project):
            click.echo(_UNKEPT, err=True)
        click.echo(_summary(found.new, record.whole.record) + summary(found), err=True)
    if failing(found.new, strict=strict):
        sys.exit(1)


def _summary(problems: tuple[Problem, ...], record: Record) -> str:
    unread = count_words(problems)
    none = "no problems" if record.documents else ""
    said = ": ".join(filter(None, (files_words(record), severities(problems) or none)))
    return said + (f"; {unread}" if unread else "")


def compared(
    file: Path | None, problems: Sequence[Problem], *, update: bool, grow: bool, reason: str | None
) -> BaselineComparison:
    """The problems beside the baseline in ``file``, which is updated first if that is asked for."""
    if grow and not update:
        raise BaselineError("--grow belongs to --update-baseline")
    if grow != (reason is not None):
        raise BaselineError("--grow and --reason belong together: a baseline grows only for a reason")
    if file is None:
        if update:
            raise BaselineError("there is no baseline to update; name its file with --baseline, or with 'baseline:'")
        return BaselineComparison(tuple(problems), (), ())
    before = read_baseline(file, may_begin=grow)
    if not update:
        return compare_problems(before, problems)
    after = grown(before, problems, reason or "") if grow else shrunk(before, problems)
    if after != before or not file.exists():
        write_atomic(file, bytes(after))
    change = f"{len(before.known):,} known problems before, {len(after.known):,} now"
    click.echo(f"{file.name}: {change}", err=True)
    return compare_problems(after, problems)


def summary(found: BaselineComparison) -> str:
    """What is said of the baseline after the count of the new problems; "" where it has nothing to say."""
    parts = [f"{len(found.known):,} known"] if found.known else []
    if found.gone:
        parts.append(f"{len(found.gone):,} in the baseline no longer there: take them out with --update-baseline")
    return f" ({'; '.join(parts)})" if parts else ""
