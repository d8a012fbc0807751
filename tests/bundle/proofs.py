"""Consistency proofs (RFC 6962 §2.1.2), checked as a witness does."""

from __future__ import annotations

from collections.abc import Sequence

from loomworks_record.bundle.merkle import node_hash


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of ``second`` leaves begins with that of ``first``."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    roots = _both_roots(first, second, list(proof), first_root, whole=True)
    return roots == (first_root, second_root, [])


def _both_roots(
    first: int, second: int, proof: list[bytes], first_root: bytes, *, whole: bool
) -> tuple[bytes, bytes, list[bytes]] | None:
    """Old and new hash of this subtree, and the rest of the proof; the recursion of SUBPROOF read backwards."""
    if first == second:
        if whole:
            return first_root, first_root, proof
        return (proof[-1], proof[-1], proof[:-1]) if proof else None
    if not proof:
        return None
    k = 1 << ((second - 1).bit_length() - 1)
    beside, rest = proof[-1], proof[:-1]
    if first <= k:
        below = _both_roots(first, k, rest, first_root, whole=whole)
        return below and (below[0], node_hash(below[1], beside), below[2])
    below = _both_roots(first - k, second - k, rest, first_root, whole=False)
    return below and (node_hash(beside, below[0]), node_hash(beside, below[1]), below[2])
