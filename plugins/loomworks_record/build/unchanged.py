"""Chains of which no page has changed: known by what their pages depend on, without making a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.look import Look
from loomworks_record.build.texts import Texts
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages.dependencies import Dependencies
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.planned import PlannedPage
from loomworks_record.record.chains import Chain


class _KeptChain(msgspec.Struct, frozen=True):
    """Of a chain: address → sha256 of its pages, path → digest of what is searched of its documents."""

    pages: dict[str, bytes]
    searched: dict[str, bytes]


class Unchanged:
    """The chains of one plan, whose pages are ``planned``."""

    def __init__(
        self, plan: Plan, look: Look, cache: Cache, folder: SiteFolder, texts: Texts, planned: Iterable[PlannedPage]
    ) -> None:
        self.plan = plan
        self.look = look
        self.folder = folder
        self.texts = texts
        self._shelf = Shelf(cache, "chain", _KeptChain)
        self._addresses: dict[str, set[str]] = defaultdict(set)
        for page in planned:
            self._addresses[page.chain].add(page.address)
        # A page of no chain may take the place of one: of a document that was withdrawn, and is still there.
        self._shared = {chain for chain, own in self._addresses.items() if own & self._addresses[""]}
        self._changed: dict[Chain, bytes] = {}  # or not known: with the key under which it will be

    def find(self) -> set[str]:
        """The addresses of pages that are in the folder as they should be, as far as can be told. Once, and first."""
        keys = self._keys()
        kept = self._shelf.get_many(list(keys))
        found: set[str] = set()
        for key, chain in keys.items():
            known, addresses = kept.get(key), self._addresses[chain.id]
            if known and known.pages.keys() == addresses and self._are_there(known):
                found |= addresses
                self.texts.note_searched(known.searched)
            else:
                self._changed[chain] = key
        return found

    def keep(self, digests: Mapping[str, str], besides: Collection[str]) -> None:
        """Note the other chains for later builds, but those ``besides``, by their ids. ``digests``: address → sha256
        (hex) of every page that was not found."""
        documents = [document for chain in self._changed for document in chain.versions]
        searched = self.texts.searched(documents if self.plan.site.search else ())
        self._shelf.put_many({
            key: _KeptChain(
                {address: bytes.fromhex(digests[address]) for address in self._addresses[chain.id]},
                {document.path: searched[document.path] for document in chain.versions if searched},
            )
            for chain, key in self._changed.items()
            # A text in place is that of a document that could not be rendered.
            if chain.id not in besides and not any(self.texts.in_place(document) for document in chain.versions)
        })  # fmt: skip

    def _keys(self) -> dict[bytes, Chain]:
        record = self.plan.whole.record
        known = Dependencies(self.plan.whole, self.plan.log)
        values = ((chain, known.of(chain)) for chain in record.chains if chain.id not in self._shared)
        return {digest(self.look.key, "chain", *value): chain for chain, value in values if value is not None}

    def _are_there(self, kept: _KeptChain) -> bool:
        return all(self.folder.holds(address, sha256.hex()) for address, sha256 in kept.pages.items())
