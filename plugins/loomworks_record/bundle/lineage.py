"""How two views of a log stand to each other: the same, one grown from the other, or forked, and where."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.bundle import merkle
from loomworks_record.bundle.log import parse_entry, parse_log
from loomworks_record.bundle.paths import said
from loomworks_record.bundle.statements import Checkpoint, Stamp, parse_checkpoint, parse_note, parse_stamp
from loomworks_record.errors import RecordError

SAME, GROWN, SHRUNK, FORKED, UNKNOWN, OTHER = "same", "grown", "shrunk", "forked", "unknown", "other"


class View(Struct, frozen=True):
    """What somebody was shown of a log. None: not known. ``root`` is 32 bytes; a stamp alone knows only the digest of
    its checkpoint."""

    name: str
    origin: str | None = None
    size: int | None = None
    root: bytes | None = None
    leaves: Sequence[bytes] | None = None
    stamp: Stamp | None = None


class Relation(Struct, frozen=True):
    """How the second view stands to the first; ``entry``: the first that differs, where that can be told."""

    kind: str
    words: str
    entry: int | None = None


def accepted_view(data: bytes, name: str = "what was accepted") -> View:
    """A view from a stamp, a checkpoint, a signed note or a log; ValueError for anything else."""
    is_json = data.startswith(b"{")
    if (is_json and b'"format"' not in data.partition(b"\n")[0]) or not data:
        try:
            log = parse_log(data)
        except RecordError as wrong:
            raise ValueError(str(wrong)) from wrong
        return View(name, None, len(log.entries), merkle.root(log.leaves), log.leaves)
    if is_json:
        return View(name, stamp=parse_stamp(data))
    text = parse_note(data).text if b"\n\n" in data else data
    checkpoint = parse_checkpoint(text)
    return View(name, checkpoint.origin, checkpoint.size, checkpoint.root)


def related(first: View, second: View) -> Relation:
    """How ``second`` stands to ``first``: grown means that it begins with all of the first and goes on."""
    if first.origin and second.origin and first.origin != second.origin:
        return Relation(OTHER, f"two logs: {first.name} is of {first.origin!r}, {second.name} of {second.origin!r}")
    if first.leaves is not None and second.leaves is not None:
        return _by_entries(first, second)
    if first.leaves is not None:
        relation = _by_beginning(second, first)
        return replace(relation, kind={GROWN: SHRUNK, SHRUNK: GROWN}.get(relation.kind, relation.kind))
    if second.leaves is not None:
        return _by_beginning(first, second)
    return _by_roots(first, second)


def _by_entries(first: View, second: View) -> Relation:
    one, other = first.leaves or (), second.leaves or ()
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            words = f"forked at entry {number}: {first.name} has {_told(left)}, {second.name} has {_told(right)}"
            return Relation(FORKED, words, number)
    return _by_size(first, second, len(one), len(other))


def _by_beginning(first: View, second: View) -> Relation:
    """The first is known by its root, or by the digest of its checkpoint; of the second all entries are."""
    leaves = second.leaves or ()
    if first.size is not None:
        if first.size > len(leaves):
            words = f"cannot be told: {first.name} has {first.size} entries, {second.name} only {len(leaves)}"
            return Relation(UNKNOWN, f"{words}; a checkpoint does not say which")
        if merkle.root(leaves[: first.size]) == first.root:
            return _by_size(first, second, first.size, len(leaves))
        words = f"forked before entry {first.size}: the first {first.size} entries of {second.name} are others"
        return Relation(FORKED, f"{words} than those of {first.name}")
    origin = second.origin or first.origin
    if first.stamp is not None and origin is not None:
        for size, root in enumerate(merkle.prefix_roots(leaves)):
            if Checkpoint(origin, size, root).digest == first.stamp.checkpoint:
                return _by_size(first, second, size, len(leaves))
        if second.stamp is not None and second.stamp.sequence >= first.stamp.sequence:
            words = (
                f"forked: no beginning of {second.name}, which is the newer, is what the stamp of {first.name} vouches"
            )
            return Relation(FORKED, f"{words} for")
    words = f"no beginning of {second.name} is the checkpoint of {first.name}: forked, or {first.name} is the newer"
    return Relation(UNKNOWN, f"cannot be told: {words}")


def _by_roots(first: View, second: View) -> Relation:
    if first.size is not None and first.size == second.size:
        if first.root == second.root:
            return _by_size(first, second, first.size, first.size)
        words = f"forked before entry {first.size}: both have {first.size} entries and not the same root"
        return Relation(FORKED, words)
    stamps = first.stamp, second.stamp
    if stamps[0] is not None and stamps[1] is not None and stamps[0].checkpoint == stamps[1].checkpoint:
        return Relation(SAME, "the same checkpoint")
    words = "cannot be told: neither says which entries it has; give one of them as a log.jsonl, a site or its folder"
    return Relation(UNKNOWN, words)


def _by_size(first: View, second: View, one: int, other: int) -> Relation:
    if one == other:
        return Relation(SAME, f"the same: {one:,} entries")
    if one < other:
        return Relation(
            GROWN, f"grown: {second.name} begins with the {one:,} entries of {first.name} and has {other:,}"
        )
    return Relation(SHRUNK, f"older: {second.name} has the first {other:,} of the {one:,} entries of {first.name}")


def _told(leaf: bytes) -> str:
    try:
        entry = parse_entry(leaf)
    except ValueError:
        return said(leaf.decode("utf-8", "replace"), 80)
    return f"'{entry.type} {said(entry.path)}'"
