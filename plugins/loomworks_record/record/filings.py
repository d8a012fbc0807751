"""When a version was filed, and when it was in force: from its filing until a later version of its chain was filed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Literal

from msgspec import Struct

from loomworks_record.record.chains import Chain, rank
from loomworks_record.source.document import Document
from loomworks_record.source.names import Notation
from loomworks_record.source.version import version_key

Source = Literal["", "git", "document", "own"]


class Moment(Struct, frozen=True):
    """A second, or a day of which nothing more is known: then ``at`` is its first second (UTC). ``source``: "" of the
    filing itself, "git" or "document" of one that was adopted, "own" of a version without one, which has its own date.
    ``number``: the sequence of its entry in the log, -1 without one."""

    at: datetime
    is_day: bool
    source: Source = "own"
    number: int = -1

    @property
    def day(self) -> date:
        return self.at.date()

    def __str__(self) -> str:
        return self.day.isoformat() if self.is_day else self.at.strftime("%Y-%m-%dT%H:%M:%SZ")


class InForce(Struct, frozen=True):
    """From a moment on, until another or (None) until today. ``since`` None: nobody knows since when."""

    since: Moment | None
    until: Moment | None

    def holds(self, end: datetime) -> bool:
        """Whether the version was in force just before ``end``."""
        return self.since is not None and self.since.at < end and (self.until is None or self.until.at >= end)


def moment(text: str, source: Source = "own", number: int = -1) -> Moment:
    """A day as "2026-05-12", or a second as "2026-05-12T10:00:00Z"; ValueError otherwise."""
    if len(text) == len("2026-05-12"):
        return Moment(datetime.combine(date.fromisoformat(text), time(), UTC), True, source, number)
    read = datetime.fromisoformat(text)
    if read.isoformat() != f"{text[:-1]}+00:00":  # other forms of ISO 8601
        raise ValueError(text)
    return Moment(read, False, source, number)


def end_of(text: str) -> datetime:
    """What comes right after a day, or after a second ("2026-05-12T10:00", with seconds and a zone where one is meant;
    UTC without): ``InForce.holds`` of it says what held then. ValueError for anything else."""
    if len(text) == len("2026-05-12"):
        return moment(text).at + timedelta(days=1)
    if "T" not in text:
        raise ValueError(text)
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC) + timedelta(seconds=1)


class Filings:
    """Of one record: the filings of its log by the path that each was filed at, whether that is still held or not."""

    def __init__(self, filed: Mapping[str, Moment], notation: Notation) -> None:
        self.filed = filed
        self._notation = notation
        self._filed_of: dict[str, _Earliest] = {}  # of a chain
        self._held_of: dict[str, _Earliest] = {}

    def of(self, document: Document, former: str | None = None) -> Moment | None:
        """When a version was filed; ``former``: its path before it was renamed. Without a filing its own date."""
        known = self.filed.get(document.public_path) or self.filed.get(former or "")
        if known is not None or document.date is None:
            return known
        return moment(document.date.isoformat())

    def in_force(self, chain: Chain, document: Document) -> InForce | None:
        """When the version of ``document`` was in force, as far as is known; None if it never was: a later version
        was filed before it, or it lies in the archive and nothing is known to have taken its place."""
        since = self.of(document)
        if chain.id not in self._held_of:
            self._held_of[chain.id] = _Earliest((rank(each), self.of(each)) for each in chain.versions)
        later = [
            self._held_of[chain.id].after(rank(document)),
            self._filed(chain.id).after(version_key(document.version)),
            self.of(chain.replaced_by) if chain.replaced_by else None,
        ]
        until = min(filter(None, later), key=_at, default=None)
        if until is None and chain.standing(document) == "archived":
            return None
        if since is not None and until is not None and until.at < since.at:
            return None
        return InForce(since, until)

    def _filed(self, chain_id: str) -> _Earliest:
        if not self._filed_of:
            of_chain: dict[str, list[tuple[tuple[int, ...], Moment | None]]] = defaultdict(list)
            for path, filed in self.filed.items():
                place = self._notation.place(path)
                if place.name.version is not None:
                    of_chain[place.chain].append((version_key(place.name.version), filed))
            self._filed_of = {"": _Earliest(()), **{chain: _Earliest(found) for chain, found in of_chain.items()}}
        return self._filed_of.get(chain_id, self._filed_of[""])


def _at(moment: Moment) -> datetime:
    return moment.at


def _earlier(one: Moment, other: Moment) -> Moment:
    return other if other.at <= one.at else one


class _Earliest:
    """Moments by what sorts versions; the earliest of all that come after one."""

    def __init__(self, moments: Iterable[tuple[tuple[int, ...], Moment | None]]) -> None:
        known = sorted(((key, moment) for key, moment in moments if moment), key=lambda each: each[0])
        self._keys = [key for key, _ in known]
        self._firsts = list(accumulate((moment for _, moment in reversed(known)), _earlier))[::-1]

    def after(self, key: tuple[int, ...]) -> Moment | None:
        at = bisect_right(self._keys, key)
        return self._firsts[at] if at < len(self._firsts) else None
