"""What is kept between runs: values under digests of all that they depend on.

With a memo or without one the results are equal; only the time differs. So what is kept is a pure function of what
its key is made of, and a memo sees to it that whatever cannot be trusted (damaged, somebody else's) is not there.
Nothing that is kept is ever executed: values are MessagePack, read into the type that is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import msgspec

KEY_SIZE = 20  # bytes of a key

T = TypeVar("T")
B = TypeVar("B")
NO_BULKS: Mapping[bytes, bytes] = MappingProxyType({})


class Memo(Protocol):
    """Values kept between runs: keys and values are bytes; what is not there, damaged or foreign is simply absent.
    ``bulks`` belong to values and are read apart from them.

    It is asked as long as the record that was read with it is in use.
    """

    def get_many(self, kind: str, keys: Sequence[bytes]) -> Mapping[bytes, bytes]: ...

    def get_bulks(self, kind: str, keys: Sequence[bytes]) -> Mapping[bytes, bytes]: ...

    def put_many(self, kind: str, values: Mapping[bytes, bytes], bulks: Mapping[bytes, bytes] = NO_BULKS) -> None: ...


class NoMemo:
    """Keeps nothing."""

    def get_many(self, kind: str, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return {}

    get_bulks = get_many

    def put_many(self, kind: str, values: Mapping[bytes, bytes], bulks: Mapping[bytes, bytes] = NO_BULKS) -> None:
        pass


NO_MEMO = NoMemo()


def left_in(memo: Memo) -> dict[str, Any] | None:
    """What the last reader in this process left in memory for the next one, by what it is: of a preview, which reads
    the same record again and again. None elsewhere."""
    return getattr(memo, "left", None)


def key_of(*parts: bytes | str) -> bytes:
    """A key: the digest of all parts, each with its length, so that none can run over into the next."""
    digest = blake2b(digest_size=KEY_SIZE)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


class Shelf(Generic[T]):
    """The values of one kind in a memo, all of the type ``of``."""

    def __init__(self, memo: Memo, kind: str, of: type[T]) -> None:
        self._memo = memo
        self._kind = kind
        self._of = of
        self.keeps = not isinstance(memo, NoMemo)

    def get(self, key: bytes) -> T | None:
        """The value under ``key``, or None."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, T]:
        """Those of the values that are there and whole."""
        found = self._memo.get_many(self._kind, keys) if self.keeps else {}
        return {key: value for key in found if (value := _decoded(found[key], self._decode)) is not None}

    def get_bulk(self, key: bytes, of: type[B]) -> B | None:
        """What was put beside the value under ``key``, or None."""
        return self.get_bulks([key], of).get(key)

    def get_bulks(self, keys: Sequence[bytes], of: type[B]) -> dict[bytes, B]:
        """The same for several."""
        found, decode = self._memo.get_bulks(self._kind, keys) if self.keeps else {}, msgspec.msgpack.Decoder(of).decode
        return {key: bulk for key in found if (bulk := _decoded(found[key], decode)) is not None}

    def put_many(self, values: Mapping[bytes, object], bulks: Mapping[bytes, object] = NO_BULKS) -> None:
        """Keep values that are written as the type is read (``msgspec.Raw`` stands for anything), and ``bulks`` beside
        some of them; one that MessagePack cannot hold (a text with half a surrogate pair) is not kept."""
        if self.keeps and values:
            self._memo.put_many(self._kind, dict(_encoded(values)), dict(_encoded(bulks)))

    @cached_property
    def _decode(self) -> Callable[[bytes], T]:
        return msgspec.msgpack.Decoder(self._of).decode


def _decoded(value: bytes, decode: Callable[[bytes], T]) -> T | None:
    try:
        return decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _encoded(values: Mapping[bytes, object]) -> Iterator[tuple[bytes, bytes]]:
    for key, value in values.items():
        try:
            yield key, msgspec.msgpack.encode(value)
        except UnicodeEncodeError:
            continue
