"""Each finding about a tool of the field can be run, says what was expected and seen, and stands in the list."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from support.site import PROJECT

FINDINGS = PROJECT / "findings"
SCRIPTS = sorted(FINDINGS.glob("*.sh"))
PINNED = re.compile(r"[\w\]']==\d|[\w/-]@\d|apt-get (?:install|download)")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_says_what_was_expected_and_seen(script: Path) -> None:
    text = script.read_text("utf-8")
    head = text.split("\nset -eu\n")[0]
    assert text.startswith("#!/usr/bin/env bash\n")
    assert all(f"# {word}" in head for word in ("Expected:", "Seen", "What follows:"))
    assert PINNED.search(text), "it names the versions that it installs"
    assert "mktemp -d" in text and "loomworks" not in text
    assert os.access(script, os.X_OK)


def test_the_list_has_each_finding_once() -> None:
    listed = re.findall(r"^\| \[([\w-]+\.sh)\]\(\1\) \|", (FINDINGS / "README.md").read_text("utf-8"), re.MULTILINE)
    assert listed == [script.name for script in SCRIPTS]
