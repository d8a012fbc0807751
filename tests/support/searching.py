"""The search of a built site: what it holds, and the same site with its search in more parts."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from loomworks_record.host.search import build_search, searched_content, searched_page
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.shell import Site
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.search.shards import SearchedPage
from loomworks_record.source.project import load_project
from loomworks_record.source.store import read_content

_MAGIC = b"pagefind_dcd"


def shard_folders(site: Path) -> list[Path]:
    told = json.loads((site / "pagefind/shards.json").read_text("utf-8"))
    return [site / "pagefind" / shard["folder"] for shard in told["shards"]]


def fragments(site: Path) -> dict[str, dict[str, Any]]:
    """What the search knows of each page: its address, with ``content``, ``meta``, ``filters`` and ``anchors``."""
    found = {}
    for folder in shard_folders(site):
        for file in folder.glob("fragment/*"):
            data = gzip.decompress(file.read_bytes())
            assert data.startswith(_MAGIC)
            fragment = json.loads(data[len(_MAGIC) :])
            found[unquote(fragment["url"]).removeprefix("/")] = fragment
    return found


def searched_pages(project: Path) -> tuple[list[SearchedPage], dict[str, bytes]]:
    """The pages of a project as the search gets them, and their searched content by address."""
    loaded = load_project(project, project / "content")
    record = Record(loaded.config, read_content(loaded.content_dir, loaded.config.kinds))
    plan = Plan(Whole(record), Site("", "", "", "", "", True))
    pages, html = [], {}
    for planned in plan.pages():
        if planned.source is not None:
            html[planned.address] = searched_content(planned.values()["page"]).html()
            pages.append(searched_page(record, planned.source, planned.address, html[planned.address]))
    return pages, html


def in_shards(site: Path, project: Path, copy: Path, largest: int) -> Path:
    """A copy of a built site whose search has shards of at most ``largest`` pages."""
    shutil.copytree(site, copy)
    shutil.rmtree(copy / "pagefind")
    build_search(copy, *searched_pages(project), largest=largest)
    return copy
