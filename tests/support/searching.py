"""The search of a built site: what it holds, and the same site with its search in more parts."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.search import SearchFiles, found_by, search_of, searched
from loomworks_record.build.texts import Texts
from loomworks_record.kept.cache import Cache
from loomworks_record.pages import addresses
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
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


def searched_pages(project: Path) -> dict[str, bytes]:
    """What of each page of a project is searched, by address."""
    whole = whole_of(project)
    return {
        addresses.view(document): searched(found_by(whole.record, document), rendered_text(whole, document)).html()
        for document in whole.record.documents
    }


def whole_of(project: Path) -> Whole:
    loaded = load_project(project, project / "content")
    return Whole(Record(loaded.config, read_content(loaded.content_dir, loaded.config.kinds)))


def in_shards(site: Path, project: Path, copy: Path, largest: int) -> Path:
    """A copy of a built site whose search has shards of at most ``largest`` pages."""
    shutil.copytree(site, copy)
    shutil.rmtree(copy / "pagefind")
    folder = SiteFolder(copy)
    with tempfile.TemporaryDirectory() as place, Cache(Path(place), 10**9) as cache:
        texts = Texts(whole_of(project), cache)
        search = search_of(texts.whole.record, texts, largest=largest)
        for _ in SearchFiles(search, cache).putting(folder, texts):
            pass
    return copy
