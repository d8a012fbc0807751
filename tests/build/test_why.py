"""``record build --why``: one sentence about one page, and the right one."""

from __future__ import annotations

from pathlib import Path

import pytest
from build.workshop import Workshop
from loomworks_record.endings import WHY
from support.site import page_at

NOTE, OTHER, ALONE = "notes/a-plan-v0_2.md", "notes/another-v0_1.md", "apart/alone-v0_1.md"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = Workshop(tmp_path)
    made.write("notes/archive/a-plan-v0_1.md", "# A plan\n\n**Version.** 0.1\n\n## 1. What\n\nFirst words.\n")
    made.write(NOTE, "# A plan\n\n**Version.** 0.2\n\n## 1. What\n\nSome words.\n")
    made.write(OTHER, "# Another\n\n**Version.** 0.1\n\n## 1. What\n\nOther words.\n")
    made.write(ALONE, "# Alone\n\n**Version.** 0.1\n\n## 1. What\n\nWords of its own.\n")
    return made


def why(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, address: str) -> str:
    """What the next build says of the page at an address."""
    said: list[str] = []
    monkeypatch.setattr("loomworks_record.build.why.say_step", said.append)
    monkeypatch.setenv(WHY, address)
    workshop.build()
    assert len(said) == 1
    assert said[0].startswith(f"/{address} ")
    return said[0].removeprefix(f"/{address} ")


def test_each_reason_is_told(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_at(NOTE)
    assert why(workshop, monkeypatch, page) == "was made: the site had no such page"
    assert "not made again: nothing that the site is made of has changed" in why(workshop, monkeypatch, page)
    first = (workshop.content / NOTE).read_text("utf-8")

    workshop.write(OTHER, "# Another\n\n**Version.** 0.1\n\n## 1. What\n\nMore words.\n")
    assert "not made again: nothing that the pages of its chain depend on" in why(workshop, monkeypatch, page)

    # Of one version: nothing but the search has its text rendered before the pages are.
    workshop.write(ALONE, "# Alone\n\n**Version.** 0.1\n\n## 1. What\n\nOther words.\n")
    assert why(workshop, monkeypatch, page_at(ALONE)).startswith("was made again: its text has changed")
    workshop.write(ALONE, "# A new title\n\n**Version.** 0.1\n\n## 1. What\n\nOther words.\n")
    assert "not made again" in why(workshop, monkeypatch, page)

    workshop.write(NOTE, first.replace("Some words", "Few words"))
    said = why(workshop, monkeypatch, page)
    assert said.startswith("was made again: its text has changed")
    assert "Some words" in said
    assert "Few words" in said

    workshop.write(NOTE, first)
    assert "not made again: it stands in the cache" in why(workshop, monkeypatch, page)

    comparison = "compare/notes/a-plan-v0_1-to-v0_2.html"
    workshop.write(NOTE, first.replace("Some words", "No words"))
    assert why(workshop, monkeypatch, comparison).startswith("was made again: its comparison has changed")

    workshop.write(OTHER, "# Another\n\n**Version.** 0.1\n\n## 1. What\n\nIt follows `a-plan-v0_2.md`.\n")
    assert why(workshop, monkeypatch, page).startswith("was made again: what it says around its text has changed")

    template = workshop.own_templates["record/base.html"]
    workshop.templates["record/base.html"] = template.replace("</body>", "<!-- end --></body>")
    assert why(workshop, monkeypatch, page).startswith("was made again, as all pages were")
    assert why(workshop, monkeypatch, "view/none.html") == "is not a page of this site"
