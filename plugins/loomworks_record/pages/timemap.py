"""The TimeMap of a chain (RFC 7089): its versions with the moment from which each was in force, oldest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import format_datetime

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Site
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record


@dataclass(frozen=True, slots=True)
class Memento:
    address: str
    at: str


@dataclass(frozen=True, slots=True)
class TimeMap:
    """Addresses are absolute where the site has one. ``at``: as HTTP writes a time. A version of which nobody knows
    since when is left out, for a memento has a time."""

    original: str
    address: str
    history: str
    mementos: tuple[Memento, ...]


def timemap(record: Record, site: Site, chain: Chain) -> TimeMap:
    filed = [(moment, document) for document in chain.named() if (moment := record.filing(document))]
    filed.sort(key=lambda each: each[0].at)
    mementos = (
        Memento(site.absolute(addresses.view(document)), format_datetime(moment.at, usegmt=True))
        for moment, document in filed
    )
    return replace(empty_timemap(site, chain.id), mementos=tuple(mementos))


def empty_timemap(site: Site, chain_id: str) -> TimeMap:
    """Of a chain of which every version was withdrawn."""
    original, own = addresses.latest(chain_id), addresses.timemap(chain_id)
    return TimeMap(site.absolute(original), site.absolute(own), site.absolute(addresses.history(chain_id)), ())
