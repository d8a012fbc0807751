"""``record status``: the home page in a terminal."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.cli.reading import content_option, open_project
from loomworks_record.pages.trajectory_words import sentence_text
from loomworks_record.pages.wording import day, severities, standing_word


@click.command("status")
@content_option
def status(content: Path | None) -> None:
    """Say what needs you, which phases are active, what was filed last, and how many problems there are.

    \b
    Example:
      record status

    Exit status: 0, whatever needs you; 2 when there is nothing to read.
    """
    # With all that cites and renders: `record --help` loads every command, to say what each is for.
    from loomworks_record.pages.cites import MovedGround  # noqa: PLC0415
    from loomworks_record.pages.dashboard import Dashboard  # noqa: PLC0415
    from loomworks_record.pages.overviews import ACTIVES, NEEDS, RECENT  # noqa: PLC0415

    record = open_project(content)
    whole = record.whole
    dashboard = Dashboard(whole.stories, whole.problems, MovedGround(whole, frozenset(record.compared.known)))
    needs = [f"{need.tag}: {need.title}. {need.text}" for need in dashboard.needs]
    active = [f"{each.title}. {sentence_text(each.sentence)}" for each in dashboard.active]
    filings = [dashboard.filing(document) for document in dashboard.filings]
    recent = [
        " · ".join(filter(None, (day(each.date), each.title, standing_word(each.standing, short=True))))
        for each in filings
    ]
    for title, lines, most in (("Needs you", needs, NEEDS), ("Active", active, ACTIVES), ("Recent", recent, RECENT)):
        click.echo(f"{title} ({len(lines):,})" if title != "Recent" else title)
        for line in lines[:most]:
            click.echo(f"  {line}")
        if len(lines) > most and title != "Recent":
            click.echo(f"  and {len(lines) - most:,} more")
    said = severities(whole.problems)
    click.echo(f"Problems: {said or 'none'}{'; `record check` says which' if said else ''}")
