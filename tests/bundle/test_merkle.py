"""The Merkle tree against RFC 6962 §2.1, read literally."""

from __future__ import annotations

import hashlib

import pytest
from bundle.proofs import is_consistent
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle import merkle

LEAVES = st.lists(st.binary(max_size=40), max_size=70)


def mth(leaves: list[bytes]) -> bytes:
    """MTH as the RFC defines it, written from the definition alone."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of §2.1.1."""
    n = len(leaves)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], b: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of §2.1.2."""
    n = len(leaves)
    if m == n:
        return [] if b else [mth(leaves)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], b), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


@given(LEAVES)
def test_root_is_the_merkle_tree_hash(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == mth(leaves)
    assert list(merkle.prefix_roots(leaves)) == [mth(leaves[:size]) for size in range(len(leaves) + 1)]


@given(LEAVES.filter(bool), st.data())
def test_inclusion_proofs(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion_proof(leaves, index)
    assert list(proof) == path(index, leaves)
    root = merkle.root(leaves)
    assert merkle.root_from_inclusion(leaves[index], index, len(leaves), proof) == root
    wrong_leaf = leaves[index] + b"!"
    assert merkle.root_from_inclusion(wrong_leaf, index, len(leaves), proof) != root
    assert merkle.root_from_inclusion(leaves[index], index, len(leaves), (*proof, root)) is None
    if proof:
        assert merkle.root_from_inclusion(leaves[index], index, len(leaves), proof[:-1]) is None
        broken = (bytes(32), *proof[1:])
        assert merkle.root_from_inclusion(leaves[index], index, len(leaves), broken) != root


@given(LEAVES.filter(bool), st.data())
def test_consistency_proofs(leaves: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(leaves)))
    proof = merkle.consistency_proof(leaves, first)
    assert list(proof) == subproof(first, leaves, True)
    old, new = merkle.root(leaves[:first]), merkle.root(leaves)
    assert is_consistent(first, len(leaves), old, new, proof)
    assert not is_consistent(first, len(leaves), bytes(32), new, proof)
    assert not is_consistent(first, len(leaves), old, bytes(32), proof)
    assert not is_consistent(first, len(leaves), old, new, (*proof, old))
    assert not is_consistent(0, len(leaves), old, new, proof)
    assert not is_consistent(len(leaves) + 1, len(leaves), old, new, proof)
    if proof:
        assert not is_consistent(first, len(leaves), old, new, proof[:-1])
        assert not is_consistent(first, len(leaves), old, new, (*proof[:-1], bytes(32)))


def test_the_examples_of_the_rfc() -> None:
    """§2.1.3: the seven-leaf tree, its audit paths and consistency proofs, by the names the RFC gives the nodes."""
    d = [bytes([number]) for number in range(7)]
    a, b, c, e, f, g = (merkle.leaf_hash(leaf) for leaf in d[:6])  # the RFC's a, b, c, d, e, f
    j = merkle.leaf_hash(d[6])
    h, i = merkle.node_hash(a, b), merkle.node_hash(c, e)
    k, l_ = merkle.node_hash(f, g), merkle.node_hash(merkle.node_hash(f, g), j)
    whole = merkle.node_hash(i_ := merkle.node_hash(h, i), l_)
    assert merkle.root(d) == whole
    assert merkle.inclusion_proof(d, 0) == (b, i, l_)
    assert merkle.inclusion_proof(d, 3) == (c, h, l_)
    assert merkle.inclusion_proof(d, 4) == (g, j, i_)
    assert merkle.inclusion_proof(d, 6) == (k, i_)
    assert merkle.consistency_proof(d, 3) == (c, e, h, l_)
    assert merkle.consistency_proof(d, 4) == (l_,)
    assert merkle.consistency_proof(d, 6) == (k, j, i_)


def test_the_empty_tree() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_outside_the_tree_has_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof([b"a", b"b", b"c"], index)
    assert merkle.root_from_inclusion(b"a", index, 3, ()) is None
