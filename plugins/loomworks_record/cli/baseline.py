"""The baseline of known problems, as the commands use it: compared and written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from loomworks_record.bundle.files import write_atomic
from loomworks_record.opening.baseline import read_baseline
from loomworks_record.source.baseline import BaselineComparison, BaselineError, compare_problems, grown, shrunk
from loomworks_record.source.problem import Problem


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
