"""What is rendered after an edit: what shows it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from build.workshop import Workshop
from loomworks_record.asking.files import table_files
from loomworks_record.asking.table import NamesTable
from loomworks_record.pages.document import DocumentPage, document_page
from loomworks_record.pages.shell import Site
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from support.site import page_at

PHASES = {7: "billing", 8: "shipping"}
ALWAYS = {"index.html"}  # lists what was filed last, with the words of it


def name(phase: int, kind: str, version: int) -> str:
    return f"phase-{phase}-{kind}-{PHASES[phase]}-v0_{version}.md"


def folder(phase: int) -> str:
    return f"phases/phase-{phase:02}-{PHASES[phase]}"


def chain(phase: int, kind: str) -> str:
    return f"{folder(phase)}/phase-{phase}-{kind}-{PHASES[phase]}"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Two phases. The notes of phase 8 cite the CR of phase 7; nothing else leads from one to the other."""
    made = Workshop(tmp_path)
    for phase in PHASES:
        for kind in ("cr", "implementation-notes"):
            for version in (1, 2, 3):
                place = f"{folder(phase)}/{'archive/' if version < 3 else ''}{name(phase, kind, version)}"
                text = f"# {kind} of {phase}\n\n**Version.** 0.{version}\n\n## 1. Part\n\nWords of {kind} {version}.\n"
                made.write(place, text)
    made.write(
        f"{folder(8)}/{name(8, 'implementation-notes', 3)}",
        f"# Notes\n\n**Version.** 0.3\n\n## 1. Part\n\nIt follows {name(7, 'cr', 3)} as it stands.\n",
    )
    made.build()
    return made


def edited(workshop: Workshop, path: str, old: str, new: str) -> set[str]:
    """The addresses that are rendered after ``old`` became ``new`` in a document."""
    file = workshop.content / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return set(workshop.build().rendered)


def views(*paths: str) -> set[str]:
    return {page_at(path) for path in paths}


def compares(phase: int, kind: str, *pairs: str) -> set[str]:
    return {f"compare/{chain(phase, kind)}-{pair}.html" for pair in pairs}


def since(phase: int, kind: str) -> str:
    return f"since/{chain(phase, kind)}.html"


def printable(phase: int) -> str:
    return f"{folder(phase)}/print.html"


def test_nothing_changed_nothing_rendered(workshop: Workshop) -> None:
    counted = workshop.build()
    assert (counted.rendered, counted.texts, counted.comparisons) == ([], 0, 0)


def test_of_chains_that_see_no_change_not_even_frames_are_made(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counting(whole: Whole, site: Site, document: Document, *rest: Any) -> DocumentPage:
        made.append(document.path)
        return document_page(whole, site, document, *rest)

    monkeypatch.setattr("loomworks_record.pages.site_pages.document_page", counting)
    workshop.build()
    assert made == []
    edited(workshop, f"{folder(7)}/{name(7, 'implementation-notes', 3)}", "Words of", "Other words of")
    assert {Path(path).name for path in made} == {name(7, "implementation-notes", version) for version in (1, 2, 3)}


def test_names_are_made_when_a_name_changes(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[NamesTable] = []

    def counting(table: NamesTable) -> Iterator[tuple[str, Any]]:
        made.append(table)
        return table_files(table)

    monkeypatch.setattr("loomworks_record.pages.plan.table_files", counting)
    path = f"{folder(7)}/{name(7, 'implementation-notes', 3)}"
    edited(workshop, path, "Words of", "Other words of")
    assert made == []
    names = workshop.site / "search/names"
    (names / "table.json").unlink()  # somebody took one of them away
    workshop.build()
    assert len(made) == 1
    edited(workshop, path, "# ", "# Seldom ")
    assert len(made) == 2
    assert any("seldom" in file.read_text("utf-8") for file in names.iterdir())


def test_a_sentence_of_a_leaf(workshop: Workshop) -> None:
    """It, what is said of its versions, what its phase has to print, and perhaps its phase, which gives sizes."""
    path = f"{folder(7)}/{name(7, 'implementation-notes', 3)}"
    rendered = edited(workshop, path, "Words of", "Other words of")
    expected = views(path) | {printable(7), since(7, "implementation-notes")}
    expected |= compares(7, "implementation-notes", "v0_2-to-v0_3", "v0_1-to-v0_3")
    assert rendered - ALWAYS - {f"{folder(7)}/index.html"} == expected


def test_a_sentence_that_cites(workshop: Workshop) -> None:
    """It and what its phase has to print, and the document that it cites, which shows the sentence."""
    path = f"{folder(8)}/{name(8, 'implementation-notes', 3)}"
    rendered = edited(workshop, path, "as it stands", "as it was filed")
    expected = views(path, f"{folder(7)}/{name(7, 'cr', 3)}")
    expected |= {printable(8), since(8, "implementation-notes")}
    expected |= compares(8, "implementation-notes", "v0_2-to-v0_3", "v0_1-to-v0_3")
    assert rendered - ALWAYS - {f"{folder(8)}/index.html"} == expected


def test_an_archived_version(workshop: Workshop) -> None:
    """Its page and its comparisons; not those of the version after it. (The log would refuse it: here is none.)"""
    path = f"{folder(7)}/archive/{name(7, 'cr', 1)}"
    rendered = edited(workshop, path, "Words of", "Other words of")
    expected = views(path) | compares(7, "cr", "v0_1-to-v0_2", "v0_1-to-v0_3") | {since(7, "cr")}
    assert rendered - ALWAYS <= expected | {f"{folder(7)}/index.html"}
    assert expected <= rendered


def test_a_new_version_leaves_the_other_phase_alone(workshop: Workshop) -> None:
    new = f"{folder(7)}/{name(7, 'implementation-notes', 4)}"
    old = workshop.content / folder(7) / name(7, "implementation-notes", 3)
    old.rename(old.parent / "archive" / old.name)
    workshop.write(new, "# Notes\n\n**Version.** 0.4\n\n## 1. Part\n\nNew words.\n")
    counted = workshop.build()
    rendered = set(counted.rendered)
    assert views(new) <= rendered
    # What lists all documents of the record is rendered; of the other phase only its page, for the next and the last.
    lists = ("documents/", "registers/", "phases/index.html", "index.html", "search/", "integrity/")
    others = {each for each in rendered if "phase-08" in each and not each.startswith(lists)}
    assert others == set()
    assert counted.texts == 2  # the new one, and the old one at its new place
