"""A server on this machine that compresses as hosts do, and counts what it sends."""

from __future__ import annotations

import gzip
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from loomworks_record.bundle.headers import HeaderRule, headers_of, parse_headers

_TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".xml": "application/xml",
}  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What a server was asked for, and the bytes that it sent each time: answer and headers, as they went out."""

    addresses: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return sum(self.sent)


@contextmanager
def serving(folder: Path, tally: Tally | None = None) -> Iterator[str]:
    """The address of a server for a site that is yet to be built into ``folder``: gzip, and its ``_headers``."""
    server = _Server(("127.0.0.1", 0), partial(_Handler, folder, tally or Tally()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that is closed leaves connections behind; what else goes wrong is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, tally: Tally, *rest: object) -> None:
        self._folder = folder
        self._tally = tally
        super().__init__(*rest)  # type: ignore[arg-type]

    def setup(self) -> None:
        super().setup()
        self.wfile = _Counted(self.wfile, self._tally)  # type: ignore[assignment]

    def do_GET(self) -> None:
        """One file, compressed where that is of use, under the headers that the site declares."""
        self._tally.addresses.append(self.path)
        address = unquote(urlsplit(self.path).path)
        file = next((each for each in _files(self._folder, address) if each.is_file()), None)
        body = file.read_bytes() if file else b"Not found\n"
        headers = dict(headers_of(_rules(self._folder), address))
        headers.setdefault(
            "Content-Type", _TYPES.get(file.suffix, "application/octet-stream") if file else "text/plain"
        )
        if file and file.suffix in _TYPES and file.suffix != ".png":
            body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        self.send_response(200 if file else 404)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the figures are what is printed."""


class _Counted(io.RawIOBase):
    """A stream that is written through, and counted."""

    def __init__(self, stream: io.BufferedIOBase, tally: Tally) -> None:
        self._stream = stream
        self._tally = tally

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._tally.sent.append(len(data))
        return self._stream.write(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _files(folder: Path, address: str) -> Iterator[Path]:
    path = folder / address.strip("/")
    yield path / "index.html"
    yield path
    yield path.with_name(f"{path.name}.html")


def _rules(folder: Path) -> tuple[HeaderRule, ...]:
    declared = folder / "_headers"
    return parse_headers(declared.read_bytes()) if declared.is_file() else ()
