"""What a server answers, asked with the standard library's urllib, and decoded (content codings, RFC 9110 §8.4).

The server at the other end may be anybody's, so everything is bounded: connections, bytes of headers and bodies, also
of what few bytes decode to, the time of an answer from its first byte to its last, and the time of a whole check. What
it says is shown escaped.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import socket
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from email.message import Message
from functools import partial
from typing import IO, Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from msgspec import Struct

from loomworks_record.bundle.faults import CheckError, Unreachable
from loomworks_record.bundle.files import MAX_FILE
from loomworks_record.bundle.paths import said
from loomworks_record.errors import UsageError

TIMEOUT = 20.0  # seconds without a byte
ANSWER = 30.0  # seconds for an answer, all tries together …
RATE = 64 * 1024  # … and a second more for each so many bytes that came
CHECK = 3600.0  # seconds for a whole check
MAX_HEAD = 1024 * 1024  # bytes in a row that are not part of a body
TRIES = 3
PAUSE = 0.2  # seconds before the second try; four times as long before each further one

MOVES = (301, 302, 307, 308)
KEEP = 1024 * 1024
_CHUNK = 256 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PIECE = 256 * 1024  # bytes of decoded output at a time

Decode = Callable[[Iterable[bytes]], Iterator[bytes]]


class OutOfTime(Unreachable):
    """The whole check took longer than it may."""


class Answer(Struct, frozen=True):
    """What a server answered, decoded; ``body`` is None past the number of bytes that were to be kept.

    ``sent``: the sha256 (hex) of the bytes before ``codings`` were undone.
    """

    path: str
    status: int
    headers: Message
    sha256: str
    body: bytes | None
    codings: tuple[str, ...] = ()
    sent: str = ""


class Clock:
    """Until when an answer may take (``time.monotonic``); bytes of a body that come give it more time."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.last = until
        self.head = 0

    def remaining(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer is too slow")
        return left

    def credit(self, size: int, last: float) -> None:
        self.until = min(self.until + size / RATE, last)


class PublishedSite:
    """A published site at ``url``: fetches addresses (paths that begin with ``/``) below it.

    ``seconds``: how long all that is asked of it may take together.
    """

    def __init__(self, url: str, *, seconds: float | None = None) -> None:
        try:
            parts = urlsplit(url)
            named = parts.hostname and parts.port != 0  # asked for: a port that is not a number is seen then only
        except ValueError:
            named = False
        if not named or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            raise UsageError(f"{said(url)}: expected the https:// address of a site")
        self.base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.origin = _origin(parts)
        self._prefix = parts.path.rstrip("/")
        self._seconds = CHECK if seconds is None else seconds
        self._until = time.monotonic() + self._seconds
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects(), _Http(), _Https()]
        if parts.hostname in _LOOPBACK:
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, address: str, *, keep: int = KEEP) -> Answer:
        """One answer, redirects not followed; Unreachable after ``TRIES`` failures or when it takes too long.

        UnknownCoding if it comes in a coding that cannot be undone.
        """
        return self.ask(self.base + address, address, keep=keep)

    def ask(self, url: str, address: str, *, keep: int = KEEP, data: bytes | None = None) -> Answer:
        """As ``get``, for any address; with ``data`` it is posted."""
        failure, tries = "no answer", 0
        clock = Clock(min(time.monotonic() + ANSWER, self._until))
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE * 4 ** (attempt - 1))
            if time.monotonic() >= clock.until:
                break
            tries += 1
            clock.head = 0
            try:
                answer = self._once(url, address, keep, clock, data)
            except (OSError, http.client.HTTPException, ValueError) as wrong:
                failure = _failure(wrong)
                continue
            if answer.status < 500 and answer.status != 429:
                return answer
            failure = f"status {answer.status}"
        if time.monotonic() >= self._until:
            raise OutOfTime(f"{self.base}: not done after {self._seconds:,.0f} seconds; allow more with --deadline")
        times = "1 try" if tries == 1 else f"{tries} tries"
        raise Unreachable(f"{url}: {failure} ({times}); check the address and the network, then try again")

    def get_file(self, path: str, *, keep: int = KEEP) -> Answer:
        """The answer for a file of the site, after at most one redirect that only strips ``.html``."""
        address = "/" + quote(path)
        answer = self.get(address, keep=keep)
        if answer.status not in MOVES:
            return answer
        target = self.location(answer)
        if target is None or unquote(target) not in _stripped(path):
            return answer
        return self.get(target, keep=keep)

    def location(self, answer: Answer) -> str | None:
        """Where a redirect leads, as an address of this site; None if it leads elsewhere."""
        try:
            target = urlsplit(urljoin(self.base + answer.path, answer.headers.get("Location", "")))
            elsewhere = _origin(target) != self.origin
        except ValueError:
            return None
        if elsewhere or not target.path.startswith(f"{self._prefix}/"):
            return None
        return target.path[len(self._prefix) :]

    def is_elsewhere(self, address: str, target: str) -> bool:
        """Whether a link from an address of this site leads to another origin."""
        try:
            return _origin(urlsplit(urljoin(self.base + address, target))) != self.origin
        except ValueError:
            return True

    def _once(self, url: str, address: str, keep: int, clock: Clock, data: bytes | None) -> Answer:
        headers = {"Accept-Encoding": "identity", "User-Agent": "record"}
        request = urllib.request.Request(url, data=data, headers=headers)
        request.clock = clock  # type: ignore[attr-defined]
        try:
            response = self._opener.open(request, timeout=min(TIMEOUT, clock.remaining()))
        except urllib.error.HTTPError as answered:
            response = answered
        with response:
            codings = codings_of(", ".join(response.headers.get_all("Content-Encoding", ())))
            sent = hashlib.sha256()
            chunks = _chunks(response, sent, clock, self._until)
            digest, body = _read(decoded(chunks, codings), keep)
            return Answer(address, response.status, response.headers, digest, body, codings, sent.hexdigest())


