"""A preview built again after each edit: its pages are those of a build from nothing, and so is its search in the end;
until then what was edited is found beside it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from build import edits
from build.workshop import Workshop, differences, held
from loomworks_record.build.alone import write_alone
from loomworks_record.build.folder import SiteFolder
from loomworks_record.source.project import load_project
from support.previewing import ADDRESS, Preview
from support.site import write_project

OF_CONTENT = sorted(edits.EDITS.keys() - {"configuration", "template", "theme", "withdrawn", "as it was"})


def begun(folder: Path, seed: int) -> tuple[Workshop, random.Random]:
    workshop, chance = Workshop(folder), random.Random(seed)
    write_project({}, folder)
    edits.begin(workshop, chance)
    return workshop, chance


def anew(workshop: Workshop, folder: Path) -> dict[str, bytes]:
    """What a build with an empty cache into an empty folder gives."""
    write_project(workshop.content, folder)
    write_alone(load_project(folder), SiteFolder(folder / "site", ours=True), site_url=ADDRESS)
    return held(folder / "site")


@pytest.mark.parametrize("seed", [3, 8])
def test_after_many_edits_it_is_what_a_build_gives(tmp_path: Path, seed: int) -> None:
    workshop, chance = begun(tmp_path / "project", seed)
    preview = Preview(workshop.folder, quiet=0)
    preview.build()
    done = []
    for _ in range(6):
        done.append(chance.choice(OF_CONTENT))
        edits.EDITS[done[-1]](workshop, chance)
        preview.build()
    preview.wait()
    assert differences(held(preview.site.root), anew(workshop, tmp_path / "cold")) == [], done


def test_an_edit_is_found_beside_the_search_as_it_was(tmp_path: Path) -> None:
    workshop, _ = begun(tmp_path / "project", 1)
    preview = Preview(workshop.folder, quiet=60)
    preview.build()
    preview.wait()
    before = {at for at in held(preview.site.root) if at.startswith("pagefind/")}
    edited = "phases/phase-02-billing/phase-02-cr-billing-v0_3.md"
    workshop.write(edited, f"{(workshop.content / edited).read_text()}\nNobody said zwieback before.\n")
    gone = "phases/phase-03-billing/phase-03-scoping-note-billing-v0_1.md"
    (workshop.content / gone).unlink()
    preview.build()
    preview.wait_beside()
    listed = preview.listed()
    assert listed["outdated"] == [f"view/{path}.html" for path in (edited, gone)]
    assert [(each["name"], each["pages"]) for each in listed["shards"]] == [("all", 21), ("newall", 1)]
    assert sum(listed["filters"]["standing"].values()) == 20
    assert before <= held(preview.site.root).keys()
