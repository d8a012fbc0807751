"""A small record that is edited and built again, without MkDocs: what a build writes, and what it rendered for that."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.following import follow_chains
from loomworks_record.build.look import Look
from loomworks_record.build.pages import BuildCounts
from loomworks_record.build.site import write_site
from loomworks_record.build.site_state import SiteState
from loomworks_record.build.workers import Workers
from loomworks_record.kept.cache import FILE, Cache
from loomworks_record.pages.moves import LogValues
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.shell import Site
from loomworks_record.pages.since import follow
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.templates import sources, templates_folder
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.store import read_content

SITE = Site("A record", "LINE", "All of it.", "record.example.org", "https://record.example.org/", search=True)
ROOM = 200_000_000


@dataclass
class Workshop:
    """A record in a folder of its own. ``options`` are those of the plugin, ``templates`` replace ours by name."""

    folder: Path
    options: dict[str, object] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    workers: int | str = 1
    site_values: Site = SITE
    log: LogValues = field(default_factory=LogValues)
    earlier: list[dict[str, bytes]] = field(default_factory=list)  # what the record held before each edit

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @cached_property
    def own_templates(self) -> dict[str, str]:
        return sources([templates_folder()])

    def write(self, path: str, text: str) -> None:
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def build(self) -> BuildCounts:
        """Build with the cache into the site as it stands."""
        return self.build_into(self.site, self.cache, ROOM)

    def build_anew(self, name: str = "cold") -> dict[str, bytes]:
        """What a build with an empty cache into an empty folder gives."""
        self.build_into(self.folder / name, self.folder / f"{name}-cache", ROOM)
        return held(self.folder / name)

    def forget(self, kind: str) -> None:
        """Take all values of one kind out of the cache."""
        with closing(sqlite3.connect(self.cache / FILE)) as file, file:
            assert file.execute("DELETE FROM entries WHERE kind = ?", (kind,)).rowcount > 0, kind

    def replace_all(self, value: bytes) -> None:
        """Put another value in place of each, and beside it, with checksums that hold."""
        with Cache(self.cache, ROOM) as cache, closing(sqlite3.connect(self.cache / FILE)) as file:
            for kind, key in file.execute("SELECT kind, key FROM entries").fetchall():
                cache.put_many(kind, {key: value}, {key: value})

    def forget_bulks(self) -> None:
        """Take out what stands beside values, and leave these."""
        with closing(sqlite3.connect(self.cache / FILE)) as file, file:
            assert file.execute("DELETE FROM bulks").rowcount > 0

    def build_into(self, site: Path, cache: Path, room: int) -> BuildCounts:
        config: RecordConfig = parse_config(self.options)
        folder = SiteFolder(site)
        with Cache(cache, room) as kept:
            finished = SiteState(kept, folder)
            folder.begin(known=finished.files)
            whole = Whole(Record(config, read_content(self.content, config.kinds, kept)), memo=kept, follow=follow)
            look = Look(self.site_values, {**self.own_templates, **self.templates}, {})
            with Workers(self.workers) as workers:
                texts = follow_chains(whole, kept, workers)
                plan = Plan(whole, self.site_values, self.log)
                counted = write_site(plan, look, kept, folder, workers, texts=texts, finished=finished)
        folder.finish()
        return counted


def held(root: Path) -> dict[str, bytes]:
    """Every file of a folder, by path."""
    files = (Path(top) / name for top, _, names in os.walk(root) for name in names)
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Where two sites differ, for a message that can be read."""
    missing = [f"only in one: {path}" for path in sorted(one.keys() ^ other.keys())]
    return missing + [f"differs: {path}" for path in sorted(one.keys() & other.keys()) if one[path] != other[path]]
