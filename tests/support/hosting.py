"""A server for a built folder that answers as the hosts of static sites do."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_CONTROL = ("_headers", "_redirects")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host says to one address; ``file`` is None for a redirect."""

    status: int
    file: Path | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reply:
    """What goes over the wire; ``length`` is what Content-Length says, ``pause`` seconds stand between its bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
    length: int | None
    pause: float = 0.0


Change = Callable[[str, Reply], None]


@contextmanager
def serve(folder: Path, *, like_pages: bool = False, change: Change | None = None) -> Iterator[str]:
    """The address, without final slash, of a server for ``folder`` on this machine.

    Folders answer with their ``index.html``, unknown addresses with ``404.html`` and status 404. ``like_pages``: as
    Cloudflare Pages does, ``.html`` and ``index.html`` are stripped by a redirect (308), and ``_headers`` and
    ``_redirects`` take effect and are not served. ``change`` is given each address with its reply, to change that.
    (developers.cloudflare.com/pages/configuration/serving-pages)
    """
    answer = partial(_pages_answer if like_pages else _plain_answer, folder)
    server = _Server(("127.0.0.1", 0), partial(_Handler, answer, change))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _plain_answer(folder: Path, address: str) -> Answer:
    path = _inside(folder, address)
    if path is None:
        return _not_found(folder)
    if path.is_dir():
        if not address.endswith("/"):
            return _moved(301, f"{address}/")
        path /= "index.html"
    return Answer(200, path) if path.is_file() else _not_found(folder)


def _pages_answer(folder: Path, address: str) -> Answer:
    moved = _declared_redirect(folder, address)
    found = moved or _pages_file(folder, address)
    return Answer(found.status, found.file, _declared_headers(folder, address) | found.headers)


def _pages_file(folder: Path, address: str) -> Answer:
    path = _inside(folder, address)
    if path is None or (path.parent == folder and path.name in _CONTROL):
        return _not_found(folder)
    if path.is_file():
        if address.endswith("/index.html"):
            return _moved(308, address.removesuffix("index.html"))
        if address.endswith(".html"):
            return _moved(308, address.removesuffix(".html"))
        return Answer(200, path)
    page = path.with_name(f"{path.name}.html")
    if (path / "index.html").is_file():
        return Answer(200, path / "index.html") if address.endswith("/") else _moved(308, f"{address}/")
    if page.is_file():
        return _moved(308, address.rstrip("/")) if address.endswith("/") else Answer(200, page)
    return _not_found(folder)


def _inside(folder: Path, address: str) -> Path | None:
    parts = [part for part in unquote(address).split("/") if part]
    return None if ".." in parts or "\0" in address else folder.joinpath(*parts)


def _moved(status: int, address: str) -> Answer:
    return Answer(status, None, {"Location": address})


def _not_found(folder: Path) -> Answer:
    page = folder / "404.html"
    return Answer(404, page if page.is_file() else None)


def _declared_redirect(folder: Path, address: str) -> Answer | None:
    for line in _lines(folder / "_redirects"):
        source, target, *status = line.split()
        if unquote(source) == unquote(address):
            return _moved(int(status[0]) if status else 302, target)
    return None


def _declared_headers(folder: Path, address: str) -> dict[str, str]:
    """Headers of every block that matches; equal names are joined, ``! Name`` takes away what came before."""
    found: dict[str, str] = {}
    matches = False
    for line in _lines(folder / "_headers"):
        if not line[0].isspace():
            pattern = ".*".join(re.escape(part) for part in line.strip().split("*"))
            matches = re.fullmatch(pattern, unquote(address)) is not None
        elif matches and line.strip().startswith("!"):
            found.pop(line.strip()[1:].strip().lower(), None)
        elif matches:
            name, _, value = line.strip().partition(":")
            before = found.get(name.lower())
            found[name.lower()] = value.strip() if before is None else f"{before}, {value.strip()}"
    return found


def _lines(file: Path) -> list[str]:
    text = file.read_text("utf-8") if file.is_file() else ""
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # of a shorter queue, a client waits a second before it asks again

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no fault; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, answer: partial[Answer], change: Change | None, *arguments: object) -> None:
        self._answer, self._change = answer, change
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send the answer to the address; the query plays no part, but a redirect keeps it."""
        asked = urlsplit(self.path)
        answer = self._answer(asked.path)
        if "Location" in answer.headers and asked.query and "?" not in answer.headers["Location"]:
            place, mark, anchor = answer.headers["Location"].partition("#")
            answer.headers["Location"] = f"{place}?{asked.query}{mark}{anchor}"
        body = answer.file.read_bytes() if answer.file else b""
        if answer.file:
            kind = _TYPES.get(answer.file.suffix, "application/octet-stream")
            answer.headers.setdefault("content-type", kind)
        reply = Reply(answer.status, dict(answer.headers), body, len(body))
        if self._change is not None:
            self._change(urlsplit(self.path).path, reply)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, quote(value, safe="%/:?#=&") if name == "Location" else value)
        if reply.length is not None:
            self.send_header("Content-Length", str(reply.length))
        self.end_headers()
        if self.command != "HEAD":
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        for at in range(len(reply.body)) if reply.pause else ():
            self.wfile.write(reply.body[at : at + 1])
            time.sleep(reply.pause)
        if not reply.pause:
            self.wfile.write(reply.body)
        if reply.length != len(reply.body):
            self.close_connection = True

    do_HEAD = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the tests look at answers, not at a log."""