def fetch_small(site: PublishedSite, path: str, limit: int) -> bytes | None:
    """A file's bytes; None if it is not there; CheckError if it is larger than ``limit``."""
    answer = site.get_file(path, keep=limit)
    if answer.status != 200:
        return None
    if answer.body is None:
        raise CheckError(f"{site.base}/{path}: larger than {limit:,} bytes, which no real one is")
    return answer.body


def _failure(wrong: Exception) -> str:
    reason = getattr(wrong, "reason", wrong)
    if isinstance(reason, TimeoutError):
        return f"no whole answer in {ANSWER:.0f} seconds, or nothing for {TIMEOUT:.0f}"
    return said(str(reason) or type(reason).__name__)


class _Timed(io.RawIOBase):
    """A connection's incoming bytes: each wait ends when the answer's time does, and heads are bounded."""

    def __init__(self, raw: socket.SocketIO, connection: socket.socket, clock: Clock) -> None:
        self._raw, self._connection, self._clock = raw, connection, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._connection.settimeout(min(TIMEOUT, self._clock.remaining()))
        count = self._raw.readinto(buffer)
        self._clock.head += count or 0
        if self._clock.head > MAX_HEAD:
            raise OSError(f"more than {MAX_HEAD:,} bytes that are not part of a body")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, clock: Clock, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        raw = sock.makefile("rb", buffering=0)
        self.fp = io.BufferedReader(_Timed(raw, sock, clock))


class _Clocked(http.client.HTTPConnection):
    def __init__(self, clock: Clock, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self.response_class = partial(_Response, clock)  # type: ignore[assignment]


class _Safe(_Clocked, http.client.HTTPSConnection):
    pass


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: Any) -> http.client.HTTPResponse:
        return self.do_open(partial(_Clocked, req.clock), req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: Any) -> http.client.HTTPResponse:
        return self.do_open(partial(_Safe, req.clock), req)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def _chunks(response: Any, sent: Any, clock: Clock, last: float) -> Iterator[bytes]:
    """The bytes of a body as sent; OSError if they are fewer than its Content-Length, or more than are read."""
    answer = getattr(response, "fp", None) if isinstance(response, urllib.error.HTTPError) else response
    wanted, told = getattr(answer, "length", None), set(response.headers.get_all("Content-Length") or ())
    if len(told) > 1 or (told and wanted is None and not getattr(answer, "chunked", False)):
        raise OSError(f"has no length that can be read: {', '.join(sorted(told))[:60]}")
    size = 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
        if size > MAX_FILE:
            raise OSError(f"more than {MAX_FILE:,} bytes")
        clock.credit(len(chunk), last)
        clock.head = 0
        sent.update(chunk)
        yield chunk
    if wanted is not None and size != wanted:
        raise OSError(f"broke off: {size:,} bytes of {wanted:,} came")


def _read(chunks: Iterator[bytes], keep: int) -> tuple[str, bytes | None]:
    """Digest and, up to ``keep`` bytes, the body."""
    found = hashlib.sha256()
    kept: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_FILE:
            raise OSError(f"more than {MAX_FILE:,} bytes")
        found.update(chunk)
        if size <= keep:
            kept.append(chunk)
        else:
            kept.clear()
    return found.hexdigest(), b"".join(kept) if size <= keep else None


def _stripped(path: str) -> frozenset[str]:
    """The addresses that a host may move a file's address to."""
    if path == "index.html" or path.endswith("/index.html"):
        return frozenset({"/" + path.removesuffix("index.html")})
    return frozenset({"/" + path.removesuffix(".html")})


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


class UnknownCoding(CheckError):
    """A server sends bytes in a coding that cannot be undone here."""

    reason = "coding-unknown"


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
