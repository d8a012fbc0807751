"""A small record on disk, for the page and the command."""

from __future__ import annotations

from pathlib import Path

from loomworks_record.pages import addresses
from loomworks_record.pages.changes import Changes, changes_of
from loomworks_record.pages.compare import ComparePage, compare_head, compare_page, compare_values, comparison_inputs
from loomworks_record.pages.shell import PLACES, Site
from loomworks_record.pages.texts import rendered_text
from loomworks_record.pages.wording import FILTERS
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.templates import environment, render_page, sources, templates_folder
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.store import read_content

FIRST = """# Gate notes

**Version.** 0.1 **Date.** 2026-05-11 **Status.** Draft. **Author.** The Operator.

## §1 Purpose

The gates of a phase, and what each asks.

![Layers](../images/layers.svg)

## §2 Gates

| # | Gate | Where |
|---|---|---|
| 1 | Findings are filed | Step 0 |
| 2 | Tags are confirmed | Step 0 |

## §3 Close

The tag is made last.
"""
SECOND = (
    FIRST.replace("0.1", "0.2").replace("05-11", "05-12").replace("Draft.", "Awaiting approval.")
    .replace("what each asks", "what each of them asks")
    .replace("| 2 | Tags", "| 1b | Branches are cut | Step 0 |\n| 2 | Tags")
    .replace("## §3 Close", "## §2.A Decisions\n\n**P57-D1.** One engagement.\n\n## §3 Close")
)  # fmt: skip
THIRD = (
    SECOND.replace("0.2", "0.3").replace("05-12", "05-13").replace("../images", "images")
    .replace("**Author.** The Operator.", "**Target tag.** phase-57.")
)  # fmt: skip
HTML = """<!DOCTYPE html><html><head><title>Gate notes</title></head><body><h2>§1 Purpose</h2>
<p>The gates of a phase, and what each of them asks.</p></body></html>
"""
FILES = {
    "notes/archive/gate-notes-v0_1.md": FIRST,
    "notes/archive/gate-notes-v0_2.md": SECOND,
    "notes/gate-notes-v0_3.md": THIRD,
    "notes/gate-notes-v0_3.html": HTML,
    "notes/images/layers.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "notes/only-v0_1.md": "# Only\n\nOne version.\n",
}


def file_content(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write the small record below ``folder``; the content folder is returned."""
    for path, text in (files or FILES).items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder / "content"


def read(content: Path) -> Whole:
    config = RecordConfig()
    return Whole(Record(config, read_content(content, config.kinds)))


def chain_of(record: Record, name: str) -> Chain:
    return next(chain for chain in record.chains if chain.id.endswith(name))


def written(whole: Whole, chain: Chain, pair: tuple[Document, Document]) -> tuple[ComparePage, Changes, str]:
    """The frame of a comparison's page, what changed, and the page."""
    page = compare_page(whole.record, chain, *pair)
    changes = changes_of(
        comparison_inputs(whole.record, chain, *pair), *(rendered_text(whole, document) for document in pair)
    )
    site = Site("The record", "RECORD", "", "", "https://record.example/", search=False)
    made = environment(sources([templates_folder()]), addresses.relative, {})
    made.filters |= FILTERS
    made.globals |= {"places": PLACES, "search_example": "", "has_phases": True}
    address = addresses.compare(chain.id, *pair)
    values = {"site": site, **compare_values(page, compare_head(site, page), changes)}
    return page, changes, render_page(made, "record/compare.html", address, values)
