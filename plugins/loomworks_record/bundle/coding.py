"""Content codings (RFC 9110 §8.4): what a server sent, decoded piece by piece: a few bytes cannot fill memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from loomworks_record.bundle.faults import CheckError

_PIECE = 256 * 1024  # bytes of decoded output at a time

Decode = Callable[[Iterable[bytes]], Iterator[bytes]]


class UnknownCoding(CheckError):
    """A server sends bytes in a coding that cannot be undone here."""


class DamagedCoding(OSError):
    """The bytes are not what their coding says, or end too early."""


def codings_of(value: str) -> tuple[str, ...]:
    """The codings of a ``Content-Encoding`` header in the order in which they were applied, without ``identity``."""
    return tuple(name for name in value.lower().replace(",", " ").split() if name != "identity")


def decoded(chunks: Iterable[bytes], codings: Iterable[str]) -> Iterator[bytes]:
    """The bytes of a representation; UnknownCoding for a coding that cannot be undone, DamagedCoding for bad bytes."""
    for name in reversed(tuple(codings)):
        decode = _DECODERS.get(name)
        if decode is None:
            raise UnknownCoding(f"Content-Encoding {name[:40]!r} cannot be decoded; expected gzip, deflate, br or zstd")
        chunks = decode(chunks)
    return iter(chunks)


def _zlib(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """gzip of one or more members, or zlib: the header says which."""
    inflate, begun = zlib.decompressobj(47), False
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if inflate.eof:
                    inflate, begun = zlib.decompressobj(47), False
                begun = True
                yield inflate.decompress(data, _PIECE)
                data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        while begun and not inflate.eof and (rest := inflate.decompress(inflate.unconsumed_tail, _PIECE)):
            yield rest
    except zlib.error as wrong:
        raise DamagedCoding(f"not the gzip or deflate that its header says ({wrong})") from wrong
    if begun and not inflate.eof:
        raise DamagedCoding("its gzip or deflate ends too early")


def _brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    import brotli  # noqa: PLC0415 - few servers send it to a reader that did not ask

    expand = brotli.Decompressor()
    begun = False
    try:
        for chunk in chunks:
            begun = True
            yield expand.process(chunk, output_buffer_limit=_PIECE)
            while not expand.can_accept_more_data():
                yield expand.process(b"", output_buffer_limit=_PIECE)
        while begun and not expand.is_finished() and (rest := expand.process(b"", output_buffer_limit=_PIECE)):
            yield rest
    except brotli.error as wrong:
        raise DamagedCoding("not the br that its header says") from wrong
    if begun and not expand.is_finished():
        raise DamagedCoding("its br ends too early")


def _zstd(chunks: Iterable[bytes]) -> Iterator[bytes]:
    from loomworks_record.zstd import zstd  # noqa: PLC0415 - as brotli

    largest: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # 8 MB (RFC 9659): no more on the web
    frame, begun = zstd.ZstdDecompressor(options=largest), False
    try:
        for chunk in chunks:
            data = chunk
            while data or not (frame.eof or frame.needs_input):
                if frame.eof:
                    frame = zstd.ZstdDecompressor(options=largest)
                begun = True
                yield frame.decompress(data, _PIECE)
                data = frame.unused_data if frame.eof else b""
    except zstd.ZstdError as wrong:
        raise DamagedCoding("not the zstd that its header says") from wrong
    if begun and not frame.eof:
        raise DamagedCoding("its zstd ends too early")


_DECODERS: dict[str, Decode] = {
    "gzip": _zlib, "x-gzip": _zlib, "deflate": _zlib, "br": _brotli, "zstd": _zstd
}  # fmt: skip
