"""The log as tiles (C2SP tlog-tiles): what any client of that world needs to read entries and make proofs.

A tile holds 256 hashes of one level, a bundle 256 entries. Whoever holds an older checkpoint may ask for the unfinished
tile as it was then, so each width that the last one has had stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from loomworks_record.bundle.merkle import leaf_hash, tree_hash

WIDTH = 256


def tiles(leaves: Sequence[bytes]) -> dict[str, bytes]:
    """Path below the log's prefix → bytes of every tile and entry bundle."""
    found: dict[str, bytes] = {}
    for path, parts in _parts(leaves):
        for name, count in _widths(path, len(parts)):
            found[name] = b"".join(parts[:count])
    return found


def tile_digests(leaves: Sequence[bytes]) -> dict[str, str]:
    """The sha256 (hex) of each, without making the unfinished ones again for each width."""
    found: dict[str, str] = {}
    for path, parts in _parts(leaves):
        wanted = {count: name for name, count in _widths(path, len(parts))}
        digest = hashlib.sha256()
        for count, part in enumerate(parts, 1):
            digest.update(part)
            if count in wanted:
                found[wanted[count]] = digest.hexdigest()
    return found


def _widths(path: str, count: int) -> Iterator[tuple[str, int]]:
    if count == WIDTH:
        yield path, WIDTH
    else:
        yield from ((f"{path}.p/{width}", width) for width in range(1, count + 1))


def _parts(leaves: Sequence[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """The path of each whole or unfinished tile, and what it is put together from."""
    entries = [len(leaf).to_bytes(2) + leaf for leaf in leaves]
    for number in range(-(-len(entries) // WIDTH)):
        yield f"tile/entries/{_number(number)}", entries[number * WIDTH : (number + 1) * WIDTH]
    hashes, level = [leaf_hash(leaf) for leaf in leaves], 0
    while hashes:
        rows = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        for number, row in enumerate(rows):
            yield f"tile/{level}/{_number(number)}", row
        hashes, level = [tree_hash(row) for row in rows if len(row) == WIDTH], level + 1


def _number(number: int) -> str:
    """``1234067`` → ``x001/x234/067``."""
    text = f"{number % 1000:03}"
    while number := number // 1000:
        text = f"x{number % 1000:03}/{text}"
    return text
