"""One build of a site, up to its seal: the record is read, then all that is planned of it is in the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from loomworks_record.build.assets import asset_names
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.following import follow_chains
from loomworks_record.build.gc_pause import unswept
from loomworks_record.build.look import Additions, Look
from loomworks_record.build.ownership import SiteContents
from loomworks_record.build.search_later import SearchLater
from loomworks_record.build.site import Progress, write_site
from loomworks_record.build.site_state import SiteState
from loomworks_record.build.to_build import open_to_build, plan_of
from loomworks_record.build.workers import Workers
from loomworks_record.kept.cache import Cache
from loomworks_record.opening.open_record import OpenRecord
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.render.templates import sources, templates_folder
from loomworks_record.source.document import Document
from loomworks_record.source.project import Project

_FEW = 4  # edited documents whose pages come before all else


@dataclass
class Making:
    """``read``, then ``write``. ``site_url``: where the site is looked at. ``stays``: it is not a preview's."""

    project: Project
    cache: Cache
    folder: SiteFolder
    workers: Workers
    site_url: str
    added: Additions
    stays: bool = True

    def read(self, found: SiteContents | None, share: Share) -> OpenRecord:
        """Look at the folder, if it was not ``found``, and read the record."""
        self.finished = SiteState(self.cache, self.folder) if self.stays else None
        with unswept():
            self.folder.begin(found, self.finished.files if self.finished else None)
            self.record, self.taken = open_to_build(self.project, self.cache, share)
            self.texts = follow_chains(self.record.whole, self.cache, self.workers)
            self.plan = plan_of(self.record, self.site_url, self.added)
        self.edited = [] if self.cache.left is None else self._edited(self.cache.left)
        return self.record

    def _edited(self, left: dict[str, Any]) -> list[Document]:
        """Of a preview, the documents that it has not shown so, where they are few and all stand as they stood: else
        two pages would say for a moment that they show what is current."""
        record = self.record.record
        documents, standings = record.documents, [(each.path, record.standing(each)) for each in record.documents]
        shown, before = left.get("shown", (set(), standings))
        left["shown"] = {document.sha256 for document in documents}, standings
        edited = [document for document in documents if document.sha256 not in shown]
        return edited if len(edited) <= _FEW and before == standings else []

    def write(self, folders: Sequence[Path], progress: Progress | None, later: SearchLater | None = None) -> OpenRecord:
        """Have all pages and files in the folder, made with the templates of ``folders``; the record, with the problems
        that show only now. ``later`` takes over the search."""
        look = Look(self.plan.site, sources(folders), asset_names(templates_folder()))
        take_over = partial(later.begin, self.project, self.record.whole, self.folder) if later else None
        counted = write_site(
            self.plan,
            look,
            self.cache,
            self.folder,
            self.workers,
            progress,
            take_over,
            self.texts,
            self.finished,
            self.edited,
        )
        self.record = self.record.with_problems(counted.problems)
        return self.record
