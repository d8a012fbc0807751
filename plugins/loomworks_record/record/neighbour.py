"""What may be known of a document that is not one's own: types, and one digest of all that they give.

Mentions are resolved against these types, names and addresses are made from them, and the digest holds every member of
them. What others are to read of a document beyond that must become a member here, and is in the digest with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

import msgspec

from loomworks_record.kept.memo import key_of
from loomworks_record.source.kinds import Role
from loomworks_record.source.names import Name, PhaseKey
from loomworks_record.source.version import Version


class Neighbour(Protocol):
    """A document as others see it: see the members of the same names of ``Document``."""

    @property
    def path(self) -> str: ...
    @property
    def public_path(self) -> str: ...
    @property
    def name(self) -> Name: ...
    @property
    def form(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def chain(self) -> str: ...
    @property
    def archived_by_folder(self) -> bool: ...
    @property
    def title(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def date(self) -> date | None: ...
    @property
    def cr_number(self) -> str | None: ...

    # What follows from the path and the name

    @property
    def version(self) -> Version | None: ...
    @property
    def section(self) -> str: ...
    @property
    def phase_folder(self) -> str | None: ...
    @property
    def phase(self) -> int | None: ...
    @property
    def phase_key(self) -> PhaseKey | None: ...


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


_FOLLOWING = frozenset({"version", "section", "phase_folder", "phase", "phase_key"})
SEEN = tuple(name for name in vars(Neighbour) if isinstance(vars(Neighbour)[name], property) and name not in _FOLLOWING)


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
