"""Chains of which no page has changed: known by what their pages depend on, without making a frame. Pages that show the
texts of several chains: known by their frame and those chains, without asking what each text depends on. And pages that
show no text: known by what is said of the record, without making their frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from loomworks_record.build.folder import FILES, KeptFiles, SiteFolder
from loomworks_record.build.look import Look
from loomworks_record.build.texts import Texts
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.plan_parts import PlannedPage
from loomworks_record.pages.planning import Dependencies
from loomworks_record.source.document import Document


class _Asked(Struct, frozen=True):
    """A chain, or a page of none: ``chain`` is "" then."""

    chain: str
    addresses: frozenset[str]
    documents: tuple[Document, ...]


class ChainStates:
    """The chains of one plan, whose pages are ``planned``."""

    def __init__(
        self, plan: Plan, look: Look, cache: Cache, folder: SiteFolder, texts: Texts, planned: Iterable[PlannedPage]
    ) -> None:
        self.plan = plan
        self.look = look
        self.folder = folder
        self.texts = texts
        self._shelf = Shelf(cache, FILES, KeptFiles)
        self._addresses: dict[str, set[str]] = defaultdict(set)
        self._with_texts: list[tuple[PlannedPage, tuple[Document, ...]]] = []
        self._of_said: list[PlannedPage] = []
        for page in planned:
            self._addresses[page.chain].add(page.address)
            if isinstance(page.part, tuple):
                self._with_texts.append((page, page.part))
            elif page.besides is not None and plan.said:
                self._of_said.append(page)
        # A page of no chain may take the place of one: of a document that was withdrawn, and is still there.
        self._shared = {chain for chain, own in self._addresses.items() if own & self._addresses[""]}
        self._changed: dict[bytes, _Asked] = {}  # or not known: by the key under which it will be

    def find(self) -> set[str]:
        """The addresses of pages that are in the folder as they should be, as far as can be told. Once, and first."""
        asked = dict(self._asked())
        kept = self._shelf.get_many(list(asked))
        found: set[str] = set()
        for key, one in asked.items():
            known = kept.get(key)
            if known and known.files.keys() == one.addresses and self.folder.holds_all(known.files):
                found |= one.addresses
                self.texts.note_searched(known.searched)
            else:
                self._changed[key] = one
        return found

    def keep(self, digests: Mapping[str, str], besides: Collection[str]) -> None:
        """Note the others for later builds, but the chains ``besides``, by their ids. ``digests``: address → sha256
        (hex) of every page that was not found."""
        documents = [document for one in self._changed.values() if one.chain for document in one.documents]
        searched = self.texts.searched(documents if self.plan.site.search else ())
        self._shelf.put_many({
            key: KeptFiles(
                {address: digests[address] for address in one.addresses},
                {document.path: searched[document.path] for document in one.documents if searched and one.chain},
            )
            for key, one in self._changed.items()
            # A text in place is that of a document that could not be rendered.
            if one.chain not in besides and not any(self.texts.in_place(document) for document in one.documents)
        })  # fmt: skip

    def _asked(self) -> Iterator[tuple[bytes, _Asked]]:
        known = Dependencies(self.plan.whole, self.plan.log)
        chains: dict[str, bytes] = {}
        for chain in self.plan.whole.record.chains:
            value = known.of(chain) if chain.id not in self._shared else None
            if value is not None:
                chains[chain.id] = digest(self.look.key, "chain", *value)
                yield chains[chain.id], _Asked(chain.id, frozenset(self._addresses[chain.id]), chain.versions)
        for page in self._of_said:
            key = digest(self.look.key, self.plan.said, page.address, page.besides() if page.besides else ())
            yield key, _Asked("", frozenset((page.address,)), ())
        for page, documents in self._with_texts:
            around = [chains.get(document.chain) for document in documents]
            if None not in around:
                key = digest(self.look.key, page.address, page.values(), around)
                yield key, _Asked("", frozenset((page.address,)), documents)
