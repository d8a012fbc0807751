"""``record cache``: what was kept between builds, and taking it away."""

from __future__ import annotations

from pathlib import Path

import click

from loomworks_record.build.place import cache_of
from loomworks_record.cli.guessing import GuessingGroup
from loomworks_record.kept.cache import Cache
from loomworks_record.source.project import load_project

_SAID = {
    "page": "whole pages",
    "text": "rendered texts",
    "comparison": "comparisons",
    "search": "parts of the search index",
}


@click.group("cache", cls=GuessingGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cache() -> None:
    """Show or clear what builds keep, so that only what changed is rendered again.

    It lies in .cache/record beside mkdocs.yml. Nothing is lost with it but time.

    \b
    Example:
      record cache show
      record cache clear
    """


@cache.command("show")
def show() -> None:
    """Say what the cache holds, by kind.

    \b
    Example:
      record cache show

    Exit status: 0 always.
    """
    with _project_cache() as kept:
        rows = kept.kept()
        limit = kept.limit
    for row in rows:
        click.echo(f"{_SAID.get(row.kind, row.kind):<30}{row.count:>10,}{_megabytes(row.size):>14}")
    count, size = sum(row.count for row in rows), sum(row.size for row in rows)
    click.echo(f"{'in all':<30}{count:>10,}{_megabytes(size):>14} of {_megabytes(limit)}")


@cache.command("clear")
def clear() -> None:
    """Take everything out of the cache.

    \b
    Example:
      record cache clear

    Exit status: 0 cleared; 1 it could not be removed.
    """
    given = _project_cache().clear()
    click.echo(f"cleared, {_megabytes(given)} given back")


def _project_cache() -> Cache:
    return cache_of(load_project(Path.cwd()))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
