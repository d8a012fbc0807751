"""Shards: which index a document falls into, so that an edit makes one of them anew and the others stand.

A small record has one shard. A larger one keeps current and archived versions apart (a first search needs the
current ones only), and splits each half by the bits of a hash, until no part is larger than ``LARGEST``. The first
bits are of the document's group, so that what is filed together falls together; a group that is too large for one
shard is split by the chains in it. Where a page falls depends on nothing but itself and on how many share its bits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from loomworks_record.search.engine import CHUNK, engine_version

# Pages of a shard; some 9 milliseconds of processor time each to index (docs/decisions/0050). A record of some hundreds
# to a few thousand documents can have smaller ones: its first search stays far below what a large record's costs.
LARGEST, LARGEST_OF_FEW, FEW = 600, 120, 2500
FOLDER = "pagefind/"
BESIDE = "new"  # with it begin the names of a preview's own shards, as search.js knows
_FORM = 4  # of what this room makes from the same pages; another form is another key
_GROUP_BYTES, _CHAIN_BYTES = 2, 6
_BITS = 8 * (_GROUP_BYTES + _CHAIN_BYTES)

Holds = Literal["current", "archived", "all"]


class SearchedPage(Struct, frozen=True):
    """A page to be searched: its address, the group (its phase, else its section) and the chain that it belongs to,
    its standing, and the digest of what is searched (``SearchText.html``)."""

    address: str
    group: str
    chain: str
    archived: bool
    digest: str


class Shard(Struct, frozen=True):
    """One index: a name that no other has, the addresses of its pages in their order with the digest of what is
    searched of each, and the key of its files.

    An equal key means equal files, byte for byte.
    """

    name: str
    holds: Holds
    pages: Mapping[str, str]
    key: str

    @property
    def folder(self) -> str:
        """Where its files stand in the site; never the folder of another content."""
        return f"{FOLDER}shards/{self.name}.{self.key[:10]}/"


def shards(pages: Sequence[SearchedPage], *, largest: int | None = None) -> tuple[Shard, ...]:
    """The shards of a record, in the order of their names; none for no pages. ``largest``: pages of a shard."""
    if len(pages) <= (largest or LARGEST):
        return (_shard("all", "all", pages),) if pages else ()
    largest = largest or (LARGEST_OF_FEW if len(pages) <= FEW else LARGEST)
    found = [*_halves(pages, "current", largest), *_halves(pages, "archived", largest)]
    return tuple(sorted(found, key=lambda shard: shard.name))


def beside(pages: Sequence[SearchedPage], shards: Sequence[Shard]) -> tuple[Shard, ...]:
    """What of a preview has changed since its ``shards`` were made, in shards of its own, parted as those are."""
    if any(shard.holds == "all" for shard in shards):
        return (_shard(f"{BESIDE}all", "all", pages),) if pages else ()
    halves: dict[Holds, list[SearchedPage]] = {"current": [], "archived": []}
    for page in pages:
        halves["archived" if page.archived else "current"].append(page)
    return tuple(_shard(BESIDE + holds, holds, half) for holds, half in halves.items() if half)


def _halves(pages: Iterable[SearchedPage], holds: Literal["current", "archived"], largest: int) -> Iterator[Shard]:
    placed = [(_bits(page), page) for page in pages if page.archived == (holds == "archived")]
    for prefix, part in _split(placed, "", largest):
        yield _shard(holds[0] + prefix, holds, part)


def _split(
    placed: list[tuple[str, SearchedPage]], prefix: str, largest: int
) -> Iterator[tuple[str, list[SearchedPage]]]:
    """Parts of at most ``largest`` pages by the next bit, and the next. Versions of one chain are never parted."""
    if not placed:
        return
    if len(placed) <= largest or len(prefix) == _BITS:
        yield prefix, [page for _, page in placed]
        return
    for bit in "01":
        here = [(bits, page) for bits, page in placed if bits[len(prefix)] == bit]
        yield from _split(here, prefix + bit, largest)


def _bits(page: SearchedPage) -> str:
    place = _digest(page.group)[:_GROUP_BYTES] + _digest(page.chain)[:_CHAIN_BYTES]
    return f"{int.from_bytes(place):0{_BITS}b}"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _shard(name: str, holds: Holds, pages: Iterable[SearchedPage]) -> Shard:
    ordered = sorted(pages, key=lambda page: page.address)
    digests = {page.address: page.digest for page in ordered}
    made_of = [_FORM, engine_version(), CHUNK, name, list(digests.items())]
    key = hashlib.sha256(json.dumps(made_of).encode("ascii")).hexdigest()
    return Shard(name, holds, digests, key)
