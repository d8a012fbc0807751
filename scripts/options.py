"""The tables of docs/configuration.md, made from the code: ``python scripts/options.py`` writes them into the page.

What an option is for is said here; its name and default, and the rows of the tables, come from the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from loomworks_record.source.config import HOSTS, RecordConfig
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS
from loomworks_record.source.kinds import DEFAULT_KINDS
from loomworks_record.source.known_conventions import NOT_ROWS, known_conventions, read_convention
from loomworks_record.source.publishable import ROOT_FILES
from loomworks_record.text.mentions.places import DEFAULT_PLACES

PAGE = Path(__file__).resolve().parents[1] / "docs/configuration.md"

# Option: what it takes, what it is for.
MEANINGS: dict[str, tuple[str, str]] = {
    "name": ("text", "the record's name, where `site_name` gives none"),
    "line": ("text", "the record line above every title, and on paper"),
    "lede": ("text", "one sentence on the home page, where `site_description` gives none"),
    "origin": ("text", "names the log in its checkpoint and in every receipt: choose it once and keep it"),
    "organisation": ("text", "who keeps the record: `Source-Organization` of a bag"),
    "conventions": ("list of names", "known conventions whose rows are added behind your own; see below"),
    "kinds": ("rows", "kinds of documents, before those below"),
    "versions": ("rows", "how versions are written in names, before the common forms; see below"),
    "archive_folders": ("list of texts", "folders, in any case, of what no longer holds; `archive` always is"),
    "statuses": ("rows", "words of a status and what they mean for the standing, before the usual ones; see below"),
    "labels": ("mapping", "labels of your own, each to the usual label that it stands for (`Angelegt: Date`)"),
    "identifiers": ("rows", "identifiers, before those below"),
    "places": ("list of texts", "names of places outside the record in which a text may say that something is held"),
    "host": (" · ".join(f"`{host}`" for host in HOSTS), "whose limits a bundle must keep (verify.md lists them)"),
    "filed_html": ("`sandboxed` · `text`", "how filed HTML and SVG are served (publish.md)"),
    "redirects": (
        "mapping",
        "renamed addresses, old to new, both beginning with `/`; the old one must have no page of its own "
        "(it gets one that moves)",
    ),
    "signing_key": ("path", "SSH private key that signs the stamp, relative to `mkdocs.yml`; keep it out of git"),
    "stamp_days": ("number", "days until a stamp expires"),
    "keep_releases": ("number", "releases that `record publish` keeps, the served one among them"),
    "witnesses": ("rows", "witnesses that cosign the log's checkpoint: `url` and `key` of each (publish.md)"),
    "witness_quorum": ("number", "how many witnesses must cosign before `record publish` publishes"),
    "search": ("true or false", "whether a search index is made"),
    "baseline": ("path", "the file of known problems, relative to `mkdocs.yml`; see `record check --help`"),
    "workers": (
        "number, or address",
        "processes that render, by default one for each processor; `tcp://…`: the scheduler of a Dask cluster",
    ),
    "root_files": (
        "list of patterns",
        "names at the top of `docs_dir` that are published at the root of the site too, besides `.well-known/` and "
        + ", ".join(f"`{pattern}`" for pattern in ROOT_FILES),
    ),
    "compare_all": (
        "number",
        "versions of a chain up to which any two have a page that compares them; of more, neighbours and each with the "
        "current one",
    ),
    "cache_size": ("number", "megabytes that the cache in `.cache/record` may hold; `0` turns it off"),
}


def option_rows() -> Iterator[Sequence[str]]:
    yield "Option", "Takes", "Default", "What for"
    default = RecordConfig()
    for each in fields(RecordConfig):
        takes, meaning = MEANINGS[each.name]
        yield f"`{each.name}`", takes, _default(each.name, getattr(default, each.name)), meaning


def kind_rows() -> Iterator[Sequence[str]]:
    yield "Kind", "Shown as", "Role", "Pattern", "Called, before a version", "Event", "Lane, rank", "Section"
    for row in DEFAULT_KINDS:
        yield (
            f"`{row.kind}`",
            row.label,
            row.role,
            _code(row.pattern),
            ", ".join(row.words),
            row.verb,
            f"{row.lane}, {row.rank}",
            ", ".join(f"`{section}/`" for section in row.sections),
        )


def identifier_rows() -> Iterator[Sequence[str]]:
    yield "Kind", "Shown as", "Register", "Pattern", "Column", "Local", "Silent"
    for row in DEFAULT_IDENTIFIERS:
        yield (
            f"`{row.kind}`",
            row.label,
            f"`/registers/{row.slug}/`",
            _code(row.pattern),
            row.table_heading,
            "yes" if row.local else "",
            _code(row.silent) if row.silent else "",
        )


def convention_rows() -> Iterator[Sequence[str]]:
    yield "Convention", "What it is", "Has rows of"
    for name in known_conventions():
        read = read_convention(name)
        yield f"`{name}`", read["about"], ", ".join(f"`{option}`" for option in read if option not in NOT_ROWS)


def place_rows() -> Iterator[Sequence[str]]:
    yield ("Place",)
    for place in DEFAULT_PLACES:
        yield (place,)


# Options whose default is another setting.
_FROM_SETTINGS = {"line": "`site_name`", "origin": "host of `site_url`"}

TABLES = {"options": option_rows, "kinds": kind_rows, "identifiers": identifier_rows, "places": place_rows}
TABLES |= {"conventions": convention_rows}


def with_tables(page: str) -> str:
    """The page with each table between its two marks, ``<!-- table: options -->`` and ``<!-- end -->``."""
    for name, rows in TABLES.items():
        before, mark, rest = page.partition(f"<!-- table: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        if not mark or not end:
            raise SystemExit(f"{PAGE.name}: there is no place for the table '{name}'")
        page = "\n".join((before + mark, *_table(rows()), "", end + after))
    return page


def _table(rows: Iterator[Sequence[str]]) -> Iterator[str]:
    head = next(rows)
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _default(name: str, value: object) -> str:
    if name in ("kinds", "identifiers", "places", "statuses"):
        return "below"
    if name in _FROM_SETTINGS:
        return _FROM_SETTINGS[name]
    if value is None or value == ():
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _code(pattern: str) -> str:
    escaped = pattern.replace("|", r"\|")
    return f"`{escaped}`"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
