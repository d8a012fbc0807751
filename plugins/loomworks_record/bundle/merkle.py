"""Merkle tree hashes and proofs as RFC 6962 §2.1 defines them (RFC 9162 §2.1 keeps them), with SHA-256.

Leaves are byte strings; ``MTH({}) = SHA-256("")``, a leaf hashes with a 0x00 before it, a node with 0x01, and a tree
of n > 1 leaves splits at k, the largest power of two smaller than n.

The log as tiles (C2SP tlog-tiles) is what any client of that world needs to read entries and make proofs. A tile holds
256 hashes of one level, a bundle 256 entries. Whoever holds an older checkpoint may ask for the unfinished tile as it
was then, so each width that the last one has had stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

WIDTH = 256


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]): 32 bytes."""
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        _push(peaks, size, leaf)
    return _bag(peaks)


def prefix_roots(leaves: Sequence[bytes]) -> Iterator[bytes]:
    """MTH of the first 0, 1, …, n leaves."""
    peaks: list[bytes] = []
    yield _bag(peaks)
    for size, leaf in enumerate(leaves):
        _push(peaks, size, leaf)
        yield _bag(peaks)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """PATH(index, D[n]), the hash next to the leaf first; IndexError outside 0 … n-1."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    return _path(index, [leaf_hash(leaf) for leaf in leaves])


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that the proof leads to, or None if it has not the length that (index, size) demand."""
    if not 0 <= index < size:
        return None
    return _climb(leaf_hash(leaf), index, size, list(proof))


def consistency_proof(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """PROOF(first, D[n]) that the tree of n leaves extends the one of the first ``first``; 0 < first ≤ n."""
    if not 0 < first <= len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves extends none of {first}")
    return _subproof(first, [leaf_hash(leaf) for leaf in leaves], whole=True)


def _push(peaks: list[bytes], size: int, leaf: bytes) -> None:
    node = leaf_hash(leaf)
    while size & 1:
        node = node_hash(peaks.pop(), node)
        size >>= 1
    peaks.append(node)


def _bag(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256().digest()
    node = peaks[-1]
    for left in reversed(peaks[:-1]):
        node = node_hash(left, node)
    return node


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of one level, at least one."""
    if len(hashes) == 1:
        return hashes[0]
    k = _split(len(hashes))
    return node_hash(tree_hash(hashes[:k]), tree_hash(hashes[k:]))


def _path(index: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    if len(hashes) == 1:
        return ()
    k = _split(len(hashes))
    if index < k:
        return (*_path(index, hashes[:k]), tree_hash(hashes[k:]))
    return (*_path(index - k, hashes[k:]), tree_hash(hashes[:k]))


def _climb(node: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    if size == 1:
        return None if proof else node
    if not proof:
        return None
    k = _split(size)
    beside = proof.pop()
    if index < k:
        left = _climb(node, index, k, proof)
        return None if left is None else node_hash(left, beside)
    right = _climb(node, index - k, size - k, proof)
    return None if right is None else node_hash(beside, right)


def _subproof(first: int, hashes: Sequence[bytes], *, whole: bool) -> tuple[bytes, ...]:
    if first == len(hashes):
        return () if whole else (tree_hash(hashes),)
    k = _split(len(hashes))
    if first <= k:
        return (*_subproof(first, hashes[:k], whole=whole), tree_hash(hashes[k:]))
    return (*_subproof(first - k, hashes[k:], whole=False), tree_hash(hashes[:k]))


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
