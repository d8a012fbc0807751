"""Known conventions: sets of rows that a record takes by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from loomworks_record.cli.main import record as command
from loomworks_record.source.config import ConfigError, parse_config
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.known_conventions import convention_text, known_conventions, read_convention
from yaml import safe_load


def read(path: str, text: str, *conventions: str) -> Document:
    config = parse_config({"conventions": list(conventions)})
    return read_document(path, text.encode(), config.kinds, config.notation)


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("adr", "doc/adr/0012-price-bands.md", "decision-record"), ("adr", "adr-12-bands.md", "decision-record"),
        ("madr", "docs/decisions/0003-use-bands.md", "decision-record"), ("adr", "2026-05-04-minutes.md", "note"),
        ("kep", "keps/sig-price/12-bands/README.md", "enhancement-proposal"),
        ("eip", "EIPS/eip-20.md", "improvement-proposal"),
        ("eip", "ERCS/erc-721.md", "improvement-proposal"), ("bip", "bip-0340.md", "improvement-proposal"),
        ("pep", "peps/pep-0008.md", "enhancement-proposal"), ("rfc", "text/0004-bands.md", "request-for-comments"),
        ("rfc", "text/2026-05-04-minutes.md", "note"), ("ietf-draft", "draft-fox-bands-03.md", "internet-draft"),
    ],
)  # fmt: skip
def test_each_gives_its_documents_a_kind(name: str, path: str, kind: str) -> None:
    assert read(path, "# Bands\n", name).kind == kind
    assert read(path, "# Bands\n").kind == "note"


def test_rows_of_the_user_win_and_take_over_what_they_do_not_say() -> None:
    options = {
        "conventions": ["adr", "rfc"],
        "kinds": [{"kind": "decision-record", "label": "Ruling"}, {"kind": "bill", "pattern": "bill$"}],
        "statuses": [{"word": "Rejected", "means": "in-force"}],
        "labels": {"decided": "Status"},
    }
    config = parse_config(options)
    row = config.kinds.row("decision-record")
    ours = read_convention("adr")["kinds"][0]
    assert (row.label, row.verb, row.pattern) == ("Ruling", "Decided", ours["pattern"])
    assert [row.kind for row in config.kinds.rows[:3]] == ["decision-record", "bill", "request-for-comments"]
    assert [row.means for row in config.statuses if row.word.casefold() == "rejected"] == ["in-force"]
    assert dict(config.labels)["decided"] == "status"
    removed = parse_config({"conventions": ["adr"], "kinds": [{"kind": "decision-record", "pattern": ""}]})
    assert "decision-record" not in {row.kind for row in removed.kinds.rows}


@pytest.mark.parametrize("given", [["adr", "adrs"], "adr", [3], {"adr": True}])
def test_what_is_no_convention_is_told_in_a_line(given: object) -> None:
    with pytest.raises(ConfigError, match="option 'conventions': expected") as wrong:
        parse_config({"conventions": given})
    assert "\n" not in str(wrong.value)


def test_an_option_of_the_wrong_shape_is_told_as_without_conventions() -> None:
    with pytest.raises(ConfigError, match="option 'kinds': expected a list of rows"):
        parse_config({"conventions": ["adr"], "kinds": "adr"})


@pytest.mark.parametrize("name", known_conventions())
def test_each_is_printed_as_it_is_read(name: str) -> None:
    shown = CliRunner().invoke(command, ["conventions", name])
    assert shown.stdout == convention_text(name)
    rows = safe_load(shown.stdout)
    assert {"about", "signs"} < rows.keys() and rows == read_convention(name)
    copied = parse_config({key: value for key, value in rows.items() if key not in ("about", "signs")})
    assert replace(parse_config({"conventions": [name]}), conventions=()) == copied


def test_all_are_listed() -> None:
    listed = CliRunner().invoke(command, ["conventions"]).stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(known_conventions())
    missing = CliRunner().invoke(command, ["conventions", "adrr"])
    assert str(missing.exception) == f"there is no convention 'adrr': expected one of {', '.join(known_conventions())}"
