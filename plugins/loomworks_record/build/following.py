"""The chains of a record followed through their versions, before any page is made: what a page says of a section may
depend on any other chain. The texts and comparisons that are made for that are those that the pages show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from msgspec import Struct

from loomworks_record.build.packing import COMPARISON, TEXT, PartKey, unpacked_fates
from loomworks_record.build.texts import Texts
from loomworks_record.build.work import Batch, BatchResult, ComparisonJob, render_batch
from loomworks_record.build.workers import Workers
from loomworks_record.comparison.values import Fates
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest
from loomworks_record.pages.compare import Pair, compared_pairs, comparison_inputs
from loomworks_record.pages.since import neighbours, shelf_of, through_key, through_of
from loomworks_record.record.chains import Chain
from loomworks_record.record.through import Through
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document

_AT_ONCE = 64  # chains that are looked up together
_WEIGHT = 400_000  # bytes of documents of one batch, as for pages


def follow_chains(whole: Whole, cache: Cache, workers: Workers) -> Texts:
    """Have the way of each chain through its versions in ``cache``, where ``whole`` finds it; the texts of the record,
    as far as they had to be looked up."""
    following = _Following(whole, cache, Texts(whole, cache))
    if whole.kept_problems is not None:  # then the ways were kept, too
        return following.texts
    missing = following.missing()
    for made in workers.results(render_batch, following.batches(missing)):
        following.take(made)
    following.keep(missing)
    return following.texts


@dataclass(slots=True)
class _Todo:
    """What is to be made in one batch: comparisons by their keys, and the documents whose texts they need."""

    comparisons: dict[bytes, ComparisonJob] = field(default_factory=dict)
    documents: dict[bytes, Document] = field(default_factory=dict)
    weight: int = 0


class _Following(Struct, frozen=True):
    whole: Whole
    cache: Cache
    texts: Texts

    def missing(self) -> list[Chain]:
        """The chains whose way is not kept."""
        chains = [chain for chain in self.whole.record.chains if neighbours(chain)]
        self.whole.ways.update((chain.id, b"") for chain in self.whole.record.chains)
        found: list[Chain] = []
        for portion in _portions(chains):
            keys = {through_key(self.whole, chain): chain for chain in portion}
            kept = shelf_of(self.cache).get_many(list(keys))
            lost = [chain for key, chain in keys.items() if key not in kept]
            self.whole.ways.update((keys[key].id, said) for key, said in kept.items())
            for chain in lost:
                del self.whole.ways[chain.id]
            found += lost
        return found

    def batches(self, chains: Sequence[Chain]) -> Iterator[Batch]:
        """What has to be made for these: whole chains, for their versions share most of their text."""
        todo = _Todo()
        for portion in _portions(chains):
            self.texts.look_up(document for chain in portion for document in chain.versions)
            for chain in portion:
                self._add(chain, todo)
                if todo.weight >= _WEIGHT:
                    yield self._batch(todo)
                    todo = _Todo()
        if todo.comparisons:
            yield self._batch(todo)

    def take(self, made: BatchResult) -> None:
        self.texts.made_first.update(made.parts)
        made.keep(self.cache)

    def keep(self, chains: Sequence[Chain]) -> None:
        """Keep the ways of these, as far as they could be told."""
        for portion in _portions(chains):
            keys = {chain: [self._key(chain, pair) for pair in neighbours(chain)] for chain in portion}
            fates = self._fates([key for own in keys.values() for key in own])
            said: dict[bytes, bytes] = {}
            found: dict[bytes, Through] = {}
            for chain, own in keys.items():
                if all(key in fates for key in own):
                    through = through_of(self.whole, chain, [fates[key] for key in own])
                    key = through_key(self.whole, chain)
                    found[key], said[key] = through, digest(through.said)
                    self.whole.ways[chain.id] = said[key]
            shelf_of(self.cache).put_many(said, found)

    def _fates(self, keys: Sequence[bytes]) -> dict[bytes, Fates | None]:
        found = {}
        for key, packed in self.cache.get_many(COMPARISON, keys).items():
            with suppress(ValueError):
                found[key] = unpacked_fates(packed)
        return found

    def _key(self, chain: Chain, pair: Pair) -> bytes:
        return self.texts.comparison_key(comparison_inputs(self.whole.record, chain, *pair), *pair)

    def _add(self, chain: Chain, todo: _Todo) -> None:
        """The comparisons of a chain that are not there: all that it has pages of, while its texts are at hand."""
        near = {self._key(chain, pair): pair for pair in neighbours(chain)}
        if not near.keys() - self._fates(list(near)).keys():
            return
        waits = self.cache.left is not None  # somebody, for a page that shows none of the others
        every = [] if waits else compared_pairs(chain, self.whole.record.config.compare_all)
        pairs = near | {self._key(chain, pair): pair for pair in every}
        kept = self.cache.get_many(COMPARISON, [key for key in pairs if key not in near])
        for key, pair in pairs.items():
            if key in kept:
                continue
            olds, news = (self.texts.key(document) for document in pair)
            job = ComparisonJob(comparison_inputs(self.whole.record, chain, *pair), olds, news, follow=key in near)
            todo.comparisons[key] = job
            todo.documents |= zip((olds, news), pair, strict=True)
            todo.weight += sum(document.size for document in pair)

    def _batch(self, todo: _Todo) -> Batch:
        found = self.cache.get_bulks(TEXT, list(todo.documents))
        kept: dict[PartKey, bytes] = {(TEXT, key): packed for key, packed in found.items()}
        jobs = self.texts.to_render(todo.documents, kept)
        return Batch(b"", jobs, todo.comparisons, (), kept)


def _portions(chains: Sequence[Chain]) -> Iterator[Sequence[Chain]]:
    return (chains[start : start + _AT_ONCE] for start in range(0, len(chains), _AT_ONCE))
