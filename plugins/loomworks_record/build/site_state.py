"""What a site was made of when it was last finished, and what stood in its folder then.

Where record, log and look are the same as then, no page has to be planned; and what nobody has touched since need not
be hashed to know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import msgspec

from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.look import Look
from loomworks_record.bundle.files import File
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages.plan import Plan
from loomworks_record.source.problem import sort_key


class _KeptSite(msgspec.Struct, frozen=True):
    made_of: bytes
    pages: int
    files: dict[str, File]


class SiteState:
    """Of the site in one folder."""

    def __init__(self, cache: Cache, folder: SiteFolder) -> None:
        self._shelf = Shelf(cache, "site", _KeptSite)
        self._folder = folder
        self._key = digest("site", str(folder.root.resolve()))

    @cached_property
    def _kept(self) -> _KeptSite:
        return self._shelf.get(self._key) or _KeptSite(b"", 0, {})

    @property
    def files(self) -> Mapping[str, File]:
        """What stood in the folder, by address."""
        return self._kept.files

    def pages(self, made_of: bytes) -> int:
        """How many pages the site has, if it is made of that and all its files are there (they stay); else 0."""
        kept = self._kept
        if kept.made_of != made_of or not all(self._folder.holds(at, file.digest) for at, file in kept.files.items()):
            return 0
        return kept.pages

    def keep(self, made_of: bytes, pages: int) -> None:
        """Note what is wanted in the folder."""
        self._shelf.put_many({self._key: _KeptSite(made_of, pages, dict(self._folder.wanted))})


def made_of(plan: Plan, look: Look) -> bytes:
    """The digest of all that the pages and files of a plan depend on, but for the bytes of attachments."""
    whole, looks = plan.whole, (look.site, look.templates, look.assets)
    known = sorted(plan.known, key=sort_key)
    return digest(ground(), looks, whole.record.made_of, whole.more_problems, plan.log, known)
