"""A memo in a dictionary, which counts what it was asked for, and which tests may damage: it notices, as the cache."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from loomworks_record.kept.memo import NO_BULKS


@dataclass(slots=True)
class Asked:
    """How many keys were found and missed, and how many values were put, since it was last reset."""

    found: int = 0
    missed: int = 0
    put: int = 0


class DictMemo:
    left = None  # nobody reads the record again in this process

    def __init__(self) -> None:
        self.kinds: dict[str, dict[bytes, bytes]] = defaultdict(dict)
        self.asked: dict[str, Asked] = defaultdict(Asked)

    def get_many(self, kind: str, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        kept = self.kinds.get(kind, {})
        found = {key: kept[key][16:] for key in keys if key in kept and kept[key] == _sealed(key, kept[key][16:])}
        self.asked[kind].found += len(found)
        self.asked[kind].missed += len(keys) - len(found)
        return found

    def get_bulks(self, kind: str, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return self.get_many(f"{kind} bulks", keys)

    def put_many(self, kind: str, values: Mapping[bytes, bytes], bulks: Mapping[bytes, bytes] = NO_BULKS) -> None:
        self.asked[kind].put += len(values)
        self.kinds[kind].update((key, _sealed(key, data)) for key, data in values.items())
        if bulks:
            self.kinds[f"{kind} bulks"].update((key, _sealed(key, data)) for key, data in bulks.items())

    def change(self, changed: Callable[[str, bytes, bytes], bytes]) -> None:
        """Put ``changed(kind, key, value)`` in the place of every value."""
        for kind, kept in self.kinds.items():
            for key, data in kept.items():
                kept[key] = changed(kind, key, data)


def _sealed(key: bytes, data: bytes) -> bytes:
    return sha256(key + data).digest()[:16] + data
