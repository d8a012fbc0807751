"""Phase and home pages as files, with the assets that they ask for."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from loomworks_record.pages import addresses
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.overviews import home_head, home_page
from loomworks_record.pages.phase import Identifiers, phase_head, phase_page
from loomworks_record.pages.shell import PLACES, Link, Site
from loomworks_record.pages.wording import FILTERS
from loomworks_record.record.trajectories.stories import Stories
from loomworks_record.render.templates import environment, render_page, sources, templates_folder
from loomworks_record.source.problem import Problem

SITE = Site(
    name="The record",
    line="DUNIN7 · LOOMWORKS · RECORD",
    lede="How Loomworks was built, phase by phase: every version of every document, kept as it was filed.",
    origin="record.dunin7.com",
    origin_url="https://record.dunin7.com/",
    search=True,
)
REGISTERS = (
    (Link("Change requests", "registers/change-requests/index.html"), 5),
    (Link("Problems", "registers/problems/index.html"), 12),
)


def write_pages(
    stories: Stories, folder: Path, problems: Sequence[Problem] = (), identifiers: Sequence[Identifiers] = ()
) -> None:
    """The home page and every phase page of a record below ``folder``."""
    env = environment(sources([templates_folder()]), addresses.relative, {})
    env.filters |= FILTERS
    env.globals |= {"places": PLACES, "search_example": "", "has_phases": True}
    shutil.copytree(templates_folder() / "assets", folder / "assets", dirs_exist_ok=True)
    home = home_page(Dashboard(stories, problems), SITE, REGISTERS)
    values = {"site": SITE, "page": home, "head": home_head(SITE)}
    (folder / "index.html").write_text(render_page(env, "record/home.html", "index.html", values), "utf-8")
    for phase in stories.record.phases:
        page = phase_page(stories, phase, identifiers=identifiers, context_size=214_000)
        address = addresses.phase(phase.folder)
        values = {"site": SITE, "page": page, "head": phase_head(SITE, phase, page)}
        file = folder / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(render_page(env, "record/phase.html", address, values), "utf-8")
