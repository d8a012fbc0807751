"""The search of a preview follows its pages: it is made while they are looked at already."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.search import Search, SearchFiles
from loomworks_record.build.texts import Texts
from loomworks_record.errors import RecordError
from loomworks_record.record.whole import Whole
from loomworks_record.search.index import LIST
from loomworks_record.search.shards import FOLDER
from loomworks_record.source.project import Project

THREAD = "search of a preview"
_FEW = 24  # changed pages that are found beside the shards


class SearchLater:
    """One search at a time. What few edits changed is found at once, beside the shards as they were; when no edit
    follows, the shards are made as a build makes them. A newer build makes an older one give up at its next shard.

    ``lock`` is held by whoever writes into the site's folder. ``quiet``: for so many seconds after an edit an author
    looks at it, or edits again. ``left``: see ``left_in``.
    """

    def __init__(self, quiet: float = 5.0) -> None:
        self.lock = threading.RLock()
        self.left: dict[str, Any] = {}
        self._quiet = quiet
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._there: Search | None = None  # the one whose shards are in the folder

    def stop(self) -> None:
        """What is being made is not wanted any more."""
        self._stopped.set()

    def begin(self, project: Project, whole: Whole, folder: SiteFolder, search: Search) -> None:
        """Put the files of ``search`` into ``folder``, and make its missing shards first."""
        self.stop()
        self._stopped = threading.Event()
        arguments = (self._stopped, self._thread, project, whole, folder, search)
        self._thread = threading.Thread(target=self._make, args=arguments, name=THREAD, daemon=True)
        self._thread.start()

    def _make(
        self,
        stopped: threading.Event,
        before: threading.Thread | None,
        project: Project,
        whole: Whole,
        folder: SiteFolder,
        search: Search,
    ) -> None:
        # The preview may end, and its folder go away, at any moment; a search that fails is said by the next build.
        with suppress(RecordError, OSError), cache_to_build(project) as cache:
            texts, files = Texts(whole, cache), SearchFiles(search, cache)
            if self._there and files.missing() and len(files.changed(self._there)) <= _FEW:
                beside = files.beside(self._there, texts)
                with self.lock:
                    for address, data in () if stopped.is_set() else beside.items():
                        folder.put(address, data)
                stopped.wait(self._quiet)
            if before is not None:
                before.join()
            for _ in () if stopped.is_set() else files.make_missing(texts):
                if stopped.is_set():
                    return
            putting = files.putting(folder, texts)
            while True:
                with self.lock:  # for a moment: a build that waits for it comes between
                    if stopped.is_set():
                        return
                    self._there = None
                    there = next(putting)
                    if LIST in there:
                        folder.drop(FOLDER, there)
                        self._there = search
                        return
