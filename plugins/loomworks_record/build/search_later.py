"""The search of a preview follows its pages: it is made while they are looked at already."""

from __future__ import annotations

import threading
from contextlib import suppress

from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.search import Search, SearchFiles
from loomworks_record.build.texts import Texts
from loomworks_record.errors import RecordError
from loomworks_record.record.whole import Whole
from loomworks_record.source.project import Project


class SearchLater:
    """One search at a time: a newer build makes an older one give up at its next shard.

    ``lock`` is held by whoever writes into the site's folder.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._turn = 0
        self._thread: threading.Thread | None = None

    def stop(self) -> None:
        """What is being made is not wanted any more."""
        self._turn += 1

    def begin(self, project: Project, whole: Whole, folder: SiteFolder, search: Search) -> None:
        """Make the missing shards of ``search``, and put its files into ``folder`` when all are there."""
        self.stop()
        arguments = (self._turn, self._thread, project, whole, folder, search)
        self._thread = threading.Thread(target=self._make, args=arguments, daemon=True)
        self._thread.start()

    def _make(
        self,
        turn: int,
        before: threading.Thread | None,
        project: Project,
        whole: Whole,
        folder: SiteFolder,
        search: Search,
    ) -> None:
        if before is not None:
            before.join()
        # The preview may end, and its folder go away, at any moment; a search that fails is said by the next build.
        with suppress(RecordError, OSError), cache_to_build(project) as cache:
            texts, files = Texts(whole, cache), SearchFiles(search, cache)
            for _ in files.make_missing(texts):
                if turn != self._turn:
                    return
            with self.lock:
                if turn == self._turn:
                    files.put(folder, texts)
