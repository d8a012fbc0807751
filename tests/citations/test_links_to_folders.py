"""Links to folders: to the document that speaks of the folder, else to the list of what lies in its section."""

from __future__ import annotations

import re

import pytest
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.whole import Whole

from citations.records import record_of

FILED = {
    "adr/0001-use-files.md": "# 1. Use files\n",
    "specs/README.md": "# Specs\n",
    "specs/old ones/fees.md": "# Fees\n",
    "guides/index.md": "# Guides\n",
}
LEADS = {
    "adr/": "../documents/?section=adr",
    "adr": "../documents/?section=adr",
    "./adr": "../documents/?section=adr",
    "specs/": "specs/README.md.html",
    "guides": "guides/index.md.html",
    "specs/old%20ones/": "../documents/?section=specs",
}


@pytest.mark.parametrize("written", LEADS)
def test_a_link_to_a_folder(written: str) -> None:
    whole = Whole(record_of({**FILED, "start.md": f"# Start\n\nSee the [things]({written}).\n"}))
    body = rendered_text(whole, whole.record.by_path["start.md"]).body
    assert re.search(r'href="([^"]*)"[^>]*>things<', body)[1] == LEADS[written]  # type: ignore[index]
    assert "Nothing is filed" not in body
    assert not [problem for problem in whole.problems if problem.path == "start.md"]


def test_a_link_to_a_folder_that_is_not_there_is_told() -> None:
    whole = Whole(record_of({**FILED, "start.md": "# Start\n\nSee the [things](nothing/).\n"}))
    assert [problem.code for problem in whole.problems if problem.path == "start.md"] == ["link-broken"]
