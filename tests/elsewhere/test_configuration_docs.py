"""docs/configuration.md has every option, every row of the tables, and an example that is accepted."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields

import pytest
import yaml
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.source.kinds import Kind
from support.site import PROJECT

PAGE = PROJECT / "docs/configuration.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def rewritten(page: str) -> str:
    """The page as the script writes it."""
    code = "import sys, options; sys.stdout.write(options.with_tables(sys.stdin.read()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT / "scripts", input=page, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tables_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert rewritten(page) == page, "run: python scripts/options.py"


def test_every_option_is_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8").partition("## Kinds")[0], re.MULTILINE)
    assert rows == [each.name for each in fields(RecordConfig)]


@pytest.mark.parametrize(("heading", "shape"), [("## Kinds", Kind), ("## Identifiers", IdentifierKind)])
def test_every_key_of_a_row_is_documented(heading: str, shape: type) -> None:
    keys = PAGE.read_text("utf-8").partition(heading)[2].partition("<!-- table")[0].partition("|---|---|")[2]
    documented = {
        name for row in re.findall(r"^\| (`[^|]+`) \|", keys, re.MULTILINE) for name in re.findall(r"\w+", row)
    }
    assert documented == {each.name for each in fields(shape)}


@pytest.mark.parametrize("example", EXAMPLES, ids=["whole", "kinds", "versions", "identifiers"])
def test_the_examples_are_accepted(example: str) -> None:
    values = yaml.safe_load(example)
    options = values["plugins"][0]["record"] if "plugins" in values else values
    assert parse_config(options) != RecordConfig()
