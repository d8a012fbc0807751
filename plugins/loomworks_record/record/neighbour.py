"""Chains as others see them, and one digest of all that others see of documents and of chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Protocol

import msgspec

from loomworks_record.kept.memo import key_of
from loomworks_record.source.neighbour import Neighbour


class NeighbourChain(Protocol):
    """A chain as others see it: see the members of the same names of ``Chain``."""

    @property
    def id(self) -> str: ...
    @property
    def versions(self) -> Sequence[Neighbour]: ...
    @property
    def current(self) -> Neighbour | None: ...
    @property
    def replaced_by(self) -> Neighbour | None: ...
    @property
    def against(self) -> str: ...
    @property
    def newest(self) -> Neighbour: ...
    def named(self) -> Sequence[Neighbour]: ...


SEEN = tuple(each.name for each in fields(Neighbour))


def neighbours_digest(documents: Iterable[Neighbour]) -> bytes:
    """The digest of all that others see of documents, in their order."""
    return key_of(msgspec.msgpack.encode([[getattr(each, member) for member in SEEN] for each in documents]))


def chains_digest(chains: Iterable[NeighbourChain]) -> bytes:
    """The digest of all that others see of chains."""
    return key_of(msgspec.msgpack.encode([list(_chain_seen(chain)) for chain in chains]))


def _chain_seen(chain: NeighbourChain) -> Iterator[object]:
    yield chain.id
    yield chain.against
    yield [each.path for each in chain.versions]
    yield [each.path for each in chain.named()]
    yield [each and each.path for each in (chain.current, chain.replaced_by, chain.newest)]
