"""docs/verify.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from loomworks_record.bundle.faults import REASONS

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs/verify.md").read_text("utf-8")


def test_the_table_of_reason_codes_is_the_one_of_the_program() -> None:
    rows = re.findall(r"^\| (\d) \| `([a-z0-9-]+)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert {reason: (int(exit_code), meaning) for exit_code, reason, meaning in rows} == REASONS
    assert len(rows) == len(REASONS)


def test_every_reason_code_is_used_and_tested() -> None:
    """A code that nothing reports, or that no test looks for, would be a promise."""
    rooms = PROJECT / "plugins/loomworks_record"
    program = "".join(file.read_text("utf-8") for room in ("bundle", "cli") for file in (rooms / room).glob("*.py"))
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("*.py"))
    assert not [reason for reason in REASONS if program.count(f'"{reason}"') < 2]
    assert not [reason for reason in REASONS if f'"{reason}"' not in tests and f'"{reason}: ' not in tests]
